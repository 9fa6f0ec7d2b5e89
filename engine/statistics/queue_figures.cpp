#include "engine/statistics/queue_figures.hpp"

namespace trunkline::statistics {

void QueueFigures::turn_to(const Period& day) {
    if (day.begin <= day_) return;
    day_ = day.begin;
    sums_ = {};
}

void QueueFigures::enter(const Period& day, Seq stay, TimePoint at) {
    turn_to(day);
    if (stays_.try_emplace(stay, at).second) ++sums_.entered;
}

void QueueFigures::leave(const Period& day, Seq stay, TimePoint at, std::string_view outcome) {
    turn_to(day);
    const auto found = stays_.find(stay);
    if (found == stays_.end()) return;
    const Duration waited = at - found->second;
    stays_.erase(found);
    leaves_[left_++ % leaves_.size()] = at;
    if (outcome == "distributed") {
        ++sums_.distributed;
        sums_.until_distributed += waited;
        if (waited <= service_level_time) ++sums_.distributed_in_time;
    } else if (outcome == "abandoned") {
        ++sums_.abandoned;
        sums_.until_abandoned += waited;
    } else {
        ++sums_.cleared;
    }
}

std::optional<TimePoint> QueueFigures::oldest() const {
    if (stays_.empty()) return std::nullopt;
    return stays_.begin()->second;
}

QueueSums QueueFigures::sums(const Period& day) const { return day.begin <= day_ ? sums_ : QueueSums{}; }

std::optional<Duration> QueueFigures::expected_wait() const {
    if (left_ < 2) return std::nullopt;
    const std::uint64_t known = std::min<std::uint64_t>(left_, leaves_.size());
    const TimePoint last = leaves_[(left_ - 1) % leaves_.size()];
    const TimePoint first = leaves_[(left_ - known) % leaves_.size()];
    return (last - first) / static_cast<std::int64_t>(known - 1) * (waiting() + 1);
}

bool QueueFigures::idle(const Period& day) const { return stays_.empty() && day_ < day.begin; }

}  // namespace trunkline::statistics
