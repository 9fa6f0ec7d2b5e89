#include "adapters/tlib/server.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <stdexcept>

#include "adapters/tlib/tcp_connection.hpp"
#include "engine/base/host_port.hpp"

namespace trunkline::tlib {
namespace asio = boost::asio;
using asio::ip::tcp;

TlibServer::TlibServer(asio::io_context& io, TlibSettings settings, PostCommand post,
                       Authenticator& authenticator, std::function<model::SharedSnapshot()> configuration,
                       PostBehind post_behind)
    : context_{.io = io,
               .settings = settings,
               .post = std::move(post),
               .post_behind = std::move(post_behind),
               .authenticator = authenticator,
               .configuration = std::move(configuration),
               .writer = EventWriter(settings.now),
               .log = MessageLog(settings.log_messages, settings.server_version),
               .wants_flush = [this](ClientId client) { to_flush_.push_back(client); },
               .opened = [this](ClientId client) { unopened_.erase(client); },
               .gone =
                   [this](ClientId client) {
                       sessions_.erase(client);
                       unopened_.erase(client);
                   }},
      acceptor_(io),
      accept_pause_(io),
      idle_watch_(io) {
    context_.started = context_.writer.now();
    if (!context_.post_behind)
        context_.post_behind = [&io](std::function<void()> run) { asio::post(io, std::move(run)); };
}

TlibServer::~TlibServer() {
    stopped_ = true;
    const auto all = std::exchange(sessions_, {});
    for (const auto& [id, session] : all) session->abandon();
}

void TlibServer::start() {
    const Result<HostPort> where = parse_host_port(context_.settings.listen);
    if (!where) throw std::runtime_error("tlib.listen: " + where.error().message);
    try {
        tcp::resolver resolver(context_.io);
        const tcp::endpoint endpoint =
            resolver.resolve(where->host, std::to_string(where->port), tcp::resolver::passive)
                .begin()
                ->endpoint();
        acceptor_.open(endpoint.protocol());
        acceptor_.set_option(tcp::acceptor::reuse_address(true));
        acceptor_.bind(endpoint);
        acceptor_.listen();
    } catch (const boost::system::system_error& error) {
        throw std::runtime_error("tlib.listen: cannot listen on " + context_.settings.listen + " (" +
                                 error.code().message() +
                                 "): choose another address, or stop the program that holds it");
    }
    accept();
    watch_idle_clients();
}

std::string TlibServer::listening() const {
    const tcp::endpoint endpoint = acceptor_.local_endpoint();
    return to_text(HostPort{endpoint.address().to_string(), endpoint.port()});
}

void TlibServer::accept() {
    acceptor_.async_accept([this](boost::system::error_code error, tcp::socket socket) {
        if (error == asio::error::operation_aborted || stopped_) return;
        if (error) {
            spdlog::warn("T-Library: a connection could not be accepted: {}", error.message());
            return accept_again_later();
        }
        admit(std::move(socket));
        if (handshakes_may_go_on()) return accept();
        accept_again_later();
    });
}

bool TlibServer::handshakes_may_go_on() {
    if (!context_.settings.certificates) return true;
    const auto now = std::chrono::steady_clock::now();
    if (now - second_began_ >= std::chrono::seconds(1)) {
        second_began_ = now;
        handshakes_ = 0;
    }
    return ++handshakes_ < context_.settings.handshakes_per_second;
}

// Out of file descriptors, or enough handshakes for this second: accepting at once again would spin.
void TlibServer::accept_again_later() {
    accept_pause_.expires_after(std::chrono::milliseconds(100));
    accept_pause_.async_wait([this](boost::system::error_code error) {
        if (!error && !stopped_) accept();
    });
}

void TlibServer::make_room() {
    if (unopened_.size() < context_.settings.max_unopened) return;
    const auto oldest = sessions_.find(*unopened_.begin());
    const std::shared_ptr<Session> session = oldest->second;
    session->drop("too many connections that do not open");
}

void TlibServer::admit(tcp::socket socket) {
    make_room();
    if (sessions_.size() >= context_.settings.max_clients) {
        spdlog::warn("T-Library: a client was turned away, {} are connected", sessions_.size());
        return;
    }
    const auto& certificates = context_.settings.certificates;
    const auto connection =
        std::make_shared<TcpConnection>(std::move(socket), certificates ? certificates->current() : nullptr);
    connection->start(new_session(connection));
}

std::shared_ptr<Session> TlibServer::new_session(std::shared_ptr<Transport> transport) {
    const ClientId id(++last_client_);
    auto session = std::make_shared<Session>(id, context_, std::move(transport));
    sessions_.emplace(id, session);
    unopened_.insert(id);
    return session;
}

std::shared_ptr<RemoteEnd> TlibServer::open(RemoteSocket socket) {
    const auto transport = std::make_shared<RemoteTransport>(context_.io, std::move(socket));
    asio::post(context_.io, [this, transport] {
        if (!stopped_) make_room();
        if (stopped_ || sessions_.size() >= context_.settings.max_clients) return transport->abort();
        transport->start(new_session(transport));
    });
    return std::make_shared<RemoteEnd>(context_.io, transport);
}

void TlibServer::carry_out(const messages::EmitEvent& emit) {
    const Frame frame = context_.writer.write(*emit.event);
    if (context_.log.on()) {
        std::vector<LoggedClient> receivers;
        for (const ClientId client : emit.clients)
            if (const auto found = sessions_.find(client); found != sessions_.end())
                receivers.push_back(found->second->logged());
        context_.log.sent(*frame, receivers, context_.writer.now());
    }
    for (const ClientId client : emit.clients) {
        const auto found = sessions_.find(client);
        if (found == sessions_.end()) continue;
        const std::shared_ptr<Session> session = found->second;  // queue() may drop it
        session->queue(frame);
    }
}

void TlibServer::flush() {
    for (const ClientId client : std::exchange(to_flush_, {}))
        if (const auto found = sessions_.find(client); found != sessions_.end()) found->second->flush();
}

void TlibServer::stop() {
    if (std::exchange(stopped_, true)) return;
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    accept_pause_.cancel();
    idle_watch_.cancel();
    const auto all = sessions_;
    for (const auto& [id, session] : all) session->finish();
}

// Who says nothing for too long, and who does not open the connection in time: strangers hold none for long.
void TlibServer::watch_idle_clients() {
    const std::chrono::milliseconds idle = context_.settings.idle_limit;
    const std::chrono::milliseconds opening = context_.settings.opening_limit;
    const auto shorter = idle.count() > 0 ? std::min(idle, opening) : opening;
    idle_watch_.expires_after(
        std::clamp(shorter / 4, std::chrono::milliseconds(100), std::chrono::milliseconds(5000)));
    idle_watch_.async_wait([this, idle, opening](boost::system::error_code error) {
        if (error || stopped_) return;
        const auto now = std::chrono::steady_clock::now();
        std::vector<std::shared_ptr<Session>> silent, unopened;
        for (const auto& [id, session] : sessions_)
            if (!session->is_open() && session->connected() < now - opening)
                unopened.push_back(session);
            else if (idle.count() > 0 && !session->blocked() && session->last_heard() < now - idle)
                silent.push_back(session);
        for (const auto& session : unopened) session->drop("it did not open the connection in time");
        for (const auto& session : silent) session->drop("it was silent for longer than the idle limit");
        watch_idle_clients();
    });
}

}  // namespace trunkline::tlib
