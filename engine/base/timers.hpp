// Deadlines in virtual time, each with a cause that says what is due. A timer belongs to whoever keeps its
// id: it is cancelled or fires, once. Order of firing: by time, then by order of scheduling. What a command
// schedules is due after that command, so that no chain of timers can keep one command from ending.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "engine/base/ids.hpp"
#include "engine/base/time.hpp"

namespace trunkline {

template <class Cause>
class Timers {
  public:
    TimerId schedule(TimePoint at, Cause cause) {
        at = std::max(at, earliest_);
        const TimerId id(++last_);
        order_.emplace(at, id);
        entries_.emplace(id, Entry{at, std::move(cause)});
        return id;
    }

    /// A command is carried out at `now`: what is scheduled from here on is due later than that.
    void begin_command(TimePoint now) { earliest_ = now + Duration(1); }

    /// True where the timer was still running; the id is forgotten and set to none.
    bool cancel(TimerId& id) {
        const auto found = entries_.find(std::exchange(id, TimerId{}));
        if (found == entries_.end()) return false;
        order_.erase({found->second.at, found->first});
        entries_.erase(found);
        return true;
    }

    /// Takes the earliest timer that is due at `now`.
    std::optional<std::pair<TimePoint, Cause>> take_due(TimePoint now) {
        if (order_.empty() || order_.begin()->first > now) return std::nullopt;
        const auto [at, id] = *order_.begin();
        order_.erase(order_.begin());
        auto node = entries_.extract(id);
        return std::pair(at, std::move(node.mapped().cause));
    }

    [[nodiscard]] std::optional<TimePoint> next() const {
        return order_.empty() ? std::nullopt : std::optional(order_.begin()->first);
    }
    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    [[nodiscard]] bool running(TimerId id) const { return entries_.contains(id); }
    [[nodiscard]] const Cause* cause(TimerId id) const {
        const auto found = entries_.find(id);
        return found == entries_.end() ? nullptr : &found->second.cause;
    }
    template <class Visit>
    void for_each(Visit&& visit) const {
        for (const auto& [at, id] : order_) visit(id, at, entries_.at(id).cause);
    }

  private:
    struct Entry {
        TimePoint at;
        Cause cause;
    };
    std::uint64_t last_ = 0;
    TimePoint earliest_ = TimePoint::min();
    std::set<std::pair<TimePoint, TimerId>> order_;
    std::unordered_map<TimerId, Entry> entries_;
};

}  // namespace trunkline
