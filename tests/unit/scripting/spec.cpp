#include "tests/unit/scripting/spec.hpp"

#include <cstdio>
#include <lua.hpp>
#include <memory>
#include <stdexcept>

namespace trunkline::scripting::testing {
namespace {

const CallUuid id{1, 2};

std::string field(lua_State* L, const char* name) {
    lua_getfield(L, -1, name);
    const char* text = lua_tostring(L, -1);
    std::string value = text == nullptr ? "" : text;
    lua_pop(L, 1);
    return value;
}

bool has(lua_State* L, const char* name) {
    const bool there = lua_getfield(L, -1, name) != LUA_TNIL;
    lua_pop(L, 1);
    return there;
}

messages::SqlValue sql_value_at_top(lua_State* L) {
    if (lua_isboolean(L, -1)) return {lua_toboolean(L, -1) != 0};
    if (lua_isinteger(L, -1) != 0) return {static_cast<std::int64_t>(lua_tointeger(L, -1))};
    if (lua_type(L, -1) == LUA_TNUMBER) return {static_cast<double>(lua_tonumber(L, -1))};
    return {std::string(lua_tostring(L, -1))};
}

// rows = {{name = "Sue"}}: each row brings its own columns.
messages::QueryResult rows_at_top(lua_State* L) {
    messages::QueryResult result;
    lua_getfield(L, -1, "rows");
    for (lua_Integer n = 1; lua_geti(L, -1, n) != LUA_TNIL; ++n) {
        std::map<std::string, messages::SqlValue> row;
        for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1))
            row[lua_tostring(L, -2)] = sql_value_at_top(L);
        result.columns.clear();
        auto& values = result.rows.emplace_back();
        for (auto& [column, value] : row) {
            result.columns.push_back(column);
            values.push_back(value);
        }
        lua_pop(L, 1);
    }
    lua_pop(L, 2);
    return result;
}

messages::HttpResult response_at_top(lua_State* L) {
    messages::HttpResult result;
    lua_getfield(L, -1, "response");
    lua_getfield(L, -1, "status");
    result.status = static_cast<int>(lua_tointeger(L, -1));
    lua_pop(L, 1);
    result.body.is = field(L, "body");
    lua_pop(L, 1);
    return result;
}

Answer answer_at_top(lua_State* L) {
    if (has(L, "rows")) return QueryCame{rows_at_top(L)};
    if (has(L, "query_failed")) return QueryCame{{{}, {}, field(L, "query_failed")}};
    if (has(L, "response")) return HttpCame{response_at_top(L)};
    if (has(L, "http_failed")) return HttpCame{{0, {}, {}, field(L, "http_failed")}};
    if (has(L, "text")) return TextArrived{field(L, "text")};
    if (has(L, "routed")) return Routed{{field(L, "routed"), "7001", "", "", seconds(1)}};
    if (has(L, "timeout")) return TimedOut{};
    if (has(L, "abandoned")) return Abandoned{};
    if (field(L, "not_routed") == "timeout") return NotRouted{routing::RouteFailure::timeout};
    throw std::runtime_error("spec: an answer that is not known");
}

template <class Add>
void pairs_of(lua_State* L, const char* name, Add add) {
    if (lua_getfield(L, -1, name) == LUA_TTABLE)
        for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1))
            add(lua_tostring(L, -2), lua_tostring(L, -1));
    lua_pop(L, 1);
}

Conversation conversation_at_top(lua_State* L) {
    Conversation result;
    pairs_of(L, "lists", [&](const char* key, const char* value) { result.lists[key] = value; });
    pairs_of(L, "userdata",
             [&](const char* key, const char* value) { result.user_data.add(key, KvValue(value)); });
    result.now = field(L, "now");
    result.zone = field(L, "zone");
    for (lua_Integer n = 1; lua_geti(L, -1, n) != LUA_TNIL; ++n) {
        if (lua_istable(L, -1)) {
            result.steps.emplace_back(answer_at_top(L));
        } else {
            result.steps.emplace_back(std::string(lua_tostring(L, -1)));
        }
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return result;
}

TimePoint moment_of(const std::string& text) {
    int year = 0;
    unsigned month = 0, day = 0, hour = 0, minute = 0;
    if (std::sscanf(text.c_str(), "%d-%u-%u %u:%u", &year, &month, &day, &hour, &minute) != 5)
        throw std::runtime_error("spec: now must be like 2026-12-24 23:30");
    return std::chrono::sys_days(std::chrono::year(year) / month / day) + std::chrono::hours(hour) +
           std::chrono::minutes(minute);
}

// A host that plays one strategy, and what it does as a list of words.
class Stage {
  public:
    Stage(const Conversation& conversation, const std::string& strategy) : host_(port_, Budgets{}) {
        port_.lists = conversation.lists;
        if (!conversation.now.empty()) port_.time = moment_of(conversation.now);
        if (!conversation.zone.empty()) port_.zone = conversation.zone;
        port_.data[id] = conversation.user_data;
        InteractionView view;
        view.id = id;
        view.customer = "sip:sue@example.com";
        view.tenant = "Resources";
        port_.interactions[id] = view;
        Files files = stock_files();
        files["strategies/main.lua"] = strategy;
        BuildResult built = build(sources(files), Budgets{});
        if (!built.generation) {
            done.push_back("refused: " + built.errors.at(0).message);
            return;
        }
        host_.adopt(Generation(1), std::move(built.generation));
        note(host_.start(id, "main"));
    }
    void answer(const Answer& answer) {
        if (host_.running(id)) note(host_.resume(id, answer));
    }
    std::vector<std::string> done;

  private:
    void note(const Run& run) {
        for (const std::string& call : port_.calls)
            if (!call.starts_with("begin ") && !call.starts_with("end ")) done.push_back(call);
        port_.calls.clear();
        switch (run.outcome) {
            case Outcome::waiting:
                done.push_back("wait " + to_text(*run.wait));
                break;
            case Outcome::finished:
                done.emplace_back("finished");
                break;
            case Outcome::failed:
                done.push_back("failed: " + run.error->message);
                break;
        }
    }
    FakePort port_;
    scripting::Host host_;
};

}  // namespace

std::vector<Conversation> read_spec(const std::string& text) {
    const std::unique_ptr<lua_State, void (*)(lua_State*)> owned(luaL_newstate(), lua_close);
    lua_State* L = owned.get();
    if (luaL_dostring(L, text.c_str())) throw std::runtime_error(lua_tostring(L, -1));
    std::map<std::string, Conversation> by_name;
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1))
        by_name[lua_tostring(L, -2)] = conversation_at_top(L);
    std::vector<Conversation> result;
    for (auto& [name, conversation] : by_name) {
        conversation.name = name;
        result.push_back(std::move(conversation));
    }
    return result;
}

std::string play(const Conversation& conversation, const std::string& strategy) {
    Stage stage(conversation, strategy);
    std::size_t seen = 0;
    for (const auto& step : conversation.steps) {
        if (const auto* answer = std::get_if<Answer>(&step)) {
            if (seen < stage.done.size()) return conversation.name + ": not expected: " + stage.done[seen];
            stage.answer(*answer);
            continue;
        }
        const std::string& expected = std::get<std::string>(step);
        const std::string got = seen < stage.done.size() ? stage.done[seen] : "nothing";
        if (got != expected) return conversation.name + ": expected: " + expected + "; got: " + got;
        ++seen;
    }
    return seen == stage.done.size() ? "" : conversation.name + ": not expected: " + stage.done[seen];
}

std::string transcript(const std::vector<Conversation>& spec, const std::string& strategy) {
    std::string text;
    for (const Conversation& conversation : spec) {
        Stage stage(conversation, strategy);
        for (const auto& step : conversation.steps)
            if (const auto* answer = std::get_if<Answer>(&step)) stage.answer(*answer);
        for (const std::string& line : stage.done) text += line + "\n";
    }
    return text;
}

}  // namespace trunkline::scripting::testing
