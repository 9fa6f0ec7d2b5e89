#include "engine/scripting/script_error.hpp"

#include <charconv>

#include "engine/scripting/binding.hpp"
#include "engine/scripting/values.hpp"

namespace trunkline::scripting {
namespace {

// "file:line: " at the beginning of a message, as luaL_where writes it.
bool read_place(const std::string& message, ScriptError& error) {
    const std::size_t colon = message.find(".lua:");
    if (colon == std::string::npos) return false;
    const char* digits = message.data() + colon + 5;
    const auto [end, bad] = std::from_chars(digits, message.data() + message.size(), error.line);
    if (bad != std::errc{} || end == message.data() + message.size() || *end != ':') {
        error.line = 0;
        return false;
    }
    error.file = message.substr(0, colon + 4);
    return true;
}

std::string shown(const std::string& file, int line, const std::string& text) {
    std::string message = file;
    if (line > 0) message.append(":").append(std::to_string(line));
    return message.append(": ").append(text);
}

struct Telling {
    lua_State* thread;
    std::string text;
    std::string traceback;
};

// Arguments: the Telling, the error value.
int tell(lua_State* L) {
    auto& telling = *static_cast<Telling*>(lua_touserdata(L, 1));
    if (lua_type(L, 2) == LUA_TSTRING) telling.text = lua_tostring(L, 2);
    luaL_traceback(L, telling.thread, nullptr, telling.thread == L ? 1 : 0);
    telling.traceback = lua_tostring(L, -1);
    if (lua_type(L, 2) == LUA_TSTRING) return 0;
    telling.text =
        "failed with an error value that is a " + std::string(luaL_typename(L, 2)) + " and has no message";
    if (luaL_getmetafield(L, 2, "__tostring") != LUA_TNIL) telling.text = text_of(L, 2);
    return 0;
}

}  // namespace

ScriptError error_of(lua_State* thread, int status, const std::string& fallback_file) {
    ScriptError error;
    error.kind = status == LUA_ERRMEM ? FailureKind::memory : FailureKind::error;
    Telling telling{thread, "failed without a message", {}};
    lua_State* main = generation_of(thread).state;
    // Slots that both stacks have to spare anyway; without them there is only less to tell.
    if (lua_checkstack(main, 8) != 0 && lua_checkstack(thread, 2) != 0) {
        lua_pushcfunction(main, tell);
        lua_pushlightuserdata(main, &telling);
        if (lua_gettop(thread) > (thread == main ? 2 : 0)) {
            lua_pushvalue(thread, thread == main ? -3 : -1);
            if (thread != main) lua_xmove(thread, main, 1);
        } else {
            lua_pushliteral(main, "failed without a message");
        }
        // A __tostring of the error value is scripts' code; what it does wrong is not told besides.
        if (lua_pcall(main, 2, 0, 0) != LUA_OK) lua_pop(main, 1);
    }
    error.traceback = std::move(telling.traceback);
    std::string text = status == LUA_ERRMEM ? Budget::memory_message() : std::move(telling.text);
    if (!read_place(text, error)) {
        const Place place = place_of(thread, 0);
        error.file = place.line > 0 ? place.file : fallback_file;
        error.line = place.line;
        if (!text.starts_with(error.file)) text = shown(error.file, error.line, text);
    }
    error.message = std::move(text);
    return error;
}

ScriptError budget_error(const BuiltGeneration& generation, const std::string& fallback_file) {
    ScriptError error;
    error.kind = generation.budget.kind();
    error.file = generation.budget.file().empty() ? fallback_file : generation.budget.file();
    error.line = generation.budget.line();
    error.message = shown(error.file, error.line, generation.budget.message());
    return error;
}

}  // namespace trunkline::scripting
