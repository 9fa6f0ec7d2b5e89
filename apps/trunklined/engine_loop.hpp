// The engine's thread: takes posted commands in batches, gives each to the engine, puts the records of the
// batch into the spool and only then lets the other effects leave (output commit). Timers come from
// Engine::next_deadline(). post(), post_behind() and ask() may be called from any thread; everything else
// runs on the io_context's only thread. A spool that refuses holds the batch back: it is tried again, new
// texts are answered 503 and nothing is lost.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <mutex>
#include <variant>
#include <vector>

#include "apps/trunklined/outlets.hpp"
#include "db/replay/recorder.hpp"
#include "engine/engine.hpp"

namespace trunkline::apps {

/// Gives the time; never goes back.
using Clock = std::function<TimePoint()>;
/// The system's time at the first call, then onward with the steady clock: a clock that is set back stops no
/// timer.
[[nodiscard]] Clock steady_wall_clock();

class EngineLoop {
  public:
    EngineLoop(boost::asio::io_context&, EngineSettings, Outlets&, Clock, std::unique_ptr<replay::Recorder>);
    ~EngineLoop();
    EngineLoop(const EngineLoop&) = delete;
    EngineLoop& operator=(const EngineLoop&) = delete;

    void post(messages::Command);
    /// Runs `then` after the effects of everything posted before were carried out.
    void post_behind(std::function<void()> then);
    /// Runs `question` on the engine thread between two batches.
    void ask(std::function<void(const Engine&, TimePoint)> question);

    /// Drain: no new interactions; `idle` is called once, when none is left and every text to a customer is
    /// answered.
    void drain(std::function<void()> idle);
    /// Carries out what was posted so far, closes the command log and takes nothing more.
    void close();

    /// Why the loop itself is not whole, for status and /healthz; empty while it is.
    [[nodiscard]] std::vector<std::string> degraded() const;
    [[nodiscard]] const Engine& engine() const { return engine_; }
    [[nodiscard]] TimePoint now() const { return clock_(); }

  private:
    using Item = std::variant<messages::Command, std::function<void()>>;

    boost::asio::io_context& io_;
    Outlets& outlets_;
    Clock clock_;
    Engine engine_;
    std::unique_ptr<replay::Recorder> recorder_;
    std::string recorder_trouble_;

    std::mutex mutex_;  // guards the two below, which other threads reach
    std::vector<Item> inbox_;
    bool woken_ = false;

    // Of the engine thread.
    std::deque<Item> pending_;
    messages::Effects effects_;             // of the batch, not yet committed
    std::vector<records::Record> records_;  // of the batch, not yet committed
    bool held_back_ = false;                // the spool refused; retry_ is running
    std::string refusing_why_;              // new texts are refused; empty while they are taken
    bool draining_ = false;
    bool work_is_taken_ = true;  // what the outlets were told last
    boost::asio::steady_timer deadline_, retry_, look_again_;
    std::optional<TimePoint> armed_;
    std::function<void()> idle_;
    bool closed_ = false;

    void put(Item);
    void wake();
    void run_batch();
    [[nodiscard]] bool nothing_left() const;
    void handle(messages::Command&&);
    [[nodiscard]] bool refused(const messages::Command&);
    void look_at_spool();
    void say_whether_work_is_taken();
    bool commit_and_carry_out();
    void hold_back(const Error&);
    void refuse_waiting_texts();
    void arm();
    void record(const messages::Command&, TimePoint);
    void record_effects(std::size_t from);
    void stop_recording(const std::exception&);
};

}  // namespace trunkline::apps
