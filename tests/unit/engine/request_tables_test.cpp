// What a request does in each state, and the event sequences of the field: tables written by hand from the
// guides, run against the engine.
#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using messages::MessageId;
using messages::TMessage;

class Tables : public EngineTest {
  protected:
    /// The answer to a request: the name of the event with its ReferenceID, or the error's code.
    static std::string answer_to(World& world, ClientId client, TMessage request) {
        world.clear();
        const int code = world.request(client, std::move(request));
        if (code != 0) return std::to_string(code);
        for (const auto& event : world.left.events)
            if (event.event.reference_id) return std::string(messages::name_of(event.event.message));
        return "no answer";
    }
};

// ---- agents ----

struct AgentRequest {
    const char* name;
    MessageId request;
    int mode;
    std::map<std::string, const char*> answers;  // by state
};

// clang-format off
const std::vector<AgentRequest> agent_requests{
    {"log in", MessageId::request_agent_login, 0,
     {{"LoggedOut", "EventAgentLogin"}, {"NotReady", "1706"}, {"Ready", "1706"}, {"AfterCallWork", "1706"}, {"LegalGuard", "1706"}, {"Busy", "1706"}}},
    {"ready", MessageId::request_agent_ready, 0,
     {{"LoggedOut", "187"}, {"NotReady", "EventAgentReady"}, {"Ready", "EventAgentReady"}, {"AfterCallWork", "EventAgentReady"}, {"LegalGuard", "185"}, {"Busy", "EventAgentReady"}}},
    {"not ready", MessageId::request_agent_not_ready, 4,
     {{"LoggedOut", "187"}, {"NotReady", "EventAgentNotReady"}, {"Ready", "EventAgentNotReady"}, {"AfterCallWork", "EventAgentNotReady"}, {"LegalGuard", "EventAgentNotReady"}, {"Busy", "EventAgentNotReady"}}},
    {"after-call work", MessageId::request_agent_not_ready, 3,
     {{"LoggedOut", "187"}, {"NotReady", "EventAgentNotReady"}, {"Ready", "EventAgentNotReady"}, {"AfterCallWork", "EventAgentNotReady"}, {"LegalGuard", "185"}, {"Busy", "EventAgentNotReady"}}},
    {"legal guard", MessageId::request_agent_not_ready, 2,
     {{"LoggedOut", "53"}, {"NotReady", "53"}, {"Ready", "53"}, {"AfterCallWork", "53"}, {"LegalGuard", "53"}, {"Busy", "53"}}},
    {"log out", MessageId::request_agent_logout, 0,
     {{"LoggedOut", "1707"}, {"NotReady", "EventAgentLogout"}, {"Ready", "EventAgentLogout"}, {"AfterCallWork", "EventAgentLogout"}, {"LegalGuard", "EventAgentLogout"}, {"Busy", "185"}}},
    {"do not disturb", MessageId::request_set_dnd_on, 0,
     {{"LoggedOut", "1707"}, {"NotReady", "EventDNDOn"}, {"Ready", "EventDNDOn"}, {"AfterCallWork", "EventDNDOn"}, {"LegalGuard", "EventDNDOn"}, {"Busy", "EventDNDOn"}}},
    {"disturb", MessageId::request_set_dnd_off, 0,
     {{"LoggedOut", "1707"}, {"NotReady", "EventDNDOff"}, {"Ready", "EventDNDOff"}, {"AfterCallWork", "EventDNDOff"}, {"LegalGuard", "EventDNDOff"}, {"Busy", "EventDNDOff"}}},
    {"reserve", MessageId::request_reserve_agent, 0,
     {{"LoggedOut", "1707"}, {"NotReady", "EventAgentReserved"}, {"Ready", "EventAgentReserved"}, {"AfterCallWork", "EventAgentReserved"}, {"LegalGuard", "EventAgentReserved"}, {"Busy", "EventAgentReserved"}}},
};
// clang-format on

TEST_F(Tables, WhatARequestOfAnAgentDoesInEachState) {
    for (const AgentRequest& row : agent_requests)
        for (const auto& [state, expected] : row.answers) {
            const auto [there, ann] = ann_in(state);
            World& world = *there;
            TMessage request;
            request.message = row.request;
            request.this_dn = "1001";
            request.agent_id = "1001";
            request.timeout = 1'000;
            if (row.mode != 0) request.agent_work_mode = row.mode;
            EXPECT_EQ(answer_to(world, ann, request), expected) << row.name << " in " << state;
        }
}

// ---- reservations: who has the agent now, as the asker sees it, and what he wants ----

struct ReservationRow {
    const char* held_by;
    int priority;  // of the request; a held one has 5
    const char *reserve, *give_back;
};
// clang-format off
const std::vector<ReservationRow> reservation_rows{
    {"nobody",      0, "EventAgentReserved", "EventAgentReserved"},
    {"the asker",   0, "EventAgentReserved", "EventAgentReserved"},
    {"another",     4, "1700",               "1700"},
    {"another",     5, "1700",               "1700"},
    {"another",     6, "EventAgentReserved", "1700"},
};
// clang-format on

TEST_F(Tables, WhatARequestForAReservationDoes) {
    for (const ReservationRow& row : reservation_rows)
        for (const bool gives_back : {false, true}) {
            World& world = start(route_to_all);
            world.ready_agent("1001", "1001");
            const ClientId asker = world.client(), another = world.client();
            const auto ask = [&](ClientId client, int priority, int milliseconds) {
                TMessage request;
                request.message = MessageId::request_reserve_agent;
                request.this_dn = "1001";
                request.timeout = milliseconds;
                request.priority = priority;
                return answer_to(world, client, std::move(request));
            };
            for (const ClientId client : {asker, another}) world.register_dn(client, "1001");
            if (row.held_by != std::string("nobody"))
                ask(row.held_by == std::string("another") ? another : asker, 5, 1'000);
            EXPECT_EQ(ask(asker, row.priority, gives_back ? 0 : 1'000),
                      gives_back ? row.give_back : row.reserve)
                << "held by " << row.held_by << ", priority " << row.priority
                << (gives_back ? ", given back" : "");
        }
}

// ---- parties ----

struct SessionRequest {
    MessageId request;
    const char *ringing, *established, *ended, *of_another;
};
// clang-format off
const std::vector<SessionRequest> session_requests{
    //                                        ringing                     established                 ended  of another
    {MessageId::request_answer_call,          "EventEstablished",         "496",                      "56",  "470"},
    {MessageId::request_release_call,         "EventReleased",            "EventReleased",            "56",  "470"},
    {MessageId::request_redirect_call,        "EventReleased",            "496",                      "56",  "470"},
    {MessageId::request_private_service,      "496",                      "EventPrivateInfo",         "56",  "470"},
    {MessageId::request_attach_user_data,     "EventAttachedDataChanged", "EventAttachedDataChanged", "56",  "470"},
    {MessageId::request_update_user_data,     "EventAttachedDataChanged", "EventAttachedDataChanged", "56",  "470"},
    {MessageId::request_delete_pair,          "EventAttachedDataChanged", "EventAttachedDataChanged", "56",  "470"},
    {MessageId::request_delete_user_data,     "EventAttachedDataChanged", "EventAttachedDataChanged", "56",  "470"},
    {MessageId::request_route_call,           "470",                      "470",                      "56",  "470"},
    {MessageId::request_distribute_user_event, "EventACK",                "EventACK",                 "56",  "EventACK"},
};
// clang-format on

TEST_F(Tables, WhatARequestAboutASessionDoesInEachState) {
    for (const SessionRequest& row : session_requests)
        for (const std::string state : {"ringing", "established", "ended", "of another"}) {
            World& world = start(route_to_all);
            const ClientId ann = world.ready_agent("1001", "1001");
            const ClientId bob = world.client();
            world.register_dn(bob, "1002");
            world.text("carl", "hello");
            const ConnId conn = world.ringing("1001");
            if (state == "established" || state == "ended") world.answer(ann, "1001", conn);
            if (state == "ended") world.release(ann, "1001", conn);
            TMessage request;
            request.message = row.request;
            request.this_dn = state == "of another" ? "1002" : "1001";
            request.other_dn = "1002";
            request.conn_id = conn;
            request.data_key = "k";
            request.private_msg_id = messages::private_msg_im;
            KvList list;
            list.add("im", "words");
            request.user_data = request.extensions = std::make_shared<const KvList>(std::move(list));
            const std::string expected = state == "ringing"       ? row.ringing
                                         : state == "established" ? row.established
                                         : state == "ended"       ? row.ended
                                                                  : row.of_another;
            EXPECT_EQ(answer_to(world, state == "of another" ? bob : ann, request), expected)
                << messages::name_of(row.request) << ", session " << state;
        }
}

// ---- sequences: ev@dn as the guides write them, at the routing point and at the agent ----

class Sequences : public EngineTest {
  protected:
    World& with_watcher(model::Site site = small_site()) {
        World& world = start(route_to_all, std::move(site));
        watcher_ = world.client();
        world.register_dn(watcher_, "1111");
        ann_ = world.ready_agent("1001", "1001");
        world.clear();
        return world;
    }
    ClientId watcher_, ann_;
};

TEST_F(Sequences, InboundToARoutingPointAndAnAgent) {
    World& world = with_watcher();
    const std::string leg = world.session("carl");
    world.answer(ann_, "1001", world.ringing("1001"));
    world.leave(leg);
    EXPECT_EQ(world.left.sequence(watcher_),
              "EventQueued@1111 EventRouteRequest@1111 EventRouteUsed@1111 EventDiverted@1111");
    EXPECT_EQ(world.left.sequence(ann_),
              "EventRinging@1001 EventEstablished@1001 EventUserEvent@1001 EventReleased@1001");
    std::string both;  // Ringing comes before RouteUsed, and Diverted before Established
    for (const auto& event : world.left.events)
        both += std::string(messages::name_of(event.event.message)) + " ";
    EXPECT_EQ(both,
              "EventQueued EventRouteRequest EventRinging EventRouteUsed EventDiverted EventEstablished "
              "EventUserEvent EventReleased ");
}

TEST_F(Sequences, InboundThatDivertsOnAnswer) {
    model::Site site = small_site();
    dn_of(site, "1111").options["TServer"]["divert-on-ringing"] = "false";
    World& world = with_watcher(site);
    world.session("carl");
    EXPECT_EQ(world.left.sequence(watcher_), "EventQueued@1111 EventRouteRequest@1111");
    world.answer(ann_, "1001", world.ringing("1001"));
    EXPECT_EQ(world.left.sequence(watcher_),
              "EventQueued@1111 EventRouteRequest@1111 EventRouteUsed@1111 EventDiverted@1111");
}

TEST_F(Sequences, ACallerWhoAbandonsOnTheRoutingPoint) {
    World& world = with_watcher();
    world.not_ready(ann_, "1001");
    world.clear();
    world.leave(world.session("carl"));
    EXPECT_EQ(world.left.sequence(watcher_), "EventQueued@1111 EventRouteRequest@1111 EventAbandoned@1111");
    EXPECT_EQ(world.left.events_of(watcher_, MessageId::event_abandoned)[0].call_state, 21);
}

TEST_F(Sequences, ACallerWhoAbandonsWhileTheAgentRings) {
    World& world = with_watcher();
    world.leave(world.session("carl"));
    EXPECT_EQ(world.left.sequence(ann_), "EventRinging@1001 EventAbandoned@1001");
}

TEST_F(Sequences, AnAgentWhoDoesNotAnswer) {
    World& world = with_watcher();
    world.session("carl");
    world.not_ready(ann_, "1001");
    world.clear();
    world.pass(seconds(20));
    EXPECT_EQ(world.left.sequence(ann_), "EventReleased@1001");
    EXPECT_EQ(world.left.events_of(ann_, MessageId::event_released)[0].call_state, 7);
    EXPECT_EQ(world.left.sequence(watcher_), "EventRouteRequest@1111");
}

TEST_F(Sequences, AnAgentsDay) {
    model::Site site = small_site();
    site.switches[0].agent_logins[0].options["TServer"] = {{"wrap-up-time", "15"}, {"legal-guard-time", "5"}};
    World& world = start(route_to_all, site);
    const ClientId ann = world.client();
    world.register_dn(ann, "1001");
    world.log_in(ann, "1001", "1001");
    world.ready(ann, "1001");
    const std::string leg = world.session("carl");
    world.answer(ann, "1001", world.ringing("1001"));
    world.leave(leg);
    world.pass(seconds(20));
    world.log_out(ann, "1001");
    std::string day;
    for (const auto& event : world.left.events) {
        const TMessage& e = event.event;
        if (e.this_dn != "1001" || e.message == MessageId::event_registered) continue;
        day += std::string(messages::name_of(e.message)).substr(5);
        if (e.message == MessageId::event_agent_not_ready)
            day += "(" + std::to_string(*e.agent_work_mode) + ")";
        day += " ";
    }
    EXPECT_EQ(
        day,
        "AgentLogin AgentNotReady(0) AgentReady Ringing Established UserEvent Released AgentNotReady(3) "
        "AgentNotReady(2) AgentReady AgentLogout ");
}

}  // namespace
}  // namespace trunkline::testing
