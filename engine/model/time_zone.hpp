// A time zone as data: what the clocks of a place show at a moment, and which moment a clock's reading means.
// Immutable; any thread. The zones of the system (package tzdata) are read once a process, when the first
// snapshot is built or checked, never on the engine thread; without tzdata there is only UTC.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace trunkline::model {

/// A reading of a clock on a wall: seconds as if the place were at UTC.
using LocalSeconds = std::chrono::local_seconds;

class TimeZone {
  public:
    /// From `begin` on, until the next period begins.
    struct Period {
        std::chrono::sys_seconds begin;
        std::chrono::seconds offset{};  // east of UTC
        bool daylight_saving = false;
        std::string abbreviation;
    };

    /// `periods` ordered by their begin; the first holds for all time before it as well.
    TimeZone(std::string name, std::vector<Period> periods);

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const Period& at(std::chrono::sys_seconds) const;
    [[nodiscard]] LocalSeconds to_local(std::chrono::sys_seconds) const;

    /// Which of the two moments a reading means that comes twice (the hour after summer time ends).
    enum class Twice { first, second };
    /// A reading that never comes (the hour that summer time skips) means the moment as many minutes after
    /// the change as it is behind it: 02:30 where 02:00 becomes 03:00 is 03:30.
    [[nodiscard]] std::chrono::sys_seconds to_system(LocalSeconds, Twice = Twice::first) const;

  private:
    std::string name_;
    std::vector<Period> periods_;
};

/// By IANA name.
class TimeZones {
  public:
    explicit TimeZones(std::vector<TimeZone> zones);
    /// Null where there is none of this name.
    [[nodiscard]] const TimeZone* find(std::string_view name) const;
    [[nodiscard]] const TimeZone& utc() const { return *find("UTC"); }

  private:
    std::map<std::string, TimeZone, std::less<>> zones_;  // always with UTC
};

[[nodiscard]] const TimeZones& system_time_zones();

}  // namespace trunkline::model
