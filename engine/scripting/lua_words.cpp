#include "engine/scripting/lua_words.hpp"

#include <algorithm>
#include <cctype>

namespace trunkline::scripting {
namespace {

bool starts_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool in_name(char c) { return starts_name(c) || std::isdigit(static_cast<unsigned char>(c)) != 0; }

class WordReader {
  public:
    explicit WordReader(std::string_view source) : rest_(source) {
        if (rest_.starts_with('#')) skip_line();  // as luaL_loadfile does
    }

    std::vector<LuaWord> run() {
        while (!rest_.empty()) {
            const char c = rest_[0];
            if (std::isspace(static_cast<unsigned char>(c)) != 0)
                take(1);
            else if (rest_.starts_with("--"))
                comment();
            else if (const std::size_t level = long_bracket(); level != std::string_view::npos)
                long_text(level, true);
            else if (c == '"' || c == '\'')
                short_text(c);
            else if (starts_name(c))
                add(LuaWord::Kind::name, take(length_of(in_name)));
            else if (std::isdigit(static_cast<unsigned char>(c)) != 0)
                add(LuaWord::Kind::other, take(length_of([](char d) { return in_name(d) || d == '.'; })));
            else
                add(LuaWord::Kind::other, take(1));
        }
        return std::move(words_);
    }

  private:
    std::string_view rest_;
    int line_ = 1;
    std::vector<LuaWord> words_;

    std::string_view take(std::size_t size) {
        const std::string_view taken = rest_.substr(0, size);
        line_ += static_cast<int>(std::count(taken.begin(), taken.end(), '\n'));
        rest_.remove_prefix(taken.size());
        return taken;
    }
    template <class Belongs>
    [[nodiscard]] std::size_t length_of(Belongs belongs) const {
        return static_cast<std::size_t>(std::find_if_not(rest_.begin(), rest_.end(), belongs) -
                                        rest_.begin());
    }
    void add(LuaWord::Kind kind, std::string_view text) {
        words_.push_back({kind, std::string(text), line_, true});
    }
    void skip_line() { take(std::min(rest_.find('\n'), rest_.size())); }

    // The level of a long bracket that opens here: [[ is 0, [=[ is 1.
    [[nodiscard]] std::size_t long_bracket() const {
        if (!rest_.starts_with('[')) return std::string_view::npos;
        const std::size_t level = std::min(rest_.find_first_not_of('=', 1), rest_.size()) - 1;
        return level + 1 < rest_.size() && rest_[level + 1] == '[' ? level : std::string_view::npos;
    }
    void comment() {
        take(2);
        const std::size_t level = long_bracket();
        if (level == std::string_view::npos)
            skip_line();
        else
            long_text(level, false);
    }
    void long_text(std::size_t level, bool is_word) {
        const int line = line_;
        take(level + 2);
        const std::string end = "]" + std::string(level, '=') + "]";
        std::string_view text = take(std::min(rest_.find(end), rest_.size()));
        take(end.size());
        if (text.starts_with("\r\n")) text.remove_prefix(1);
        if (text.starts_with('\n')) text.remove_prefix(1);
        if (is_word) words_.push_back({LuaWord::Kind::text, std::string(text), line, true});
    }
    void short_text(char quote) {
        LuaWord word{LuaWord::Kind::text, "", line_, true};
        take(1);
        while (!rest_.empty() && rest_[0] != quote && rest_[0] != '\n') {
            if (rest_[0] == '\\' && rest_.size() > 1) {
                const char escaped = rest_[1];
                const bool is_itself = escaped == '\\' || escaped == '"' || escaped == '\'';
                word.plain = word.plain && is_itself;
                if (is_itself) word.is += escaped;
                take(2);
                continue;
            }
            word.is += take(1);
        }
        take(1);
        words_.push_back(std::move(word));
    }
};

}  // namespace

std::vector<LuaWord> lua_words(std::string_view source) { return WordReader(source).run(); }

}  // namespace trunkline::scripting
