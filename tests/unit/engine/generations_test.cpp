// Generations of scripts as waiting interactions live through them.
#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;

class Generations : public EngineTest {
  protected:
    static void reload(World& world, const std::string& main) {
        world.command(messages::ScriptsLoaded{scripts_with({{"main", main}}), nullptr});
    }
    /// Leaves this many interactions behind, each in a generation of its own.
    static void one_in_each(World& world, int first, int last, const std::string& main) {
        for (int n = first; n <= last; ++n) {
            world.text("customer" + std::to_string(n), "hello");
            reload(world, main);
        }
    }
    static const std::string& waits() {
        static const std::string text = R"(
return {
  run = function(ix) ix:collect_digits{} ix:route{targets = {target.group "All_Agents"}} end,
  default = function(ix, err) ix:send_text("sorry") ix:default_route() end,
})";
        return text;
    }
};

TEST_F(Generations, TheNinthSendsTheInteractionsOfTheOldestToTheirDefault) {
    World& world = start(waits());
    const ClientId ann = world.client();
    world.register_dn(ann, "1001");
    one_in_each(world, 1, 7, waits());
    EXPECT_FALSE(world.ringing("1001"));
    EXPECT_EQ(world.engine.status(world.now).generations_live, 8);
    one_in_each(world, 8, 8, waits());
    EXPECT_EQ(world.engine.status(world.now).generations_live, 8);
    EXPECT_TRUE(world.ringing("1001"));
    ASSERT_THAT(world.left.texts, ::testing::SizeIs(1));
    EXPECT_EQ(world.left.texts[0].text, "sorry");
    EXPECT_THAT(
        world.left.rows<records::LogEvent>(),
        Contains(Field(&records::LogEvent::text,
                       HasSubstr("strategy ended: strategies/main.lua: ended: it ran in the oldest"))));
    EXPECT_THAT(world.left.rows<records::TraceStep>(), Contains(Field(&records::TraceStep::step, "error")));
}

TEST_F(Generations, AnAgentWhoRingsForTheOldestKeepsRinging) {
    World& world = start(R"(return function(ix) ix:route{targets = {target.group "All_Agents"}} end)");
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    const ConnId conn = world.ringing("1001");
    ASSERT_TRUE(conn);
    for (int n = 0; n < 8; ++n) {
        reload(world, waits());
        world.text("customer" + std::to_string(n), "hello");
    }
    EXPECT_LE(world.engine.status(world.now).generations_live, 8);
    EXPECT_EQ(world.answer(ann, "1001", conn), 0);
    EXPECT_EQ(world.left.events_of(ann, messages::MessageId::event_established).front().conn_id, conn);
}

TEST_F(Generations, ReloadsLoseNobodyWhoWaitsAndKeepTheOrder) {  // lessons B3
    World& world = start(route_to_all);
    for (const std::string who : {"a", "b", "c"}) {
        world.text(who, "hello");
        world.pass(seconds(1));
    }
    for (int n = 0; n < 7; ++n) reload(world, route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    const auto rang = world.left.events_of(ann, messages::MessageId::event_ringing);
    ASSERT_THAT(rang, ::testing::SizeIs(2));
    EXPECT_EQ(rang[0].other_dn, "a");
    EXPECT_EQ(rang[1].other_dn, "b");
}

TEST_F(Generations, AreToldAsSupersededWhenAnotherTookTheirPlace) {
    World& world = start(waits());
    world.text("carl", "hello");  // what runs in the old one does not keep it in force
    const auto loaded = world.left.rows<records::ScriptGeneration>();
    ASSERT_THAT(loaded, ::testing::SizeIs(1));
    world.command(messages::ScriptsLoaded{scripts_with({{"main", "return 5"}}), nullptr});
    EXPECT_THAT(world.left.rows<records::ScriptGenerationReplaced>(), ::testing::IsEmpty())
        << "a refused one takes nobody's place";
    reload(world, waits());
    const auto replaced = world.left.rows<records::ScriptGenerationReplaced>();
    ASSERT_THAT(replaced, ::testing::SizeIs(1));
    EXPECT_EQ(replaced[0].seq, loaded[0].seq);
    EXPECT_EQ(replaced[0].loaded_at, loaded[0].loaded_at);
    EXPECT_EQ(replaced[0].outcome, "superseded");
    reload(world, waits());
    EXPECT_EQ(world.left.rows<records::ScriptGenerationReplaced>().at(1).seq,
              world.left.rows<records::ScriptGeneration>().at(2).seq);
}

TEST_F(Generations, AreRecordedWithTheHashTheTimeAndTheOutcomeAndNamedByEachInteraction) {
    World& world = start(waits());
    const auto next = scripts_with({{"main", "return function(ix) ix:sleep(1000) end"}});
    const auto bad = scripts_with({{"main", "return 5"}});
    world.pass(seconds(7));
    world.command(messages::ScriptsLoaded{bad, nullptr});
    world.pass(seconds(7));
    const TimePoint loaded_at = world.now;
    world.command(messages::ScriptsLoaded{next, nullptr});
    world.text("carl", "hello");
    const auto rows = world.left.rows<records::ScriptGeneration>();
    ASSERT_THAT(rows, ::testing::SizeIs(3));
    EXPECT_EQ(rows[0].hash, scripts_with({{"main", waits()}})->hash);
    EXPECT_EQ(rows[1].hash, bad->hash);
    EXPECT_EQ(rows[1].outcome, "refused");
    EXPECT_EQ(rows[1].generation, std::nullopt);
    EXPECT_EQ(rows[1].loaded_at, loaded_at - seconds(7));
    EXPECT_EQ(rows[2].hash, next->hash);
    EXPECT_EQ(rows[2].outcome, "loaded");
    EXPECT_EQ(rows[2].generation, 2);
    EXPECT_EQ(rows[2].loaded_at, loaded_at);
    EXPECT_NE(rows[0].hash, rows[2].hash);
    EXPECT_EQ(world.left.rows<records::InteractionStarted>()[0].generation, 2);
}

// lessons B4.38
TEST_F(Generations, ThatLowerACapacityRuleEndNoLiveWorkAndAreAskedAnew) {
    const auto with_rule = [](const std::string& rule) {
        auto sources = std::make_shared<scripting::ScriptSources>(*scripts_with({{"main", route_to_all}}));
        for (auto& file : sources->files)
            if (file.path == "capacity/two_chats_or_one_call.lua") file.text = rule;
        return messages::ScriptsLoaded{sources, nullptr};
    };
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    std::vector<ConnId> held;
    for (const char* customer : {"a", "b"}) {
        world.text(customer, "hello");
        held.push_back(world.left.events_of(ann, messages::MessageId::event_ringing).back().conn_id);
        ASSERT_EQ(world.answer(ann, "1001", held.back()), 0);
    }
    world.command(with_rule("return function(load, media) return load.chat < 1 end"));
    EXPECT_EQ(world.engine.agents(world.now)[0].chats, 2) << "both go on";
    for (const auto& row : world.interactions()) EXPECT_EQ(row.state, "established");
    EXPECT_EQ(world.say(ann, "1001", held[0], "still here"), 0);
    for (const char* customer : {"c", "d", "e"}) world.text(customer, "hello");
    world.clear();
    world.release(ann, "1001", held[0]);
    EXPECT_FALSE(world.ringing("1001")) << "one chat is one too many now";
    world.release(ann, "1001", held[1]);
    EXPECT_THAT(world.left.events_of(ann, messages::MessageId::event_ringing), ::testing::SizeIs(1));
    world.clear();
    world.command(with_rule("return function(load, media) return load.chat < 3 end"));
    EXPECT_THAT(world.left.events_of(ann, messages::MessageId::event_ringing), ::testing::SizeIs(2))
        << "asked anew, at once";
}

// Two sizes of memory: the interactions that one has room for and the other has not fill four fifths of the
// difference, whatever the scripts themselves take.
TEST_F(Generations, FromFourFifthsOfTheirMemoryOnNewInteractionsGoToDefaultRouting) {
    constexpr std::int64_t mib = 1024 * 1024;
    constexpr std::int64_t array = 16 * 16384;
    const std::string keeps =
        "return function(ix) local kept = {} for n = 1, 16384 do kept[n] = n end ix:sleep(1000) end";
    const auto room_for = [&](std::int64_t bytes) {
        scripting::Budgets budgets;
        budgets.generation_bytes = bytes;
        World& world = start(keeps, small_site(), false, budgets);
        const ClientId ann = world.client();
        world.register_dn(ann, "1001");
        int customers = 0;
        while (!world.ringing("1001") && customers < 200) {
            EXPECT_THAT(world.left.rows<records::LogEvent>(), ::testing::IsEmpty()) << "below, all start";
            world.text("customer" + std::to_string(customers++), "hello");
        }
        EXPECT_THAT(world.left.rows<records::LogEvent>(),
                    ::testing::ElementsAre(Field(&records::LogEvent::text,
                                                 HasSubstr("not started: the scripts' memory is nearly full "
                                                           "(setting scripts.memory_budget_mib)"))));
        int started = 0;
        for (const auto& row : world.interactions()) started += row.state == "treatment" ? 1 : 0;
        EXPECT_EQ(started, customers - 1) << "only the last went to default routing, the others go on";
        return started;
    };
    const int more = room_for(32 * mib) - room_for(16 * mib);
    EXPECT_NEAR(more, 0.8 * 16 * mib / (array + 2500), 1.5);
}

TEST_F(Generations, WhoseMemoryIsFullEndTheInteractionThatHoldsMostAndNoOther) {
    scripting::Budgets budgets;
    budgets.generation_bytes = 2'200'000;
    World& world = start(R"(return {
  run = function(ix)
    ix:send_text("a moment")
    local kept, step = {}, ix.ani == "big" and 30000 or 10000
    for n = 1, 30 do
      kept[n] = string.rep(string.char(64 + n), step)
      ix:sleep(1)
    end
    ix:sleep(1000)
  end,
  default = function(ix, err) ix:send_text("sorry") ix:sleep(1000) end,
})",
                         small_site(), false, budgets);
    for (const char* customer : {"a", "big", "b", "c", "d", "e", "f"}) world.text(customer, "hello");
    world.pass(seconds(40));
    std::vector<std::string> sorry;
    for (const messages::SendText& text : world.left.texts)
        if (text.text == "sorry") sorry.push_back(text.to);
    EXPECT_THAT(sorry, ::testing::ElementsAre("sip:big@example.com"));
    EXPECT_THAT(world.left.logs, Contains(Field(&messages::WriteLog::text, HasSubstr("memory"))));
}

}  // namespace
}  // namespace trunkline::testing
