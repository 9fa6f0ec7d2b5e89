// Generations come and go without a trace, and none of them takes another's room.
#include "tests/unit/scripting/scripts.hpp"

namespace trunkline::scripting::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Generations : public Scripts {};

TEST_F(Generations, AHundredReloadsWithRunsInBetweenLeaveNothing) {  // lessons B8.62, B8.65
    const std::string body = "local t = {} for n = 1, 100 do t[n] = n .. 'x' end ix:sleep(1)";
    load_body(body);
    const std::int64_t first = host().bytes();
    std::int64_t largest = 0;
    for (std::uint64_t n = 1; n <= 100; ++n) {
        ASSERT_EQ(host().start(CallUuid{9, n}, "main").outcome, Outcome::waiting);
        load_body(body);
        ASSERT_THAT(host().live(), SizeIs(2));
        largest = std::max(largest, host().bytes());
        ASSERT_EQ(host().resume(CallUuid{9, n}, Elapsed{}).outcome, Outcome::finished);
        ASSERT_THAT(host().live(), SizeIs(1));
        ASSERT_EQ(host().bytes(), first);
    }
    EXPECT_LT(largest, 3 * first);
}

TEST_F(Generations, ARefusedReloadChangesNothing) {
    load_body("ix:sleep(1) log.info('stayed')");
    const std::int64_t bytes = host().bytes();
    EXPECT_EQ(build(sources({{"strategies/main.lua", "return 5"}}), budgets).generation, nullptr);
    EXPECT_EQ(host().bytes(), bytes);
    ASSERT_EQ(start().outcome, Outcome::waiting);
    EXPECT_EQ(host().resume(id, Elapsed{}).outcome, Outcome::finished);
    EXPECT_EQ(logged(), "stayed");
}

TEST_F(Generations, TheDefaultOfAFailedRunIsThatOfTheGenerationItBeganIn) {
    const auto files = [](const std::string& word) {
        return Files{{"strategies/main.lua", "return {run = function(ix) ix:sleep(1) error('" + word +
                                                 "') end, default = function(ix) log.info('" + word +
                                                 "') end}"}};
    };
    load(files("old"));
    ASSERT_EQ(start().outcome, Outcome::waiting);
    load(files("new"));
    const Run run = host().resume(id, Elapsed{});
    ASSERT_EQ(run.outcome, Outcome::failed);
    EXPECT_THAT(host().live(), SizeIs(2));
    EXPECT_EQ(host().start_default(id, "main", *run.error).outcome, Outcome::finished);
    EXPECT_EQ(logged(), "old");
    EXPECT_THAT(host().live(), SizeIs(1));
}

TEST_F(Generations, TheRunsOfTheOldestAreSurplusWhenANinthCame) {
    for (std::uint64_t n = 1; n <= 8; ++n) {
        load_body("ix:sleep(1)");
        ASSERT_EQ(host().start(CallUuid{9, n}, "main").outcome, Outcome::waiting);
        EXPECT_THAT(host().surplus(), IsEmpty());
    }
    load_body("ix:sleep(1)");
    EXPECT_THAT(host().surplus(), ElementsAre(CallUuid{9, 1}));
    host().close(CallUuid{9, 1});
    EXPECT_THAT(host().surplus(), IsEmpty());
    EXPECT_THAT(host().live(), SizeIs(8));
    for (std::uint64_t n = 2; n <= 8; ++n) host().close(CallUuid{9, n});
}

TEST_F(Generations, AtTheLimitTheLargestIsEndedAndNotTheOneThatAllocated) {  // lessons B8.66
    budgets.generation_bytes = 1'500'000;
    const std::string grows = " local t = {} for n = 1, SIZE do t[n] = n end ix:sleep(1) end";
    const auto grow = [&](const std::string& size) {
        return "return function(ix) ix:sleep(1)" + std::string(grows).replace(grows.find("SIZE"), 4, size);
    };
    load({{"strategies/large.lua", grow("30000")}, {"strategies/small.lua", grow("15000")}});
    for (std::uint64_t n = 1; n <= 5; ++n)
        ASSERT_EQ(host().start(CallUuid{9, n}, n == 3 ? "large" : "small").outcome, Outcome::waiting);
    std::optional<CallUuid> largest;
    for (const std::uint64_t n : {3, 1, 2, 4, 5}) {
        ASSERT_EQ(host().resume(CallUuid{9, n}, Elapsed{}).outcome, Outcome::waiting);
        largest = host().largest_when_full();
        if (largest) break;
    }
    EXPECT_EQ(largest, (CallUuid{9, 3}));
    host().give_up(CallUuid{9, 3});
    EXPECT_EQ(host().largest_when_full(), std::nullopt);
    for (const std::uint64_t n : {1, 2, 3, 4, 5}) host().close(CallUuid{9, n});
}

}  // namespace
}  // namespace trunkline::scripting::testing
