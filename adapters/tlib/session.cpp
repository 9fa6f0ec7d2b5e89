#include "adapters/tlib/session.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <boost/json.hpp>
#include <random>

#include "engine/messages/t_message_json.hpp"

namespace trunkline::tlib {
namespace {
namespace json = boost::json;
using messages::MessageId;
using messages::PasswordCheck;
using messages::TMessage;

constexpr std::size_t max_nesting = 32;

// Unguessable: a later version lets a client resume with it.
std::string new_session_id() {
    std::random_device device;
    std::string id;
    for (int i = 0; i < 4; ++i) id += fmt::format("{:08x}", device());
    return id;
}

messages::Integer readable_reference(const json::object* object) {
    if (object == nullptr) return {};
    const json::value* value = object->if_contains("ReferenceID");
    if (value == nullptr || !value->is_int64()) return {};
    return value->as_int64();
}

bool has_unreadable_reference(const json::object& object) {
    const json::value* value = object.if_contains("ReferenceID");
    return value != nullptr && !value->is_null() && !value->is_int64();
}

std::string readable_text(const json::object* object, std::string_view name) {
    const json::value* value = object == nullptr ? nullptr : object->if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

Result<MessageId> request_id_of(const json::object& object) {
    Result<MessageId> id = messages::message_id_of(object);
    if (id && !messages::name_of(*id).starts_with("Request"))
        return Error{ErrorCode::unsupported,
                     "attribute 'message' names an event: only requests come from clients"};
    return id;
}

bool is_ping(const json::object& object) {
    const json::value* name = object.if_contains("message");
    return name != nullptr && name->is_string() && name->as_string() == "Ping";
}

}  // namespace

Session::Session(ClientId id, SessionContext& context, std::shared_ptr<Transport> transport)
    : id_(id), context_(context), transport_(std::move(transport)) {}

LoggedClient Session::logged() const {
    return {id_.value(), application_, transport_ ? transport_->peer() : std::string()};
}

void Session::receive(std::string_view text) {
    if (closing()) return;
    last_heard_ = std::chrono::steady_clock::now();
    count_towards_window(text.size());
    std::array<unsigned char, 4096> local;
    json::monotonic_resource memory(local.data(), local.size());
    json::parse_options limits;
    limits.max_depth = max_nesting;
    json::error_code error;
    const json::value message = json::parse(text, error, &memory, limits);
    if (error == json::error::too_deep)
        return refuse(nullptr, {ErrorCode::bad_attribute,
                                fmt::format("the message is nested deeper than {} levels", max_nesting)});
    if (error) {
        refuse(nullptr,
               {ErrorCode::bad_attribute, "what came is not JSON: send one JSON object a message, in UTF-8"});
        return close_after_answers();
    }
    if (!message.is_object())
        return refuse(nullptr, {ErrorCode::bad_attribute, "the message is not a JSON object"});
    take(message.as_object());
}

// Behind everything that the client sent so far; then it may send on.
void Session::count_towards_window(std::size_t bytes) {
    if (state_ != State::open) return;
    window_bytes_ += bytes;
    if (++window_messages_ < window_messages && window_bytes_ < window_bytes) return;
    window_full_ = true;
    context_.post_behind([weak = weak_from_this()] {
        const auto self = weak.lock();
        if (!self || self->closing()) return;
        self->window_full_ = false;
        self->window_messages_ = self->window_bytes_ = 0;
        self->last_heard_ = std::chrono::steady_clock::now();  // its silence was ours
        if (self->transport_) self->transport_->resume();
    });
}

void Session::refuse_too_long() {
    if (closing()) return;
    refuse(nullptr,
           {ErrorCode::bad_attribute, fmt::format("the message is longer than {} bytes", max_message_bytes)});
    close_after_answers();
}

void Session::take(const json::object& object) {
    if (context_.log.on()) context_.log.received(object, logged(), context_.writer.now());
    if (is_ping(object)) return take_ping(object);
    if (has_unreadable_reference(object))
        return refuse(&object,
                      {ErrorCode::bad_attribute, "attribute 'ReferenceID' has a value of the wrong type"});
    const Result<MessageId> id = request_id_of(object);
    if (!id) return refuse(&object, id.error());
    if (*id == MessageId::request_register_client) return take_opening(object);
    if (state_ == State::unopened)
        return refuse(&object, {ErrorCode::no_link,
                                "this connection is not open yet: send RequestRegisterClient first"});
    if (*id == MessageId::request_query_server) return tell_server(readable_reference(&object));
    Result<TMessage> request = messages::from_json(object);
    if (!request) return refuse(&object, request.error());
    take_request(std::move(*request), object);
}

void Session::take_ping(const json::object& object) {
    auto text = std::make_shared<std::string>(R"({"message":"Pong")");
    if (const messages::Integer reference = readable_reference(&object))
        *text += fmt::format(R"(,"ReferenceID":{})", *reference);
    *text += '}';
    answer_in_turn([text = Frame(std::move(text))](EventWriter&) { return text; });
}

void Session::take_opening(const json::object& object) {
    if (state_ == State::open)
        return refuse(&object, {ErrorCode::already_in_state, "this connection is open already"});
    const model::SharedSnapshot configuration = context_.configuration();
    if (!configuration)
        return refuse(&object, {ErrorCode::no_link, "the server has no configuration yet: try again"});
    Result<Opening> opening = resolve_opening(*configuration, object);
    if (!opening) {
        spdlog::warn("T-Library client {} was refused: {}", transport_->peer(), opening.error().message);
        return refuse(&object, opening.error());
    }
    checking_ = true;
    std::string name = opening->application;
    std::optional<std::string> password = std::exchange(opening->password, std::nullopt);
    context_.authenticator.check_application(
        std::move(name), std::move(password),
        on_engine_thread(
            [opening = std::move(*opening), reference = readable_reference(&object)](
                Session& self, PasswordCheck check) { self.opened(opening, reference, check); }));
}

void Session::opened(const Opening& opening, messages::Integer reference, PasswordCheck check) {
    if (check == PasswordCheck::missing || check == PasswordCheck::wrong) {
        spdlog::warn("T-Library client {} was refused as application '{}': its password is {}",
                     transport_->peer(), opening.application,
                     check == PasswordCheck::wrong ? "wrong" : "missing");
        TMessage error{.message = MessageId::event_error, .reference_id = reference};
        error.error_code = static_cast<int>(ErrorCode::bad_password);
        error.error_message = check == PasswordCheck::wrong
                                  ? "the application's password is wrong"
                                  : "this application needs a password: attribute 'Password'";
        return answer(context_.writer.write(error));
    }
    state_ = State::open;
    context_.opened(id_);
    application_ = opening.application;
    switch_ = opening.sw;
    context_.post(messages::ClientOpened{id_, opening.tenant, opening.sw, opening.application});
    tenant_name_ = opening.tenant_name;
    switch_name_ = opening.switch_name;
    const std::string more = about_server() + R"(,"SessionID":")" + new_session_id() + '"';
    answer(
        context_.writer.write({.message = MessageId::event_link_connected, .reference_id = reference}, more));
}

std::string Session::about_server() const {
    std::string more = R"(,"ServerVersion":)";
    append_json_string(more, context_.settings.server_version);
    more += R"(,"Switch":)";
    append_json_string(more, switch_name_);
    more += R"(,"Tenant":)";
    append_json_string(more, tenant_name_);
    more += R"(,"Capabilities":)";
    return more + json::serialize(json::value_from(context_.settings.capabilities));
}

// One server: it is the primary.
void Session::tell_server(messages::Integer reference) {
    const std::int64_t started = context_.started.time_since_epoch().count();
    std::string more =
        about_server() + fmt::format(R"(,"ServerRole":0,"ServerStartTime":{{"sec":{},"usec":{}}})",
                                     started / 1'000'000, started % 1'000'000);
    answer_in_turn([more = std::move(more), reference](EventWriter& writer) {
        return writer.write({.message = MessageId::event_server_info, .reference_id = reference}, more);
    });
}

void Session::take_request(TMessage request, const json::object& object) {
    if (request.message != MessageId::request_agent_login)
        return context_.post(messages::ClientRequest{id_, std::move(request)});
    const auto password = read_text(object, "Password");
    if (!password) return refuse(&object, password.error());
    checking_ = true;
    std::string code = request.agent_id;
    context_.authenticator.check_login(
        switch_, std::move(code), *password,
        on_engine_thread([request = std::move(request)](Session& self, PasswordCheck check) {
            self.context_.post(messages::ClientRequest{self.id_, request, check});
        }));
}

Authenticator::Done Session::on_engine_thread(std::function<void(Session&, PasswordCheck)> next) {
    return [weak = weak_from_this(), &io = context_.io, next = std::move(next)](PasswordCheck check) {
        boost::asio::post(io, [weak, check, next] {
            const auto self = weak.lock();
            if (!self || self->closing()) return;
            self->checking_ = false;
            next(*self, check);
            if (self->transport_) self->transport_->resume();
        });
    };
}

void Session::refuse(const json::object* object, const Error& error) {
    TMessage event{.message = MessageId::event_error, .reference_id = readable_reference(object)};
    event.error_code = static_cast<int>(error.code);
    event.error_message = error.message;
    event.this_dn = readable_text(object, "ThisDN");
    event.conn_id = parse_conn_id(readable_text(object, "ConnID"));
    answer_in_turn([event = std::move(event)](EventWriter& writer) { return writer.write(event); });
}

// Behind the engine's answers to earlier requests; the frame is made, and its number given, when its turn
// comes.
void Session::answer_in_turn(std::function<Frame(EventWriter&)> make) {
    if (state_ != State::open) return answer(make(context_.writer));
    context_.post_behind([weak = weak_from_this(), make = std::move(make)] {
        const auto self = weak.lock();
        if (self && self->state_ != State::closed) self->answer(make(self->context_.writer));
    });
}

void Session::answer(const Frame& frame) {
    if (context_.log.on()) context_.log.sent(*frame, {logged()}, context_.writer.now());
    queue(frame);
    flush();
}

void Session::close_after_answers() {
    const bool was_open = state_ == State::open;
    state_ = State::closing;
    const auto close = [weak = weak_from_this()] {
        const auto self = weak.lock();
        if (self && self->transport_) self->transport_->finish();
    };
    if (was_open)
        context_.post_behind(close);
    else
        close();
    if (was_open) context_.post(messages::ClientClosed{id_});
}

void Session::queue(const Frame& frame) {
    if (state_ == State::closed || !transport_) return;
    queued_.push_back(frame);
    queued_bytes_ += frame->size() + 1;
    if (queued_bytes_ + transport_->unsent_bytes() > context_.settings.client_queue_bytes)
        return drop("it reads too slowly: more waits for it than tlib.client_queue_mib allows");
    if (queued_.size() == 1) context_.wants_flush(id_);
}

void Session::flush() {
    if (queued_.empty() || !transport_) return;
    queued_bytes_ = 0;
    transport_->send(std::exchange(queued_, {}));
}

void Session::drop(std::string_view why) {
    if (state_ == State::closed) return;
    const bool was_open = state_ == State::open;
    state_ = State::closed;
    queued_.clear();
    const auto keep = shared_from_this();
    if (const auto transport = std::exchange(transport_, nullptr)) {
        spdlog::info("T-Library client {} ({}, {}) is gone: {}", id_.value(),
                     application_.empty() ? "unopened" : application_, transport->peer(), why);
        transport->abort();
    }
    if (was_open) context_.post(messages::ClientClosed{id_});
    context_.gone(id_);
}

void Session::finish() {
    if (state_ == State::closed) return;
    flush();
    if (state_ == State::open) context_.post(messages::ClientClosed{id_});
    state_ = State::closing;
    if (transport_) transport_->finish();
}

void Session::abandon() {
    state_ = State::closed;
    if (const auto transport = std::exchange(transport_, nullptr)) transport->abort();
}

}  // namespace trunkline::tlib
