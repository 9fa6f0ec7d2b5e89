// A UDP socket connected to the server: datagrams go out and come in by the batch, without
// an allocation each. One thread. A socket that cannot be had throws std::system_error; what the network
// loses is lost.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace trunkline::bench {

class UdpPort {
  public:
    static constexpr std::size_t batch = 64;
    static constexpr std::size_t longest = 2048;  // bytes of a datagram

    /// Towards `host`:`port`; `own_port` 0: any.
    UdpPort(const std::string& host, std::uint16_t port, std::uint16_t own_port = 0);
    ~UdpPort();
    UdpPort(const UdpPort&) = delete;
    UdpPort& operator=(const UdpPort&) = delete;

    [[nodiscard]] int fd() const { return fd_; }
    /// The port of this end.
    [[nodiscard]] std::uint16_t local_port() const { return local_port_; }

    /// Queues a datagram (cut at `longest`); a full queue is flushed.
    void send(std::string_view datagram);
    void flush();

    /// Gives what has come to `take(std::string_view)`, up to one batch; returns how many there were.
    template <typename Take>
    std::size_t receive(Take&& take) {
        const std::size_t got = receive_batch();
        for (std::size_t i = 0; i < got; ++i)
            take(std::string_view(in_[i].bytes.data(), in_headers_[i].msg_len));
        return got;
    }

  private:
    struct Slot {
        std::array<char, longest> bytes;
        iovec vector{};
    };
    std::size_t receive_batch();

    int fd_ = -1;
    std::uint16_t local_port_ = 0;
    std::size_t queued_ = 0;
    std::array<Slot, batch> in_{}, out_{};
    std::array<mmsghdr, batch> in_headers_{}, out_headers_{};
};

}  // namespace trunkline::bench
