// Time as scripts see it: the engine's now on the clocks of the tenant.
#include "tests/unit/scripting/scripts.hpp"

namespace trunkline::scripting::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_days;
using std::chrono::year;
using ::testing::HasSubstr;

class Time : public Scripts {
  protected:
    Time() { port.zone = "Europe/Berlin"; }
};

TEST_F(Time, OsDateShowsTheClocksOfTheTenant) {
    port.time = sys_days(year(2026) / 7 / 1) + hours(12);
    EXPECT_EQ(said(R"(log.info(os.date("%Y-%m-%d %H:%M:%S %Z %z"), os.date("!%H:%M %z"))
                      local t = os.date("*t") log.info(t.hour, t.isdst, t.wday, t.yday)
                      log.info(os.date("%H:%M", os.time()), os.time() == math.floor(time.now())))"),
              "2026-07-01 14:00:00 CEST +0200 12:00 +0000|14 true 4 182|14:00 true");
    port.time = sys_days(year(2026) / 1 / 1) + hours(12);
    EXPECT_EQ(said(R"(log.info(os.date("%H:%M %Z"), os.date("*t").isdst))"), "13:00 CET false");
}

TEST_F(Time, OsTimeReadsTheClocksOfTheTenant) {
    EXPECT_EQ(
        said(R"(log.info(os.date("!%Y-%m-%d %H:%M", os.time{year = 2026, month = 7, day = 1, hour = 14}))
                      log.info(os.date("!%Y-%m-%d %H:%M", os.time{year = 2026, month = 12, day = 32}))
                      log.info(os.date("!%Y-%m-%d %H:%M", os.time{year = 2026, month = 14, day = 1, hour = 0, min = -30})))"),
        "2026-07-01 12:00|2027-01-01 11:00|2027-01-31 22:30");
}

TEST_F(Time, TheHourThatDoesNotExistIsTheOneAfterTheChange) {
    EXPECT_EQ(said(R"(local t = os.time{year = 2026, month = 3, day = 29, hour = 2, min = 30}
                      log.info(os.date("%H:%M %Z", t), os.date("%H:%M", t - 3600)))"),
              "03:30 CEST 01:30");
}

TEST_F(Time, TheHourThatComesTwiceIsTheFirstUnlessSummerTimeIsOver) {
    EXPECT_EQ(said(R"(local twice = {year = 2026, month = 10, day = 25, hour = 2, min = 30}
                      local first = os.time(twice)
                      twice.isdst = false
                      local second = os.time(twice)
                      log.info(os.date("%H:%M %Z", first), os.date("%H:%M %Z", second), second - first)
                      for _, t in ipairs{first, second} do log.info(os.time(os.date("*t", t)) == t) end)"),
              "02:30 CEST 02:30 CET 3600|true|true");
}

TEST_F(Time, InHoursFollowsTheTenantsClocksOverBothEdgesOfSummerTime) {
    const std::string asked =
        R"(log.info(time.in_hours "Sun 03:00-04:00", time.in_hours("Sun 02:00-03:00")))";
    // 00:59 UTC is 01:59, 01:00 UTC is 03:00: the hour between them is nobody's.
    port.time = sys_days(year(2026) / 3 / 29) + minutes(59);
    EXPECT_EQ(said(asked), "false false");
    port.time = sys_days(year(2026) / 3 / 29) + hours(1);
    EXPECT_EQ(said(asked), "true false");
    // Both hours that read 02:30.
    port.time = sys_days(year(2026) / 10 / 25) + minutes(30);
    EXPECT_EQ(said(asked), "false true");
    port.time = sys_days(year(2026) / 10 / 25) + hours(1) + minutes(30);
    EXPECT_EQ(said(asked), "false true");
}

TEST_F(Time, InHoursTakesAMomentAZoneAndATable) {
    port.time = sys_days(year(2026) / 11 / 16) + hours(16);  // a Monday, 17:00 in Berlin
    EXPECT_EQ(
        said(R"(local desk = {["mon-fri"] = {"09:00-12:00", "13:00-17:00"}, sat = "10:00-14:00", sun = {}}
                      log.info(time.in_hours(desk), time.in_hours(desk, time.now() - 1), time.in_hours(desk, nil, "UTC"))
                      log.info(time.in_hours("Mon 11:00-12:00", nil, "America/New_York"), time.in_hours{}))"),
        "false true true|true false");
}

TEST_F(Time, ATenantWithoutAZoneIsAtUtc) {
    port.zone = "UTC";
    port.time = sys_days(year(2026) / 7 / 1) + hours(12);
    EXPECT_EQ(said(R"(log.info(os.date("%H:%M %Z"), time.in_hours "Wed 12:00-12:01"))"), "12:00 UTC true");
}

TEST_F(Time, AFileAsksForTheTimeOnlyWhileAnInteractionRuns) {
    BuildResult built = build(sources({{"lib/hours.lua", "return {now = os.time()}"}}), budgets);
    ASSERT_EQ(built.errors.size(), 1U);
    EXPECT_THAT(built.errors[0].message, HasSubstr("hours.lua:1: os.time needs an interaction"));
    load({{"strategies/main.lua",
           "local at = os.time{year = 2026, month = 7, day = 1, hour = 14}\n"
           "return function(ix) log.info(os.date('!%H:%M', at)) end"}});
    EXPECT_EQ(start().outcome, Outcome::finished);
    EXPECT_EQ(logged(), "12:00");
}

TEST_F(Time, MistakesNameTheField) {
    EXPECT_THAT(error_of("os.time{year = 2026, month = 1}"),
                HasSubstr("main.lua:2: os.time: field 'day' is missing; year, month and day are needed"));
    EXPECT_THAT(error_of("os.time{year = 12026, month = 1, day = 1}"),
                HasSubstr("the year must be from 0 to 9999"));
    EXPECT_THAT(error_of("os.date('%H', 1 << 60)"),
                HasSubstr("os.date: the time must be in the years 0 to 9999"));
    EXPECT_THAT(error_of("time.in_hours('Mon 9-17' .. ' Tuu 9-17')"),
                HasSubstr("main.lua:2: time.in_hours: 'Tuu' is no day; days are Mon, Tue"));
    EXPECT_THAT(error_of("time.in_hours('daily 9-17', nil, 'Berlin')"),
                HasSubstr("there is no time zone 'Berlin'; zones have IANA names such as \"Europe/Berlin\""));
    EXPECT_THAT(error_of("time.in_hours{'Mon 9-17'}"), HasSubstr("days must be the keys of the table"));
}

}  // namespace
}  // namespace trunkline::scripting::testing
