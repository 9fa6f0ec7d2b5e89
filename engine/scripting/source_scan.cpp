#include "engine/scripting/source_scan.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include "engine/scripting/lua_words.hpp"

namespace trunkline::scripting {
namespace {

using Kind = ConstantName::Kind;

// owner, "." or ":", function: its first argument is a name of this kind.
struct NamePlace {
    std::string_view owner, link, function;
    Kind kind;
};
constexpr std::array<NamePlace, 14> places{{
    {"target", ".", "agent", Kind::agent},
    {"target", ".", "group", Kind::group},
    {"target", ".", "place", Kind::place},
    {"target", ".", "place_group", Kind::place_group},
    {"target", ".", "skill", Kind::skill_expression},
    {"target", ".", "queue", Kind::queue},
    {"target", ".", "dn", Kind::dn},
    {"config", ".", "list", Kind::list},
    {"config", ".", "option", Kind::object},
    {"time", ".", "in_hours", Kind::hours},
    {"ix", ":", "queue", Kind::virtual_queue},
    {"ix", ":", "dequeue", Kind::virtual_queue},
    {"ix", ":", "treat", Kind::treatment},
    {"ix", ":", "route", Kind::statistic},
}};

class Scan {
  public:
    explicit Scan(std::string_view source) : words_(lua_words(source)) {}

    std::vector<ConstantName> run() {
        for (std::size_t at = 0; at + 3 < words_.size(); ++at)
            for (const NamePlace& place : places)
                if (is(at, place.owner) && !belongs_to_another(at) && is(at + 1, place.link) &&
                    is(at + 2, place.function))
                    found(place, at + 3);
        // The keys of a route are found before what stands between them.
        std::sort(found_.begin(), found_.end(),
                  [](const auto& a, const auto& b) { return a.first < b.first; });
        std::vector<ConstantName> names;
        for (auto& [at, name] : found_) names.push_back(std::move(name));
        return names;
    }

  private:
    std::vector<LuaWord> words_;
    std::vector<std::pair<const LuaWord*, ConstantName>> found_;  // with the word that it is

    [[nodiscard]] bool is(std::size_t at, std::string_view what) const {
        return at < words_.size() && words_[at].kind != LuaWord::Kind::text && words_[at].is == what;
    }
    [[nodiscard]] bool is_one_of(std::size_t at, std::initializer_list<std::string_view> words) const {
        return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return is(at, word); });
    }
    // my.target.agent is no target.agent.
    [[nodiscard]] bool belongs_to_another(std::size_t at) const {
        return at > 0 && (is(at - 1, ".") || is(at - 1, ":"));
    }

    // A text that is the whole argument: not the beginning of "a" .. b.
    [[nodiscard]] const LuaWord* constant(std::size_t at) const {
        if (at >= words_.size() || words_[at].kind != LuaWord::Kind::text || !words_[at].plain)
            return nullptr;
        return is(at + 1, ".") && is(at + 2, ".") ? nullptr : &words_[at];
    }
    void add(Kind kind, const LuaWord& word) { add(kind, word, word.is); }
    void add(Kind kind, const LuaWord& word, std::string name) {
        found_.emplace_back(&word, ConstantName{kind, std::move(name), word.line});
    }

    void found(const NamePlace& place, std::size_t argument) {
        if (place.kind == Kind::statistic) {
            route_table(argument);
            return;
        }
        const bool called = is(argument, "(");
        if (const LuaWord* name = constant(called ? argument + 1 : argument)) add(place.kind, *name);
    }

    // The keys of ix:route's own table, not those of tables inside it.
    void route_table(std::size_t at) {
        if (is(at, "(")) ++at;
        if (!is(at, "{")) return;
        for (int depth = 0; at < words_.size(); ++at) {
            if (is_one_of(at, {"{", "(", "function", "if", "do"})) ++depth;
            if (is_one_of(at, {"}", ")", "end"})) --depth;
            if (depth == 0) return;
            if (depth != 1 || !is(at + 1, "=")) continue;
            const LuaWord* text = constant(at + 2);
            if (text == nullptr) continue;
            if (is(at, "queue")) add(Kind::virtual_queue, *text);
            if (is(at, "statistic") && text->is.starts_with("lua:"))
                add(Kind::statistic, *text, text->is.substr(4));
        }
    }
};

}  // namespace

std::vector<ConstantName> constant_names(std::string_view source) { return Scan(source).run(); }

}  // namespace trunkline::scripting
