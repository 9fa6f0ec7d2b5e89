// The T-Library server: accepts clients over TCP, takes those that come over WebSockets, and carries events
// to them (contracts/t-library.md). Registrations, agents and answers are the engine's; here are transport,
// opening, passwords, numbering and slow clients. Lives on the engine thread's io_context, which must not run
// after this is destroyed.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/tlib/remote_client.hpp"
#include "adapters/tlib/session.hpp"
#include "adapters/tlib/settings.hpp"
#include "engine/messages/effects.hpp"

namespace trunkline::tlib {

class TlibServer {
  public:
    /// `post_behind` may be left out where the composition handles a batch within the handler that it posts
    /// to `io` when the first command of the batch arrives; a plain post to `io` is behind it then.
    TlibServer(boost::asio::io_context& io, TlibSettings, PostCommand, Authenticator&,
               std::function<model::SharedSnapshot()> configuration, PostBehind post_behind = {});
    ~TlibServer();
    TlibServer(const TlibServer&) = delete;
    TlibServer& operator=(const TlibServer&) = delete;

    /// Listens. Throws std::runtime_error in words where the address is bad or taken.
    void start();
    /// `host:port` in use after start().
    [[nodiscard]] std::string listening() const;
    /// Numbers the event, serialises it once and queues it at its clients. Engine thread, after output
    /// commit.
    void carry_out(const messages::EmitEvent&);
    /// End of a batch: one write for each client that has something to get.
    void flush();
    /// No new clients; what is queued leaves, then every client is disconnected. Engine thread.
    void stop();
    /// Open connections, those that have not sent RequestRegisterClient included.
    [[nodiscard]] std::size_t clients() const { return sessions_.size(); }

    /// A client whose socket another thread owns. Any thread; messages are handed to the returned end.
    [[nodiscard]] std::shared_ptr<RemoteEnd> open(RemoteSocket);
    template <class Socket>
    [[nodiscard]] std::shared_ptr<RemoteEnd> open(std::shared_ptr<Socket> socket) {
        return open(remote_socket(std::move(socket)));
    }

  private:
    void accept();
    void accept_again_later();
    bool handshakes_may_go_on();
    void admit(boost::asio::ip::tcp::socket);
    std::shared_ptr<Session> new_session(std::shared_ptr<Transport>);
    /// Room for one more stranger: of too many who have not opened, the oldest goes.
    void make_room();
    void watch_idle_clients();

    SessionContext context_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer accept_pause_;
    boost::asio::steady_timer idle_watch_;
    std::unordered_map<ClientId, std::shared_ptr<Session>> sessions_;
    std::set<ClientId> unopened_;  // the lowest came first
    std::vector<ClientId> to_flush_;
    std::uint64_t last_client_ = 0;
    std::chrono::steady_clock::time_point second_began_;  // in which handshakes are counted
    int handshakes_ = 0;
    bool stopped_ = false;
};

}  // namespace trunkline::tlib
