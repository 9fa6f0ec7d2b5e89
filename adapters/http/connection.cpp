#include "adapters/http/connection.hpp"

#include <spdlog/spdlog.h>

#include <boost/beast/websocket/rfc6455.hpp>

namespace trunkline::http {
namespace beast = boost::beast;
namespace {

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

// Answers once; where every copy has gone without an answer, with 500, so that no client waits for ever.
class ReplyOnce {
  public:
    ReplyOnce(std::shared_ptr<Crossing> crossing, std::function<void(Response)> write)
        : crossing_(std::move(crossing)), write_(std::move(write)) {}
    ReplyOnce(const ReplyOnce&) = delete;
    ReplyOnce& operator=(const ReplyOnce&) = delete;
    ~ReplyOnce() { send(error_response(500, "the server gave no answer to this request: see its log")); }

    void send(Response response) {
        if (sent_.exchange(true)) return;
        crossing_->post([write = std::move(write_), response = std::move(response)]() mutable {
            write(std::move(response));
        });
    }

  private:
    std::shared_ptr<Crossing> crossing_;
    std::function<void(Response)> write_;
    std::atomic<bool> sent_{false};
};

}  // namespace

Connection::Connection(Stream stream, ServerParts& parts, Origin origin)
    : stream_(std::move(stream)), parts_(parts), origin_(std::move(origin)) {}

void Connection::start() {
    stream_.plain().expires_after(parts_.handshake_limit);
    stream_.async_handshake(
        boost::asio::ssl::stream_base::server, [self = shared_from_this()](beast::error_code error) {
            if (!error) return self->read();
            spdlog::debug("HTTP: {} spoke no TLS that is taken: {}", self->origin_.peer, error.message());
            self->end();
        });
}

void Connection::read() {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(parts_.max_header_bytes));
    parser_->body_limit(parts_.max_body_bytes);
    stream_.plain().expires_after(parts_.request_limit);
    beast::http::async_read(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](beast::error_code error, std::size_t) { self->on_read(error); });
}

void Connection::on_read(beast::error_code error) {
    if (error == beast::http::error::body_limit)
        return write(
            error_response(413, fmt::format("the body is longer than {} bytes", parts_.max_body_bytes)),
            true);
    if (error == beast::http::error::header_limit)
        return write(
            error_response(431, fmt::format("the header is longer than {} bytes", parts_.max_header_bytes)),
            true);
    if (error &&
        error.category() == beast::http::make_error_code(beast::http::error::bad_method).category() &&
        error != beast::http::error::end_of_stream && error != beast::http::error::partial_message)
        return write(error_response(400, "this is not HTTP/1.1: " + error.message()), true);
    if (error) return end();
    stream_.plain().expires_never();  // the handler takes its time
    answer(parser_->get());
}

std::optional<Response> Connection::refuse(const BeastRequest& request) const {
    if (origin_.unix_socket) return std::nullopt;
    using beast::http::field;
    if (request.count(field::host) > 1) return error_response(400, "the header Host is there twice");
    return parts_.guard.check_host(view(request[field::host]), view(request[field::origin]),
                                   origin_.local_address);
}

void Connection::answer(const BeastRequest& request) {
    version_ = request.version();
    keep_alive_ = request.keep_alive();
    head_ = request.method() == beast::http::verb::head;
    if (auto refused = refuse(request)) return write(std::move(*refused));
    auto target = parse_target(view(request.target()));
    if (!target) return write(error_response(400, "the request target is no path: write /path?name=value"));
    if (beast::websocket::is_upgrade(request)) return upgrade(parser_->release(), *target);

    const auto verb = head_ ? std::optional(Verb::get) : verb_from(view(request.method_string()));
    const Router::Match match = parts_.router.find(verb.value_or(Verb::get), *target);
    if (match.route == nullptr && match.allowed.empty())
        return write(
            error_response(404, "nothing is at '" + target->path + "': /api/v1/openapi.json lists what is"));
    if (match.route == nullptr || !verb) {
        const std::string allowed =
            match.allowed.empty() ? std::string(to_text(match.route->verb)) : match.allowed;
        Response refused =
            error_response(405, "'" + target->path + "' does not take this method, only " + allowed);
        refused.headers.emplace_back("Allow", allowed);
        return write(std::move(refused));
    }
    if (!origin_.unix_socket)
        if (auto refused = parts_.guard.check_token(match.route->access,
                                                    view(request[beast::http::field::authorization])))
            return write(std::move(*refused));
    try {
        match.route->handler(Request{*verb, std::move(target->path), match.params, std::move(target->query),
                                     std::move(parser_->get().body())},
                             reply_once());
    } catch (const std::exception& error) {
        // The reply's last copy is gone with the exception: it has sent the 500.
        spdlog::error("HTTP: the handler of a request failed: {}", error.what());
    }
}

Reply Connection::reply_once() {
    const auto once =
        std::make_shared<ReplyOnce>(parts_.crossing, [weak = weak_from_this()](Response response) {
            if (const auto self = weak.lock()) self->write(std::move(response));
        });
    return [once](Response response) { once->send(std::move(response)); };
}

void Connection::upgrade(BeastRequest request, const Target& target) {
    for (const WebSocketRoute& route : parts_.web_sockets) {
        if (route.path != target.path) continue;
        parts_.upgraded(std::move(stream_), route, std::move(request), origin_);
        ended_ = true;
        return parts_.gone(*this);
    }
    write(error_response(404, "no WebSocket is at '" + target.path + "'"));
}

void Connection::write(Response response, bool close_after) {
    if (ended_) return;
    const auto message = std::make_shared<beast::http::response<beast::http::string_body>>();
    message->version(version_);
    message->result(static_cast<unsigned>(response.status));
    message->keep_alive(keep_alive_ && !close_after);
    message->set(beast::http::field::content_type, response.content_type);
    // Pages and figures of the server are for whoever asked, now, and for no other site.
    message->set(beast::http::field::cache_control, "no-store");
    message->set("X-Content-Type-Options", "nosniff");
    for (const auto& [name, value] : response.headers) message->set(name, value);
    message->content_length(response.body.size());
    if (!head_) message->body() = std::move(response.body);
    stream_.plain().expires_after(parts_.request_limit);
    beast::http::async_write(stream_, *message,
                             [self = shared_from_this(), message](beast::error_code error, std::size_t) {
                                 if (error) return self->end();
                                 if (!message->keep_alive()) return self->farewell();
                                 self->read();
                             });
}

void Connection::farewell() {
    stream_.plain().expires_after(parts_.handshake_limit);
    stream_.async_farewell([self = shared_from_this()] { self->end(); });
}

void Connection::abort() {
    stream_.plain().close();
    end();
}

void Connection::end() {
    if (std::exchange(ended_, true)) return;
    beast::error_code ignored;
    stream_.plain().socket().shutdown(boost::asio::socket_base::shutdown_send, ignored);
    stream_.plain().close();
    parts_.gone(*this);
}

}  // namespace trunkline::http
