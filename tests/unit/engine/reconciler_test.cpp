// The reconciler ends what lost its cause. The cause is taken away by hand, in tables that this test owns:
// nothing in the engine can do that.
#include "engine/flows/reconciler.hpp"

#include "engine/flows/client_routing.hpp"
#include "engine/flows/invariants.hpp"
#include "engine/flows/overview.hpp"
#include "engine/flows/requests.hpp"
#include "engine/flows/strategies.hpp"
#include "engine/flows/texts.hpp"
#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using messages::MessageId;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Reconciler : public ::testing::Test {
  protected:
    Reconciler() {
        core.scripts = std::make_unique<scripting::Host>(port, scripting::Budgets{});
        core.out = &effects;
        core.now = TimePoint{seconds(1'000'000'000)};
        model::Site site = small_site();
        site.switches[0].agent_logins[0].options["TServer"]["wrap-up-time"] = "15";
        flows::on_config_changed(core, std::make_shared<const model::Snapshot>(site));
        flows::on_client_opened(core, {ann, TenantId(1), SwitchId(1), "desktop"});
        ask(MessageId::request_register_address, "1001");
        ask(MessageId::request_agent_login, "1001");
        ask(MessageId::request_agent_ready, "1001");
        ask(MessageId::request_register_address, "1112");
    }
    /// A customer at routing point 1112; ann routes him to herself.
    void ring() {
        text();
        ask(MessageId::request_route_call, "1112", "1001");
    }
    void text() {
        flows::on_text_received(core, {SipTxnId(1),
                                       {messages::LegKind::pager, "leg", "route"},
                                       "1112",
                                       "cc.example.com",
                                       "sip:carl@example.com",
                                       "carl",
                                       "hello"});
        conn_ = session().conn_id;
    }
    void ask(MessageId what, const std::string& dn, const std::string& other = {}) {
        messages::TMessage request;
        request.message = what;
        request.this_dn = dn;
        request.other_dn = other;
        request.agent_id = "1001";
        request.conn_id = conn_;
        request.reference_id = 1;
        request.timeout = 60'000;
        flows::on_client_request(core, {ann, std::move(request), messages::PasswordCheck::none_needed});
    }
    interactions::Interaction& session() { return *core.interactions.all().begin()->second; }
    agents::Seat& seat() { return *core.agents.seat(core.agents.seats().begin()->first); }
    /// What the sweep says it ended.
    std::vector<std::string> sweep() {
        effects.clear();
        flows::on_sweep_due(core);
        flows::settle(core);
        std::vector<std::string> said;
        for (const auto& effect : effects)
            if (const auto* write = std::get_if<messages::WriteRecord>(&effect))
                if (const auto* row = std::get_if<records::LogEvent>(&write->record))
                    said.push_back(row->text);
        EXPECT_EQ(flows::status_row(core).reconciled_total, static_cast<std::int64_t>(said.size()));
        EXPECT_THAT(flows::broken_invariants(core), IsEmpty());
        return said;
    }

    static constexpr ClientId ann{1};
    messages::Effects effects;
    flows::Core core{1, 1, TimePoint{}, [](std::string_view, const agents::Load& load, agents::Media) {
                         return load.total() < 2;
                     }};
    flows::Port port{core};
    ConnId conn_;
};

TEST_F(Reconciler, FindsNothingWhereEveryCauseLives) {
    ring();
    EXPECT_THAT(sweep(), IsEmpty());
    ask(MessageId::request_answer_call, "1001");
    EXPECT_THAT(sweep(), IsEmpty());
    ask(MessageId::request_release_call, "1001");
    EXPECT_THAT(sweep(), IsEmpty());
}

// lessons B2.17, B2.18, B1.3: nobody stays "in call" after the call.
TEST_F(Reconciler, GivesBackTheSlotOfASessionThatIsGone) {
    ring();
    ask(MessageId::request_answer_call, "1001");
    core.timers.cancel(session().idle);
    core.interactions.remove(session().id, core.now, core.now);
    EXPECT_EQ(core.agents.load(seat().agent).chat, 1);
    EXPECT_THAT(sweep(), ::testing::ElementsAre(HasSubstr("for no live session")));
    EXPECT_EQ(core.agents.load(seat().agent).chat, 0);
}

// lessons B1.2: nobody stays reserved for ever.
TEST_F(Reconciler, EndsAReservationThatLostItsDeadline) {
    ring();
    TimerId deadline = core.offers.find(session().offer)->deadline;
    core.timers.cancel(deadline);
    EXPECT_THAT(sweep(), ::testing::ElementsAre(HasSubstr("rang without an end")));
    EXPECT_THAT(core.offers.all(), IsEmpty());
}

TEST_F(Reconciler, EndsAReservationOfAnAgentThatLostItsTimer) {
    ask(MessageId::request_reserve_agent, "1001");
    TimerId timer = core.reservations.of(seat().agent)->timer;
    core.timers.cancel(timer);
    EXPECT_THAT(sweep(), ::testing::ElementsAre(HasSubstr("reserved without an end")));
    EXPECT_THAT(core.reservations.all(), IsEmpty());
    EXPECT_EQ(core.router.ability(seat().dn), routing::Ability::able);
}

TEST_F(Reconciler, EndsARestThatLostItsTimer) {
    ring();
    ask(MessageId::request_answer_call, "1001");
    ask(MessageId::request_release_call, "1001");
    ASSERT_EQ(seat().state, agents::AgentState::after_call_work);
    core.timers.cancel(seat().rest);
    EXPECT_THAT(sweep(), ::testing::ElementsAre(HasSubstr("rested without an end")));
    EXPECT_EQ(seat().state, agents::AgentState::ready);
}

TEST_F(Reconciler, PutsBackAnAgentWhoCanBeReached) {
    seat().before_unreachable = agents::Standing{agents::AgentState::ready, 1, nullptr, {}};
    seat().state = agents::AgentState::not_ready;
    EXPECT_THAT(sweep(), ::testing::Contains(HasSubstr("counted as unreachable")));
    EXPECT_EQ(seat().state, agents::AgentState::ready);
}

TEST_F(Reconciler, TellsRoutingAnewWhatItTookForOther) {
    core.router.set_standing(seat().dn, {routing::Ability::at_capacity, {}, core.now, "Ready", core.now});
    EXPECT_THAT(sweep(), ::testing::ElementsAre(HasSubstr("took the agent")));
    EXPECT_EQ(core.router.ability(seat().dn), routing::Ability::able);
}

TEST_F(Reconciler, RoutesAnInteractionThatNothingWouldMove) {
    text();
    core.timers.cancel(session().router_timer);
    EXPECT_THAT(sweep(), ::testing::ElementsAre(HasSubstr("had nothing to wait for")));
    EXPECT_THAT(core.interactions.all(), IsEmpty());  // nobody at the default-dn: the customer was told
}

TEST_F(Reconciler, SweepsWhileAnythingLivesAndThenNoMore) {
    flows::arm_sweep(core);
    EXPECT_TRUE(core.timers.running(core.sweep.timer));
    ask(MessageId::request_agent_logout, "1001");
    flows::arm_sweep(core);
    EXPECT_FALSE(core.timers.running(core.sweep.timer));
}

}  // namespace
}  // namespace trunkline::testing
