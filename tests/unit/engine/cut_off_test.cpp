#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class CutOff : public EngineTest {
  protected:
    static constexpr CallUuid old_one{7, 9};
    static messages::SessionsCutOff carl() {
        return {{{old_one,
                  {messages::LegKind::pager, World::pager_key("carl"), "sip:192.0.2.1:5060"},
                  "1111",
                  "cc.example.com",
                  "sip:carl@example.com"}}};
    }
};

TEST_F(CutOff, CustomersAreToldAndTheirNextTextNamesTheOldInteraction) {
    model::Site site = small_site();
    dn_of(site, "1111").options["TServer"]["im-restart-text"] = "We are back";
    World& world = start(route_to_all, site);
    world.command(carl());
    ASSERT_THAT(world.left.texts, SizeIs(1));
    EXPECT_EQ(world.left.texts[0].text, "We are back");
    EXPECT_EQ(world.left.texts[0].to, "sip:carl@example.com");
    EXPECT_EQ(world.left.texts[0].leg.route, "sip:192.0.2.1:5060");
    const auto told = world.left.rows<records::Message>();
    ASSERT_THAT(told, SizeIs(1));
    EXPECT_EQ(told[0].interaction_id, old_one);
    EXPECT_EQ(told[0].direction, "system");
    world.deliver_texts();
    EXPECT_EQ(world.left.rows<records::MessageStatus>()[0].status, "delivered");

    EXPECT_EQ(world.text("carl", "hello again"), 200);
    EXPECT_EQ(world.left.rows<records::InteractionStarted>()[0].parent_id, old_one);
}

TEST_F(CutOff, CustomersWhoWereFasterAreLeftAlone) {
    World& world = start(route_to_all);
    world.text("carl", "are you there?");
    world.clear();
    world.command(carl());
    EXPECT_THAT(world.left.texts, IsEmpty());
}

TEST_F(CutOff, CustomersOfANumberThatIsNoMoreAreNotWrittenTo) {
    model::Site site = small_site();
    dn_of(site, "1111").number = "1119";
    World& world = start(route_to_all, site);
    world.command(carl());
    EXPECT_THAT(world.left.texts, IsEmpty());
}

TEST_F(CutOff, ARowSaysHowToReachTheCustomerAndFollowsHim) {
    World& world = start(route_to_all);
    world.text("carl", "hello");
    const auto begun = world.left.rows<records::InteractionStarted>();
    EXPECT_EQ(begun[0].leg, World::pager_key("carl"));
    EXPECT_EQ(begun[0].leg_host, "cc.example.com");
    EXPECT_EQ(begun[0].leg_route, "sip:192.0.2.1:5060");
    EXPECT_THAT(world.left.rows<records::LegMoved>(), IsEmpty());
    world.command(
        messages::TextReceived{SipTxnId(900),
                               {messages::LegKind::pager, World::pager_key("carl"), "sip:192.0.2.1:9"},
                               "1111",
                               "cc.example.com",
                               "sip:carl@example.com",
                               "carl",
                               "from another port",
                               "00000000000000010000000000000002"});
    ASSERT_THAT(world.left.rows<records::LegMoved>(), SizeIs(1));
    EXPECT_EQ(world.left.rows<records::LegMoved>()[0].leg_route, "sip:192.0.2.1:9");
    EXPECT_EQ(world.left.rows<records::LegMoved>()[0].id, begun[0].id);
    EXPECT_EQ(world.left.rows<records::Message>().back().transaction, "00000000000000010000000000000002");
}

}  // namespace
}  // namespace trunkline::testing
