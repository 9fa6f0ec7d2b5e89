// One T-Library client: opening, the door for its requests, and the queue of what goes to it. Knows nothing
// of sockets (Transport) nor of other clients. Engine thread only. Whatever goes wrong with a message is
// answered with EventError; whatever goes wrong with the connection ends in drop(), which closes it and posts
// ClientClosed once.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/json/fwd.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "adapters/tlib/authenticator.hpp"
#include "adapters/tlib/event_writer.hpp"
#include "adapters/tlib/message_log.hpp"
#include "adapters/tlib/opening.hpp"
#include "adapters/tlib/settings.hpp"
#include "adapters/tlib/transport.hpp"

namespace trunkline::tlib {

/// What every session uses of its server; outlives them all.
struct SessionContext {
    boost::asio::io_context& io;
    TlibSettings settings;
    PostCommand post;
    PostBehind post_behind;
    Authenticator& authenticator;
    std::function<model::SharedSnapshot()> configuration;
    EventWriter writer;
    MessageLog log;
    TimePoint started;
    std::function<void(ClientId)> wants_flush;  // the session has something to send at the end of the batch
    std::function<void(ClientId)> opened;       // the session is open, no stranger any more
    std::function<void(ClientId)> gone;         // the session has ended; forget it
};

class Session : public std::enable_shared_from_this<Session> {
  public:
    Session(ClientId, SessionContext&, std::shared_ptr<Transport>);

    /// One message, without its line end. Not while blocked().
    void receive(std::string_view text);
    /// A message that is longer than the limit: says so and closes.
    void refuse_too_long();
    /// A password is being checked, or enough of what the client sent waits for the engine: what comes after
    /// it must wait outside. Transport::resume() tells the end.
    [[nodiscard]] bool blocked() const { return checking_ || window_full_; }
    /// Nothing that comes now matters any more.
    [[nodiscard]] bool closing() const { return state_ == State::closing || state_ == State::closed; }
    /// The transport has ended, for the reason given (words for the log).
    void transport_ended(std::string_view why) { drop(why); }

    /// Puts an event into the queue of this batch; drops the client where its bound is passed.
    void queue(const Frame&);
    /// Hands what was queued to the transport, as one write.
    void flush();
    /// Ends the client now.
    void drop(std::string_view why);
    /// Server stop: what was queued leaves, then the connection closes.
    void finish();
    /// The server is being destroyed: closes without a word, and lets go of the transport.
    void abandon();

    [[nodiscard]] bool is_open() const { return state_ == State::open; }
    [[nodiscard]] std::chrono::steady_clock::time_point last_heard() const { return last_heard_; }
    [[nodiscard]] std::chrono::steady_clock::time_point connected() const { return connected_; }
    [[nodiscard]] LoggedClient logged() const;

    static constexpr std::size_t max_message_bytes = 1024U * 1024U;
    /// What one client may have waiting for the engine; where the engine stands still (a spool that refuses),
    /// the client's own connection fills and nothing of ours. One message may be longer.
    static constexpr std::size_t window_messages = 64, window_bytes = 64U * 1024U;

  private:
    enum class State { unopened, open, closing, closed };

    void take(const boost::json::object&);
    void count_towards_window(std::size_t bytes);
    void take_ping(const boost::json::object&);
    void take_opening(const boost::json::object&);
    void take_request(messages::TMessage, const boost::json::object&);
    void opened(const Opening&, messages::Integer reference, messages::PasswordCheck);
    void tell_server(messages::Integer reference);
    [[nodiscard]] std::string about_server() const;
    void refuse(const boost::json::object*, const Error&);
    void answer(const Frame&);
    void answer_in_turn(std::function<Frame(EventWriter&)>);
    void close_after_answers();
    [[nodiscard]] Authenticator::Done on_engine_thread(
        std::function<void(Session&, messages::PasswordCheck)>);

    ClientId id_;
    SessionContext& context_;
    std::shared_ptr<Transport> transport_;
    State state_ = State::unopened;
    bool checking_ = false;
    bool window_full_ = false;
    std::size_t window_messages_ = 0, window_bytes_ = 0;  // taken since the engine was last behind them
    std::string application_, tenant_name_, switch_name_;
    SwitchId switch_;
    Frames queued_;
    std::size_t queued_bytes_ = 0;
    std::chrono::steady_clock::time_point connected_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point last_heard_ = connected_;
};

}  // namespace trunkline::tlib
