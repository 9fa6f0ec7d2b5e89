// Skill expressions from scripts, site files and groups.
#include "engine/model/skill_expression.hpp"
#include "tests/fuzz/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trunkline;
    const auto expression = model::SkillExpression::parse(fuzz::text_of(data, size));
    if (!expression) {
        fuzz::promise(!expression.error().message.empty(), "an error has words");
        return 0;
    }
    const auto levels = [](std::string_view skill) { return static_cast<int>(skill.size() % 7); };
    const bool matched = expression->matches(levels);
    if (matched) {
        bool all_absent = true;
        for (const std::string& skill : expression->required()) all_absent = all_absent && levels(skill) == 0;
        fuzz::promise(expression->required().empty() || !all_absent, "who matches has a required skill");
    }
    const auto again = model::SkillExpression::parse(expression->canonical());
    fuzz::promise(again.has_value(), "a canonical expression is an expression");
    fuzz::promise(again->canonical() == expression->canonical(), "a canonical expression has one spelling");
    fuzz::promise(again->matches(levels) == matched, "a canonical expression means the same");
    return 0;
}
