#include "engine/scripting/pattern.hpp"

#include <cctype>
#include <string>

namespace trunkline::scripting {
namespace {

constexpr int deepest_pattern = 200;

// %a and its like; an upper-case letter is the complement, another character stands for itself.
bool in_class(unsigned char c, unsigned char letter) {
    bool is = false;
    switch (std::tolower(letter)) {
        case 'a':
            is = std::isalpha(c) != 0;
            break;
        case 'c':
            is = std::iscntrl(c) != 0;
            break;
        case 'd':
            is = std::isdigit(c) != 0;
            break;
        case 'g':
            is = std::isgraph(c) != 0;
            break;
        case 'l':
            is = std::islower(c) != 0;
            break;
        case 'p':
            is = std::ispunct(c) != 0;
            break;
        case 's':
            is = std::isspace(c) != 0;
            break;
        case 'u':
            is = std::isupper(c) != 0;
            break;
        case 'w':
            is = std::isalnum(c) != 0;
            break;
        case 'x':
            is = std::isxdigit(c) != 0;
            break;
        default:
            return c == letter;
    }
    return std::isupper(letter) != 0 ? !is : is;
}

}  // namespace

std::optional<std::size_t> PatternMatcher::match(std::size_t at, std::size_t pattern_from) {
    count_ = 0;
    depth_ = 0;
    return step(at, pattern_from);
}

PatternMatcher::End PatternMatcher::step(std::size_t s, std::size_t p) {
    if (++depth_ > deepest_pattern) throw std::runtime_error("pattern too complex");
    struct Leave {
        int& depth;
        ~Leave() { --depth; }
    } leave{depth_};
    while (p < pattern_.size()) {
        pay(1);
        const char c = pattern_[p];
        if (c == '(') return open_capture(s, p);
        if (c == ')') return close_capture(s, p);
        if (c == '$' && p + 1 == pattern_.size()) return s == subject_.size() ? End(s) : std::nullopt;
        if (c == '%') {
            const char kind = pattern_at(p + 1);
            if (kind == 'b') {
                const End end = balanced(s, p + 2);
                if (!end) return std::nullopt;
                s = *end;
                p += 4;
                continue;
            }
            if (kind == 'f') {
                if (pattern_at(p + 2) != '[') throw std::runtime_error("missing '[' after '%f' in pattern");
                const std::size_t end = item_end(p + 2);
                if (!frontier(s, p + 2, end)) return std::nullopt;
                p = end;
                continue;
            }
            if (std::isdigit(static_cast<unsigned char>(kind)) != 0) {
                const End end = repeated(s, p + 1);
                if (!end) return std::nullopt;
                s = *end;
                p += 2;
                continue;
            }
        }
        const std::size_t end = item_end(p);
        switch (pattern_at(end)) {
            case '*':
                return longest(s, p, end, 0);
            case '+':
                return longest(s, p, end, 1);
            case '-':
                return shortest(s, p, end);
            case '?':
                if (fits(s, p, end))
                    if (const End with = step(s + 1, end + 1)) return with;
                p = end + 1;
                continue;
            default:
                break;
        }
        if (!fits(s, p, end)) return std::nullopt;
        ++s;
        p = end;
    }
    return s;
}

std::size_t PatternMatcher::item_end(std::size_t p) const {
    const char c = pattern_[p++];
    if (c == '%') {
        if (p >= pattern_.size()) throw std::runtime_error("malformed pattern (ends with '%')");
        return p + 1;
    }
    if (c != '[') return p;
    if (pattern_at(p) == '^') ++p;
    bool first = true;  // a ']' that comes first is a member
    for (; first || pattern_at(p) != ']'; first = false) {
        if (p >= pattern_.size()) throw std::runtime_error("malformed pattern (missing ']')");
        if (pattern_[p++] == '%') ++p;
    }
    return p + 1;
}

bool PatternMatcher::in_set(unsigned char c, std::size_t p, std::size_t end) const {
    const std::size_t last = end - 1;  // the ']'
    ++p;
    const bool complement = pattern_[p] == '^';
    if (complement) ++p;
    for (; p < last; ++p) {
        if (pattern_[p] == '%') {
            if (in_class(c, static_cast<unsigned char>(pattern_[++p]))) return !complement;
        } else if (pattern_at(p + 1) == '-' && p + 2 < last) {
            if (static_cast<unsigned char>(pattern_[p]) <= c &&
                c <= static_cast<unsigned char>(pattern_[p + 2]))
                return !complement;
            p += 2;
        } else if (static_cast<unsigned char>(pattern_[p]) == c) {
            return !complement;
        }
    }
    return complement;
}

bool PatternMatcher::fits(std::size_t s, std::size_t p, std::size_t end) {
    if (s >= subject_.size()) return false;
    const auto c = static_cast<unsigned char>(subject_[s]);
    switch (pattern_[p]) {
        case '.':
            pay(1);
            return true;
        case '%':
            pay(1);
            return in_class(c, static_cast<unsigned char>(pattern_[p + 1]));
        case '[':
            pay(static_cast<std::int64_t>(1 + (end - p) / 4));
            return in_set(c, p, end);
        default:
            pay(1);
            return static_cast<unsigned char>(pattern_[p]) == c;
    }
}

PatternMatcher::End PatternMatcher::open_capture(std::size_t s, std::size_t p) {
    if (count_ >= most_captures) throw std::runtime_error("too many captures");
    const bool position = pattern_at(p + 1) == ')';
    captures_[count_++] = Capture{s, 0, position, !position};
    const End end = step(s, p + (position ? 2 : 1));
    if (!end) --count_;
    return end;
}

PatternMatcher::End PatternMatcher::close_capture(std::size_t s, std::size_t p) {
    for (std::size_t n = count_; n-- > 0;) {
        if (!captures_[n].open) continue;
        captures_[n].open = false;
        captures_[n].size = s - captures_[n].start;
        const End end = step(s, p + 1);
        if (!end) captures_[n].open = true;
        return end;
    }
    throw std::runtime_error("invalid pattern capture");
}

PatternMatcher::End PatternMatcher::balanced(std::size_t s, std::size_t p) {
    if (p + 1 >= pattern_.size()) throw std::runtime_error("malformed pattern (missing arguments to '%b')");
    if (s >= subject_.size() || subject_[s] != pattern_[p]) return std::nullopt;
    int open = 1;
    for (std::size_t at = s + 1; at < subject_.size(); ++at) {
        pay(1);
        if (subject_[at] == pattern_[p + 1]) {
            if (--open == 0) return at + 1;
        } else if (subject_[at] == pattern_[p]) {
            ++open;
        }
    }
    return std::nullopt;
}

bool PatternMatcher::frontier(std::size_t s, std::size_t set, std::size_t end) {
    pay(2);
    const auto before = static_cast<unsigned char>(s == 0 ? '\0' : subject_[s - 1]);
    const auto here = static_cast<unsigned char>(s < subject_.size() ? subject_[s] : '\0');
    return !in_set(before, set, end) && in_set(here, set, end);
}

PatternMatcher::End PatternMatcher::repeated(std::size_t s, std::size_t digit) {
    const auto index = static_cast<std::size_t>(pattern_[digit] - '1');
    if (index >= count_ || captures_[index].open)
        throw std::runtime_error("invalid capture index %" + std::string(1, pattern_[digit]) + " in pattern");
    const Capture& earlier = captures_[index];
    pay(static_cast<std::int64_t>(1 + earlier.size / 16));
    if (subject_.substr(s).starts_with(subject_.substr(earlier.start, earlier.size))) return s + earlier.size;
    return std::nullopt;
}

PatternMatcher::End PatternMatcher::longest(std::size_t s, std::size_t p, std::size_t end,
                                            std::size_t at_least) {
    std::size_t count = 0;
    while (fits(s + count, p, end)) ++count;
    for (;; --count) {
        if (count < at_least) return std::nullopt;
        if (const End rest = step(s + count, end + 1)) return rest;
        if (count == 0) return std::nullopt;
    }
}

PatternMatcher::End PatternMatcher::shortest(std::size_t s, std::size_t p, std::size_t end) {
    for (;; ++s) {
        if (const End rest = step(s, end + 1)) return rest;
        if (!fits(s, p, end)) return std::nullopt;
    }
}

}  // namespace trunkline::scripting
