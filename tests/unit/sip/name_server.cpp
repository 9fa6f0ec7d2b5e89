#include "name_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace trunkline::sip::test {
namespace {

constexpr int type_a = 1, type_srv = 33, type_naptr = 35;

std::string two(int value) { return {static_cast<char>(value >> 8), static_cast<char>(value & 0xFF)}; }
std::string counted(const std::string& text) { return static_cast<char>(text.size()) + text; }

std::string encoded(const std::string& name) {
    std::string out;
    for (std::size_t at = 0; at < name.size();) {
        const std::size_t dot = std::min(name.find('.', at), name.size());
        out += counted(name.substr(at, dot - at));
        at = dot + 1;
    }
    return out + '\0';
}

}  // namespace

NameServer::NameServer() : socket_(::socket(AF_INET, SOCK_DGRAM, 0)) {
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof here;
    if (::bind(socket_, reinterpret_cast<sockaddr*>(&here), size) != 0 ||
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&here), &size) != 0)
        throw std::runtime_error("the test's name server has no port");
    port_ = ntohs(here.sin_port);
    thread_ = std::thread([this] { run(); });
}

NameServer::~NameServer() {
    over_ = true;
    ::shutdown(socket_, SHUT_RDWR);
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    here.sin_port = htons(static_cast<std::uint16_t>(port_));
    const int waker = ::socket(AF_INET, SOCK_DGRAM, 0);
    ::sendto(waker, "", 1, 0, reinterpret_cast<sockaddr*>(&here), sizeof here);
    ::close(waker);
    thread_.join();
    ::close(socket_);
}

void NameServer::a(const std::string& name, const std::string& address) {
    in_addr number{};
    inet_pton(AF_INET, address.c_str(), &number);
    records_[{name, type_a}].emplace_back(reinterpret_cast<const char*>(&number), 4);
}

void NameServer::srv(const std::string& name, int priority, int weight, int port, const std::string& target) {
    records_[{name, type_srv}].push_back(two(priority) + two(weight) + two(port) + encoded(target));
}

void NameServer::naptr(const std::string& name, int order, const std::string& service,
                       const std::string& target) {
    records_[{name, type_naptr}].push_back(two(order) + two(0) + counted("s") + counted(service) +
                                           counted("") + encoded(target));
}

void NameServer::run() {
    std::array<char, 2048> buffer{};
    while (!over_) {
        sockaddr_in from{};
        socklen_t size = sizeof from;
        const ssize_t got =
            ::recvfrom(socket_, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
        if (got < 17 || over_) continue;
        ++asked_;
        if (silent_) continue;
        const std::string query(buffer.data(), static_cast<std::size_t>(got));
        std::string name;
        std::size_t at = 12;
        while (at < query.size() && query[at] != '\0') {
            const auto length = static_cast<unsigned char>(query[at]);
            name += (name.empty() ? "" : ".") + query.substr(at + 1, length);
            at += 1U + length;
        }
        const std::string question = query.substr(12, at + 5 - 12);
        const int type = static_cast<unsigned char>(query.at(at + 2));
        const auto found = records_.find({name, type});
        const int count = found == records_.end() ? 0 : static_cast<int>(found->second.size());
        std::string answer = query.substr(0, 2) + two(count == 0 ? 0x8583 : 0x8580) + two(1) + two(count) +
                             two(0) + two(0) + question;
        if (found != records_.end())
            for (const std::string& data : found->second)
                answer += two(0xC00C) + two(type) + two(1) + two(0) + two(60) +
                          two(static_cast<int>(data.size())) + data;
        ::sendto(socket_, answer.data(), answer.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
    }
}

}  // namespace trunkline::sip::test
