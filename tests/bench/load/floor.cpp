#include "tests/bench/load/floor.hpp"

#include <poll.h>

#include <algorithm>
#include <stdexcept>

namespace trunkline::bench {

Floor::Floor(const Options& options, Mode& mode)
    : customers_(options.sip_host, options.sip_port, options.point, options.run,
                 {[&mode](std::uint64_t number, int status) { mode.answered(number, status); },
                  [&mode](std::uint32_t customer, std::string_view body) { mode.received(customer, body); }}),
      desks_(options.tlib_host, options.tlib_port, static_cast<std::size_t>(options.agents),
             options.first_agent, [&mode](const DeskEvent& event) { mode.happened(event); }),
      fds_(desks_.fds()) {
    if (options.endpoints_port != 0) {
        endpoints_ = std::make_unique<Endpoints>(options.sip_host, options.sip_port, options.endpoints_port,
                                                 [&mode](std::string_view body) { mode.arrived(body); });
        fds_.push_back(endpoints_->fd());
    }
    fds_.push_back(customers_.fd());
}

void Floor::step(Clock::time_point until) {
    flush();
    const auto now = Clock::now();
    if (now >= next_resend_) {
        customers_.resend_late(now);
        next_resend_ = now + std::chrono::milliseconds(50);
    }
    const auto wait = std::clamp<Clock::duration>(std::min(until, next_resend_) - now,
                                                  Clock::duration::zero(), std::chrono::seconds(1));
    const timespec timeout{wait / std::chrono::seconds(1), (wait % std::chrono::seconds(1)).count()};
    static std::vector<pollfd> polled;  // one thread
    polled.clear();
    for (const int fd : fds_) polled.push_back({fd, POLLIN, 0});
    if (::ppoll(polled.data(), polled.size(), &timeout, nullptr) <= 0) return;
    for (std::size_t desk = 0; desk < desks_.size(); ++desk)
        if (polled[desk].revents != 0) desks_.receive(desk);
    if (endpoints_ && polled[desks_.size()].revents != 0) endpoints_->receive();
    if (polled.back().revents != 0) customers_.receive();
}

void Floor::run_until(const std::function<bool()>& done, std::chrono::seconds patience, const char* what) {
    const auto end = Clock::now() + patience;
    while (!done()) {
        if (Clock::now() > end) throw std::runtime_error(std::string("waited in vain: ") + what);
        step(end);
    }
    flush();
}

void Floor::flush() {
    customers_.flush();
    desks_.flush();
    if (endpoints_) endpoints_->flush();
}

}  // namespace trunkline::bench
