#include "apps/trunklined/engine_loop.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <iterator>

namespace trunkline::apps {

namespace {

using namespace messages;

// A batch longer than this would keep the sockets of the engine thread waiting.
constexpr std::size_t longest_batch = 512;
// Texts that wait for the engine; beyond, the sender is told to come back.
constexpr std::size_t longest_inbox = 100'000;
constexpr auto retry_after = std::chrono::milliseconds(200);
constexpr int service_unavailable = 503;

/// The refusal of new work from a customer or another party; none where the command is nothing of the kind.
std::optional<Effect> refusal_of(const Command& command) {
    if (const auto* text = std::get_if<TextReceived>(&command))
        return AnswerText{text->txn, service_unavailable};
    if (const auto* text = std::get_if<LegText>(&command)) return AnswerText{text->txn, service_unavailable};
    if (const auto* session = std::get_if<SessionOffered>(&command))
        return AnswerSession{session->txn, session->leg.key, service_unavailable};
    return std::nullopt;
}

}  // namespace

Clock steady_wall_clock() {
    using std::chrono::duration_cast;
    const auto wall = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    const auto steady = std::chrono::steady_clock::now();
    return [=] { return wall + duration_cast<Duration>(std::chrono::steady_clock::now() - steady); };
}

EngineLoop::EngineLoop(boost::asio::io_context& io, EngineSettings settings, Outlets& outlets, Clock clock,
                       std::unique_ptr<replay::Recorder> recorder)
    : io_(io),
      outlets_(outlets),
      clock_(std::move(clock)),
      engine_(std::move(settings)),
      recorder_(std::move(recorder)),
      deadline_(io),
      retry_(io),
      look_again_(io) {}

EngineLoop::~EngineLoop() = default;

void EngineLoop::post(Command command) { put(std::move(command)); }

void EngineLoop::post_behind(std::function<void()> then) { put(std::move(then)); }

void EngineLoop::ask(std::function<void(const Engine&, TimePoint)> question) {
    boost::asio::post(io_, [this, question = std::move(question)] { question(engine_, clock_()); });
}

void EngineLoop::put(Item item) {
    {
        const std::lock_guard lock(mutex_);
        inbox_.push_back(std::move(item));
        if (woken_) return;
        woken_ = true;
    }
    wake();
}

void EngineLoop::wake() {
    boost::asio::post(io_, [this] { run_batch(); });
}

void EngineLoop::run_batch() {
    {
        const std::lock_guard lock(mutex_);
        std::move(inbox_.begin(), inbox_.end(), std::back_inserter(pending_));
        inbox_.clear();
        woken_ = false;
    }
    if (closed_) return;
    if (held_back_) return refuse_waiting_texts();
    look_at_spool();
    for (std::size_t count = 0; count < longest_batch && !pending_.empty(); ++count) {
        if (auto* then = std::get_if<std::function<void()>>(&pending_.front())) {
            if (!commit_and_carry_out()) return;
            const auto run = std::move(*then);
            pending_.pop_front();
            run();
            continue;
        }
        auto command = std::get<Command>(std::move(pending_.front()));
        pending_.pop_front();
        if (!refused(command)) handle(std::move(command));
    }
    if (!commit_and_carry_out()) return;
    outlets_.flush();
    arm();
    if (idle_ && nothing_left()) std::exchange(idle_, nullptr)();
    if (!pending_.empty()) wake();
}

/// Last words are part of the work: their answers say whether they arrived.
bool EngineLoop::nothing_left() const {
    const StatusRow now = engine_.status(clock_());
    return now.interactions == 0 && now.texts_under_way == 0;
}

void EngineLoop::handle(Command&& command) {
    const auto now = clock_();
    const auto before = effects_.size();
    record(command, now);
    engine_.handle(std::move(command), now, effects_);
    record_effects(before);
}

/// Asked once a batch: the spool's health changes slowly, and a batch that does not fit is held back all the
/// same.
void EngineLoop::look_at_spool() {
    std::string why;
    const bool takes = outlets_.takes_texts(why);
    if (!takes && refusing_why_.empty()) spdlog::error("new texts are refused with 503: {}", why);
    if (takes && !refusing_why_.empty()) spdlog::info("new texts are taken again");
    refusing_why_ = takes ? std::string() : why;
    say_whether_work_is_taken();
    if (takes) return;
    // Peers who were told so send nothing that would make us look again.
    look_again_.expires_after(std::chrono::seconds(1));
    look_again_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled && !closed_) post(TimersDue{});
    });
}

void EngineLoop::say_whether_work_is_taken() {
    const bool taken = !draining_ && refusing_why_.empty();
    if (taken == std::exchange(work_is_taken_, taken)) return;
    outlets_.say_whether_work_is_taken(taken);
}

bool EngineLoop::refused(const Command& command) {
    if (refusing_why_.empty() && pending_.size() < longest_inbox) return false;
    auto refusal = refusal_of(command);
    if (!refusal) return false;
    outlets_.carry_out(*std::move(refusal));
    return true;
}

/// False where the spool refused: then nothing of the batch has left, and the retry goes on from here.
bool EngineLoop::commit_and_carry_out() {
    if (records_.empty())
        for (auto& effect : effects_)
            if (auto* record = std::get_if<WriteRecord>(&effect))
                records_.push_back(std::move(record->record));
    if (!records_.empty()) {
        if (const auto written = outlets_.commit(records_); !written) {
            hold_back(written.error());
            return false;
        }
        records_.clear();
    }
    for (auto& effect : effects_)
        if (!std::holds_alternative<WriteRecord>(effect)) outlets_.carry_out(std::move(effect));
    effects_.clear();
    return true;
}

void EngineLoop::hold_back(const Error& error) {
    if (!held_back_)
        spdlog::error("the spool refuses records, work is held back until it takes them: {}", error.message);
    held_back_ = true;
    refusing_why_ = error.message;
    refuse_waiting_texts();
    retry_.expires_after(retry_after);
    retry_.async_wait([this](const boost::system::error_code& cancelled) {
        if (cancelled || closed_ || !commit_and_carry_out()) return;
        held_back_ = false;
        spdlog::info("the spool takes records again");
        outlets_.flush();
        arm();
        run_batch();
    });
}

void EngineLoop::refuse_waiting_texts() {
    std::erase_if(pending_, [this](const Item& item) {
        const auto* command = std::get_if<Command>(&item);
        auto refusal = command != nullptr ? refusal_of(*command) : std::nullopt;
        if (refusal) outlets_.carry_out(*std::move(refusal));
        return refusal.has_value();
    });
    outlets_.flush();
}

void EngineLoop::arm() {
    const auto next = engine_.next_deadline();
    if (next == armed_) return;
    armed_ = next;
    if (!next) {
        deadline_.cancel();
        return;
    }
    deadline_.expires_after(std::max(Duration::zero(), *next - clock_()));
    deadline_.async_wait([this](const boost::system::error_code& cancelled) {
        if (cancelled) return;
        armed_.reset();
        post(TimersDue{});
    });
}

void EngineLoop::drain(std::function<void()> idle) {
    idle_ = std::move(idle);
    draining_ = true;
    say_whether_work_is_taken();
    post(Drain{});
}

void EngineLoop::close() {
    if (closed_) return;
    while (!held_back_) {
        run_batch();
        const std::lock_guard lock(mutex_);
        if (pending_.empty() && inbox_.empty()) break;
    }
    closed_ = true;
    deadline_.cancel();
    retry_.cancel();
    look_again_.cancel();
    try {
        if (recorder_) recorder_->close();
    } catch (const std::exception& error) {
        stop_recording(error);
    }
}

std::vector<std::string> EngineLoop::degraded() const {
    std::vector<std::string> reasons;
    if (!refusing_why_.empty()) reasons.push_back("new texts are refused: " + refusing_why_);
    if (!recorder_trouble_.empty()) reasons.push_back(recorder_trouble_);
    return reasons;
}

void EngineLoop::record(const Command& command, TimePoint now) {
    if (!recorder_) return;
    try {
        recorder_->command(command, now);
    } catch (const std::exception& error) {
        stop_recording(error);
    }
}

void EngineLoop::record_effects(std::size_t from) {
    if (!recorder_) return;
    try {
        recorder_->effects(std::span(effects_).subspan(from));
    } catch (const std::exception& error) {
        stop_recording(error);
    }
}

/// The log of commands is a help for people; the customers' work goes on without it.
void EngineLoop::stop_recording(const std::exception& error) {
    recorder_trouble_ = error.what();
    spdlog::error("recording of commands stopped: {}", error.what());
    recorder_.reset();
}

}  // namespace trunkline::apps
