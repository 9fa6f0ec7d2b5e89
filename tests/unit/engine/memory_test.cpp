// Sessions in virtual time: what has ended leaves nothing on the heap, in Lua as little as in C++.
// Not in builds with a sanitizer, whose allocator gives malloc's figures to nobody.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#include <malloc.h>

#include <algorithm>

#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using namespace std::chrono_literals;

class Memory : public EngineTest {
  protected:
    // A session each second, of sixty customers in turn: greeted, routed, answered, text for text, released.
    static void minute_of_sessions(World& world, ClientId ann) {
        for (int second = 0; second < 60; ++second) {
            const std::string customer = "c" + std::to_string(second);
            world.text(customer, "hello");
            const ConnId conn = world.ringing("1001");
            ASSERT_TRUE(conn);
            ASSERT_EQ(world.answer(ann, "1001", conn), 0);
            world.text(customer, "my invoice is wrong");
            world.say(ann, "1001", conn, "let me see");
            world.deliver_texts();
            ASSERT_EQ(world.release(ann, "1001", conn), 0);
            world.clear();
            world.pass(1s);
        }
    }
    static double kibibytes() {
        const auto heap = mallinfo2();
        return static_cast<double>(heap.uordblks + heap.hblkhd) / 1024;
    }
};

TEST_F(Memory, IsFlatOverAVirtualHourOfSessions) {
    World& world = start(R"(
return function(ix)
  ix:send_text("welcome, " .. ix.ani)
  ix:attach{topic = "invoice", at = ("x"):rep(100)}
  ix:route{targets = {target.group "All_Agents"}, timeout = 60}
end)");
    const ClientId ann = world.ready_agent("1001", "1001");
    std::vector<double> each_minute;
    for (int minute = 0; minute < 120; ++minute) {
        minute_of_sessions(world, ann);
        if (HasFatalFailure()) return;
        each_minute.push_back(kibibytes());
    }
    // The first hour fills what is remembered for an hour: whose session a customer had last. Lua collects in
    // steps: the greatest of ten minutes is compared.
    const auto greatest = [&](int from) {
        return *std::max_element(each_minute.begin() + from, each_minute.begin() + from + 10);
    };
    RecordProperty("kibibytes_after_an_hour", static_cast<int>(greatest(60)));
    RecordProperty("kibibytes_after_two_hours", static_cast<int>(greatest(110)));
    EXPECT_LT(greatest(110), greatest(60) + 40) << "3,000 sessions lie between them";
}

}  // namespace
}  // namespace trunkline::testing
#endif
