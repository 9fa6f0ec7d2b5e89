// What a script still sees of its interaction once that is over: it may clean up, count and tell, and nothing
// of that is an error.
#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class AfterTheEnd : public EngineTest {
  protected:
    static model::Site berlin() {
        model::Site site = small_site();
        site.tenants[0].timezone = "Europe/Berlin";
        return site;
    }
    /// Two lines of the same, said before and after the end.
    static void expect_the_same_twice(const World& world, const std::string& beginning) {
        const std::string all = said(world);
        const auto middle = all.find('|');
        ASSERT_NE(middle, std::string::npos) << all;
        EXPECT_EQ(all.substr(0, middle), all.substr(middle + 1));
        EXPECT_THAT(all, ::testing::StartsWith(beginning));
        EXPECT_THAT(all, ::testing::Not(HasSubstr("nil")));
        EXPECT_EQ(world.engine.status(world.now).script_errors_total, 0);
        EXPECT_THAT(world.interactions(), IsEmpty());
    }
    static std::vector<std::string> changed_keys(const World& world) {
        std::vector<std::string> keys;
        for (const auto& row : world.left.rows<records::Userdata>()) keys.push_back(row.key_);
        return keys;
    }
};

const std::string tells = R"(
local function tell(ix)
  log.info(ix.customer, ix.id, ix.conn_id, ix.media, ix.media_type, ix.ani, ix.dnis, ix.routing_point, ix.tenant,
           ix.call_type, ix.created, ix.elapsed, ix.priority, ix.strategy, ix.state, ix.userdata.k,
           os.date("%H:%M"), os.time{year = 2026, month = 7, day = 1}, time.in_hours("daily 01:00-02:00"),
           config.list("vip", "sip:rich@example.com"), config.option("agent:ann", "desk", "side"),
           config.option("dn:1111", "TServer", "default-dn"))
end
)";

model::Site with_a_desk(model::Site site) {
    site.tenants[0].persons[0].options["desk"]["side"] = "left";
    return site;
}

TEST_F(AfterTheEnd, OfACustomerWhoLeftTheFieldsTheConfigurationAndTheClocksAreAsBefore) {
    World& world = start(tells + R"(
return function(ix)
  ix:set_priority(7)
  ix.userdata.k = "v"
  tell(ix)
  local _, why = ix:sleep(1000)
  if why == "abandoned" then tell(ix) end
end)",
                         with_a_desk(berlin()));
    world.leave(world.session("carl"));
    expect_the_same_twice(world, "sip:carl@example.com ");
    EXPECT_THAT(said(world), HasSubstr(" treatment v 01:00 "));
    EXPECT_THAT(said(world), HasSubstr(" true gold left 1001"));
    EXPECT_EQ(world.left.rows<records::InteractionEnded>()[0].outcome, "abandoned");
}

TEST_F(AfterTheEnd, ByDisconnectTheyAreAsBeforeTooAlsoBehindAWait) {
    World& world = start(tells + R"(
return function(ix)
  ix.userdata.k = "v"
  tell(ix)
  ix:disconnect("closed")
  db.query("SELECT 1")
  tell(ix)
end)",
                         with_a_desk(berlin()));
    world.session("carl");
    expect_the_same_twice(world, "sip:carl@example.com ");
    EXPECT_EQ(world.left.rows<records::InteractionEnded>()[0].outcome, "rejected");
}

TEST_F(AfterTheEnd, WhatIsWrittenToUserDataIsTheScriptsAlone) {
    for (const std::string end : {"ix:sleep(1000)", "ix:disconnect()"}) {
        World& world = start(R"(
return function(ix)
  ix:attach{kept = "yes", gone = "yes"}
  )" + end + R"(
  ix.userdata.x = "late"
  ix.userdata.gone = nil
  log.info(ix:attach{y = 2}, ix:detach("kept"), ix:detach("never"))
  for key, value in pairs(ix.userdata) do log.info(key, value) end
  log.info(select(2, pcall(function() ix.userdata.big = ("x"):rep(70000) end)))
end)");
        const ClientId monitor = world.client();
        world.register_dn(monitor, "1111");
        world.leave(world.session("carl"));
        EXPECT_THAT(said(world), ::testing::StartsWith("true true true|x late|y 2|strategies/main.lua:9: "
                                                       "ix.userdata.big: too much user data"))
            << end;
        EXPECT_EQ(world.engine.status(world.now).script_errors_total, 0);
        EXPECT_THAT(changed_keys(world), UnorderedElementsAre("kept", "gone"))
            << "no row of what came after the end";
        EXPECT_THAT(world.left.events_of(monitor, messages::MessageId::event_attached_data_changed),
                    SizeIs(1));
    }
}

TEST_F(AfterTheEnd, OfAServedChatItsAgentIsStillNamed) {
    World& world = start(R"(
return function(ix)
  ix:route{targets = {target.group "All_Agents"}}
  log.info(ix.agent, ix.state)
  ix:suspend_for_event{type = "EventAgentLogout"}
  log.info(ix.agent, ix.state)
end)");
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    world.answer(ann, "1001", world.ringing("1001"));
    world.release(ann, "1001", world.ringing("1001"));
    EXPECT_EQ(said(world), "ann established|ann established");
}

TEST_F(AfterTheEnd, NamesStillResolveSoThatARouteIsJustAbandoned) {
    World& world = start(R"(
return function(ix)
  ix:sleep(1000)
  log.info(ix:route{targets = {target.group "All_Agents"}})
end)");
    world.leave(world.session("carl"));
    EXPECT_EQ(said(world), "nil abandoned");
    for (const auto& line : world.left.logs) EXPECT_THAT(line.text, ::testing::Not(HasSubstr("there is no")));
}

TEST_F(AfterTheEnd, CloseVariablesSeeItTooAndAnErrorIsTold) {
    World& world = start(R"(
return function(ix)
  local guard <close> = setmetatable({}, {__close = function() log.info("closed", ix.customer) end})
  while true do
    local _, why = ix:sleep(1000)
    if ix.ani == "dora" then error("dora's") end
  end
end)");
    world.leave(world.session("carl"));
    EXPECT_EQ(said(world), "closed sip:carl@example.com");
    EXPECT_EQ(world.engine.status(world.now).script_errors_total, 0);
    world.leave(world.session("dora"));
    EXPECT_EQ(world.engine.status(world.now).script_errors_total, 1);
    ASSERT_THAT(world.left.rows<records::TraceStep>(), ::testing::Not(IsEmpty()));
    const auto last = world.left.rows<records::TraceStep>().back();
    EXPECT_EQ(last.step, "error");
    EXPECT_EQ(last.line, 6);
}

}  // namespace
}  // namespace trunkline::testing
