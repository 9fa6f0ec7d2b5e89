#include "tests/bench/load/endpoints.hpp"

#include "tests/bench/load/sip_lines.hpp"

namespace trunkline::bench {

Endpoints::Endpoints(const std::string& host, std::uint16_t port, std::uint16_t own_port, Take take)
    : port_(host, port, own_port), take_(std::move(take)) {}

void Endpoints::receive() {
    while (port_.receive([this](std::string_view datagram) { take(datagram); }) == UdpPort::batch) {
    }
}

void Endpoints::take(std::string_view datagram) {
    const std::string_view method = datagram.substr(0, datagram.find(' '));
    if (method == "ACK" || method == "SIP/2.0") return;
    if (method != "MESSAGE" && method != "OPTIONS") {
        write_answer(answer_, datagram, "405 Method Not Allowed", "Allow: MESSAGE, OPTIONS\r\n");
        port_.send(answer_);
        return;
    }
    write_answer(answer_, datagram, "200 OK");
    port_.send(answer_);
    const auto body = datagram.find("\r\n\r\n");
    if (method == "OPTIONS" || body == std::string_view::npos) return;
    const std::hash<std::string_view> hash;
    const auto text = hash(header(datagram, "\r\nCall-ID: ")) * 31 + hash(header(datagram, "\r\nCSeq: "));
    if (known_.insert(text).second)
        take_(datagram.substr(body + 4));
    else
        ++repeated_;
}

}  // namespace trunkline::bench
