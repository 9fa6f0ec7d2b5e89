#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using messages::MessageId;
using ::testing::SizeIs;

class Texts : public EngineTest {};

std::vector<std::string> words_of(const std::vector<messages::TMessage>& events) {
    std::vector<std::string> words;
    for (const auto& event : events) words.emplace_back(event.extensions->text("im"));
    return words;
}

TEST_F(Texts, GiveTheMonitorOneShadowAndOnePrivateInfoForEachParty) {
    World& world = start(route_to_all);
    const ClientId agent = world.ready_agent("1001", "1001");
    const ClientId monitor = world.client();
    EXPECT_EQ(world.register_dn(monitor, "gcti::im"), 0);
    world.text("1007", "hello");
    world.answer(agent, "1001", world.ringing("1001"));
    world.clear();
    world.text("1007", "test");
    EXPECT_EQ(world.left.sequence(monitor),
              "EventUserEvent@gcti::im EventPrivateInfo@1007 EventPrivateInfo@1001");
    const auto shadow = world.left.events_of(monitor, MessageId::event_user_event).front();
    EXPECT_EQ(shadow.user_event, 2001);
    EXPECT_EQ(shadow.other_dn, "1007");
    EXPECT_EQ(shadow.extensions->text("im"), "test");
    const auto copy = world.left.events_of(agent, MessageId::event_private_info).front();
    EXPECT_EQ(copy.private_msg_id, 3001);
    EXPECT_EQ(copy.media_type, 5);
    EXPECT_EQ(copy.this_dn, "1001");
    EXPECT_EQ(copy.other_dn, "1007");
}

TEST_F(Texts, WrittenBeforeTheAnswerReachTheAgentAfterEstablishedInOrder) {
    World& world = start(route_to_all);
    world.text("carl", "one");
    world.text("carl", "two");
    const ClientId agent = world.ready_agent("1001", "1001");
    world.text("carl", "three");
    world.clear();
    world.answer(agent, "1001", parse_conn_id(world.interactions()[0].conn_id));
    EXPECT_EQ(world.left.sequence(agent),
              "EventEstablished@1001 EventUserEvent@1001 EventPrivateInfo@1001 EventPrivateInfo@1001 "
              "EventPrivateInfo@1001");
    EXPECT_THAT(words_of(world.left.events_of(agent, MessageId::event_private_info)),
                ::testing::ElementsAre("one", "two", "three"));
    EXPECT_THAT(world.left.rows<records::MessageStatus>(), SizeIs(3));
}

TEST_F(Texts, ThatATreatmentCollectedAreNotDeliveredAgain) {
    World& world = start(
        R"(return function(ix) ix:collect_digits{total_timeout=30} ix:route{targets={target.group "All_Agents"}} end)");
    const ClientId agent = world.ready_agent("1001", "1001");
    world.text("carl", "billing");
    world.answer(agent, "1001", world.ringing("1001"));
    EXPECT_THAT(world.left.events_of(agent, MessageId::event_private_info), SizeIs(0));
}

TEST_F(Texts, OfAnAgentComeBackToHimWithHisReferenceID) {
    World& world = start(route_to_all);
    const ClientId agent = world.ready_agent("1001", "1001");
    const ClientId second = world.client();
    world.register_dn(second, "1001");
    world.text("carl", "hello");
    world.answer(agent, "1001", world.ringing("1001"));
    world.clear();
    world.say(agent, "1001", parse_conn_id(world.interactions()[0].conn_id), "hi");
    const auto own = world.left.events_of(agent, MessageId::event_private_info);
    const auto others = world.left.events_of(second, MessageId::event_private_info);
    ASSERT_THAT(own, SizeIs(1));
    ASSERT_THAT(others, SizeIs(1));
    EXPECT_TRUE(own[0].reference_id);
    EXPECT_FALSE(others[0].reference_id);
    EXPECT_EQ(own[0].extensions->text("im"), "hi");
    EXPECT_EQ(world.left.texts[0].text, "[1001/E1001] hi");
}

TEST_F(Texts, AreRecordedAsDeliveredOrFailedAsTheCustomersSideAnswers) {
    World& world = start(route_to_all);
    const ClientId agent = world.ready_agent("1001", "1001");
    const ConnId conn = carl_talks_to(agent, world);
    world.deliver_texts();
    world.clear();
    world.say(agent, "1001", conn, "one");
    world.deliver_texts(200);
    world.say(agent, "1001", conn, "two");
    world.deliver_texts(480);
    const auto rows = world.left.rows<records::Message>();
    const auto ends = world.left.rows<records::MessageStatus>();
    ASSERT_THAT(rows, SizeIs(2));
    ASSERT_THAT(ends, SizeIs(2));
    EXPECT_EQ(rows[0].status, "pending");
    EXPECT_EQ(ends[0].status, "delivered");
    EXPECT_EQ(ends[1].status, "failed");
    EXPECT_EQ(ends[0].id, rows[0].id);
    EXPECT_EQ(ends[1].id, rows[1].id);
}

TEST_F(Texts, KeepTheAgentsPrefixWhenHeLeavesTheConfigurationWhileHeTalks) {
    model::Site site = small_site();
    for (std::uint32_t id = 0; auto& person : site.tenants[0].persons) person.dbid = ++id;
    World& world = start(route_to_all, site);
    const ClientId agent = world.ready_agent("1001", "1001");
    const ConnId conn = carl_talks_to(agent, world);
    std::erase_if(site.tenants[0].persons, [](const auto& person) { return person.user_name == "ann"; });
    world.command(messages::ConfigChanged{std::make_shared<const model::Snapshot>(site)});
    world.say(agent, "1001", conn, "still here");
    EXPECT_EQ(world.left.texts.back().text, "[1001/E1001] still here");
}

}  // namespace
}  // namespace trunkline::testing
