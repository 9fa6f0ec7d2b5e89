#include "adapters/sip/heard_connections.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>

#include "adapters/sip/callbacks.hpp"

namespace trunkline::sip {
namespace {

namespace fs = std::filesystem;

/// Whether three of four files that this process may have are open: the lowest free number tells.
bool files_are_scarce() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return false;
    const int lowest = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (lowest < 0) return true;
    ::close(lowest);
    return static_cast<rlim_t>(lowest) >= limit.rlim_cur / 4 * 3;
}

struct Ends {
    std::string host, port, local_port;  // of the other side, as numbers; and our port
};

/// The two ends of the connection with this file number; nothing where it is none.
std::optional<Ends> ends_of(int file) {
    sockaddr_storage remote{}, local{};
    socklen_t remote_size = sizeof remote, local_size = sizeof local;
    auto* const far = reinterpret_cast<sockaddr*>(&remote);
    auto* const near = reinterpret_cast<sockaddr*>(&local);
    if (::getpeername(file, far, &remote_size) != 0 || ::getsockname(file, near, &local_size) != 0)
        return std::nullopt;
    if (far->sa_family != AF_INET && far->sa_family != AF_INET6) return std::nullopt;
    char host[NI_MAXHOST], port[NI_MAXSERV], local_port[NI_MAXSERV];
    constexpr int numbers = NI_NUMERICHOST | NI_NUMERICSERV;
    if (::getnameinfo(far, remote_size, host, sizeof host, port, sizeof port, numbers) != 0 ||
        ::getnameinfo(near, local_size, nullptr, 0, local_port, sizeof local_port, numbers) != 0)
        return std::nullopt;
    return Ends{host, port, local_port};
}

std::vector<Ends> all_connections() {
    std::vector<Ends> all;
    std::error_code ignored;  // without /proc nobody is found
    for (const auto& entry : fs::directory_iterator("/proc/self/fd", ignored)) {
        const std::string name = entry.path().filename().string();
        int file = -1;
        std::from_chars(name.data(), name.data() + name.size(), file);
        if (auto ends = ends_of(file)) all.push_back(std::move(*ends));
    }
    return all;
}

}  // namespace

HeardConnections::HeardConnections(su_root_t* root, nta_agent_t* agent, ConnectionLimits limits)
    : agent_(agent), limits_(limits) {
    const auto look_every = std::min<std::chrono::milliseconds>(std::chrono::seconds(1), limits_.silent / 3);
    timer_.reset(su_timer_create(su_root_task(root), look_every.count()));
    wait();
}

void HeardConnections::wait() { su_timer_set(timer_.get(), callbacks::timer, this); }

void HeardConnections::heard(tport_t* transport) {
    if (transport == nullptr || !tport_is_secondary(transport)) return;  // a datagram
    if (const auto known = by_transport_.find(transport); known != by_transport_.end()) {
        known->second->last = Clock::now();
        entries_.splice(entries_.end(), entries_, known->second);
        return;
    }
    if (by_transport_.size() >= limits_.most) {
        by_transport_.erase(entries_.front().transport.get());
        entries_.pop_front();
    }
    entries_.push_back({TransportHandle(tport_ref(transport)), Clock::now()});
    by_transport_.emplace(transport, std::prev(entries_.end()));
}

void HeardConnections::on_timer() {
    let_go_of_old_ones();
    if (files_are_scarce()) close_all_strangers();
    if (Clock::now() >= next_look_) {  // seldom: it asks about every file
        close_silent_ones();
        next_look_ = Clock::now() + limits_.silent / 3;
    }
    wait();
}

void HeardConnections::let_go_of_old_ones() {
    const auto long_ago = Clock::now() - limits_.unused;
    for (auto entry = entries_.begin(); entry != entries_.end();) {
        tport_t* transport = entry->transport.get();
        if (entry->last > long_ago && !tport_is_closed(transport) && !tport_is_shutdown(transport)) {
            ++entry;
            continue;
        }
        by_transport_.erase(transport);
        entry = entries_.erase(entry);
    }
}

tport_t* HeardConnections::stranger(tport_t* door, const std::string& host, const std::string& port) const {
    tp_name_t name{};
    name.tpn_proto = tport_name(door)->tpn_proto;
    name.tpn_canon = name.tpn_host = host.c_str();
    name.tpn_port = port.c_str();
    tport_t* found = tport_by_name(door, &name);
    const bool fits = found != nullptr && tport_is_secondary(found) && !by_transport_.contains(found);
    return fits ? found : nullptr;
}

void HeardConnections::close_silent_ones() {
    const auto now = Clock::now();
    std::map<std::string, Clock::time_point> still;
    for (const Ends& ends : all_connections()) {
        for (tport_t* door = tport_primaries(nta_agent_tports(agent_)); door != nullptr;
             door = tport_next(door)) {
            if (!tport_is_stream(door) || ends.local_port != tport_name(door)->tpn_port) continue;
            tport_t* silent = stranger(door, ends.host, ends.port);
            if (silent == nullptr) continue;
            const std::string who = ends.host + " " + ends.port + " " + ends.local_port;
            const auto known = silent_since_.find(who);
            const auto since = known == silent_since_.end() ? now : known->second;
            if (now - since >= limits_.silent)
                tport_shutdown(silent, 2);
            else
                still.emplace(who, since);
        }
    }
    silent_since_ = std::move(still);
}

void HeardConnections::close_all_strangers() {
    spdlog::warn("SIP: the process runs out of files; connections that have said nothing are closed");
    for (tport_t* door = tport_primaries(nta_agent_tports(agent_)); door != nullptr; door = tport_next(door))
        if (tport_is_stream(door)) tport_flush(door);
}

}  // namespace trunkline::sip
