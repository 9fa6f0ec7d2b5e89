// What statistics know of one queue, virtual queue or routing point, folded from its stays: who waits, the
// sums of the day, and how fast it moves. One thread.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

#include "engine/base/ids.hpp"
#include "engine/statistics/period.hpp"

namespace trunkline::statistics {

/// An answer counts for the service factor within these; no time after which an abandoned stay counts less,
/// so that the figure agrees with service_level of the reports.
inline constexpr Duration service_level_time = seconds(20);

struct QueueSums {
    std::int64_t entered = 0, distributed = 0, abandoned = 0, cleared = 0;
    std::int64_t distributed_in_time = 0;
    Duration until_distributed{}, until_abandoned{};
};

class QueueFigures {
  public:
    // Each names the day that holds its time: sums of an earlier one are dropped.
    void enter(const Period&, Seq stay, TimePoint);
    /// `outcome` as in queue_stay.outcome.
    void leave(const Period&, Seq stay, TimePoint, std::string_view outcome);

    [[nodiscard]] std::int64_t waiting() const { return static_cast<std::int64_t>(stays_.size()); }
    /// When the one who waits longest entered.
    [[nodiscard]] std::optional<TimePoint> oldest() const;
    [[nodiscard]] QueueSums sums(const Period&) const;
    /// Of somebody who enters now: his place times the mean interval of the last 32 leaves; none before two
    /// leaves.
    [[nodiscard]] std::optional<Duration> expected_wait() const;
    [[nodiscard]] bool idle(const Period&) const;

  private:
    TimePoint day_;
    QueueSums sums_;
    std::map<Seq, TimePoint> stays_;  // a later one has a higher Seq: the first is the oldest
    std::array<TimePoint, 33> leaves_{};
    std::uint64_t left_ = 0;

    void turn_to(const Period&);
};

}  // namespace trunkline::statistics
