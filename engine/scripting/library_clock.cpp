// os.time, os.date and os.difftime on the engine's now, in UTC. Nothing else of os reaches a script.
#include <chrono>
#include <ctime>
#include <string>

#include "engine/scripting/generation.hpp"
#include "engine/scripting/library.hpp"

namespace trunkline::scripting {
namespace {

std::int64_t now_of(lua_State* L, const char* function) {
    BuiltGeneration& generation = generation_of(L);
    if (generation.port == nullptr || generation.run == nullptr)
        luaL_error(L, "%s needs an interaction: call it inside the strategy's function", function);
    return std::chrono::floor<std::chrono::seconds>(generation.port->now()).time_since_epoch().count();
}

lua_Integer field(lua_State* L, const char* name, lua_Integer absent, bool required) {
    lua_getfield(L, 1, name);
    int whole = 0;
    const lua_Integer value = lua_tointegerx(L, -1, &whole);
    const bool none = lua_isnil(L, -1);
    lua_pop(L, 1);
    if (none && required) luaL_error(L, "field '%s' missing in date table", name);
    if (none) return absent;
    if (whole == 0) luaL_error(L, "field '%s' is not an integer", name);
    if (value < -1'000'000 || value > 1'000'000) luaL_error(L, "field '%s' is out-of-bound", name);
    return value;
}

int os_time(lua_State* L) {
    if (lua_isnoneornil(L, 1) != 0) {
        lua_pushinteger(L, now_of(L, "os.time"));
        return 1;
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    const lua_Integer months = field(L, "year", 0, true) * 12 + field(L, "month", 0, true) - 1;
    const lua_Integer year = months >= 0 ? months / 12 : (months - 11) / 12;
    const std::chrono::year_month_day first{std::chrono::year(static_cast<int>(year)),
                                            std::chrono::month(static_cast<unsigned>(months - year * 12 + 1)),
                                            std::chrono::day(1)};
    const lua_Integer days =
        std::chrono::sys_days(first).time_since_epoch().count() + field(L, "day", 0, true) - 1;
    lua_pushinteger(L, days * 86400 + field(L, "hour", 12, false) * 3600 + field(L, "min", 0, false) * 60 +
                           field(L, "sec", 0, false));
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
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "isdst");
}

int os_date(lua_State* L) {
    std::string_view format = luaL_optstring(L, 1, "%c");
    const std::time_t when = lua_isnoneornil(L, 2) != 0 ? now_of(L, "os.date") : luaL_checkinteger(L, 2);
    if (format.starts_with('!')) format.remove_prefix(1);
    std::tm at{};
    if (gmtime_r(&when, &at) == nullptr) return luaL_error(L, "os.date: the date cannot be represented");
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
