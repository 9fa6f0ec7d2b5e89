#include "adapters/http/server.hpp"

#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <set>
#include <stdexcept>
#include <thread>

#include "adapters/http/connection.hpp"
#include "adapters/http/web_socket_connection.hpp"
#include "engine/base/host_port.hpp"

namespace trunkline::http {
namespace asio = boost::asio;
using asio::ip::tcp;
using Local = asio::local::stream_protocol;

namespace {

tcp::acceptor listen_on_tcp(asio::io_context& io, const std::string& listen) {
    const Result<HostPort> where = parse_host_port(listen);
    if (!where) throw std::runtime_error("http.listen: " + where.error().message);
    try {
        tcp::resolver resolver(io);
        const tcp::endpoint endpoint =
            resolver.resolve(where->host, std::to_string(where->port), tcp::resolver::passive)
                .begin()
                ->endpoint();
        return tcp::acceptor(io, endpoint);
    } catch (const boost::system::system_error& error) {
        throw std::runtime_error("http.listen: cannot listen on " + listen + " (" + error.code().message() +
                                 "): choose another address, or stop the program that holds it");
    }
}

// A socket file that nobody serves is what a crash left behind.
void clear_stale_socket(asio::io_context& io, const std::string& path) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) return;
    if (!S_ISSOCK(found.st_mode))
        throw std::runtime_error("control.socket: " + path + " exists and is not a socket: move it away");
    boost::system::error_code error;
    Local::socket probe(io);
    probe.connect(Local::endpoint(path), error);
    if (!error)
        throw std::runtime_error("control.socket: another server answers at " + path +
                                 ": stop it, or set another path");
    ::unlink(path.c_str());
}

Local::acceptor listen_on_file(asio::io_context& io, const std::string& path) {
    if (path.size() > 107)
        throw std::runtime_error(
            "control.socket: the path is longer than the 107 bytes that a socket may have: " + path);
    clear_stale_socket(io, path);
    try {
        Local::acceptor acceptor(io);
        acceptor.open();
        acceptor.bind(Local::endpoint(path));
        // Before listen(): until then nobody can connect, so there is no moment with wider permissions.
        if (::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0)
            throw boost::system::system_error(errno, boost::system::system_category());
        acceptor.listen();
        return acceptor;
    } catch (const boost::system::system_error& error) {
        throw std::runtime_error("control.socket: cannot listen at " + path + " (" + error.code().message() +
                                 "): see that its folder exists and can be written");
    }
}

std::string text_of(const tcp::endpoint& at) {
    return to_text(HostPort{at.address().to_string(), at.port()});
}

}  // namespace

struct HttpServer::Inner {
    HttpSettings settings;
    asio::io_context io{1};
    ServerParts parts;
    std::set<std::shared_ptr<Connection>> connections;
    std::set<std::shared_ptr<WebSocketConnection>> web_sockets;
    std::optional<tcp::acceptor> tcp_acceptor;
    std::optional<Local::acceptor> local_acceptor;
    asio::steady_timer pause{io};
    std::string listening;
    std::thread thread;

    explicit Inner(HttpSettings given)
        : settings(std::move(given)),
          parts{.router = {},
                .guard = Guard({.listen_host = listen_host(settings.listen),
                                .allowed_hosts = settings.allowed_hosts,
                                .token = settings.token,
                                .token_for_reads = settings.token_for_reads}),
                .web_sockets = {},
                .crossing = std::make_shared<Crossing>(io),
                .max_header_bytes = settings.max_header_bytes,
                .max_body_bytes = settings.max_body_bytes,
                .request_limit = settings.request_limit,
                .handshake_limit = settings.handshake_limit,
                .gone = [this](Connection& gone) { connections.erase(gone.shared_from_this()); },
                .upgraded =
                    [this](Stream stream, const WebSocketRoute& route, BeastRequest request,
                           const Origin& origin) {
                        admit_web_socket(std::move(stream), route, std::move(request), origin);
                    }} {}

    static std::string listen_host(const std::string& listen) {
        const Result<HostPort> where = parse_host_port(listen);
        return where ? where->host : std::string();
    }

    template <class Acceptor>
    void accept(Acceptor& acceptor) {
        acceptor.async_accept([this, &acceptor](boost::system::error_code error, auto socket) {
            if (error == asio::error::operation_aborted) return;
            if (error) {  // out of file descriptors: accepting at once again would spin
                spdlog::warn("HTTP: a connection could not be accepted: {}", error.message());
                pause.expires_after(std::chrono::milliseconds(100));
                return pause.async_wait([this, &acceptor](boost::system::error_code stopped) {
                    if (!stopped) accept(acceptor);
                });
            }
            admit(std::move(socket));
            accept(acceptor);
        });
    }

    static Origin origin_of(const tcp::socket& socket) {
        boost::system::error_code error;
        const auto remote = socket.remote_endpoint(error);
        if (error) return {};
        const auto local = socket.local_endpoint(error);
        return {false, text_of(remote), local.address().to_string()};
    }
    static Origin origin_of(const Local::socket&) { return {true, "control socket", {}}; }

    /// Of too many who have not said what they want, the one that waits longest goes; false where all are
    /// busy.
    bool make_room() {
        const bool full = connections.size() + web_sockets.size() >= settings.max_connections;
        if (!full && parts.waiting.size() < settings.max_waiting) return true;
        if (parts.waiting.empty()) return false;
        parts.waiting.begin()->second->shared_from_this()->abort();
        return true;
    }

    template <class Socket>
    void admit(Socket socket) {
        Origin origin = origin_of(socket);
        if (!origin.unix_socket && !make_room()) {
            spdlog::warn("HTTP: a connection was turned away, {} are open", settings.max_connections);
            return;
        }
        boost::system::error_code ignored;
        // Small frames follow each other; Nagle would wait for the peer's delayed ACK between them.
        if constexpr (std::is_same_v<Socket, tcp::socket>) socket.set_option(tcp::no_delay(true), ignored);
        using Generic =
            asio::basic_stream_socket<asio::generic::stream_protocol, asio::io_context::executor_type>;
        Generic generic(io);
        const auto protocol = socket.local_endpoint().protocol();
        generic.assign(asio::generic::stream_protocol(protocol.family(), protocol.protocol()),
                       socket.release());
        const bool tls = settings.certificates && !origin.unix_socket;
        Stream stream(PlainStream(std::move(generic)), tls ? settings.certificates->current() : nullptr);
        const auto connection = std::make_shared<Connection>(std::move(stream), parts, std::move(origin));
        connections.insert(connection);
        connection->start();
    }

    void admit_web_socket(Stream stream, const WebSocketRoute& route, BeastRequest request,
                          const Origin& origin) {
        const auto socket = std::make_shared<WebSocketConnection>(
            std::move(stream), route,
            [this](WebSocketConnection& gone) { web_sockets.erase(gone.shared_from_this()); });
        web_sockets.insert(socket);
        socket->start(std::move(request), parts.crossing, origin.peer);
    }

    void close_everything() {
        boost::system::error_code ignored;
        if (tcp_acceptor) tcp_acceptor->close(ignored);
        if (local_acceptor) local_acceptor->close(ignored);
        pause.cancel();
        for (const auto& connection : std::set(connections)) connection->abort();
        for (const auto& socket : std::set(web_sockets)) socket->abort();
    }
};

HttpServer::HttpServer(HttpSettings settings) : inner_(std::make_unique<Inner>(std::move(settings))) {}
HttpServer::~HttpServer() { stop(); }

void HttpServer::route(Verb verb, std::string_view pattern, Access access, Handler handler) {
    inner_->parts.router.add(verb, pattern, access, std::move(handler));
}

void HttpServer::web_socket(std::string path, WebSocketAcceptor accept, std::size_t max_message_bytes) {
    inner_->parts.web_sockets.push_back({std::move(path), std::move(accept), max_message_bytes});
}

void HttpServer::start() {
    Inner& in = *inner_;
    if (!in.settings.listen.empty()) {
        in.tcp_acceptor.emplace(listen_on_tcp(in.io, in.settings.listen));
        in.listening = text_of(in.tcp_acceptor->local_endpoint());
        in.accept(*in.tcp_acceptor);
    }
    if (!in.settings.control_socket.empty()) {
        in.local_acceptor.emplace(listen_on_file(in.io, in.settings.control_socket));
        in.accept(*in.local_acceptor);
    }
    in.thread = std::thread([&in] {
        const auto work = asio::make_work_guard(in.io);
        while (!in.io.stopped()) {
            try {
                in.io.run();
            } catch (const std::exception& error) {
                spdlog::error("HTTP: {}", error.what());  // one connection's trouble must not end the others
            }
        }
    });
}

std::string HttpServer::listening() const { return inner_->listening; }

void HttpServer::stop() {
    Inner& in = *inner_;
    in.parts.crossing->close();
    if (!in.thread.joinable()) return;
    asio::post(in.io, [&in] {
        in.close_everything();
        asio::post(in.io, [&in] { in.io.stop(); });
    });
    in.thread.join();
    if (in.local_acceptor) ::unlink(in.settings.control_socket.c_str());
}

}  // namespace trunkline::http
