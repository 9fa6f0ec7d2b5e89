// Scripts that ask databases and the web, in virtual time: every question ends, whatever is answered or not.
#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using messages::SqlValue;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr auto looks_up = R"(return function(ix)
  local rows, why = db.query("SELECT tier FROM script.customer WHERE ani = $1", {ix.ani}, {timeout = 3})
  ix:send_text(rows and "tier " .. rows[1].tier or "none: " .. why)
  ix:receive_text{timeout = 60, first_too = false}
end)";

constexpr auto asks_the_web = R"(return function(ix)
  local answer, why = http.get("https://example.com/" .. ix.ani)
  ix:send_text(answer and answer.status .. " " .. answer.body or "none: " .. why)
  ix:receive_text{timeout = 60, first_too = false}
end)";

class Outside : public EngineTest {
  protected:
    template <class Effect>
    static std::vector<Effect> sent(const World& world) {
        std::vector<Effect> found;
        for (const auto& effect : world.left.all)
            if (const auto* is = std::get_if<Effect>(&effect)) found.push_back(*is);
        return found;
    }
    static std::vector<std::string> texts(const World& world) {
        std::vector<std::string> found;
        for (const auto& text : world.left.texts) found.push_back(text.text);
        return found;
    }
    static messages::QueryAnswered gold(OutsideId id) { return {id, {{"tier"}, {{SqlValue{"gold"}}}, ""}}; }
};

TEST_F(Outside, AQueryLeavesAsAnEffectAndItsRowsComeBackToTheScript) {
    World& world = start(looks_up);
    world.text("sue", "hello");
    const auto asked = sent<messages::RunQuery>(world);
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(std::get<std::string>(asked[0].query.parameters.at(0).is), "sue");
    EXPECT_EQ(asked[0].query.timeout, seconds(3));
    EXPECT_THAT(texts(world), IsEmpty());
    world.command(gold(asked[0].id));
    EXPECT_THAT(texts(world), ElementsAre("tier gold"));
}

TEST_F(Outside, AWebRequestLikewise) {
    World& world = start(asks_the_web);
    world.text("sue", "hello");
    const auto asked = sent<messages::SendHttp>(world);
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].request.url, "https://example.com/sue");
    world.command(messages::HttpAnswered{asked[0].id, {200, {}, {"fine"}, ""}});
    EXPECT_THAT(texts(world), ElementsAre("200 fine"));
}

TEST_F(Outside, AnErrorIsNilAndItsMessage) {
    World& world = start(looks_up);
    world.text("sue", "hello");
    world.command(messages::QueryAnswered{sent<messages::RunQuery>(world).at(0).id, {{}, {}, "busy"}});
    EXPECT_THAT(texts(world), ElementsAre("none: busy"));
}

TEST_F(Outside, WithoutAnAnswerTheScriptGoesOnAtItsTimeAndALateAnswerIsNotHeard) {
    World& world = start(looks_up);
    world.text("sue", "hello");
    const OutsideId id = sent<messages::RunQuery>(world).at(0).id;
    world.pass(milliseconds(2999));
    EXPECT_THAT(texts(world), IsEmpty());
    world.pass(milliseconds(1));
    EXPECT_THAT(texts(world), ElementsAre("none: timeout"));
    world.command(gold(id));
    EXPECT_THAT(texts(world), ElementsAre("none: timeout"));
}

TEST_F(Outside, ACustomerWhoLeavesMeanwhileEndsTheWaitAndTheAnswerIsNotHeard) {
    World& world = start(looks_up);
    const std::string leg = world.session("sue");
    const OutsideId id = sent<messages::RunQuery>(world).at(0).id;
    world.leave(leg);
    EXPECT_THAT(world.interactions(), IsEmpty());
    world.command(gold(id));
    EXPECT_THAT(texts(world), IsEmpty());
}

TEST_F(Outside, TheSecondAnswerAndOneToNobodyAreNotHeard) {
    World& world = start(looks_up);
    world.text("sue", "hello");
    const OutsideId id = sent<messages::RunQuery>(world).at(0).id;
    world.command(gold(OutsideId(id.value() + 1)));
    EXPECT_THAT(texts(world), IsEmpty());
    world.command(gold(id));
    world.command(gold(id));
    EXPECT_THAT(texts(world), ElementsAre("tier gold"));
}

TEST_F(Outside, TextsOfTheCustomerWaitUntilTheScriptReadsThem) {
    World& world = start(R"(return function(ix)
      db.query("SELECT 1")
      ix:send_text("you said " .. (ix:receive_text{timeout = 5} or "nothing"))
      ix:receive_text{timeout = 60}
    end)");
    world.text("sue", "hello");
    world.command(gold(sent<messages::RunQuery>(world).at(0).id));
    EXPECT_THAT(texts(world), ElementsAre("you said hello"));
}

// The busy treatment asks too, and is cut short with its question when an agent is found.
TEST_F(Outside, ABusyTreatmentAsksForItselfAndIsCutShortWithItsQuestion) {
    World& world = start(R"(return function(ix)
      ix:route{targets = {target.group "All_Agents"}, timeout = 60, on_wait = function(waiting)
        local rows = db.query("SELECT tier")
        waiting:send_text("tier " .. rows[1].tier)
        db.query("SELECT again")
        waiting:send_text("never")
      end}
    end)");
    world.text("sue", "hello");
    world.command(gold(sent<messages::RunQuery>(world).at(0).id));
    EXPECT_THAT(texts(world), ElementsAre("tier gold"));
    const ClientId ann = world.ready_agent("1001", "1001");
    world.answer(ann, "1001", world.ringing("1001"));
    world.command(gold(sent<messages::RunQuery>(world).at(1).id));
    EXPECT_THAT(texts(world), ElementsAre("tier gold"));
}

// lessons B8: what a customer is asked about goes to the database, not into traces.
TEST_F(Outside, TracesKeepNoParameter) {
    World& world = start(looks_up);
    world.text("sue", "hello");
    bool traced = false;
    for (const auto& row : world.left.rows<records::TraceStep>()) {
        traced = traced || row.step == "query";
        EXPECT_THAT(row.detail.is, ::testing::Not(HasSubstr("sue")));
    }
    EXPECT_TRUE(traced);
}

}  // namespace
}  // namespace trunkline::testing
