#include "engine/model/time_zone.hpp"

#include <gtest/gtest.h>

#include "engine/model/weekly_hours.hpp"

namespace trunkline::model {
namespace {

using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::year;

const TimeZone& berlin() { return *system_time_zones().find("Europe/Berlin"); }

TEST(TimeZones, KnowTheirOffsetsAndTheirDaylightSaving) {
    const TimeZone::Period& winter = berlin().at(sys_days(year(2026) / 1 / 15));
    EXPECT_EQ(winter.offset, hours(1));
    EXPECT_FALSE(winter.daylight_saving);
    const TimeZone::Period& summer = berlin().at(sys_days(year(2026) / 7 / 15));
    EXPECT_EQ(summer.offset, hours(2));
    EXPECT_TRUE(summer.daylight_saving);
    EXPECT_EQ(summer.abbreviation, "CEST");
    EXPECT_EQ(system_time_zones().find("Mars/Olympus"), nullptr);
    EXPECT_EQ(system_time_zones().utc().at(sys_days(year(2026) / 7 / 15)).offset, seconds(0));
}

TEST(TimeZones, ChangeAtTheSecondOfTheirRule) {
    const sys_seconds spring = sys_days(year(2026) / 3 / 29) + hours(1);
    EXPECT_EQ(berlin().at(spring - seconds(1)).offset, hours(1));
    EXPECT_EQ(berlin().at(spring).offset, hours(2));
    const sys_seconds autumn = sys_days(year(2026) / 10 / 25) + hours(1);
    EXPECT_EQ(berlin().at(autumn - seconds(1)).offset, hours(2));
    EXPECT_EQ(berlin().at(autumn).offset, hours(1));
}

TEST(TimeZones, PutTheHourThatDoesNotExistBehindTheChange) {
    const LocalSeconds half_past_two = local_days(year(2026) / 3 / 29) + hours(2) + minutes(30);
    const sys_seconds moment = berlin().to_system(half_past_two);
    EXPECT_EQ(moment, sys_days(year(2026) / 3 / 29) + hours(1) + minutes(30));
    EXPECT_EQ(berlin().to_local(moment), half_past_two + hours(1));
}

TEST(TimeZones, TellTheTwoHoursThatAreOneOnTheClockApart) {
    const LocalSeconds half_past_two = local_days(year(2026) / 10 / 25) + hours(2) + minutes(30);
    const sys_seconds first = berlin().to_system(half_past_two, TimeZone::Twice::first);
    const sys_seconds second = berlin().to_system(half_past_two, TimeZone::Twice::second);
    EXPECT_EQ(first, sys_days(year(2026) / 10 / 25) + minutes(30));
    EXPECT_EQ(second, first + hours(1));
    EXPECT_EQ(berlin().to_local(first), berlin().to_local(second));
}

TEST(TimeZones, GoThereAndBackAtEveryHourOfAYear) {
    for (const char* name : {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata",
                             "Pacific/Apia", "Africa/Casablanca"}) {
        const TimeZone& zone = *system_time_zones().find(name);
        for (sys_seconds at = sys_days(year(2026) / 1 / 1); at < sys_days(year(2027) / 1 / 1);
             at += minutes(15)) {
            const LocalSeconds local = zone.to_local(at);
            const sys_seconds first = zone.to_system(local),
                              second = zone.to_system(local, TimeZone::Twice::second);
            ASSERT_TRUE(first == at || second == at) << name << " " << at.time_since_epoch().count();
        }
    }
}

bool open_at(std::string_view hours_text, LocalSeconds when) {
    const auto hours_of_week = WeeklyHours::parse(hours_text);
    EXPECT_TRUE(hours_of_week) << (hours_of_week ? "" : hours_of_week.error().message);
    return hours_of_week && hours_of_week->contains(when);
}

// 2026-11-16 is a Monday.
LocalSeconds on(int day, int hour, int minute = 0) {
    return local_days(year(2026) / 11 / 16) + std::chrono::days(day) + hours(hour) + minutes(minute);
}

TEST(WeeklyHours, HoldOnTheDaysThatAreNamedBeforeThem) {
    const char* text = "Mon-Fri 09:00-17:30, Sat 10:00-14:00";
    EXPECT_FALSE(open_at(text, on(0, 8, 59)));
    EXPECT_TRUE(open_at(text, on(0, 9)));
    EXPECT_TRUE(open_at(text, on(4, 17, 29)));
    EXPECT_FALSE(open_at(text, on(4, 17, 30)));
    EXPECT_TRUE(open_at(text, on(5, 13, 59)));
    EXPECT_FALSE(open_at(text, on(5, 9)));
    EXPECT_FALSE(open_at(text, on(6, 12)));
}

TEST(WeeklyHours, TakeSeveralRangesAndSeveralDays) {
    const char* text = "mon, WED,Friday 9-12 13:00-17:00; sun 10:00-12:00";
    EXPECT_TRUE(open_at(text, on(0, 11)));
    EXPECT_FALSE(open_at(text, on(0, 12, 30)));
    EXPECT_TRUE(open_at(text, on(2, 13)));
    EXPECT_FALSE(open_at(text, on(1, 11)));
    EXPECT_TRUE(open_at(text, on(6, 10)));
}

TEST(WeeklyHours, GoOverMidnightAndOverTheEndOfTheWeek) {
    EXPECT_TRUE(open_at("Sun 22:00-06:00", on(6, 23)));
    EXPECT_TRUE(open_at("Sun 22:00-06:00", on(0, 5, 59)));
    EXPECT_FALSE(open_at("Sun 22:00-06:00", on(0, 6)));
    EXPECT_FALSE(open_at("Sun 22:00-06:00", on(6, 5)));
    EXPECT_TRUE(open_at("Fri-Mon 00:00-24:00", on(0, 23, 59)));
    EXPECT_FALSE(open_at("Fri-Mon 00:00-24:00", on(1, 0)));
}

TEST(WeeklyHours, WithoutADayHoldOnEveryDay) {
    EXPECT_TRUE(open_at("09:00-17:00", on(6, 12)));
    EXPECT_TRUE(open_at("daily 09:00-17:00", on(6, 12)));
    EXPECT_FALSE(open_at("weekdays 09:00-17:00", on(6, 12)));
    EXPECT_TRUE(open_at("weekend 09:00-17:00", on(6, 12)));
}

TEST(WeeklyHours, NameThePartThatIsWrong) {
    const auto message = [](std::string_view text) {
        const auto parsed = WeeklyHours::parse(text);
        return parsed ? "" : parsed.error().message;
    };
    EXPECT_EQ(message("Mon-Fry 09:00-17:00"),
              "'Fry' is no day; days are Mon, Tue, Wed, Thu, Fri, Sat, Sun, daily, weekdays and weekend");
    EXPECT_EQ(message("Mon 09:00-25:00"), "'25:00' is no time; times are 00:00 to 24:00");
    EXPECT_EQ(message("Mon 09:60-17:00"), "'09:60' is no time; times are 00:00 to 24:00");
    EXPECT_EQ(message("Mon 09:00"), "'09:00' is no range of hours; write one as in 09:00-17:30");
    EXPECT_EQ(message("Mon 09:00-"), "a time is missing; times are 00:00 to 24:00");
    EXPECT_EQ(message("Mon 24:00-25:00"), "nothing begins at 24:00; write 00:00 of the next day");
    EXPECT_EQ(message("Mon 09:00-09:00"), "'09:00-09:00' is empty; the whole day is 00:00-24:00");
    EXPECT_EQ(message("Mon-Fri"), "no hours after 'Fri'; write them as in Mon-Fri 09:00-17:30");
    EXPECT_EQ(message(""), "no hours in it; write them as in Mon-Fri 09:00-17:30");
    EXPECT_EQ(message("Mon 09.00-17.00"), "'09' is no range of hours; write one as in 09:00-17:30");
}

}  // namespace
}  // namespace trunkline::model
