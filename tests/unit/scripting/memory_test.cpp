// What interactions hold, in bytes that the allocators count: figures of the program, not of the machine.
#include <algorithm>

#include "tests/unit/scripting/scripts.hpp"

namespace trunkline::scripting::testing {
namespace {

class Memory : public Scripts {};

// lessons B8.62: memory that grows with routing.
TEST_F(Memory, OfTenThousandInteractionsOneAfterAnotherDoesNotGrow) {
    load_body(R"(
local words = {}
local guard <close> = setmetatable({}, {__close = function() words = nil end})
for n = 1, 50 do words[n] = ix.id .. n end
local inner = coroutine.wrap(function() ix:sleep(1) return #words end)
ix.userdata.words = table.concat(words)
if inner() ~= 50 then error("lost a word") end)");
    const auto live_through = [&](std::uint64_t first, std::uint64_t last) {
        std::int64_t most = 0;
        for (std::uint64_t n = first; n <= last; ++n) {
            port.interactions[CallUuid{9, n}] = port.interactions[id];
            port.interactions[CallUuid{9, n}].id = CallUuid{9, n};
            EXPECT_EQ(host().start(CallUuid{9, n}, "main").outcome, Outcome::waiting);
            EXPECT_EQ(host().resume(CallUuid{9, n}, Elapsed{}).outcome, Outcome::finished);
            most = std::max(most, host().bytes());
            port.interactions.erase(CallUuid{9, n});
            port.data.erase(CallUuid{9, n});
            port.calls.clear();
        }
        return most;
    };
    const std::int64_t of_the_first = live_through(1, 1000);
    live_through(1001, 9000);
    EXPECT_LE(live_through(9001, 10000), of_the_first + 16 * 1024);
}

// lessons B8.67: a state for each route and thread, so that 88 MiB became 3 GiB.
TEST_F(Memory, OneStateServesAllStrategiesAndWhoWaitsCostsKilobytes) {
    const std::string strategy = project_file("strategies/im_support.lua");
    load({{"strategies/s1.lua", strategy}});
    const std::int64_t with_one = host().bytes();
    Files hundred;
    for (int n = 1; n <= 100; ++n) hundred["strategies/s" + std::to_string(n) + ".lua"] = strategy;
    load(hundred);
    const std::int64_t with_a_hundred = host().bytes();
    EXPECT_LT(with_a_hundred, with_one + 100 * 16 * 1024) << "a strategy more costs its code";

    constexpr std::uint64_t waiting = 1000;
    for (std::uint64_t n = 1; n <= waiting; ++n) {
        port.interactions[CallUuid{9, n}] = port.interactions[id];
        ASSERT_EQ(host().start(CallUuid{9, n}, "s" + std::to_string(n % 100 + 1)).outcome, Outcome::waiting);
    }
    const std::int64_t each = (host().bytes() - with_a_hundred) / static_cast<std::int64_t>(waiting);
    EXPECT_LT(each, 8 * 1024);
    std::printf("[ bytes    ] %lld a waiting strategy; %lld a strategy loaded; %lld the first\n",
                static_cast<long long>(each), static_cast<long long>((with_a_hundred - with_one) / 99),
                static_cast<long long>(with_one));
    for (std::uint64_t n = 1; n <= waiting; ++n) host().close(CallUuid{9, n});
}

}  // namespace
}  // namespace trunkline::scripting::testing
