// Live statistics of an engine at work, asked as trunkctl, /api/v1/stat and scripts ask them.
#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using statistics::Figure;
using ::testing::HasSubstr;

class LiveStatistics : public EngineTest {
  protected:
    static Figure ask(const World& world, const std::string& object, const std::string& name) {
        const auto answer = world.engine.statistic("", object, name, world.now);
        EXPECT_TRUE(answer) << answer.error().message;
        return answer ? answer->value : Figure();
    }
    static std::string refusal(const World& world, const std::string& object, const std::string& name,
                               const std::string& tenant = "") {
        const auto answer = world.engine.statistic(tenant, object, name, world.now);
        return answer ? "" : answer.error().message;
    }
    static std::int64_t count(const World& world, const std::string& object, const std::string& name) {
        const Figure figure = ask(world, object, name);
        return std::holds_alternative<std::int64_t>(figure) ? std::get<std::int64_t>(figure) : -1;
    }
    static double number(const World& world, const std::string& object, const std::string& name) {
        const Figure figure = ask(world, object, name);
        return std::holds_alternative<double>(figure) ? std::get<double>(figure) : -1;
    }
    static std::string state(const World& world) {
        return std::get<std::string>(ask(world, "agent:ann", "CurrentAgentState"));
    }
};

TEST_F(LiveStatistics, FollowAnAgentThroughASession) {
    model::Site site = small_site();
    site.switches[0].agent_logins[0].options["TServer"]["wrap-up-time"] = "15";
    World& world = start(route_to_all, site);
    EXPECT_EQ(state(world), "LoggedOut");
    const ClientId ann = world.client();
    world.register_dn(ann, "1001");
    world.log_in(ann, "1001", "1001");
    EXPECT_EQ(state(world), "NotReadyForNextCall");
    world.ready(ann, "1001");
    EXPECT_EQ(state(world), "WaitForNextCall");
    world.pass(seconds(30));
    world.text("carl", "hello");
    EXPECT_EQ(state(world), "CallRinging");
    EXPECT_EQ(count(world, "group:All_Agents", "CurrentReadyAgents"), 0);
    world.pass(seconds(5));
    world.answer(ann, "1001", world.ringing("1001"));
    EXPECT_EQ(state(world), "CallInbound");
    EXPECT_EQ(count(world, "skill:billing >= 5", "StatAgentsBusy"), 1);
    EXPECT_EQ(count(world, "skill:billing < 5", "StatAgentsBusy"), 0);
    world.pass(seconds(40));
    EXPECT_EQ(number(world, "ann", "Total_Talk_Time"), 40);
    EXPECT_EQ(ask(world, "ann", "AverHandleTime"), Figure()) << "nothing is over yet";
    world.release(ann, "1001", world.ringing("1001"));
    EXPECT_EQ(state(world), "AfterCallWork");
    world.pass(seconds(20));
    EXPECT_EQ(state(world), "WaitForNextCall");
    EXPECT_EQ(count(world, "agent:1001", "TotalNumberInboundCalls"), 1) << "by Agent Login code";
    EXPECT_EQ(number(world, "ann", "Total_Ready_Time"), 40) << "ringing is in it, as in the reports";
    EXPECT_EQ(number(world, "ann", "Total_Work_Time"), 15);
    EXPECT_EQ(number(world, "ann", "AverHandleTime"), 55);
    EXPECT_EQ(number(world, "ann", "StatAgentOccupancy"), 100 * 55.0 / 95);
    EXPECT_EQ(number(world, "place:P1001", "Total_Login_Time"), 95);
    EXPECT_EQ(count(world, "tenant:Resources", "CurrentLoggedInAgents"), 1);
}

TEST_F(LiveStatistics, CallASessionFromADnOfTheSwitchInternal) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("1002", "hello");
    world.answer(ann, "1001", world.ringing("1001"));
    EXPECT_EQ(state(world), "CallInternal");
    EXPECT_EQ(count(world, "ann", "TotalNumberInboundCalls"), 0);
}

TEST_F(LiveStatistics, CountWhoWaitsInAQueueAndWhoGaveUp) {
    model::Site site = small_site();
    site.switches[0].dns.push_back({0, "VQ", "VirtualQueue", "", {}});
    World& world = start(R"(
return function(ix)
  ix:route{targets = {target.group "All_Agents"}, queue = "VQ"}
end)",
                         site);
    world.text("carl", "hello");
    const std::string leg = world.session("dora");
    world.pass(seconds(12));
    EXPECT_EQ(count(world, "queue:VQ", "CurrNumberWaitingCalls"), 2);
    EXPECT_EQ(count(world, "dn:VQ", "CurrNumberWaitingCalls"), 2);
    EXPECT_EQ(count(world, "1111", "RStatCallsInQueue"), 2) << "the routing point";
    EXPECT_EQ(number(world, "VQ@sip_switch", "CurrMaxCallWaitingTime"), 12);
    world.leave(leg);
    EXPECT_EQ(count(world, "VQ", "Total_Calls_Abandoned"), 1);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.answer(ann, "1001", world.ringing("1001"));
    EXPECT_EQ(count(world, "VQ", "CurrNumberWaitingCalls"), 0);
    EXPECT_EQ(count(world, "VQ", "Total_Calls_Answered"), 1);
    EXPECT_EQ(number(world, "VQ", "ServiceFactor1"), 50);
    EXPECT_EQ(count(world, "VQ", "CurrentLoggedInAgents"), 0) << "her log-in named no queue";
}

TEST_F(LiveStatistics, SayWhatThereIsNot) {
    model::Site site = small_site();
    model::Tenant other = site.tenants[0];
    other.name = "Other";
    other.persons.clear();
    other.places.clear();
    other.agent_groups = {{0, "All_Agents", {}, "", {}}};
    site.tenants.push_back(other);
    World& world = start(route_to_all, site);
    EXPECT_THAT(refusal(world, "ann", "CurrentAgentStat"), HasSubstr("did you mean CurrentAgentState?"));
    EXPECT_THAT(refusal(world, "nobody", "CurrentAgentState"), HasSubstr("there is no object 'nobody'"));
    EXPECT_THAT(refusal(world, "agent:1111", "CurrentAgentState"),
                HasSubstr("there is no object 'agent:1111'"));
    EXPECT_EQ(refusal(world, "ann", "CurrNumberWaitingCalls"),
              "'CurrNumberWaitingCalls' is a statistic of queues and routing points, and agent:ann is none");
    EXPECT_THAT(refusal(world, "dn:1111", "CurrentAgentState"), HasSubstr("is a statistic of one agent"));
    EXPECT_EQ(refusal(world, "All_Agents", "CurrentReadyAgents"),
              "'All_Agents' is in tenant 'Resources' and in 'Other': say which");
    EXPECT_EQ(refusal(world, "All_Agents", "CurrentReadyAgents", "Other"), "");
    EXPECT_EQ(refusal(world, "All_Agents", "CurrentReadyAgents", "No\nbody"),
              "there is no tenant 'No\\x0abody'");
    EXPECT_THAT(refusal(world, "ann", "CurrentAgentState", "Other"), HasSubstr("there is no object 'ann'"));
}

TEST_F(LiveStatistics, AreReadByAStrategyOfItsOwnTenant) {
    World& world = start(R"(
return function(ix)
  log.info(stat.get(target.group "All_Agents", "CurrentReadyAgents"), stat.get("agent:ann", "CurrentAgentState"),
           stat.get("dn:1111", "CurrNumberWaitingCalls"), stat.get(target.agent "ann", "AverHandleTime"))
  local figure, why = stat.get("queue:nowhere", "CurrNumberWaitingCalls")
  log.info(figure, why ~= nil)
end)");
    world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    EXPECT_EQ(said(world), "1 WaitForNextCall 1 nil|nil true");
}

}  // namespace
}  // namespace trunkline::testing
