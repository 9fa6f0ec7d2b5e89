#include <stdexcept>
#include <string>

#include "tests/bench/load/cpu_watch.hpp"
#include "tests/bench/load/modes.hpp"

namespace trunkline::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view words = " my last invoice shows two months, could you have a look please";

class TextsMode final : public Mode {
  public:
    explicit TextsMode(const Options& options) : options_(options), floor_(options, *this) {}

    boost::json::object run() {
        establish();
        const CpuWatch cpu(options_);
        const auto began = Clock::now();
        if (options_.rate > 0)
            open_loop(began);
        else
            closed_loop(began);
        const std::chrono::duration<double> writing = Clock::now() - began;
        wait_for_the_rest();
        boost::json::object figures = counted(writing.count());
        cpu.close(figures, static_cast<double>(delivered_));
        release_all();
        floor_.desks().log_out();
        return figures;
    }

    void answered(std::uint64_t number, int status) override {
        if (number < first_measured_) return;
        Text& text = texts_[number - first_measured_];
        text.answered = true;
        text.refused = status >= 300;
        if (text.refused) ++refused_;
        finish(text);
    }
    void received(std::uint32_t, std::string_view) override { ++unexpected_; }

    void happened(const DeskEvent& event) override {
        if (event.name == "EventPrivateInfo") {
            if (options_.endpoints_port == 0) seen_at_desk(event);
            return;
        }
        const std::int64_t customer = customer_in(event.other_dn);
        if (customer < 0 || customer >= options_.sessions) return;
        Session& session = sessions_[static_cast<std::size_t>(customer)];
        if (event.name == "EventRinging") {
            session.desk = event.desk;
            session.conn_id = event.conn_id;
            if (options_.endpoints_port == 0) floor_.desks().answer(event.desk, event.conn_id);
        } else if (event.name == "EventEstablished") {
            ++established_;
        } else if (event.name == "EventReleased") {
            ++released_;
        }
    }

    void arrived(std::string_view body) override { seen(body); }

  private:
    struct Session {
        std::size_t desk = 0;
        std::string conn_id;
    };
    struct Text {
        Clock::time_point due;
        std::uint32_t customer = 0;
        bool answered = false, seen = false, refused = false;
        [[nodiscard]] bool done() const { return answered && (seen || refused); }
    };

    // Some at a time: a hundred strangers at once are another bench's matter.
    void establish() {
        for (int customer = 0; customer < options_.sessions; ++customer)
            free_.push_back(static_cast<std::uint32_t>(customer));
        first_measured_ = 0;
        if (options_.agents == 0) return;  // a relay has no sessions
        sessions_.resize(static_cast<std::size_t>(options_.sessions));
        first_measured_ = ~0ULL;
        for (int customer = 0; customer < options_.sessions; ++customer) {
            floor_.run_until([&] { return customer - established_ < 16; }, 30s, "sessions to be established");
            floor_.customers().write(static_cast<std::uint32_t>(customer), "hello");
        }
        floor_.run_until(
            [&] { return established_ == options_.sessions && floor_.customers().unanswered() == 0; }, 30s,
            "the last sessions to be established");
        first_measured_ = floor_.customers().next_number();
    }

    void write(Clock::time_point due) {
        const std::uint32_t customer = free_.front();
        free_.pop_front();
        texts_.push_back({due, customer});
        ++outstanding_;
        // The number makes the text unlike every other, so that one which came twice is seen.
        body_ = 't';
        body_.append(std::to_string(floor_.customers().next_number())).append(words);
        floor_.customers().write(customer, body_);
    }

    void closed_loop(Clock::time_point began) {
        const auto end = began + std::chrono::duration_cast<Clock::duration>(
                                     std::chrono::duration<double>(options_.seconds));
        for (auto now = began; now < end; now = Clock::now()) {
            while (outstanding_ < options_.window && !free_.empty()) write(Clock::now());
            floor_.step(end);
        }
    }

    void open_loop(Clock::time_point began) {
        const auto all = static_cast<std::uint64_t>(options_.rate * options_.seconds);
        for (std::uint64_t next = 0; next < all;) {
            const auto due =
                began +
                Nanoseconds(static_cast<std::int64_t>(static_cast<double>(next) * 1e9 / options_.rate));
            if (Clock::now() >= due && !free_.empty()) {
                write(due);
                ++next;
            } else {
                floor_.step(free_.empty() ? Clock::now() + 1ms : due);
            }
        }
    }

    void seen_at_desk(const DeskEvent& event) {
        const Text* text = seen(event.text);
        if (text != nullptr &&
            (sessions_[text->customer].desk != event.desk || customer_in(event.other_dn) != text->customer))
            ++misdirected_;
    }

    // The text whose number is in `body`; null where it is none of those measured, or came before.
    const Text* seen(std::string_view body) {
        if (body.empty() || body.front() != 't') return nullptr;
        const std::uint64_t number = std::stoull(std::string(body.substr(1, body.find(' ') - 1)));
        if (number < first_measured_ || number - first_measured_ >= texts_.size()) {
            ++unexpected_;
            return nullptr;
        }
        Text& text = texts_[number - first_measured_];
        if (text.seen) {
            ++doubled_;
            return nullptr;
        }
        text.seen = true;
        ++delivered_;
        latencies_.add(Clock::now() - text.due);
        finish(text);
        return &text;
    }

    void finish(const Text& text) {
        if (!text.done()) return;
        --outstanding_;
        free_.push_back(text.customer);
    }

    void wait_for_the_rest() {
        const auto end = Clock::now() + 10s;
        while (outstanding_ > 0 && Clock::now() < end) floor_.step(end);
    }

    void release_all() {
        if (options_.agents == 0) return;
        for (const Session& session : sessions_) floor_.desks().release(session.desk, session.conn_id);
        floor_.run_until([&] { return released_ == options_.sessions; }, 30s, "sessions to be released");
    }

    boost::json::object counted(double seconds) {
        boost::json::object figures;
        figures["sessions"] = options_.agents == 0 ? 0 : options_.sessions;
        figures["window"] = options_.window;
        figures["rate"] = options_.rate;
        figures["seconds"] = seconds;
        figures["written"] = texts_.size();
        figures["delivered"] = delivered_;
        figures["per_second"] = static_cast<double>(delivered_) / seconds;
        figures["refused"] = refused_;
        figures["lost"] = outstanding_;
        figures["doubled"] = doubled_;
        figures["misdirected"] = misdirected_;
        figures["unexpected"] = unexpected_ + floor_.customers().counts().malformed;
        figures["resent"] = floor_.customers().counts().resent;
        figures["p50_us"] = latencies_.at(0.5);
        figures["p99_us"] = latencies_.at(0.99);
        figures["p999_us"] = latencies_.at(0.999);
        figures["max_us"] = latencies_.at(1);
        return figures;
    }

    const Options& options_;
    std::vector<Session> sessions_;
    std::vector<Text> texts_;
    std::deque<std::uint32_t> free_;  // customers with no text under way
    std::string body_;
    std::uint64_t first_measured_ = ~0ULL;
    int established_ = 0, released_ = 0, outstanding_ = 0;
    std::uint64_t delivered_ = 0, refused_ = 0, doubled_ = 0, misdirected_ = 0, unexpected_ = 0;
    Latencies latencies_;
    Floor floor_;  // last: it calls back
};

}  // namespace

boost::json::object run_texts(const Options& options) { return TextsMode(options).run(); }

}  // namespace trunkline::bench
