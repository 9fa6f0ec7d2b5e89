#include "sip_peer.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstring>

namespace trunkline::sip::test {
namespace {

constexpr int patience = 10'000;  // milliseconds; only a failing test waits so long

std::string lower(std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

}  // namespace

PostCommand CommandSink::post() {
    return [this](messages::Command command) {
        const std::lock_guard lock(mutex_);
        commands_.push_back(std::move(command));
        came_.notify_one();
    };
}

messages::Command CommandSink::next() {
    std::unique_lock lock(mutex_);
    if (!came_.wait_for(lock, std::chrono::milliseconds(patience), [this] { return !commands_.empty(); })) {
        ADD_FAILURE() << "no command came";
        return messages::TimersDue{};
    }
    messages::Command command = std::move(commands_.front());
    commands_.pop_front();
    return command;
}

std::size_t CommandSink::waiting() {
    const std::lock_guard lock(mutex_);
    return commands_.size();
}

std::string SipText::header(const std::string& name) const {
    std::size_t at = raw.find("\r\n");
    while (at != std::string::npos && raw.compare(at, 4, "\r\n\r\n") != 0) {
        const std::size_t end = raw.find("\r\n", at + 2);
        const std::string line = raw.substr(at + 2, end - at - 2);
        const std::size_t colon = line.find(':');
        if (lower(line.substr(0, colon)) == lower(name))
            return line.substr(line.find_first_not_of(" ", colon + 1));
        at = end;
    }
    return {};
}

std::string SipText::body() const { return raw.substr(raw.find("\r\n\r\n") + 4); }
int SipText::status() const { return raw.rfind("SIP/2.0 ", 0) == 0 ? std::stoi(raw.substr(8, 3)) : 0; }
std::string SipText::method() const { return status() == 0 ? raw.substr(0, raw.find(' ')) : std::string(); }

SipPeer::SipPeer(const std::string& server, std::string host)
    : transport_(server.substr(0, 3)), host_(std::move(host)) {
    const std::size_t colon = server.rfind(':');
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(server.substr(colon + 1))));
    inet_pton(AF_INET, server.substr(4, colon - 4).c_str(), &address.sin_addr);
    socket_ = ::socket(AF_INET, transport_ == "tcp" ? SOCK_STREAM : SOCK_DGRAM, 0);
    sockaddr_in here{};
    here.sin_family = AF_INET;
    inet_pton(AF_INET, host_.c_str(), &here.sin_addr);
    if (::bind(socket_, reinterpret_cast<sockaddr*>(&here), sizeof here) != 0)
        throw std::runtime_error("cannot use " + host_ + ": " + std::strerror(errno));
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        throw std::runtime_error("cannot connect to " + server + ": " + std::strerror(errno));
    }
    sockaddr_in own{};
    socklen_t size = sizeof own;
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&own), &size);
    port_ = ntohs(own.sin_port);
}

SipPeer::~SipPeer() { ::close(socket_); }

void SipPeer::send(const std::string& raw) const {
    ASSERT_EQ(::send(socket_, raw.data(), raw.size(), MSG_NOSIGNAL), static_cast<ssize_t>(raw.size()));
}

bool SipPeer::read_more(int milliseconds) {
    pollfd ready{socket_, POLLIN, 0};
    if (::poll(&ready, 1, milliseconds) <= 0) return false;
    std::string chunk(70'000, '\0');
    const ssize_t size = ::recv(socket_, chunk.data(), chunk.size(), 0);
    if (size <= 0) return false;
    chunk.resize(static_cast<std::size_t>(size));
    if (transport_ == "tcp") {
        buffer_ += chunk;
    } else {
        packets_.push_back(std::move(chunk));
    }
    return true;
}

std::optional<SipText> SipPeer::take_buffered() {
    if (!packets_.empty()) {
        SipText text{packets_.front()};
        packets_.pop_front();
        return text;
    }
    const std::size_t end = buffer_.find("\r\n\r\n");
    if (end == std::string::npos) return std::nullopt;
    SipText head{buffer_.substr(0, end + 4)};
    const std::string length = head.header("Content-Length");
    const std::size_t total = end + 4 + (length.empty() ? 0 : std::stoul(length));
    if (buffer_.size() < total) return std::nullopt;
    SipText text{buffer_.substr(0, total)};
    buffer_.erase(0, total);
    return text;
}

SipText SipPeer::receive() {
    while (true) {
        if (auto text = take_buffered()) return *text;
        if (!read_more(patience)) throw std::runtime_error("nothing came over " + transport_);
    }
}

SipText SipPeer::receive_final() {
    while (true) {
        SipText text = receive();
        if (text.status() == 0 || text.status() >= 200) return text;
    }
}

bool SipPeer::hears_something(int milliseconds) {
    return !packets_.empty() || !buffer_.empty() || read_more(milliseconds);
}

bool SipPeer::is_closed() {
    pollfd ready{socket_, POLLIN, 0};
    char chunk[4096];
    while (::poll(&ready, 1, patience) > 0)
        if (::recv(socket_, chunk, sizeof chunk, 0) <= 0) return true;
    return false;
}

void SipPeer::answer(const SipText& request, int status) const {
    std::string raw = "SIP/2.0 " + std::to_string(status) + " Answer\r\nVia: " + request.header("Via") +
                      "\r\nFrom: " + request.header("From") + "\r\nTo: " + request.header("To") +
                      (request.header("To").find("tag=") == std::string::npos ? ";tag=peer" : "") +
                      "\r\nCall-ID: " + request.header("Call-ID") + "\r\nCSeq: " + request.header("CSeq") +
                      "\r\nContent-Length: 0\r\n\r\n";
    send(raw);
}

std::string SipPeer::via(const std::string& branch) const {
    return "SIP/2.0/" + std::string(transport_ == "tcp" ? "TCP " : "UDP ") + local() +
           (branch.empty() ? "" : ";branch=" + branch);
}

std::string Request::text(const SipPeer& peer) const {
    return method + " " + uri + " SIP/2.0\r\nVia: " + peer.via(branch) +
           "\r\nMax-Forwards: 70\r\nFrom: " + from + "\r\nTo: " + to + "\r\nCall-ID: " + call_id +
           "\r\nCSeq: " + std::to_string(cseq) + " " + method + "\r\n" + more +
           (body.empty() ? "" : "Content-Type: " + content_type + "\r\n") +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace trunkline::sip::test
