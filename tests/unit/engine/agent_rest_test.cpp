// After-call work, legal guard and what an agent asks for while he works.
#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using messages::MessageId;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class AgentRest : public EngineTest {
  protected:
    static model::Site site_with(const std::map<std::string, std::string>& login_options) {
        model::Site site = small_site();
        for (const auto& [key, value] : login_options)
            site.switches[0].agent_logins[0].options["TServer"][key] = value;
        return site;
    }
    /// A session of ann's, from the first text to her release.
    static void one_session(World& world, ClientId ann, const std::string& customer) {
        world.text(customer, "hello");
        const ConnId conn = world.ringing("1001");
        world.answer(ann, "1001", conn);
        world.release(ann, "1001", conn);
    }
    static int not_ready(World& world, ClientId client, std::int64_t mode, const char* reason = nullptr) {
        messages::TMessage request;
        request.message = MessageId::request_agent_not_ready;
        request.this_dn = "1001";
        request.agent_work_mode = mode;
        if (reason != nullptr) {
            KvList list;
            list.add("ReasonCode", reason);
            request.reasons = std::make_shared<const KvList>(std::move(list));
        }
        return world.request(client, std::move(request));
    }
    static std::string state(const World& world) { return world.engine.agents(world.now)[0].state; }
    static std::vector<std::string> reported(const World& world) {
        std::vector<std::string> states;
        for (const auto& row : world.left.rows<records::AgentStateEntered>()) states.push_back(row.state);
        return states;
    }
};

TEST_F(AgentRest, GoesFromWorkOverAfterCallWorkAndLegalGuardToReady) {
    World& world = start(route_to_all, site_with({{"wrap-up-time", "15"}, {"legal-guard-time", "5"}}));
    const ClientId ann = world.ready_agent("1001", "1001");
    world.clear();
    one_session(world, ann, "carl");
    world.pass(seconds(15));
    world.text("dora", "hello");
    EXPECT_EQ(state(world), "LegalGuard");
    EXPECT_EQ(world.interactions()[0].state, "waiting");
    world.pass(seconds(5));
    EXPECT_EQ(world.left.sequence(ann),
              "EventRinging@1001 EventEstablished@1001 EventUserEvent@1001 EventPrivateInfo@1001 "
              "EventReleased@1001 "
              "EventAgentNotReady@1001 "
              "EventAgentNotReady@1001 EventAgentReady@1001 EventRinging@1001");
    const auto rests = world.left.events_of(ann, MessageId::event_agent_not_ready);
    EXPECT_EQ(rests[0].agent_work_mode, 3);
    EXPECT_EQ(rests[1].agent_work_mode, 2);
    EXPECT_THAT(reported(world), ElementsAre("Busy", "AfterCallWork", "LegalGuard", "Ready"));
}

TEST_F(AgentRest, LegalGuardFollowsASessionWithoutAfterCallWork) {
    World& world = start(route_to_all, site_with({{"legal-guard-time", "5"}}));
    const ClientId ann = world.ready_agent("1001", "1001");
    one_session(world, ann, "carl");
    EXPECT_EQ(state(world), "LegalGuard");
    world.pass(seconds(5));
    EXPECT_EQ(state(world), "Ready");
}

TEST_F(AgentRest, LegalGuardCannotBeAskedForNorCutShort) {
    World& world = start(route_to_all, site_with({{"legal-guard-time", "5"}}));
    const ClientId ann = world.ready_agent("1001", "1001");
    EXPECT_EQ(not_ready(world, ann, 2), 53);
    one_session(world, ann, "carl");
    EXPECT_EQ(world.ready(ann, "1001"), 185);
    EXPECT_EQ(not_ready(world, ann, 3), 185);
    EXPECT_EQ(not_ready(world, ann, 4, "lunch"), 0);
    world.pass(seconds(1));
    world.clear();
    EXPECT_EQ(world.ready(ann, "1001"), 0);  // the rest that is still owed comes first
    EXPECT_EQ(world.left.sequence(ann), "EventAgentNotReady@1001");
    EXPECT_EQ(state(world), "LegalGuard");
    world.pass(seconds(4));
    EXPECT_EQ(state(world), "Ready");
}

TEST_F(AgentRest, ReadyAskedForInAfterCallWorkEndsItButNotTheLegalGuard) {
    World& world = start(route_to_all, site_with({{"wrap-up-time", "60"}, {"legal-guard-time", "5"}}));
    const ClientId ann = world.ready_agent("1001", "1001");
    one_session(world, ann, "carl");
    world.pass(seconds(10));
    EXPECT_EQ(world.ready(ann, "1001"), 0);
    EXPECT_EQ(state(world), "LegalGuard");
    world.pass(seconds(5));
    EXPECT_EQ(state(world), "Ready");
}

// lessons B2.19, B3.28, B4.35: after-call work is the agent's own, whatever queue or DN the session came
// from.
TEST_F(AgentRest, IsTheAgentsNotTheQueuesAndEndsForEachAgentAlone) {
    model::Site site = site_with({{"wrap-up-time", "30"}});
    site.switches[0].agent_logins[1].options["TServer"]["wrap-up-time"] = "5";
    site.switches[0].dns.push_back({0, "1113", "RoutingPoint", "main", {}});
    add_second_dn(site);
    World& world = start(route_to_all, site);
    const ClientId ann = world.ready_agent("1001", "1001");
    const ClientId bob = world.ready_agent("1002", "1002");
    world.text("carl", "hello");
    world.text("dora", "hello");
    world.answer(ann, "1001", world.ringing("1001"));
    world.answer(bob, "1002", world.ringing("1002"));
    world.release(ann, "1001", world.ringing("1001"));
    world.release(bob, "1002", world.ringing("1002"));
    // She logs in at her other DN of the place: she rests there as well.
    world.register_dn(ann, "1011");
    EXPECT_EQ(world.log_in(ann, "1011", "1001", 2), 0);
    world.clear();
    world.text("erin", "hello", "1113");
    EXPECT_EQ(world.interactions()[0].state, "waiting");
    world.pass(seconds(5));
    EXPECT_TRUE(world.ringing("1002"));  // his ended first, hers has not
    EXPECT_FALSE(world.ringing("1011"));
    world.command(
        messages::ConfigChanged{std::make_shared<const model::Snapshot>(site)});  // a reload changes nothing
    world.pass(seconds(14));
    EXPECT_EQ(state(world), "AfterCallWork");
    world.pass(seconds(11));
    EXPECT_EQ(state(world), "Ready");
}

TEST_F(AgentRest, TakesItsTimeFromTheAgentLoginThenTheRoutingPointThenTheDn) {
    struct Case {
        const char *login, *point, *dn;
        int seconds;
    };
    for (const Case& c :
         {Case{"", "", "7", 7}, Case{"", "9", "7", 9}, Case{"5", "9", "7", 5}, Case{"0", "9", "7", 0}}) {
        model::Site site = small_site();
        const auto set = [](model::Options& options, const char* value) {
            if (*value != 0) options["TServer"]["wrap-up-time"] = value;
        };
        set(site.switches[0].agent_logins[0].options, c.login);
        set(dn_of(site, "1111").options, c.point);
        set(dn_of(site, "1001").options, c.dn);
        World& world = start(route_to_all, site);
        const ClientId ann = world.ready_agent("1001", "1001");
        one_session(world, ann, "carl");
        EXPECT_EQ(state(world), c.seconds == 0 ? "Ready" : "AfterCallWork");
        if (c.seconds == 0) continue;
        world.pass(seconds(c.seconds - 1));
        EXPECT_EQ(state(world), "AfterCallWork");
        world.pass(seconds(1));
        EXPECT_EQ(state(world), "Ready");
    }
}

TEST_F(AgentRest, UntimedLastsUntilTheAgentAsksForAnotherState) {
    World& world = start(route_to_all, site_with({{"wrap-up-time", "untimed"}}));
    const ClientId ann = world.ready_agent("1001", "1001");
    one_session(world, ann, "carl");
    world.pass(seconds(7200));
    EXPECT_EQ(state(world), "AfterCallWork");
    EXPECT_EQ(world.ready(ann, "1001"), 0);
    EXPECT_EQ(state(world), "Ready");
}

TEST_F(AgentRest, AskedForWithNothingInHandIsTimedAndThenReady) {
    World& world = start(route_to_all, site_with({{"wrap-up-time", "15"}}));
    const ClientId ann = world.ready_agent("1001", "1001");
    world.not_ready(ann, "1001");
    EXPECT_EQ(not_ready(world, ann, 3, "papers"), 0);
    EXPECT_EQ(state(world), "AfterCallWork");
    world.pass(seconds(15));
    EXPECT_EQ(state(world), "Ready");
}

TEST_F(AgentRest, AskedForGoesBackToWhatWasWhereForceReadyIsOff) {
    World& world =
        start(route_to_all, site_with({{"wrap-up-time", "15"}, {"acw-in-idle-force-ready", "false"}}));
    const ClientId ann = world.ready_agent("1001", "1001");
    not_ready(world, ann, 4, "lunch");
    not_ready(world, ann, 3);
    world.clear();
    world.pass(seconds(15));
    EXPECT_EQ(state(world), "NotReady");
    EXPECT_EQ(world.left.events_of(ann, MessageId::event_agent_not_ready)[0].reasons->text("ReasonCode"),
              "lunch");
}

TEST_F(AgentRest, AskedForHasNoTimeWhereTimedAcwInIdleIsOff) {
    World& world = start(route_to_all, site_with({{"wrap-up-time", "15"}, {"timed-acw-in-idle", "false"}}));
    const ClientId ann = world.ready_agent("1001", "1001");
    not_ready(world, ann, 3);
    world.pass(seconds(3600));
    EXPECT_EQ(state(world), "AfterCallWork");
}

TEST_F(AgentRest, NotReadyAskedForDuringASessionIsWhereItsReleaseLeads) {
    World& world = start(route_to_all, site_with({{"wrap-up-time", "15"}}));
    const ClientId ann = world.ready_agent("1001", "1001");
    const ConnId conn = carl_talks_to(ann, world);
    world.clear();
    EXPECT_EQ(not_ready(world, ann, 4, "lunch"), 0);
    EXPECT_EQ(state(world), "Busy");
    world.release(ann, "1001", conn);
    EXPECT_EQ(state(world), "NotReady");
    EXPECT_EQ(world.left.sequence(ann), "EventAgentNotReady@1001 EventReleased@1001");
    world.pass(seconds(3600));
    EXPECT_EQ(state(world), "NotReady");
}

TEST_F(AgentRest, AfterCallWorkAskedForDuringASessionBeginsItsTimeAtTheRelease) {
    World& world = start(route_to_all, site_with({{"wrap-up-time", "15"}}));
    const ClientId ann = world.ready_agent("1001", "1001");
    const ConnId conn = carl_talks_to(ann, world);
    not_ready(world, ann, 3);
    world.pass(seconds(60));
    EXPECT_EQ(state(world), "Busy");
    world.release(ann, "1001", conn);
    EXPECT_EQ(state(world), "AfterCallWork");
    world.pass(seconds(15));
    EXPECT_EQ(state(world), "Ready");
}

TEST_F(AgentRest, AnAgentWhoLogsOutLeavesNoTimerBehind) {
    World& world = start(route_to_all, site_with({{"wrap-up-time", "15"}, {"legal-guard-time", "5"}}));
    const ClientId ann = world.ready_agent("1001", "1001");
    one_session(world, ann, "carl");
    EXPECT_EQ(world.log_out(ann, "1001"), 0);
    world.close(ann);
    EXPECT_THAT(world.engine.residue(), IsEmpty());
}

}  // namespace
}  // namespace trunkline::testing
