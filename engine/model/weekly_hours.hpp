// When a desk is open in a week, from a text such as "Mon-Fri 09:00-17:30, Sat 10:00-14:00" (time.in_hours).
// Immutable; any thread. A text that is wrong is an error that names the part and what would be right.
//
// A text is days and ranges of hours; ranges hold for the days named before them, on every day where none
// are. Days: Mon..Sun or Monday..Sunday, Mon-Fri, Fri-Mon, daily, weekdays, weekend, in any case. Hours: 9,
// 9:30, 09:30 to 24:00; the end is no longer in; 22:00-06:00 begins on the day named and ends on the next.
// Blanks, commas and semicolons separate.
#pragma once

#include <string_view>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/model/time_zone.hpp"

namespace trunkline::model {

class WeeklyHours {
  public:
    [[nodiscard]] static Result<WeeklyHours> parse(std::string_view text);
    [[nodiscard]] bool contains(LocalSeconds) const;

    /// Minutes since Monday 00:00; the end may lie in the next week.
    struct Range {
        int begin = 0;
        int end = 0;
        bool operator==(const Range&) const = default;
    };
    [[nodiscard]] const std::vector<Range>& ranges() const { return ranges_; }

  private:
    std::vector<Range> ranges_;
};

}  // namespace trunkline::model
