#include "engine/model/skill_expression.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <set>

namespace trunkline::model {

// Recursive descent over: or-terms of and-terms of (not)* (comparison | "(" expression ")").
class SkillExpressionParser {
  public:
    explicit SkillExpressionParser(std::string_view text) : text_(text) {}

    Result<SkillExpression> parse() {
        if (text_.size() > max_bytes)
            return Error{ErrorCode::bad_attribute, "a skill expression has at most 4096 bytes"};
        std::string canonical;
        if (!any_of(canonical, 0)) return error_;
        skip_blanks();
        if (at_ < text_.size()) {
            expected("'and', 'or' or the end");
            return error_;
        }
        if (canonical.size() > max_bytes)
            return Error{ErrorCode::bad_attribute,
                         "a skill expression has at most 4096 bytes, with its blanks and 'and' for &"};
        out_.canonical_ = std::move(canonical);
        return std::move(out_);
    }

  private:
    using Op = SkillExpression::Op;
    static constexpr std::size_t max_bytes = 4096;
    static constexpr int max_depth = 64;

    std::string_view text_;
    std::size_t at_ = 0;
    SkillExpression out_;
    Error error_;

    bool expected(std::string_view what) {
        error_ =
            Error{ErrorCode::bad_attribute,
                  "skill expression, column " + std::to_string(at_ + 1) + ": expected " + std::string(what) +
                      (at_ < text_.size() ? ", found '" + std::string(text_.substr(at_, 12)) + "'"
                                          : std::string(", found the end"))};
        return false;
    }

    void skip_blanks() {
        while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
    }

    static bool is_word(char c) {
        const auto u = static_cast<unsigned char>(c);
        return std::isalnum(u) != 0 || c == '_' || c == '-' || c == '.' || u >= 0x80;
    }

    std::string_view word() {
        const std::size_t start = at_;
        while (at_ < text_.size() && is_word(text_[at_])) ++at_;
        return text_.substr(start, at_ - start);
    }

    bool take_word(std::string_view wanted) {
        skip_blanks();
        const std::size_t back = at_;
        if (word() == wanted) return true;
        at_ = back;
        return false;
    }

    bool take(std::string_view symbol) {
        skip_blanks();
        if (!text_.substr(at_).starts_with(symbol)) return false;
        at_ += symbol.size();
        return true;
    }

    bool any_of(std::string& canonical, int depth) {
        if (!all_of(canonical, depth)) return false;
        while (take_word("or") || take("|")) {
            std::string right;
            if (!all_of(right, depth)) return false;
            canonical += " or " + right;
            out_.steps_.push_back({Op::any_of});
        }
        return true;
    }

    bool all_of(std::string& canonical, int depth) {
        if (!term(canonical, depth)) return false;
        while (take_word("and") || take("&")) {
            std::string right;
            if (!term(right, depth)) return false;
            canonical += " and " + right;
            out_.steps_.push_back({Op::all_of});
        }
        return true;
    }

    bool term(std::string& canonical, int depth) {
        if (depth >= max_depth) return expected("fewer than 64 levels of parentheses");
        if (take_word("not")) {
            std::string inner;
            if (!term(inner, depth + 1)) return false;
            canonical = "not " + inner;
            out_.steps_.push_back({Op::negate});
            return true;
        }
        if (take("(")) {
            std::string inner;
            if (!any_of(inner, depth + 1)) return false;
            if (!take(")")) return expected("')'");
            canonical = "(" + inner + ")";
            return true;
        }
        return comparison(canonical);
    }

    std::optional<Op> take_operator() {
        // Two characters before one, so that >= is not read as >.
        static constexpr std::array<std::pair<std::string_view, Op>, 9> operators{{{">=", Op::greater_equal},
                                                                                   {"<=", Op::less_equal},
                                                                                   {"<>", Op::not_equal},
                                                                                   {"!=", Op::not_equal},
                                                                                   {"~=", Op::not_equal},
                                                                                   {"==", Op::equal},
                                                                                   {">", Op::greater},
                                                                                   {"<", Op::less},
                                                                                   {"=", Op::equal}}};
        for (const auto& [symbol, op] : operators)
            if (take(symbol)) return op;
        return std::nullopt;
    }

    static std::string_view symbol_of(Op op) {
        switch (op) {
            case Op::greater:
                return ">";
            case Op::greater_equal:
                return ">=";
            case Op::less:
                return "<";
            case Op::less_equal:
                return "<=";
            case Op::equal:
                return "=";
            default:
                return "!=";
        }
    }

    bool comparison(std::string& canonical) {
        skip_blanks();
        const std::size_t start = at_;
        const std::string skill(word());
        if (skill.empty() || std::isdigit(static_cast<unsigned char>(skill[0])) != 0 || skill == "and" ||
            skill == "or") {
            at_ = start;
            return expected("the name of a skill");
        }
        const std::optional<Op> op = take_operator();
        if (!op) return expected("one of > >= < <= = !=");
        skip_blanks();
        int level = 0;
        const auto [end, bad] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), level);
        if (bad != std::errc{}) return expected("an integer");
        at_ = static_cast<std::size_t>(end - text_.data());
        if (at_ < text_.size() && is_word(text_[at_])) return expected("an integer");
        add_comparison(skill, *op, level);
        canonical = skill + " " + std::string(symbol_of(*op)) + " " + std::to_string(level);
        return true;
    }

    void add_comparison(const std::string& skill, Op op, int level) {
        auto known = std::find(out_.skills_.begin(), out_.skills_.end(), skill);
        const auto index = static_cast<std::uint16_t>(known - out_.skills_.begin());
        if (known == out_.skills_.end()) out_.skills_.push_back(skill);
        out_.steps_.push_back({op, index, level});
        out_.requested_.push_back({skill, std::string(symbol_of(op)), level});
    }
};

Result<SkillExpression> SkillExpression::parse(std::string_view text) {
    return SkillExpressionParser(text).parse();
}

bool SkillExpression::holds(Op op, int level, int than) {
    switch (op) {
        case Op::greater:
            return level > than;
        case Op::greater_equal:
            return level >= than;
        case Op::less:
            return level < than;
        case Op::less_equal:
            return level <= than;
        case Op::equal:
            return level == than;
        default:
            return level != than;
    }
}

bool SkillExpression::matches(const Levels& levels) const {
    std::vector<bool> stack;
    stack.reserve(8);
    for (const Step& step : steps_) {
        if (step.op == Op::negate) {
            stack.back() = !stack.back();
        } else if (step.op == Op::all_of || step.op == Op::any_of) {
            const bool right = stack.back();
            stack.pop_back();
            stack.back() = step.op == Op::all_of ? stack.back() && right : stack.back() || right;
        } else {
            stack.push_back(holds(step.op, levels(skills_[step.skill]), step.level));
        }
    }
    return !stack.empty() && stack.back();
}

std::vector<std::string> SkillExpression::required() const {
    // Of each operand: the skills without which it cannot hold. What `not` turns round is not followed.
    std::vector<std::set<std::uint16_t>> stack;
    for (const Step& step : steps_) {
        if (step.op == Op::negate) {
            stack.back().clear();
        } else if (step.op == Op::all_of || step.op == Op::any_of) {
            const std::set<std::uint16_t> right = std::move(stack.back());
            stack.pop_back();
            std::set<std::uint16_t>& left = stack.back();
            if (step.op == Op::all_of)
                left.insert(right.begin(), right.end());
            else
                std::erase_if(left, [&](std::uint16_t skill) { return !right.contains(skill); });
        } else {
            stack.emplace_back();
            if (!holds(step.op, 0, step.level)) stack.back().insert(step.skill);
        }
    }
    std::vector<std::string> names;
    if (!stack.empty())
        for (const std::uint16_t skill : stack.back()) names.push_back(skills_[skill]);
    return names;
}

}  // namespace trunkline::model
