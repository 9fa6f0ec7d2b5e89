// What the composition gives the T-Library server: settings, and the two ways into the engine.
// Plain values; read on the engine thread only.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "adapters/tls/server_certificates.hpp"
#include "engine/base/time.hpp"
#include "engine/messages/commands.hpp"

namespace trunkline::tlib {

struct TlibSettings {
    std::string listen = "127.0.0.1:8100";  // port 0 takes a free one
    std::size_t client_queue_bytes =
        16U * 1024U * 1024U;             // what may wait for one client before it is disconnected
    std::chrono::seconds idle_limit{0};  // silence after which a client is disconnected; 0: never
    std::chrono::seconds opening_limit{
        30};  // a connection that is not open by then is closed; settable for tests only
    std::size_t max_clients = 20'000;  // connections beyond are closed at once
    std::size_t max_unopened =
        512;  // connections that have not opened yet; for one more the oldest is closed
    std::shared_ptr<const tls::ServerCertificates> certificates;  // null: TCP is plain
    // A handshake costs this thread a signature: so many a second, the next ones wait to be accepted.
    int handshakes_per_second = 100;
    bool auth_required = false;
    std::string server_version;
    std::vector<std::string> capabilities{"im", "user-data", "routing-by-client"};
    bool log_messages = false;
    std::function<TimePoint()> now;  // the clock of the attribute Time; the system's where empty
};

/// Enqueues a command for the engine; its effects come later. Called on the engine thread.
using PostCommand = std::function<void(messages::Command)>;

/// Runs a function on the engine thread after the effects of everything posted before it were carried out, so
/// that the server's own answers (a bad attribute, Pong) never overtake the engine's.
using PostBehind = std::function<void(std::function<void()>)>;

}  // namespace trunkline::tlib
