#include "tests/bench/load/agent_desks.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace trunkline::bench {
namespace {

constexpr int opening_patience_ms = 20'000;

[[noreturn]] void fail_desk(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

std::string_view field(std::string_view line, std::string_view name) {
    const auto at = line.find(name);
    if (at == std::string_view::npos) return {};
    const auto from = at + name.size();
    return line.substr(from, line.find('"', from) - from);
}

int connect_to(const std::string& host, std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) fail_desk("TCP socket of an agent");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
    if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        fail_desk("TCP connect to T-Library");
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

}  // namespace

AgentDesks::AgentDesks(const std::string& host, std::uint16_t port, std::size_t agents, int first_number,
                       Take take)
    : desks_(agents), take_(std::move(take)) {
    for (std::size_t i = 0; i < agents; ++i) {
        desks_[i].number = std::to_string(first_number + static_cast<int>(i));
        desks_[i].fd = connect_to(host, port);
        open(desks_[i]);
    }
}

AgentDesks::~AgentDesks() {
    for (const Desk& desk : desks_)
        if (desk.fd >= 0) ::close(desk.fd);
}

void AgentDesks::open(Desk& desk) {
    const std::string dn = R"("ThisDN":")" + desk.number + "\"";
    desk.out = R"({"message":"RequestRegisterClient","ApplicationName":"desktop"})"
               "\n";
    send_all(desk);
    wait_for(desk, "\"EventLinkConnected\"");
    desk.out = R"({"message":"RequestRegisterAddress",)" + dn + "}\n";
    desk.out += R"({"message":"RequestAgentLogin",)" + dn + R"(,"AgentID":")" + desk.number + "\"}\n";
    desk.out += R"({"message":"RequestAgentReady",)" + dn + "}\n";
    send_all(desk);
    wait_for(desk, "\"EventAgentReady\"");
}

void AgentDesks::wait_for(Desk& desk, std::string_view wanted) {
    std::array<char, 65536> part{};
    for (;;) {
        for (auto end = desk.in.find('\n'); end != std::string::npos; end = desk.in.find('\n')) {
            const std::string line = desk.in.substr(0, end);
            desk.in.erase(0, end + 1);
            if (line.find("\"EventError\"") != std::string::npos)
                throw std::runtime_error("the server refuses an agent: " + line);
            if (line.find(wanted) != std::string::npos) return;
        }
        pollfd readable{desk.fd, POLLIN, 0};
        if (::poll(&readable, 1, opening_patience_ms) == 0)
            throw std::runtime_error("agent " + desk.number + " waited in vain for " + std::string(wanted));
        const ssize_t got = ::read(desk.fd, part.data(), part.size());
        if (got <= 0) throw std::runtime_error("the server closed the connection of agent " + desk.number);
        desk.in.append(part.data(), static_cast<std::size_t>(got));
    }
}

void AgentDesks::ask(std::size_t desk, std::string_view request, std::string_view conn_id,
                     std::string_view more) {
    std::string& out = desks_[desk].out;
    out.append(R"({"message":")").append(request).append(R"(","ThisDN":")").append(desks_[desk].number);
    out.append(R"(","ConnID":")").append(conn_id).append("\"").append(more).append("}\n");
}

void AgentDesks::write(std::size_t desk, std::string_view conn_id, std::string_view text) {
    ask(desk, "RequestPrivateService", conn_id,
        R"(,"PrivateMsgID":3001,"Extensions":{"im":")" + std::string(text) + "\"}");
}

std::vector<int> AgentDesks::fds() const {
    std::vector<int> all;
    for (const Desk& desk : desks_) all.push_back(desk.fd);
    return all;
}

void AgentDesks::receive(std::size_t number) {
    Desk& desk = desks_[number];
    static std::array<char, 262'144> part;  // one thread
    const ssize_t got = ::recv(desk.fd, part.data(), part.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) throw std::runtime_error("the server closed the connection of agent " + desk.number);
    desk.in.append(part.data(), static_cast<std::size_t>(got));
    std::size_t from = 0;
    for (auto end = desk.in.find('\n'); end != std::string::npos; end = desk.in.find('\n', from)) {
        take_line(number, std::string_view(desk.in).substr(from, end - from));
        from = end + 1;
    }
    desk.in.erase(0, from);
}

void AgentDesks::take_line(std::size_t desk, std::string_view line) {
    DeskEvent event;
    event.desk = desk;
    event.name = field(line, R"("message":")");
    if (event.name == "EventError")
        throw std::runtime_error("the server refuses a request of an agent: " + std::string(line));
    event.conn_id = field(line, R"("ConnID":")");
    event.other_dn = field(line, R"("OtherDN":")");
    if (event.name == "EventPrivateInfo") event.text = field(line, R"("im":")");
    take_(event);
}

void AgentDesks::flush() {
    for (Desk& desk : desks_)
        if (!desk.out.empty()) send_all(desk);
}

void AgentDesks::log_out() {
    for (Desk& desk : desks_) {
        desk.out += R"({"message":"RequestAgentLogout","ThisDN":")" + desk.number + "\"}\n";
        send_all(desk);
        wait_for(desk, "\"EventAgentLogout\"");
    }
}

void AgentDesks::send_all(Desk& desk) {
    std::size_t sent = 0;
    while (sent < desk.out.size()) {
        const ssize_t now = ::send(desk.fd, desk.out.data() + sent, desk.out.size() - sent, MSG_NOSIGNAL);
        if (now < 0 && errno != EINTR) fail_desk("TCP send to T-Library");
        if (now > 0) sent += static_cast<std::size_t>(now);
    }
    desk.out.clear();
}

}  // namespace trunkline::bench
