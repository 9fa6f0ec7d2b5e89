// Opening hours that scripts and lists give.
#include "engine/model/weekly_hours.hpp"
#include "tests/fuzz/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trunkline;
    const auto hours = model::WeeklyHours::parse(fuzz::text_of(data, size));
    if (!hours) {
        fuzz::promise(!hours.error().message.empty(), "an error has words");
        return 0;
    }
    constexpr int week = 7 * 24 * 60;
    for (const auto& range : hours->ranges()) {
        fuzz::promise(range.begin >= 0 && range.begin < week, "a range begins in the week");
        fuzz::promise(range.end > range.begin && range.end <= 2 * week, "a range ends after it began");
    }
    return 0;
}
