// string and utf8: the functions that search are our own, on the counting matcher; the others stock, with a
// price.
#include <cstring>
#include <string>

#include "engine/scripting/generation.hpp"
#include "engine/scripting/library.hpp"
#include "engine/scripting/pattern.hpp"
#include "engine/scripting/values.hpp"

namespace trunkline::scripting {
namespace {

std::string_view text_at(lua_State* L, int index) {
    std::size_t size = 0;
    const char* text = luaL_checklstring(L, index, &size);
    return {text, size};
}

// One search: what it may cost is what is left of the budget, and what it did cost is charged.
class Search {
  public:
    /// gmatch knows no anchor: there, '^' is a character like another.
    Search(lua_State* L, std::string_view subject, std::string_view pattern, bool may_anchor = true)
        : L_(L),
          anchored_(may_anchor && pattern.starts_with('^')),
          matcher_(subject, pattern, most_steps),
          subject_(subject) {}

    /// The first match at or after `from`; sets start() and end().
    bool find(std::size_t from) {
        for (start_ = from; start_ <= subject_.size(); ++start_) {
            if (at(start_)) return true;
            if (anchored_) return false;
        }
        return false;
    }
    bool at(std::size_t position) {
        const std::int64_t before = matcher_.left();
        std::optional<std::size_t> end;
        bool too_expensive = false;
        std::string malformed;
        try {
            end = matcher_.match(position, anchored_ ? 1 : 0);
        } catch (const PatternTooExpensive&) {
            too_expensive = true;
        } catch (const std::runtime_error& error) {
            malformed = error.what();
        }
        generation_of(L_).budget.spend(L_, too_expensive ? most_steps : before - matcher_.left());
        if (!malformed.empty() || too_expensive)
            luaL_error(L_, "%s", too_expensive ? PatternTooExpensive().what() : malformed.c_str());
        if (!end) return false;
        start_ = position;
        end_ = *end;
        return true;
    }
    [[nodiscard]] bool anchored() const { return anchored_; }
    [[nodiscard]] std::size_t start() const { return start_; }
    [[nodiscard]] std::size_t end() const { return end_; }

    /// Pushes capture `index` (from 0); the whole match where the pattern has none.
    void push_capture(std::size_t index) const {
        if (index >= matcher_.captures()) {
            if (index != 0) luaL_error(L_, "invalid capture index %%%d", static_cast<int>(index + 1));
            lua_pushlstring(L_, subject_.data() + start_, end_ - start_);
            return;
        }
        const PatternMatcher::Capture& capture = matcher_.capture(index);
        if (capture.open) luaL_error(L_, "unfinished capture");
        if (capture.position) {
            lua_pushinteger(L_, static_cast<lua_Integer>(capture.start + 1));
        } else {
            lua_pushlstring(L_, subject_.data() + capture.start, capture.size);
        }
    }
    int push_captures(bool whole_if_none) const {
        const std::size_t count = matcher_.captures() == 0 && whole_if_none ? 1 : matcher_.captures();
        luaL_checkstack(L_, static_cast<int>(count), "too many captures");
        for (std::size_t n = 0; n < count; ++n) push_capture(n);
        return static_cast<int>(count);
    }

  private:
    // More than any budget that makes sense; the budget itself ends a search between two positions.
    static constexpr std::int64_t most_steps = 1'000'000;
    lua_State* L_;
    bool anchored_;
    PatternMatcher matcher_;
    std::string_view subject_;
    std::size_t start_ = 0;
    std::size_t end_ = 0;
};

// string.find's third argument: from 1, negative from the end. More than the length + 1: no match.
std::size_t start_argument(lua_State* L, int index, std::size_t size) {
    const lua_Integer given = luaL_optinteger(L, index, 1);
    if (given > 0) return static_cast<std::size_t>(given - 1);
    if (given == 0 || -given > static_cast<lua_Integer>(size)) return 0;
    return size - static_cast<std::size_t>(-given);
}

bool is_plain(std::string_view pattern) {
    return pattern.find_first_of("^$*+?.([%-") == std::string_view::npos;
}

int find_or_match(lua_State* L, bool find) {
    const std::string_view subject = text_at(L, 1);
    const std::string_view pattern = text_at(L, 2);
    const std::size_t from = start_argument(L, 3, subject.size());
    if (from > subject.size()) {
        lua_pushnil(L);
        return 1;
    }
    if (find && (lua_toboolean(L, 4) != 0 || is_plain(pattern))) {
        generation_of(L).budget.spend(L, static_cast<std::int64_t>((subject.size() - from) / 8 + 1));
        // memmem is linear even for the worst of texts, which std::string_view::find is not.
        const auto* hit = static_cast<const char*>(
            ::memmem(subject.data() + from, subject.size() - from, pattern.data(), pattern.size()));
        if (hit == nullptr) {
            lua_pushnil(L);
            return 1;
        }
        lua_pushinteger(L, hit - subject.data() + 1);
        lua_pushinteger(L, hit - subject.data() + static_cast<std::ptrdiff_t>(pattern.size()));
        return 2;
    }
    Search search(L, subject, pattern);
    if (!search.find(from)) {
        lua_pushnil(L);
        return 1;
    }
    if (!find) return search.push_captures(true);
    lua_pushinteger(L, static_cast<lua_Integer>(search.start() + 1));
    lua_pushinteger(L, static_cast<lua_Integer>(search.end()));
    return 2 + search.push_captures(false);
}

int string_find(lua_State* L) { return find_or_match(L, true); }
int string_match(lua_State* L) { return find_or_match(L, false); }

// Upvalues: subject, pattern, where to go on, where the last match ended (so that an empty one is not found
// twice).
int next_match(lua_State* L) {
    const std::string_view subject = text_at(L, lua_upvalueindex(1));
    const std::string_view pattern = text_at(L, lua_upvalueindex(2));
    Search search(L, subject, pattern, false);
    const lua_Integer last = lua_tointeger(L, lua_upvalueindex(4));
    for (auto at = static_cast<std::size_t>(lua_tointeger(L, lua_upvalueindex(3))); at <= subject.size();
         ++at) {
        if (!search.at(at) || static_cast<lua_Integer>(search.end()) == last) continue;
        lua_pushinteger(L, static_cast<lua_Integer>(search.end()));
        lua_copy(L, -1, lua_upvalueindex(3));
        lua_replace(L, lua_upvalueindex(4));
        return search.push_captures(true);
    }
    return 0;
}

int string_gmatch(lua_State* L) {
    const std::string_view subject = text_at(L, 1);
    text_at(L, 2);
    const std::size_t from = start_argument(L, 3, subject.size());
    lua_settop(L, 2);
    lua_pushinteger(L, static_cast<lua_Integer>(std::min(from, subject.size() + 1)));
    lua_pushinteger(L, -1);
    lua_pushcclosure(L, next_match, 4);
    return 1;
}

// What replaces one match, onto `result`; nil and false keep the match.
void append_replacement(lua_State* L, const Search& search, std::string_view subject, std::string& result) {
    const std::string_view whole = subject.substr(search.start(), search.end() - search.start());
    switch (lua_type(L, 3)) {
        case LUA_TFUNCTION: {
            lua_pushvalue(L, 3);
            lua_call(L, search.push_captures(true), 1);
            break;
        }
        case LUA_TTABLE:
            search.push_capture(0);
            lua_gettable(L, 3);
            break;
        default: {
            const std::string_view text = text_at(L, 3);
            for (std::size_t n = 0; n < text.size(); ++n) {
                if (text[n] != '%') {
                    result += text[n];
                    continue;
                }
                const char kind = ++n < text.size() ? text[n] : '\0';
                if (kind == '%') {
                    result += '%';
                } else if (kind == '0') {
                    result += whole;
                } else if (kind >= '1' && kind <= '9') {
                    search.push_capture(static_cast<std::size_t>(kind - '1'));
                    result += text_at(L, -1);
                    lua_pop(L, 1);
                } else {
                    luaL_error(L, "invalid use of '%%' in replacement string");
                }
            }
            return;
        }
    }
    if (lua_toboolean(L, -1) == 0) {
        result += whole;
    } else if (lua_isstring(L, -1) != 0) {
        result += text_at(L, -1);
    } else {
        luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
    }
    lua_pop(L, 1);
}

int string_gsub(lua_State* L) {
    const std::string_view subject = text_at(L, 1);
    const std::string_view pattern = text_at(L, 2);
    const int kind = lua_type(L, 3);
    if (kind != LUA_TSTRING && kind != LUA_TNUMBER && kind != LUA_TFUNCTION && kind != LUA_TTABLE)
        return luaL_argerror(L, 3, "string, function or table expected");
    const lua_Integer most = luaL_optinteger(L, 4, static_cast<lua_Integer>(subject.size() + 1));
    BuiltGeneration& generation = generation_of(L);
    Search search(L, subject, pattern);
    std::string result;
    std::size_t charged = 0;
    std::size_t at = 0;
    lua_Integer count = 0;
    std::size_t last_end = std::string::npos;
    while (count < most) {
        if (search.at(at) && search.end() != last_end) {
            ++count;
            append_replacement(L, search, subject, result);
            at = last_end = search.end();
        } else if (at < subject.size()) {
            result += subject[at++];
        } else {
            break;
        }
        if (result.size() > charged + 64) {
            generation.budget.spend(L, static_cast<std::int64_t>((result.size() - charged) / 64));
            charged = result.size();
        }
        if (static_cast<std::int64_t>(result.size()) > generation.budgets.interaction_bytes)
            return luaL_error(L, "gsub: the result is longer than an interaction may hold");
        if (search.anchored() || at > subject.size()) break;
    }
    if (at < subject.size()) result += subject.substr(at);
    lua_pushlstring(L, result.data(), result.size());
    lua_pushinteger(L, count);
    return 2;
}

int string_rep(lua_State* L) {
    const auto size = static_cast<double>(text_at(L, 1).size());
    const auto times = static_cast<double>(luaL_checkinteger(L, 2));
    const auto between = static_cast<double>(lua_isnoneornil(L, 3) != 0 ? 0 : text_at(L, 3).size());
    BuiltGeneration& generation = generation_of(L);
    if (times > 0 && (size + between) * times > static_cast<double>(generation.budgets.interaction_bytes))
        return luaL_error(L, "rep: the result is longer than an interaction may hold");
    if (times > 0) generation.budget.spend(L, 1 + static_cast<std::int64_t>(times / 4));
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

// Stock format prints addresses for %p and for objects under %s; here %p is refused and objects read as
// tostring says.
int string_format(lua_State* L) {
    const std::string format(text_at(L, 1));
    int argument = 1;
    for (std::size_t n = 0; n < format.size(); ++n) {
        if (format[n] != '%') continue;
        if (++n < format.size() && format[n] == '%') continue;
        n = format.find_first_not_of("-+ #0123456789.", n);
        if (n == std::string::npos) break;
        ++argument;
        if (format[n] == 'p')
            return luaL_error(L, "format: '%%p' is not available: an address differs between two runs");
        if (format[n] == 's' && argument <= lua_gettop(L)) {
            push_text_of(L, argument);
            lua_replace(L, argument);
        }
    }
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

void wrap(lua_State* L, int from, int to, const char* name, lua_CFunction wrapper) {
    lua_getfield(L, from, name);
    lua_pushcclosure(L, wrapper, 1);
    lua_setfield(L, to, name);
}

}  // namespace

bool is_match_iteration(lua_State* L, int index) { return lua_tocfunction(L, index) == next_match; }

void add_string(lua_State* L) {
    const int globals = lua_gettop(L);
    luaL_requiref(L, LUA_STRLIBNAME, luaopen_string, 0);
    const int stock = lua_gettop(L);
    lua_newtable(L);
    const int own = lua_gettop(L);
    for (const char* name : {"byte", "len", "lower", "upper", "reverse", "sub", "unpack", "packsize"})
        take_stock(L, stock, own, name, Price::text);
    for (const char* name : {"char", "pack"}) take_stock(L, stock, own, name, Price::none);
    wrap(L, stock, own, "rep", string_rep);
    wrap(L, stock, own, "format", string_format);
    set_function(L, own, "find", string_find);
    set_function(L, own, "match", string_match);
    set_function(L, own, "gmatch", string_gmatch);
    set_function(L, own, "gsub", string_gsub);
    lua_pushvalue(L, own);
    lua_setfield(L, globals, "string");

    // Methods of strings find the same functions; nobody can change them. Arithmetic on strings stays as the
    // stock has it.
    lua_pushliteral(L, "");
    lua_getmetatable(L, -1);
    lua_pushvalue(L, own);
    lua_setfield(L, -2, "__index");
    lua_pushliteral(L, "read-only");
    lua_setfield(L, -2, "__metatable");
    lua_settop(L, globals);

    luaL_requiref(L, LUA_UTF8LIBNAME, luaopen_utf8, 0);
    lua_newtable(L);
    for (const char* name : {"codepoint", "len", "offset", "codes"}) take_stock(L, -2, -1, name, Price::text);
    take_stock(L, -2, -1, "char", Price::none);
    lua_getfield(L, -2, "charpattern");
    lua_setfield(L, -2, "charpattern");
    lua_setfield(L, globals, "utf8");
    lua_settop(L, globals);
}

}  // namespace trunkline::scripting
