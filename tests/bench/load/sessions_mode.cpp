#include <string>

#include "tests/bench/load/cpu_watch.hpp"
#include "tests/bench/load/modes.hpp"

namespace trunkline::bench {
namespace {

using namespace std::chrono_literals;

std::string numbered(char letter, std::int64_t number) {
    return std::string(1, letter).append(std::to_string(number));
}

class SessionsMode final : public Mode {
  public:
    explicit SessionsMode(const Options& options) : options_(options), floor_(options, *this) {}

    boost::json::object run() {
        const CpuWatch cpu(options_);
        const auto began = Clock::now();
        const auto end = began + std::chrono::duration_cast<Clock::duration>(
                                     std::chrono::duration<double>(options_.seconds));
        for (auto now = began; now < end; now = Clock::now()) {
            while (sessions_.size() - ended_ < static_cast<std::size_t>(options_.window)) begin();
            floor_.step(end);
        }
        const std::chrono::duration<double> seconds = Clock::now() - began;
        const std::uint64_t in_time = ended_;
        floor_.run_until([&] { return ended_ == sessions_.size() && floor_.customers().unanswered() == 0; },
                         30s, "the last sessions to end");
        boost::json::object figures = counted(seconds.count(), in_time);
        cpu.close(figures, static_cast<double>(ended_));
        floor_.desks().log_out();
        return figures;
    }

    void answered(std::uint64_t, int status) override {
        if (status >= 300) ++refused_;
    }

    void received(std::uint32_t customer, std::string_view body) override {
        if (customer >= sessions_.size()) {
            ++unexpected_;
            return;
        }
        Session& session = sessions_[customer];
        if (!body.starts_with('[')) {  // the strategy's, not the agent's
            if (session.greeted) ++unexpected_;
            session.greeted = true;
            write(customer, "billing");
        } else if (session.agent_read && !session.customer_read && body.ends_with(numbered('a', customer))) {
            session.customer_read = true;
            floor_.desks().release(session.desk, session.conn_id);
        } else {
            ++unexpected_;
        }
    }

    void arrived(std::string_view) override {}  // no endpoints here

    void happened(const DeskEvent& event) override {
        const std::int64_t customer = customer_in(event.other_dn);
        if (customer < 0 || static_cast<std::size_t>(customer) >= sessions_.size()) return;
        Session& session = sessions_[static_cast<std::size_t>(customer)];
        if (event.name == "EventRinging") {
            session.desk = event.desk;
            session.conn_id = event.conn_id;
            to_ringing_.add(Clock::now() - session.began);
            floor_.desks().answer(event.desk, event.conn_id);
        } else if (event.name == "EventEstablished") {
            write(static_cast<std::uint32_t>(customer), numbered('q', customer));
        } else if (event.name == "EventPrivateInfo" && event.text == numbered('q', customer)) {
            if (session.agent_read) ++unexpected_;
            session.agent_read = true;
            floor_.desks().write(event.desk, event.conn_id, numbered('a', customer));
        } else if (event.name == "EventReleased") {
            if (!session.customer_read || session.ended) ++unexpected_;
            session.ended = true;
            ++ended_;
            whole_.add(Clock::now() - session.began);
        }
    }

  private:
    struct Session {
        Clock::time_point began;
        std::size_t desk = 0;
        std::string conn_id;
        bool greeted = false, agent_read = false, customer_read = false, ended = false;
    };

    void begin() {
        sessions_.push_back({Clock::now()});
        write(static_cast<std::uint32_t>(sessions_.size() - 1), "I need help with my last invoice");
    }
    void write(std::uint32_t customer, std::string_view body) { floor_.customers().write(customer, body); }

    boost::json::object counted(double seconds, std::uint64_t in_time) {
        boost::json::object figures;
        figures["parallel"] = options_.window;
        figures["seconds"] = seconds;
        figures["sessions"] = sessions_.size();
        figures["texts_of_customers"] = floor_.customers().counts().written;
        figures["per_second"] = static_cast<double>(in_time) / seconds;
        figures["refused"] = refused_;
        figures["unexpected"] = unexpected_ + floor_.customers().counts().malformed;
        figures["resent"] = floor_.customers().counts().resent;
        figures["repeated"] = floor_.customers().counts().repeated;
        figures["ringing_p50_us"] = to_ringing_.at(0.5);
        figures["ringing_p99_us"] = to_ringing_.at(0.99);
        figures["whole_p50_us"] = whole_.at(0.5);
        figures["whole_p99_us"] = whole_.at(0.99);
        return figures;
    }

    const Options& options_;
    std::vector<Session> sessions_;
    std::size_t ended_ = 0;
    std::uint64_t refused_ = 0, unexpected_ = 0;
    Latencies to_ringing_, whole_;
    Floor floor_;  // last: it calls back
};

}  // namespace

boost::json::object run_sessions(const Options& options) { return SessionsMode(options).run(); }

}  // namespace trunkline::bench
