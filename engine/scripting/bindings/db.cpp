// db.query: one SELECT, bound parameters, rows as tables. The statement leaves as a Wait; who runs it, with
// which rights and limits, is not for this side to know.
#include <array>
#include <boost/json.hpp>

#include "engine/scripting/arguments.hpp"
#include "engine/scripting/binding.hpp"
#include "engine/scripting/bindings/ix_route.hpp"
#include "engine/scripting/read_only.hpp"
#include "engine/scripting/trampoline.hpp"
#include "engine/scripting/values.hpp"

namespace trunkline::scripting {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_statement = 64UL * 1024;
constexpr std::size_t longest_parameters = 256UL * 1024;
constexpr lua_Integer most_parameters = 1000;

std::string database_text(const Call& call, int index, std::string_view what) {
    std::string text = text_argument(call, index, what);
    if (text.find('\0') != std::string::npos)
        refuse(call, std::string(what) + " must not hold a zero byte: PostgreSQL keeps none");
    return text;
}

messages::SqlValue parameter(const Call& call, int index, lua_Integer number) {
    const std::string name = "parameter $" + std::to_string(number);
    switch (lua_type(call.L, index)) {
        case LUA_TNIL:
            return {messages::SqlNull{}};
        case LUA_TBOOLEAN:
            return {lua_toboolean(call.L, index) != 0};
        case LUA_TNUMBER:
            if (lua_isinteger(call.L, index) != 0)
                return {static_cast<std::int64_t>(lua_tointeger(call.L, index))};
            return {static_cast<double>(lua_tonumber(call.L, index))};
        case LUA_TSTRING:
            return {database_text(call, index, name)};
        default:
            refuse(call, name + " must be nil, a boolean, a number or a string, got " +
                             luaL_typename(call.L, index));
    }
}

// How many there are: `n` as table.pack sets it, else the greatest index, so that {nil, 5} is two.
lua_Integer count_of(const Call& call, int table) {
    lua_State* L = call.L;
    lua_Integer count = 0;
    std::optional<lua_Integer> told;
    for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) == LUA_TSTRING && std::string_view(lua_tostring(L, -2)) == "n" &&
            lua_isinteger(L, -1) != 0) {
            told = lua_tointeger(L, -1);
            continue;
        }
        if (lua_isinteger(L, -2) == 0 || lua_tointeger(L, -2) < 1)
            refuse(call,
                   "the parameters must be a list for $1, $2 and so on, as in {ix.ani, 5}; found the key " +
                       text_of(L, -2));
        count = std::max(count, lua_tointeger(L, -2));
    }
    count = told.value_or(count);
    if (count < 0 || count > most_parameters) refuse(call, "there may be at most 1000 parameters");
    return count;
}

std::vector<messages::SqlValue> parameters_of(const Call& call, int index) {
    std::vector<messages::SqlValue> parameters;
    lua_State* L = call.L;
    if (lua_isnoneornil(L, index)) return parameters;
    if (!lua_istable(L, index))
        refuse(call,
               std::string("the parameters must be a list for $1, $2 and so on, as in {ix.ani, 5}, got ") +
                   luaL_typename(L, index));
    push_contents(L, index);
    const int table = lua_gettop(L);
    const lua_Integer count = count_of(call, table);
    std::size_t size = 0;
    for (lua_Integer n = 1; n <= count; ++n) {
        lua_rawgeti(L, table, n);
        parameters.push_back(parameter(call, -1, n));
        lua_pop(L, 1);
        if (const auto* text = std::get_if<std::string>(&parameters.back().is)) size += text->size();
    }
    if (size > longest_parameters)
        refuse(call, "the parameters must not be longer than 262144 bytes together");
    lua_pop(L, 1);
    return parameters;
}

int query(Call& call) {
    WaitForQuery wait;
    messages::Query& asked = wait.query;
    asked.sql = database_text(call, 1, "the statement");
    if (asked.sql.empty()) refuse(call, "the statement must not be empty");
    if (asked.sql.size() > longest_statement)
        refuse(call, "the statement must not be longer than 65536 bytes; pass values as parameters");
    asked.parameters = parameters_of(call, 2);
    asked.timeout = outside_wait;
    if (!lua_isnoneornil(call.L, 3)) {
        const NamedArguments given(call, 3, {"database", "timeout"});
        asked.database = given.text("database").value_or("");
        asked.timeout = given.timeout();
    }
    // The line says which statement it is; what it was given may be a customer's.
    call.trace(json::serialize(json::object{{"database", asked.database},
                                            {"parameters", asked.parameters.size()},
                                            {"timeout", to_seconds(asked.timeout)}}));
    return call.wait(std::move(wait), continuation<give_answer>);
}

constexpr std::array<Parameter, 3> for_query{
    {{"sql", "string", "one SELECT statement"},
     {"params", "table?", "a list for $1, $2 and so on: strings, numbers, booleans, nil"},
     {"options", "{database: string?, timeout: number?}?", "a database of scripts.databases; seconds"}}};
const std::array<Binding, 1> db_table{{
    {"query", trampoline<query>, Context::strategy, true,
     "db.query(sql, params?, {database=name?, timeout=s?}) -> rows | nil, message",
     "one SELECT with $1, $2 for the list params; a row is a table by column name, NULL is nil; 5 seconds "
     "where no timeout is given",
     for_query, Takes::in_order, "table[]?, string?",
     "nil and a message where the database refuses, is busy or does not answer in time"},
}};

}  // namespace

std::span<const Binding> db_rows() { return db_table; }

}  // namespace trunkline::scripting
