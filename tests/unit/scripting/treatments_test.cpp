#include "tests/unit/scripting/scripts.hpp"

namespace trunkline::scripting::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Treatments : public Scripts {};
class Capacity : public Scripts {};

TEST_F(Treatments, CollectDigitsWaitsForTheNextTextAndTakesTheFirst) {
    load_body("log.info(ix:collect_digits{total_timeout = 7, prompt = 'Yes?'})");
    Run run = start();
    EXPECT_EQ(to_text(*run.wait), "text 7 first");
    EXPECT_EQ(host().resume(id, TextArrived{"two words"}).outcome, Outcome::finished);
    EXPECT_THAT(port.calls, ElementsAre("begin collect_digits", "text Yes?",
                                        R"(end ok {"name":"collect_digits"})", "info: two words"));
}

TEST_F(Treatments, TheReasonComesBehindNil) {
    load_body("log.info(ix:collect_digits{})");
    Run run = start();
    EXPECT_EQ(to_text(*run.wait), "text 60 first");
    EXPECT_EQ(host().resume(id, TimedOut{}).outcome, Outcome::finished);
    EXPECT_THAT(port.calls, ElementsAre("begin collect_digits", R"(end timeout {"name":"collect_digits"})",
                                        "info: nil timeout"));
}

TEST_F(Treatments, AnnouncementIsATextAndBothAreBoth) {
    load_body(
        "log.info(ix:play_announcement{text = 'A', file = 'a.wav'}) "
        "log.info(ix:play_announcement_and_collect_digits{text = "
        "'B', total_timeout = 3})");
    Run run = start();
    EXPECT_EQ(to_text(*run.wait), "text 3 first");
    EXPECT_EQ(host().resume(id, TextArrived{"c"}).outcome, Outcome::finished);
    EXPECT_THAT(port.calls,
                ElementsAre("begin play_announcement", "text A", R"(end ok {"name":"play_announcement"})",
                            "info: true", "begin play_announcement_and_collect_digits", "text B",
                            R"(end ok {"name":"play_announcement_and_collect_digits"})", "info: c"));
}

TEST_F(Treatments, ACustomerWhoHasLeftEndsThem) {
    port.customer_there = false;
    EXPECT_EQ(said("log.info(ix:play_announcement{text = 'A'}) "
                   "log.info(ix:play_announcement_and_collect_digits{text = 'B'}) "
                   "log.info(ix:collect_digits{prompt = 'C'})"),
              "nil abandoned|nil abandoned|nil abandoned");
}

TEST_F(Treatments, MisuseBlamesTheStrategysLine) {
    EXPECT_THAT(error_of("\nix:play_announcement{}"),
                HasSubstr("main.lua:3: play_announcement: text must be a string"));
    EXPECT_THAT(error_of("ix:play_announcement{file = 'hello.wav'}"),
                HasSubstr("main.lua:2: play_announcement: a file cannot be played in a chat"));
    EXPECT_THAT(error_of("ix:play_announcement{txt = 'x'}"),
                HasSubstr("main.lua:2: play_announcement: unknown key 'txt'"));
    EXPECT_THAT(error_of("ix:play_announcement_and_collect_digits{text = 5}"),
                HasSubstr("main.lua:2: play_announcement_and"));
    EXPECT_THAT(error_of("ix:play_announcement_and_collect_digits{text = 'x', wait = 1}"),
                HasSubstr("unknown key 'wait'"));
}

TEST_F(Treatments, TellPositionSaysWhoIsBeforeAndHowLongUntilItIsCutShort) {
    port.place_in_line = 3;
    port.own_wait = seconds(130);
    load_body("ix:treat('tell_position', {every = 30})");
    Run run = start();
    EXPECT_EQ(to_text(*run.wait), "time 30");
    port.place_in_line = 1;
    port.own_wait.reset();
    run = host().resume(id, Elapsed{});
    port.place_in_line.reset();
    EXPECT_EQ(host().resume(id, Elapsed{}).outcome, Outcome::waiting);
    host().close(id);
    EXPECT_THAT(port.calls,
                ElementsAre("begin tell_position", "text There are 2 before you. It will take about 3 min.",
                            "text You are next.", R"(end closed {"name":"tell_position"})"));
    EXPECT_THAT(error_of("ix:treat('tell_position', {every = 0})"),
                HasSubstr("main.lua:2: tell_position: every must be a number of seconds, 1 or more, got 0"));
}

TEST_F(Treatments, ASitesOwnTreatmentRunsLikeTheStockOnes) {
    load({{"treatments/ask_twice.lua", R"(return function(ix, params)
             for _ = 1, 2 do
               local text = ix:treat("play_announcement_and_collect_digits", {text = params.question, total_timeout = 1})
               if text then return text, "got it" end
             end
             return nil, "silent"
           end)"},
          {"strategies/main.lua",
           "return function(ix) log.info(ix:treat('ask_twice', {question = 'Q'})) end"}});
    ASSERT_EQ(start().outcome, Outcome::waiting);
    ASSERT_EQ(host().resume(id, TimedOut{}).outcome, Outcome::waiting);
    ASSERT_EQ(host().resume(id, TimedOut{}).outcome, Outcome::finished);
    EXPECT_EQ(logged(), "nil silent");
}

TEST_F(Treatments, AnErrorInsideEndsItAndReachesTheStrategy) {
    load({{"treatments/bad.lua", "return function(ix, params)\n  error('broken')\nend"},
          {"strategies/main.lua", "return function(ix) log.info(pcall(ix.treat, ix, 'bad')) end"}});
    EXPECT_EQ(start().outcome, Outcome::finished);
    EXPECT_THAT(port.calls, ElementsAre("begin bad", R"(end error {"name":"bad"})",
                                        "info: false scripts/treatments/bad.lua:2: broken"));
}

class StockCapacity : public Scripts {
  protected:
    void SetUp() override {
        load({{"capacity/two_chats_or_one_call.lua",
               project_file("scripts/capacity/two_chats_or_one_call.lua")},
              {"capacity/one_of_anything.lua", project_file("scripts/capacity/one_of_anything.lua")}});
    }
    bool allows(const std::string& rule, Load load, const std::string& media) {
        std::string error;
        const bool answer = host().capacity_allows(rule, load, media, &error);
        EXPECT_EQ(error, "");
        return answer;
    }
};

TEST_F(StockCapacity, TwoChatsOrOneCall) {
    EXPECT_TRUE(allows("two_chats_or_one_call", {0, 0, 0}, "chat"));
    EXPECT_TRUE(allows("two_chats_or_one_call", {1, 0, 0}, "chat"));
    EXPECT_FALSE(allows("two_chats_or_one_call", {2, 0, 0}, "chat"));
    EXPECT_FALSE(allows("two_chats_or_one_call", {0, 1, 0}, "chat"));
    EXPECT_TRUE(allows("two_chats_or_one_call", {0, 0, 0}, "voice"));
    EXPECT_FALSE(allows("two_chats_or_one_call", {1, 0, 0}, "voice"));
    EXPECT_FALSE(allows("two_chats_or_one_call", {0, 0, 1}, "voice"));
}

TEST_F(StockCapacity, OneOfAnything) {
    EXPECT_TRUE(allows("one_of_anything", {0, 0, 0}, "chat"));
    EXPECT_FALSE(allows("one_of_anything", {1, 0, 0}, "chat"));
    EXPECT_FALSE(allows("one_of_anything", {0, 0, 1}, "voice"));
}

TEST_F(Capacity, AnErrorOrAMissingRuleMeansNotAbleAndSaysWhy) {
    load({{"capacity/fails.lua",
           "return function(load)\n  if load.chat > 0 then error('no') end\n  return true\nend"},
          {"capacity/loops.lua",
           "return function(load)\n  while load.chat > 0 do pcall(function() while true do end end) end\n  "
           "return true\nend"},
          {"capacity/odd.lua", "return function(load) if load.chat > 0 then return 1 end return true end"},
          {"capacity/writes.lua",
           "return function(load) if load.chat > 0 then load.chat = 0 end return true end"}});
    std::string error;
    EXPECT_FALSE(host().capacity_allows("fails", {1, 0, 0}, "chat", &error));
    EXPECT_EQ(error, "scripts/capacity/fails.lua:2: no");
    EXPECT_FALSE(host().capacity_allows("loops", {1, 0, 0}, "chat", &error));
    EXPECT_THAT(error, HasSubstr("used up its 100000 instructions"));
    EXPECT_FALSE(host().capacity_allows("odd", {1, 0, 0}, "chat", &error));
    EXPECT_THAT(error, HasSubstr("must return true or false, but returned number"));
    EXPECT_FALSE(host().capacity_allows("writes", {1, 0, 0}, "chat", &error));
    EXPECT_THAT(error, HasSubstr("load is read-only"));
    EXPECT_FALSE(host().capacity_allows("absent", {1, 0, 0}, "chat", &error));
    EXPECT_THAT(error, HasSubstr("capacity/absent.lua: there is no capacity rule"));
    EXPECT_TRUE(host().capacity_allows("fails", {0, 0, 0}, "chat", &error));
}

}  // namespace
}  // namespace trunkline::scripting::testing
