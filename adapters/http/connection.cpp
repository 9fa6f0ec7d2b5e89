#include "adapters/http/connection.hpp"

#include <spdlog/spdlog.h>

#include <boost/beast/websocket/rfc6455.hpp>

namespace trunkline::http {
namespace beast = boost::beast;
namespace {

// What anybody may send as a body; nothing that is open to all reads one.
constexpr std::uint64_t small_body = 64U * 1024U;

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
    begin_to_wait();
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
    refused_.reset();
    target_.reset();
    match_ = {};
    begin_to_wait();
    stream_.plain().expires_after(parts_.request_limit);  // for header and body
    beast::http::async_read_header(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](beast::error_code error, std::size_t) { self->on_header(error); });
}

void Connection::begin_to_wait() {
    stop_waiting();
    if (origin_.unix_socket) return;  // who may open the socket's file is nobody to be sent away
    wait_ = ++parts_.last_wait;
    parts_.waiting.emplace(wait_, this);
}

void Connection::stop_waiting() { parts_.waiting.erase(std::exchange(wait_, 0)); }

Response Connection::words_for(beast::error_code error) const {
    if (error == beast::http::error::body_limit)
        return error_response(413, fmt::format("the body is longer than {} bytes", parts_.max_body_bytes));
    if (error == beast::http::error::header_limit)
        return error_response(431,
                              fmt::format("the header is longer than {} bytes", parts_.max_header_bytes));
    return error_response(400, "this is not HTTP/1.1: " + error.message());
}

bool Connection::is_readable(beast::error_code error) {
    if (ended_) return false;
    if (!error) return true;
    const bool said_something =
        error.category() == beast::http::make_error_code(beast::http::error::bad_method).category() &&
        error != beast::http::error::end_of_stream && error != beast::http::error::partial_message;
    if (said_something)
        write(words_for(error), true);
    else
        end();
    return false;
}

void Connection::on_header(beast::error_code error) {
    if (!is_readable(error)) return;
    const BeastRequest& request = parser_->get();
    version_ = request.version();
    keep_alive_ = request.keep_alive();
    head_ = request.method() == beast::http::verb::head;
    refused_ = refuse(request);
    if (!refused_ && beast::websocket::is_upgrade(request)) return upgrade(parser_->release(), *target_);
    if (!refused_) refused_ = find_route(request);
    if (parser_->is_done()) return answer();
    // Only who may change something may make us keep a long body.
    const bool trusted = !refused_ && match_.route->access == Access::change;
    const auto length = parser_->content_length();
    if (trusted || (length && *length <= small_body)) return read_body();
    write(refused_ ? std::move(*refused_)
                   : error_response(413, fmt::format("the body is longer than {} bytes", small_body)),
          true);
}

void Connection::read_body() {
    beast::http::async_read(stream_, buffer_, *parser_,
                            [self = shared_from_this()](beast::error_code error, std::size_t) {
                                if (self->is_readable(error)) self->answer();
                            });
}

std::optional<Response> Connection::refuse(const BeastRequest& request) {
    using beast::http::field;
    if (!origin_.unix_socket) {
        if (request.count(field::host) > 1) return error_response(400, "the header Host is there twice");
        if (auto refused = parts_.guard.check_host(view(request[field::host]), view(request[field::origin]),
                                                   origin_.local_address))
            return refused;
    }
    target_ = parse_target(view(request.target()));
    if (!target_) return error_response(400, "the request target is no path: write /path?name=value");
    return std::nullopt;
}

std::optional<Response> Connection::find_route(const BeastRequest& request) {
    const auto verb = head_ ? std::optional(Verb::get) : verb_from(view(request.method_string()));
    match_ = parts_.router.find(verb.value_or(Verb::get), *target_);
    if (match_.route == nullptr && match_.allowed.empty())
        return error_response(404,
                              "nothing is at '" + target_->path + "': /api/v1/openapi.json lists what is");
    if (match_.route == nullptr || !verb) {
        const std::string allowed =
            match_.allowed.empty() ? std::string(to_text(match_.route->verb)) : match_.allowed;
        Response refused =
            error_response(405, "'" + target_->path + "' does not take this method, only " + allowed);
        refused.headers.emplace_back("Allow", allowed);
        return refused;
    }
    if (origin_.unix_socket) return std::nullopt;
    return parts_.guard.check_token(match_.route->access, view(request[beast::http::field::authorization]));
}

void Connection::answer() {
    stop_waiting();
    stream_.plain().expires_never();  // the handler takes its time
    if (refused_) return write(std::move(*refused_));
    try {
        match_.route->handler(Request{match_.route->verb, std::move(target_->path), match_.params,
                                      std::move(target_->query), std::move(parser_->get().body())},
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
        stop_waiting();
        parts_.upgraded(std::move(stream_), route, std::move(request), origin_);
        ended_ = true;
        return parts_.gone(*this);
    }
    write(error_response(404, "no WebSocket is at '" + target.path + "'"));
}

void Connection::write(Response response, bool close_after) {
    if (ended_) return;
    stop_waiting();
    const auto message = std::make_shared<beast::http::response<beast::http::string_body>>();
    message->version(version_);
    message->result(static_cast<unsigned>(response.status));
    message->keep_alive(keep_alive_ && !close_after);
    message->set(beast::http::field::content_type, response.content_type);
    // Pages and figures of the server are for whoever asked, now, and for no other site.
    message->set(beast::http::field::cache_control, "no-store");
    message->set("X-Content-Type-Options", "nosniff");
    message->set("Cross-Origin-Resource-Policy", "same-origin");
    message->set("X-Frame-Options", "DENY");
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
    stop_waiting();
    beast::error_code ignored;
    stream_.plain().socket().shutdown(boost::asio::socket_base::shutdown_send, ignored);
    stream_.plain().close();
    parts_.gone(*this);
}

}  // namespace trunkline::http
