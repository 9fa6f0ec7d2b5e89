// Skill expressions: names, integers, > >= < <= = != , and or not, parentheses
// (contracts/lua-api.md, Targets; URS writes & and | for and, or: accepted too). A skill that an agent lacks
// has level 0.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"

namespace trunkline::model {

class SkillExpression {
  public:
    /// Level of a skill by name; 0 where the agent lacks it.
    using Levels = std::function<int(std::string_view skill)>;

    /// Parses; an error names the column (from 1) and what was expected there. At most 4,096 bytes, 64 levels
    /// deep.
    [[nodiscard]] static Result<SkillExpression> parse(std::string_view text);

    [[nodiscard]] bool matches(const Levels& levels) const;
    /// One spelling for every expression that means the same word for word: the key of indexes.
    [[nodiscard]] const std::string& canonical() const { return canonical_; }
    /// The skills it names, each once, in order of appearance.
    [[nodiscard]] const std::vector<std::string>& skills() const { return skills_; }
    /// Skills that whoever matches has at a level other than 0: where an index of agents by skill may look
    /// for them. Empty where the expression can also be met by who has none of its skills.
    [[nodiscard]] std::vector<std::string> required() const;
    /// The smallest level that each named skill is compared with, for the key RRequestedSkills.
    struct Requested {
        std::string skill;
        std::string comparison;
        int level = 0;
    };
    [[nodiscard]] const std::vector<Requested>& requested() const { return requested_; }

  private:
    friend class SkillExpressionParser;
    // Postfix program: evaluated with a small stack of truth values.
    enum class Op : std::uint8_t {
        greater,
        greater_equal,
        less,
        less_equal,
        equal,
        not_equal,
        all_of,
        any_of,
        negate
    };
    struct Step {
        Op op;
        std::uint16_t skill = 0;
        int level = 0;
    };
    [[nodiscard]] static bool holds(Op, int level, int than);
    std::vector<Step> steps_;
    std::vector<std::string> skills_;
    std::vector<Requested> requested_;
    std::string canonical_;
};

}  // namespace trunkline::model
