// time.now and time.in_hours: the engine's now, and opening hours on the clocks of the tenant.
#include <array>
#include <cctype>

#include "engine/model/weekly_hours.hpp"
#include "engine/scripting/arguments.hpp"
#include "engine/scripting/binding.hpp"
#include "engine/scripting/tenant_clock.hpp"
#include "engine/scripting/trampoline.hpp"
#include "engine/scripting/values.hpp"

namespace trunkline::scripting {
namespace {

constexpr std::size_t longest_spec = 4096;

int now(Call& call) {
    lua_pushnumber(call.L, to_seconds(call.port().now().time_since_epoch()));
    return 1;
}

std::string hours_of_day(const Call& call, const std::string& days, const KvValue& hours) {
    if (const auto* text = std::get_if<std::string>(&hours.is)) return days + " " + *text + ";";
    if (const auto* list = std::get_if<KvList>(&hours.is)) {
        std::string all;
        for (const auto& [number, text] : *list) all += hours_of_day(call, days, text);
        return all;
    }
    refuse(call, "the hours of '" + days + "' must be a text or a list of texts, as in " + days +
                     " = \"09:00-17:30\"");
}

// {mon = {"09:00-12:00", "13:00-17:00"}, sat = "10:00-14:00", sun = {}} as one text.
std::string spec_of_table(const Call& call) {
    std::string spec;
    for (const auto& [days, hours] : kv_list(call.L, 1)) {
        if (!std::isalpha(static_cast<unsigned char>(days[0])))
            refuse(call, "days must be the keys of the table, as in {mon = \"09:00-17:30\"}, got " + days);
        spec += hours_of_day(call, days, hours);
    }
    return spec;
}

TimePoint moment(const Call& call) {
    if (lua_isnoneornil(call.L, 2)) return call.port().now();
    if (lua_type(call.L, 2) != LUA_TNUMBER)
        refuse(call,
               std::string("when must be a number of seconds since 1970, as time.now() gives it, got ") +
                   luaL_typename(call.L, 2));
    const double when = lua_tonumber(call.L, 2);
    if (!(when >= static_cast<double>(earliest_moment) && when <= static_cast<double>(latest_moment)))
        refuse(call, "when must be a time in the years 0 to 9999");
    return TimePoint(from_seconds(when));
}

const model::TimeZone& zone(const Call& call) {
    if (lua_isnoneornil(call.L, 3)) return zone_of(call.generation);
    const std::string name = text_argument(call, 3, "zone");
    const model::TimeZone* found = call.port().time_zone_named(name);
    if (found == nullptr)
        refuse(call, "there is no time zone '" + name + "'; zones have IANA names such as \"Europe/Berlin\"");
    return *found;
}

int in_hours(Call& call) {
    const bool is_table = lua_istable(call.L, 1);
    if (!is_table && lua_type(call.L, 1) != LUA_TSTRING)
        refuse(call, std::string(
                         "the hours must be a text, as in \"Mon-Fri 09:00-17:30\", or a table by day, got ") +
                         luaL_typename(call.L, 1));
    const std::string spec = is_table ? spec_of_table(call) : text_of(call.L, 1);
    if (spec.size() > longest_spec) refuse(call, "the hours must not be longer than 4096 bytes");
    call.generation.budget.spend(call.L, static_cast<std::int64_t>(spec.size()));
    const auto hours = model::WeeklyHours::parse(spec);
    // A table without any hours is a desk that is closed for the week.
    if (!hours && !(is_table && spec.empty())) refuse(call, hours.error().message);
    const auto when = std::chrono::floor<std::chrono::seconds>(moment(call));
    const model::TimeZone& clocks = zone(call);
    lua_pushboolean(call.L, hours && hours->contains(clocks.to_local(when)) ? 1 : 0);
    return 1;
}

constexpr std::array<Parameter, 3> for_in_hours{
    {{"hours", "string|table<string, string|string[]>",
      "as in \"Mon-Fri 09:00-17:30, Sat 10:00-14:00\", or {[\"mon-fri\"] = {\"09:00-12:00\", "
      "\"13:00-17:00\"}}"},
     {"when", "number?", "seconds since 1970; now where it is left out"},
     {"zone", "string?", "an IANA name; the tenant's where it is left out"}}};
const std::array<Binding, 2> time_table{{
    {"now",
     trampoline<now>,
     in_strategy,
     false,
     "time.now() -> seconds",
     "the engine's now, seconds since 1970 with a fraction",
     {},
     Takes::in_order,
     "number"},
    {"in_hours", trampoline<in_hours>, in_strategy, false, "time.in_hours(hours, when?, zone?) -> boolean",
     "whether the clocks of the tenant (or of the zone) show a time within the hours", for_in_hours,
     Takes::in_order, "boolean", "hours that cannot be read and a zone that does not exist are errors"},
}};

}  // namespace

std::span<const Binding> time_rows() { return time_table; }

}  // namespace trunkline::scripting
