// A customer may hang up at any moment, and what a script does about it may be anything at all. lessons B8.63
#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using ::testing::Contains;
using ::testing::Field;
using ::testing::IsEmpty;

struct Moment {
    const char* name;
    const char* text;  // where the customer hangs up
};

constexpr Moment moments[] = {
    {"ReceivingText", "ix:receive_text{timeout = 60, first_too = false}"},
    {"CollectingDigits", "ix:collect_digits{total_timeout = 60} ix:collect_digits{total_timeout = 60}"},
    {"Sleeping", "ix:sleep(1000)"},
    {"WaitingForAnAgent", "ix:route{targets = {target.agent 'bob'}, timeout = 100}"},
    {"InABusyTreatment",
     "ix:route{targets = {target.agent 'bob'}, on_wait = function(i) local g <close> = guard() i:sleep(999) "
     "end}"},
    {"WhileAnAgentRings", "ix:route{targets = {target.agent 'ann'}}"},
    {"WhileADnRings", "ix:route_to('1001')"},
    {"InAClientsHands", "ix:route_by_client{timeout = 60}"},
    {"AskingADatabase", "db.query('SELECT 1')"},
    {"AskingTheWeb", "http.get('https://example.com/')"},
    {"WaitingForAnEvent", "ix:suspend_for_event{type = 150, timeout = 60}"},
    {"InACoroutine", "coroutine.wrap(function() local g <close> = guard() ix:sleep(1000) end)()"},
    {"UnderPcall", "pcall(function() local g <close> = guard() ix:sleep(1000) end)"},
};

// What a script does when it is told or closed.
constexpr const char* reactions[] = {
    "error('no')",
    "error({})",
    "error(setmetatable({}, {__tostring = function() while true do end end}))",
    "while true do end",
    "local s = 'x' while true do s = s .. s end",
    "ix:sleep(1)",
    "ix:receive_text{}",
    "ix:route{targets = {target.group 'All_Agents'}}",
    "ix:send_text('bye')",
    "ix.userdata.last = 'word'",
    "ix:disconnect('gone')",
    "coroutine.wrap(function() ix:sleep(5) end)()",
    "coroutine.yield()",
    "local g <close> = guard()",
};

class HangUps : public EngineTest, public ::testing::WithParamInterface<Moment> {};

TEST_P(HangUps, EndTheInteractionWhateverItsScriptDoes) {
    for (const std::string reaction : reactions) {
        SCOPED_TRACE(reaction);
        World& world = start(
            "return function(ix)\n"
            "  if ix.ani == 'bystander' then ix:send_text('served') return end\n"
            "  local depth = 0\n"
            "  local function guard()\n"
            "    return setmetatable({}, {__close = function()\n"
            "      depth = depth + 1\n"
            "      if depth < 5 then " +
            reaction +
            " end\n"
            "    end})\n"
            "  end\n"
            "  local first <close> = guard()\n"
            "  while true do " +
            std::string(GetParam().text) +
            " end\n"
            "end");
        world.ready_agent("1001", "1001");
        const std::string leg = world.session("sue");
        world.session_text(leg, "hello");
        ASSERT_EQ(world.interactions().size(), 1U);
        world.leave(leg);
        world.pass(seconds(1));
        EXPECT_THAT(world.interactions(), IsEmpty());
        world.clear();
        world.text("bystander", "hello");
        EXPECT_THAT(world.left.texts, Contains(Field(&messages::SendText::text, "served")));
        TearDown();  // nothing is left of it
    }
}

INSTANTIATE_TEST_SUITE_P(Moments, HangUps, ::testing::ValuesIn(moments),
                         [](const auto& moment) { return std::string(moment.param.name); });

}  // namespace
}  // namespace trunkline::testing
