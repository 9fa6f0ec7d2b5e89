// Patterns of scripts: the first line is the pattern, the rest the subject. Malformed and too expensive ones
// are exceptions of two kinds; a match stays inside the subject.
#include "engine/scripting/pattern.hpp"
#include "tests/fuzz/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trunkline;
    std::string_view subject = fuzz::text_of(data, size);
    const std::string_view pattern = fuzz::take_line(subject);
    constexpr std::int64_t allowed = 20'000;
    try {
        scripting::PatternMatcher matcher(subject, pattern, allowed);
        const auto end = matcher.match(0, 0);
        fuzz::promise(matcher.left() <= allowed, "nothing is free");
        if (!end) return 0;
        fuzz::promise(*end <= subject.size(), "a match ends inside the subject");
        for (std::size_t i = 0; i < matcher.captures(); ++i) {
            const auto& capture = matcher.capture(i);
            if (!capture.position && !capture.open)
                fuzz::promise(capture.start + capture.size <= subject.size(), "a capture lies inside it");
        }
    } catch (const std::runtime_error&) {
    }
    return 0;
}
