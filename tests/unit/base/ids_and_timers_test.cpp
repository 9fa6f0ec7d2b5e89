#include <gtest/gtest.h>

#include "engine/base/identities.hpp"
#include "engine/base/timers.hpp"

namespace trunkline {
namespace {

TEST(Ids, AreWrittenAsTheFieldWritesThem) {
    const CallUuid id{0x6F1E0A9C4B7D4E21, 0xA5C3D2E1F0B9A877};
    EXPECT_EQ(to_call_uuid_text(id), "6F1E0A9C4B7D4E21A5C3D2E1F0B9A877");
    EXPECT_EQ(to_uuid_text(id), "6f1e0a9c-4b7d-4e21-a5c3-d2e1f0b9a877");
    EXPECT_EQ(parse_call_uuid(to_uuid_text(id)), id);
    EXPECT_EQ(parse_call_uuid(to_call_uuid_text(id)), id);
    EXPECT_EQ(to_conn_id_text(parse_conn_id("006b0192cae0f001")), "006b0192cae0f001");
    EXPECT_FALSE(parse_conn_id("not hex"));
    EXPECT_FALSE(parse_call_uuid("6f1e0a9c"));
}

TEST(Ids, CountUpBehindTheShardFromTheStartTime) {
    const TimePoint started{std::chrono::microseconds(1'800'000'000'000'000)};
    Identities first(7, started, 1), later(7, started + seconds(1), 1), other(8, started, 1);
    const Seq a = first.next_seq();
    EXPECT_LT(a, first.next_seq());
    EXPECT_LT(first.next_seq(), later.next_seq());
    EXPECT_LT(later.next_seq(), other.next_seq());
    EXPECT_EQ(static_cast<std::uint64_t>(a.value()) >> 53U, 7U);
    EXPECT_NE(first.next_uuid(started), first.next_uuid(started));
}

TEST(Timers, FireInOrderOfTimeThenOfSchedulingAndOnce) {
    Timers<int> timers;
    const TimePoint start{};
    TimerId cancelled = timers.schedule(start + seconds(1), 1);
    timers.schedule(start + seconds(2), 3);
    timers.schedule(start + seconds(1), 2);
    timers.schedule(start + seconds(2), 4);
    EXPECT_TRUE(timers.cancel(cancelled));
    EXPECT_FALSE(timers.cancel(cancelled));
    EXPECT_FALSE(timers.take_due(start));
    std::vector<int> fired;
    while (auto due = timers.take_due(start + seconds(5))) fired.push_back(due->second);
    EXPECT_EQ(fired, (std::vector<int>{2, 3, 4}));
    EXPECT_EQ(timers.size(), 0U);
}

}  // namespace
}  // namespace trunkline
