// Lua's patterns with a price: every comparison is counted, so that a pattern that tries exponentially many
// ways is ended by the budget instead of holding the engine. No Lua in here. Any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace trunkline::scripting {

/// The pattern cost more than `allowed`.
struct PatternTooExpensive : std::runtime_error {
    PatternTooExpensive() : std::runtime_error("the pattern tries too many ways") {}
};

class PatternMatcher {
  public:
    static constexpr std::size_t most_captures = 32;
    struct Capture {
        std::size_t start = 0;
        std::size_t size = 0;
        bool position = false;  // "()": the position itself
        bool open = false;
    };

    /// Both texts must outlive the matcher.
    PatternMatcher(std::string_view subject, std::string_view pattern, std::int64_t allowed)
        : subject_(subject), pattern_(pattern), left_(allowed) {}

    /// Matches the pattern from `pattern_at` on at exactly `at`; the end of the match. Throws
    /// std::runtime_error for a malformed pattern, PatternTooExpensive when the allowance is used up.
    [[nodiscard]] std::optional<std::size_t> match(std::size_t at, std::size_t pattern_at);

    [[nodiscard]] std::size_t captures() const { return count_; }
    [[nodiscard]] const Capture& capture(std::size_t index) const { return captures_[index]; }
    [[nodiscard]] std::int64_t left() const { return left_; }

  private:
    using End = std::optional<std::size_t>;
    [[nodiscard]] End step(std::size_t s, std::size_t p);
    [[nodiscard]] std::size_t item_end(std::size_t p) const;
    [[nodiscard]] bool fits(std::size_t s, std::size_t p, std::size_t end);
    [[nodiscard]] bool in_set(unsigned char c, std::size_t p, std::size_t end) const;
    [[nodiscard]] End open_capture(std::size_t s, std::size_t p);
    [[nodiscard]] End close_capture(std::size_t s, std::size_t p);
    [[nodiscard]] End balanced(std::size_t s, std::size_t p);
    [[nodiscard]] bool frontier(std::size_t s, std::size_t set, std::size_t end);
    [[nodiscard]] End repeated(std::size_t s, std::size_t digit);
    [[nodiscard]] End longest(std::size_t s, std::size_t p, std::size_t end, std::size_t at_least);
    [[nodiscard]] End shortest(std::size_t s, std::size_t p, std::size_t end);
    void pay(std::int64_t units) {
        left_ -= units;
        if (left_ < 0) throw PatternTooExpensive();
    }
    [[nodiscard]] char pattern_at(std::size_t p) const { return p < pattern_.size() ? pattern_[p] : '\0'; }

    std::string_view subject_;
    std::string_view pattern_;
    std::int64_t left_;
    std::size_t count_ = 0;
    int depth_ = 0;
    std::array<Capture, most_captures> captures_{};
};

}  // namespace trunkline::scripting
