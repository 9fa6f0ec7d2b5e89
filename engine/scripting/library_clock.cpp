// os.time, os.date and os.difftime on the engine's now and the clocks of the tenant's time zone; a format
// that begins with "!" is UTC. Nothing else of os reaches a script.
#include <chrono>
#include <ctime>
#include <string>

#include "engine/scripting/generation.hpp"
#include "engine/scripting/library.hpp"
#include "engine/scripting/tenant_clock.hpp"

namespace trunkline::scripting {
namespace {

using model::LocalSeconds;
using std::chrono::sys_seconds;

// Years that std::chrono and std::tm agree about, and no script needs others.
constexpr lua_Integer first_year = 0, last_year = 9999;

sys_seconds now_in_seconds(lua_State* L, const char* function) {
    const std::optional<TimePoint> now = now_of(generation_of(L));
    if (!now) luaL_error(L, "%s needs an interaction: call it inside the strategy's function", function);
    return std::chrono::floor<std::chrono::seconds>(*now);
}

lua_Integer field(lua_State* L, const char* name, lua_Integer absent, bool required) {
    lua_getfield(L, 1, name);
    int whole = 0;
    const lua_Integer value = lua_tointegerx(L, -1, &whole);
    const bool none = lua_isnil(L, -1);
    lua_pop(L, 1);
    if (none && required)
        luaL_error(L, "os.time: field '%s' is missing; year, month and day are needed", name);
    if (none) return absent;
    if (whole == 0) luaL_error(L, "os.time: field '%s' must be an integer", name);
    if (value < -1'000'000 || value > 1'000'000)
        luaL_error(L, "os.time: field '%s' must be from -1000000 to 1000000", name);
    return value;
}

// The reading of the clock that the table at 1 says; fields out of their range run over into the next.
LocalSeconds reading(lua_State* L) {
    const lua_Integer months = field(L, "year", 0, true) * 12 + field(L, "month", 0, true) - 1;
    const lua_Integer year = months >= 0 ? months / 12 : (months - 11) / 12;
    if (year < first_year || year > last_year) luaL_error(L, "os.time: the year must be from 0 to 9999");
    const std::chrono::year_month_day first{std::chrono::year(static_cast<int>(year)),
                                            std::chrono::month(static_cast<unsigned>(months - year * 12 + 1)),
                                            std::chrono::day(1)};
    return LocalSeconds(std::chrono::local_days(first)) + std::chrono::days(field(L, "day", 0, true) - 1) +
           std::chrono::hours(field(L, "hour", 12, false)) + std::chrono::minutes(field(L, "min", 0, false)) +
           std::chrono::seconds(field(L, "sec", 0, false));
}

// Of an hour that comes twice: the first, unless the table says that summer time is over.
model::TimeZone::Twice which(lua_State* L) {
    const bool over = lua_getfield(L, 1, "isdst") == LUA_TBOOLEAN && lua_toboolean(L, -1) == 0;
    lua_pop(L, 1);
    return over ? model::TimeZone::Twice::second : model::TimeZone::Twice::first;
}

int os_time(lua_State* L) {
    if (lua_isnoneornil(L, 1) != 0) {
        lua_pushinteger(L, now_in_seconds(L, "os.time").time_since_epoch().count());
        return 1;
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    const sys_seconds when = zone_of(generation_of(L)).to_system(reading(L), which(L));
    lua_pushinteger(L, when.time_since_epoch().count());
    return 1;
}

void push_fields(lua_State* L, const std::tm& at) {
    lua_createtable(L, 0, 9);
    const auto set = [L](const char* name, int value) {
        lua_pushinteger(L, value);
        lua_setfield(L, -2, name);
    };
    set("year", at.tm_year + 1900);
    set("month", at.tm_mon + 1);
    set("day", at.tm_mday);
    set("hour", at.tm_hour);
    set("min", at.tm_min);
    set("sec", at.tm_sec);
    set("wday", at.tm_wday + 1);
    set("yday", at.tm_yday + 1);
    lua_pushboolean(L, at.tm_isdst > 0 ? 1 : 0);
    lua_setfield(L, -2, "isdst");
}

// What the clocks of the zone show, the zone's name for strftime included.
std::tm fields_of(sys_seconds when, const model::TimeZone::Period& period) {
    const std::time_t local = (when + period.offset).time_since_epoch().count();
    std::tm at{};
    gmtime_r(&local, &at);
    at.tm_isdst = period.daylight_saving ? 1 : 0;
    at.tm_gmtoff = period.offset.count();
    at.tm_zone = period.abbreviation.c_str();
    return at;
}

int os_date(lua_State* L) {
    std::string_view format = luaL_optstring(L, 1, "%c");
    const sys_seconds when = lua_isnoneornil(L, 2) != 0
                                 ? now_in_seconds(L, "os.date")
                                 : sys_seconds(std::chrono::seconds(luaL_checkinteger(L, 2)));
    if (when.time_since_epoch().count() < earliest_moment || when.time_since_epoch().count() > latest_moment)
        return luaL_error(L, "os.date: the time must be in the years 0 to 9999");
    const bool utc = format.starts_with('!');
    if (utc) format.remove_prefix(1);
    const model::TimeZone& zone = utc ? model::system_time_zones().utc() : zone_of(generation_of(L));
    const std::tm at = fields_of(when, zone.at(when));
    if (format.starts_with("*t")) {
        push_fields(L, at);
        return 1;
    }
    static constexpr std::string_view known = "aAbBcCdDeFgGhHIjmMnprRStTuUVwWxXyYzZ%";
    luaL_Buffer out;
    luaL_buffinit(L, &out);
    for (std::size_t n = 0; n < format.size(); ++n) {
        if (format[n] != '%') {
            luaL_addchar(&out, format[n]);
            continue;
        }
        if (++n >= format.size() || known.find(format[n]) == std::string_view::npos)
            return luaL_error(L, "os.date: '%%%c' is no conversion", n < format.size() ? format[n] : ' ');
        const char conversion[3] = {'%', format[n], '\0'};
        char text[128];
        luaL_addlstring(&out, text, std::strftime(text, sizeof text, conversion, &at));
    }
    luaL_pushresult(&out);
    return 1;
}

int os_difftime(lua_State* L) {
    lua_pushnumber(L, static_cast<lua_Number>(luaL_checkinteger(L, 1)) -
                          static_cast<lua_Number>(luaL_checkinteger(L, 2)));
    return 1;
}

}  // namespace

void add_clock(lua_State* L) {
    const int globals = lua_gettop(L);
    lua_newtable(L);
    const int own = lua_gettop(L);
    set_function(L, own, "time", os_time);
    set_function(L, own, "date", os_date);
    set_function(L, own, "difftime", os_difftime);
    lua_setfield(L, globals, "os");
}

}  // namespace trunkline::scripting
