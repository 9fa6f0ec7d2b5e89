#include "tests/bench/load/customers.hpp"

#include <charconv>
#include <utility>

#include "tests/bench/load/sip_lines.hpp"

namespace trunkline::bench {
namespace {

constexpr auto patience = std::chrono::milliseconds(500);

template <typename Number>
Number number_in(std::string_view text, Number otherwise) {
    Number number = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

}  // namespace

std::int64_t customer_in(std::string_view user) {
    if (user.size() < 2 || user.front() != 'c') return -1;
    return number_in<std::int64_t>(user.substr(1), -1);
}

Customers::Customers(const std::string& host, std::uint16_t port, std::string routing_point, std::string run,
                     Hooks hooks)
    : port_(host, port),
      server_(host + ":" + std::to_string(port)),
      routing_point_(std::move(routing_point)),
      run_(std::move(run)),
      hooks_(std::move(hooks)) {}

std::uint64_t Customers::write(std::uint32_t customer, std::string_view body) {
    const std::uint64_t number = next_number();
    const std::string id = std::to_string(number);
    const std::string user = "c" + std::to_string(customer) + "r" + run_;
    const std::string here = "127.0.0.1:" + std::to_string(port_.local_port());
    std::string message;
    message.reserve(512 + body.size());
    message += "MESSAGE sip:" + routing_point_ + "@" + server_ + " SIP/2.0\r\nVia: SIP/2.0/UDP " + here;
    message += ";branch=z9hG4bK" + run_ + "-" + id + "\r\nMax-Forwards: 70\r\nFrom: <sip:" + user;
    message += "@customers.example>;tag=" + id + "\r\nTo: <sip:" + routing_point_ + "@" + server_ +
               ">\r\nCall-ID: " + id;
    message += "@" + run_ + "\r\nCSeq: 1 MESSAGE\r\nContact: <sip:" + user + "@" + here;
    message +=
        ">\r\nContent-Type: text/plain;charset=UTF-8\r\nContent-Length: " + std::to_string(body.size()) +
        "\r\n\r\n";
    message += body;
    port_.send(message);
    pending_.push_back({std::move(message), Clock::now()});
    ++unanswered_;
    ++counts_.written;
    return number;
}

void Customers::receive() {
    while (port_.receive([this](std::string_view datagram) { take(datagram); }) == UdpPort::batch) {
    }
}

void Customers::take(std::string_view datagram) {
    if (datagram.starts_with("SIP/2.0 "))
        take_answer(datagram);
    else if (datagram.starts_with("MESSAGE sip:"))
        take_text(datagram);
    else
        ++counts_.malformed;
}

void Customers::take_answer(std::string_view datagram) {
    const int status = number_in(datagram.substr(8, 3), 0);
    const auto number = number_in<std::uint64_t>(value(header(datagram, "\r\nCall-ID: ")), ~0ULL);
    if (status < 200) return;
    if (number >= next_number()) {
        ++counts_.malformed;
        return;
    }
    if (number < base_ || pending_[number - base_].answered) return;  // the answer to a text sent twice
    Pending& pending = pending_[number - base_];
    pending.answered = true;
    pending.datagram = {};
    --unanswered_;
    if (status >= 300) ++counts_.refused;
    while (!pending_.empty() && pending_.front().answered) {
        pending_.pop_front();
        ++base_;
    }
    hooks_.answered(number, status);
}

void Customers::take_text(std::string_view datagram) {
    const auto body = datagram.find("\r\n\r\n");
    const std::int64_t customer = customer_in(datagram.substr(12));
    const std::string_view call_id = header(datagram, "\r\nCall-ID: ");
    if (body == std::string_view::npos || customer < 0 || call_id.empty()) {
        ++counts_.malformed;
        return;
    }
    write_answer(scratch_, datagram, "200 OK");
    port_.send(scratch_);
    if (last_call_ids_.size() <= static_cast<std::size_t>(customer))
        last_call_ids_.resize(static_cast<std::size_t>(customer) + 1);
    const std::size_t hash = std::hash<std::string_view>{}(call_id);
    if (std::exchange(last_call_ids_[static_cast<std::size_t>(customer)], hash) == hash) {
        ++counts_.repeated;
        return;
    }
    hooks_.received(static_cast<std::uint32_t>(customer), datagram.substr(body + 4));
}

void Customers::resend_late(Clock::time_point now) {
    for (Pending& pending : pending_) {
        if (now - pending.sent < patience) break;  // in the order of sending, but for those sent again
        if (pending.answered) continue;
        port_.send(pending.datagram);
        pending.sent = now;
        ++counts_.resent;
    }
}

}  // namespace trunkline::bench
