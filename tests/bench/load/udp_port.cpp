#include "tests/bench/load/udp_port.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace trunkline::bench {
namespace {

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

}  // namespace

UdpPort::UdpPort(const std::string& host, std::uint16_t port, std::uint16_t own_port) {
    fd_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd_ < 0) fail("UDP socket of the load");
    const int room = 4'000'000;  // the kernel caps it at net.core.rmem_max
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) {
        errno = EINVAL;
        fail("the server's SIP address must be an IPv4 number");
    }
    if (own_port != 0) {
        sockaddr_in own = address;
        own.sin_port = htons(own_port);
        if (::bind(fd_, reinterpret_cast<sockaddr*>(&own), sizeof own) != 0) fail("UDP bind");
    }
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("UDP connect");
    socklen_t size = sizeof address;
    if (::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) != 0) fail("UDP getsockname");
    local_port_ = ntohs(address.sin_port);
    for (std::size_t i = 0; i < batch; ++i) {
        in_[i].vector = {in_[i].bytes.data(), longest};
        out_[i].vector = {out_[i].bytes.data(), 0};
        in_headers_[i].msg_hdr.msg_iov = &in_[i].vector;
        in_headers_[i].msg_hdr.msg_iovlen = 1;
        out_headers_[i].msg_hdr.msg_iov = &out_[i].vector;
        out_headers_[i].msg_hdr.msg_iovlen = 1;
    }
}

UdpPort::~UdpPort() { ::close(fd_); }

void UdpPort::send(std::string_view datagram) {
    if (queued_ == batch) flush();
    Slot& slot = out_[queued_++];
    slot.vector.iov_len = std::min(datagram.size(), longest);
    std::memcpy(slot.bytes.data(), datagram.data(), slot.vector.iov_len);
}

void UdpPort::flush() {
    std::size_t sent = 0;
    while (sent < queued_) {
        const int now = ::sendmmsg(fd_, out_headers_.data() + sent, static_cast<unsigned>(queued_ - sent), 0);
        if (now > 0) {
            sent += static_cast<std::size_t>(now);
        } else if (errno == EAGAIN) {
            pollfd writable{fd_, POLLOUT, 0};
            ::poll(&writable, 1, 1000);
        } else if (errno == ECONNREFUSED || errno == EINTR) {
            continue;  // an ICMP answer to an earlier one; the text is sent again by its timer
        } else {
            fail("UDP send");
        }
    }
    queued_ = 0;
}

std::size_t UdpPort::receive_batch() {
    const int got = ::recvmmsg(fd_, in_headers_.data(), batch, MSG_DONTWAIT, nullptr);
    return got > 0 ? static_cast<std::size_t>(got) : 0;
}

}  // namespace trunkline::bench
