#include "engine/scripting/values.hpp"

#include <cmath>
#include <stdexcept>

#include "engine/scripting/generation.hpp"
#include "engine/scripting/ordered.hpp"
#include "engine/scripting/read_only.hpp"

namespace trunkline::scripting {
namespace json = boost::json;
namespace {

constexpr int deepest_value = 32;
constexpr std::size_t most_pairs = 1000;
// What is copied out of the state is no allocation of the script's: it is paid for by its length.
constexpr std::size_t json_bytes_a_unit = 16;

// Calls visit() with key at -2 and value at -1 for each pair of the table, in order.
template <class Visit>
void each_pair(lua_State* L, int index, Visit&& visit) {
    luaL_checkstack(L, 8, "tables nested too deep");
    push_contents(L, index);
    const int table = lua_gettop(L);
    push_ordered_iteration(L, table);
    const int next = lua_gettop(L);
    for (;;) {
        lua_pushvalue(L, next);
        lua_call(L, 0, 2);
        if (lua_isnil(L, -2)) break;
        visit();
        lua_settop(L, next);
    }
    lua_settop(L, table - 1);
}

std::string key_text(lua_State* L, int index) {
    if (lua_isstring(L, index) == 0)
        throw std::runtime_error(std::string("keys must be strings, got ") + luaL_typename(L, index));
    return text_of(L, index);
}

KvList kv_list_at(lua_State* L, int index, int depth);

KvValue kv_value_at(lua_State* L, int index, const std::string& key, int depth) {
    switch (lua_type(L, index)) {
        case LUA_TSTRING:
        case LUA_TBOOLEAN:
            return KvValue(text_of(L, index));
        case LUA_TNUMBER:
            if (lua_isinteger(L, index) != 0)
                return KvValue(static_cast<std::int64_t>(lua_tointeger(L, index)));
            return KvValue(text_of(L, index));
        case LUA_TTABLE:
            if (depth >= deepest_value) throw std::runtime_error("'" + key + "' is nested more than 32 deep");
            return KvValue(kv_list_at(L, index, depth + 1));
        default:
            throw std::runtime_error("'" + key +
                                     "' must be a string, a number, a boolean or a table of these, got " +
                                     luaL_typename(L, index));
    }
}

KvList kv_list_at(lua_State* L, int index, int depth) {
    KvList list;
    each_pair(L, index, [&] {
        const std::string key = key_text(L, -2);
        if (key.empty()) throw std::runtime_error("a key must not be empty");
        list.add(key, kv_value_at(L, -1, key, depth));
        if (list.size() > most_pairs) throw std::runtime_error("a table of user data has at most 1000 pairs");
    });
    return list;
}

json::value json_at(lua_State* L, int index, int depth) {
    generation_of(L).budget.spend(L, 4);
    index = lua_absindex(L, index);
    switch (lua_type(L, index)) {
        case LUA_TNIL:
            return nullptr;
        case LUA_TBOOLEAN:
            return lua_toboolean(L, index) != 0;
        case LUA_TSTRING:
            return json::string(text_of(L, index));
        case LUA_TNUMBER:
            if (lua_isinteger(L, index) != 0) return static_cast<std::int64_t>(lua_tointeger(L, index));
            if (!std::isfinite(lua_tonumber(L, index)))
                throw std::runtime_error("json.encode: JSON has no infinity and no NaN");
            return lua_tonumber(L, index);
        case LUA_TTABLE:
            break;
        default:
            throw std::runtime_error(std::string("json.encode: a ") + luaL_typename(L, index) +
                                     " has no JSON form");
    }
    if (depth >= deepest_value)
        throw std::runtime_error("json.encode: nested more than 32 deep (or in a circle)");
    const auto size = static_cast<std::size_t>(luaL_len(L, index));
    json::array array;
    json::object object;
    each_pair(L, index, [&] {
        if (object.empty() && lua_isinteger(L, -2) != 0 &&
            lua_tointeger(L, -2) == static_cast<lua_Integer>(array.size() + 1) && size > 0) {
            array.push_back(json_at(L, -1, depth + 1));
            return;
        }
        if (!array.empty())
            throw std::runtime_error(
                "json.encode: a table is a list or an object, not both, and a list has no holes");
        object[key_text(L, -2)] = json_at(L, -1, depth + 1);
    });
    if (!array.empty()) return array;
    return object;
}

void push_routed(lua_State* L, const routing::RouteResult& result) {
    lua_createtable(L, 0, 5);
    const auto set = [L](const char* key, const std::string& value) {
        if (value.empty()) return;
        lua_pushlstring(L, value.data(), value.size());
        lua_setfield(L, -2, key);
    };
    set("agent", result.agent);
    set("dn", result.dn);
    set("place", result.place);
    set("target", result.target);
    lua_pushnumber(L, to_seconds(result.waited));
    lua_setfield(L, -2, "waited");
}

int push_reason(lua_State* L, std::string_view reason) {
    lua_pushnil(L);
    lua_pushlstring(L, reason.data(), reason.size());
    return 2;
}

}  // namespace

void push_text_of(lua_State* L, int index) {
    index = lua_absindex(L, index);
    if (luaL_getmetafield(L, index, "__tostring") != LUA_TNIL) {
        lua_pop(L, 1);
        luaL_tolstring(L, index, nullptr);
        return;
    }
    switch (lua_type(L, index)) {
        case LUA_TNIL:
        case LUA_TBOOLEAN:
        case LUA_TNUMBER:
        case LUA_TSTRING:
            luaL_tolstring(L, index, nullptr);
            return;
        default:
            break;
    }
    const int named = luaL_getmetafield(L, index, "__name");
    if (named == LUA_TSTRING) return;
    if (named != LUA_TNIL) lua_pop(L, 1);
    lua_pushstring(L, luaL_typename(L, index));
}

std::string text_of(lua_State* L, int index) {
    push_text_of(L, index);
    std::size_t size = 0;
    const char* text = lua_tolstring(L, -1, &size);
    generation_of(L).budget.spend(L, static_cast<std::int64_t>(size / json_bytes_a_unit));
    std::string result(text, size);
    lua_pop(L, 1);
    return result;
}

std::string texts_from(lua_State* L, int first) {
    std::string text;
    for (int n = first; n <= lua_gettop(L); ++n) {
        if (n > first) text += ' ';
        text += text_of(L, n);
    }
    return text;
}

KvValue kv_value(lua_State* L, int index, const std::string& key) { return kv_value_at(L, index, key, 0); }

KvList kv_list(lua_State* L, int index) { return kv_list_at(L, index, 0); }

void push_kv(lua_State* L, const KvValue& value) {
    luaL_checkstack(L, 4, "user data nested too deep");
    if (const auto* text = std::get_if<std::string>(&value.is)) {
        lua_pushlstring(L, text->data(), text->size());
    } else if (const auto* number = std::get_if<std::int64_t>(&value.is)) {
        lua_pushinteger(L, *number);
    } else {
        const auto& list = std::get<KvList>(value.is);
        lua_createtable(L, 0, static_cast<int>(list.size()));
        for (const auto& [key, inner] : list) {
            lua_pushlstring(L, key.data(), key.size());
            push_kv(L, inner);
            lua_rawset(L, -3);
        }
        make_read_only(L, -1, "lists inside user data are read-only: attach the whole list anew");
    }
}

json::value json_of(lua_State* L, int index) { return json_at(L, index, 0); }

void push_json(lua_State* L, const json::value& value) {
    generation_of(L).budget.spend(L, 4);
    luaL_checkstack(L, 4, "JSON nested too deep");
    switch (value.kind()) {
        case json::kind::null:
            lua_pushnil(L);
            return;
        case json::kind::bool_:
            lua_pushboolean(L, value.get_bool() ? 1 : 0);
            return;
        case json::kind::int64:
            lua_pushinteger(L, value.get_int64());
            return;
        case json::kind::uint64:
            lua_pushnumber(L, static_cast<double>(value.get_uint64()));
            return;
        case json::kind::double_:
            lua_pushnumber(L, value.get_double());
            return;
        case json::kind::string:
            lua_pushlstring(L, value.get_string().data(), value.get_string().size());
            return;
        case json::kind::array: {
            lua_newtable(L);
            lua_Integer at = 0;
            for (const json::value& item : value.get_array()) {
                push_json(L, item);
                lua_rawseti(L, -2, ++at);
            }
            return;
        }
        case json::kind::object:
            break;
    }
    lua_newtable(L);
    for (const auto& member : value.get_object()) {
        lua_pushlstring(L, member.key().data(), member.key().size());
        push_json(L, member.value());
        lua_rawset(L, -3);
    }
}

namespace {

struct PushSqlValue {
    lua_State* L;
    void operator()(messages::SqlNull) const { lua_pushnil(L); }
    void operator()(bool is) const { lua_pushboolean(L, is ? 1 : 0); }
    void operator()(std::int64_t is) const { lua_pushinteger(L, is); }
    void operator()(double is) const { lua_pushnumber(L, is); }
    void operator()(const std::string& is) const { lua_pushlstring(L, is.data(), is.size()); }
};

int push_query_result(lua_State* L, const messages::QueryResult& result) {
    if (!result.error.empty()) return push_reason(L, result.error);
    luaL_checkstack(L, 6, "no room for a row");
    lua_createtable(L, static_cast<int>(result.rows.size()), 0);
    lua_Integer at = 0;
    for (const auto& row : result.rows) {
        generation_of(L).budget.spend(L, 4 + 2 * static_cast<std::int64_t>(row.size()));
        lua_createtable(L, 0, static_cast<int>(row.size()));
        for (std::size_t n = 0; n < row.size() && n < result.columns.size(); ++n) {
            lua_pushlstring(L, result.columns[n].data(), result.columns[n].size());
            std::visit(PushSqlValue{L}, row[n].is);
            lua_rawset(L, -3);
        }
        lua_rawseti(L, -2, ++at);
    }
    return 1;
}

int push_http_result(lua_State* L, const messages::HttpResult& result) {
    if (!result.error.empty()) return push_reason(L, result.error);
    luaL_checkstack(L, 6, "no room for an answer");
    lua_createtable(L, 0, 3);
    lua_pushinteger(L, result.status);
    lua_setfield(L, -2, "status");
    lua_pushlstring(L, result.body.is.data(), result.body.is.size());
    lua_setfield(L, -2, "body");
    lua_createtable(L, 0, static_cast<int>(result.headers.size()));
    for (const messages::HttpHeader& header : result.headers) {
        lua_pushlstring(L, header.name.data(), header.name.size());
        lua_pushvalue(L, -1);
        // A header that came twice is one list (RFC 9110 5.3).
        std::string value = header.value;
        if (lua_rawget(L, -3) == LUA_TSTRING) value = std::string(lua_tostring(L, -1)) + ", " + value;
        lua_pop(L, 1);
        lua_pushlstring(L, value.data(), value.size());
        lua_rawset(L, -3);
    }
    lua_setfield(L, -2, "headers");
    return 1;
}

}  // namespace

int push_answer(lua_State* L, RunState& run, const Answer& answer) {
    if (const auto* text = std::get_if<TextArrived>(&answer)) {
        lua_pushlstring(L, text->text.data(), text->text.size());
        return 1;
    }
    if (const auto* routed = std::get_if<Routed>(&answer)) {
        push_routed(L, routed->result);
        return 1;
    }
    if (const auto* failed = std::get_if<NotRouted>(&answer)) {
        run.abandoned = run.abandoned || failed->failure == routing::RouteFailure::abandoned;
        return push_reason(L, routing::to_text(failed->failure));
    }
    if (std::holds_alternative<Abandoned>(answer)) {
        run.abandoned = true;
        return push_reason(L, "abandoned");
    }
    if (const auto* rows = std::get_if<QueryCame>(&answer)) return push_query_result(L, rows->result);
    if (const auto* web = std::get_if<HttpCame>(&answer)) return push_http_result(L, web->result);
    if (std::holds_alternative<TimedOut>(answer)) return push_reason(L, "timeout");
    if (const auto* event = std::get_if<EventArrived>(&answer)) {
        push_json(L, json::parse(event->json));
        return 1;
    }
    lua_pushboolean(L, 1);
    return 1;
}

}  // namespace trunkline::scripting
