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
    return file + (line > 0 ? ":" + std::to_string(line) : "") + ": " + text;
}

}  // namespace

ScriptError error_of(lua_State* thread, int status, const std::string& fallback_file) {
    ScriptError error;
    error.kind = status == LUA_ERRMEM ? FailureKind::memory : FailureKind::error;
    const int index = lua_gettop(thread);
    std::string text = "failed without a message";
    // A __tostring of the error value runs scripts' code: protected, and under the budget of the call that
    // failed.
    protect(generation_of(thread).state, [&](lua_State* main) {
        lua_checkstack(thread, 8);
        if (index > 0 && lua_type(thread, index) == LUA_TSTRING) {
            text = lua_tostring(thread, index);
        } else if (index > 0) {
            lua_pushvalue(thread, index);
            lua_xmove(thread, main, 1);
            text = text_of(main, -1);
            if (text == "table" || text == "nil")
                text = "failed with an error value that is a " + text + " and no message";
        }
        luaL_traceback(main, thread, nullptr, 0);
        error.traceback = lua_tostring(main, -1);
    });
    if (!read_place(text, error)) {
        const Place place = place_of(thread, 0);
        error.file = place.line > 0 ? place.file : fallback_file;
        error.line = place.line;
        text = shown(error.file, error.line, text);
    }
    error.message = text;
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
