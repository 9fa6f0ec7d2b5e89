// What clients ask and are told besides their sessions: queries, who is in a session, names over switches.
#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using messages::MessageId;
using messages::TMessage;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

std::string text_of(const SharedKv& list) {
    std::string text;
    if (list) append_json(text, *list);
    return text;
}

class Queries : public EngineTest {
  protected:
    /// AddressInfoStatus; the error's code as a negative number.
    static std::int64_t address(World& world, ClientId client, const std::string& dn, std::int64_t type) {
        TMessage request;
        request.message = MessageId::request_query_address;
        request.this_dn = dn;
        request.address_info_type = type;
        world.clear();
        if (const int code = world.request(client, std::move(request)); code != 0) return -code;
        return *world.left.events_of(client, MessageId::event_address_info).at(0).address_info_status;
    }
    static TMessage call(World& world, ClientId client, ConnId conn, std::int64_t type) {
        TMessage request;
        request.message = MessageId::request_query_call;
        request.conn_id = conn;
        request.call_info_type = type;
        world.clear();
        EXPECT_EQ(world.request(client, std::move(request)), 0);
        return world.left.events_of(client, MessageId::event_party_info).at(0);
    }
};

TEST_F(Queries, OfAnAddressGiveItsStatusAndThatOfItsAgent) {
    World& world = start(route_to_all);
    const ClientId ann = world.client();
    world.register_dn(ann, "1001");
    EXPECT_EQ(address(world, ann, "1001", 0), 0);
    EXPECT_EQ(address(world, ann, "1001", 4), 0);
    EXPECT_EQ(address(world, ann, "1001", 8), 1);
    EXPECT_EQ(address(world, ann, "1001", 17), 1);
    world.log_in(ann, "1001", "1001");
    EXPECT_EQ(address(world, ann, "1001", 4), 3);
    world.ready(ann, "1001");
    EXPECT_EQ(address(world, ann, "1001", 4), 2);
    world.text("carl", "hello");
    const ConnId conn = world.ringing("1001");
    EXPECT_EQ(address(world, ann, "1001", 0), 4);
    world.answer(ann, "1001", conn);
    EXPECT_EQ(address(world, ann, "1001", 0), 3);
    EXPECT_EQ(address(world, ann, "1001", 9), 1);
    const TMessage event = world.left.events_of(ann, MessageId::event_address_info)[0];
    EXPECT_TRUE(event.reference_id);
    EXPECT_EQ(event.address_info_type, 9);
    EXPECT_THAT(text_of(event.extensions), HasSubstr(to_conn_id_text(conn)));
}

TEST_F(Queries, OfAQueueCountItsAgentsAndWhatWaits) {
    model::Site site = small_site();
    site.switches[0].dns.push_back({0, "Q1", "ACDQueue", "", {}});
    World& world = start(route_to_all, site);
    const ClientId ann = world.client(), router = world.client();
    world.register_dn(ann, "1001");
    world.register_dn(ann, "Q1");
    world.register_dn(router, "1111");
    TMessage login;
    login.message = MessageId::request_agent_login;
    login.this_dn = login.agent_id = "1001";
    login.this_queue = "Q1";
    EXPECT_EQ(world.request(ann, login), 0);
    EXPECT_EQ(address(world, ann, "Q1", 5), 1);
    EXPECT_EQ(address(world, ann, "Q1", 6), 0);
    EXPECT_EQ(address(world, ann, "Q1", 8), 3);
    EXPECT_EQ(address(world, router, "1111", 7), 0);
    world.text("carl", "hello");
    world.text("dora", "hello");
    EXPECT_EQ(address(world, router, "1111", 7), 2);
    EXPECT_EQ(address(world, router, "1111", 8), 4);
    world.ready(ann, "1001");  // she rings for both
    EXPECT_EQ(address(world, router, "1111", 7), 0);
}

TEST_F(Queries, OfAnAddressAreRefusedWithTheCodesOfTheField) {
    World& world = start(route_to_all);
    const ClientId ann = world.client();
    EXPECT_EQ(address(world, ann, "1001", 0), -41);
    EXPECT_EQ(address(world, ann, "7777", 0), -59);
    world.register_dn(ann, "1001");
    EXPECT_EQ(address(world, ann, "1001", 3), -51);
    TMessage request;
    request.message = MessageId::request_query_address;
    request.this_dn = "1001";
    EXPECT_EQ(world.request(ann, request), 53);
}

TEST_F(Queries, OfACallGiveItsPartiesAndItsStatus) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001"), watcher = world.client();
    world.text("carl", "hello");
    const ConnId conn = world.ringing("1001");
    EXPECT_THAT(text_of(call(world, watcher, conn, 0).extensions), HasSubstr(R"("Status":"ringing")"));
    world.answer(ann, "1001", conn);
    const TMessage event = call(world, watcher, conn, 0);
    EXPECT_EQ(event.conn_id, conn);
    EXPECT_EQ(event.call_type, 2);
    EXPECT_EQ(
        text_of(event.extensions),
        R"({"Party1":"carl","Party1_role":"customer","Party1_state":12,)"
        R"("Party2":"1001","Party2_role":"agent","Party2_state":12,"PartiesLength":2,"Status":"established"})");
    EXPECT_EQ(text_of(call(world, watcher, conn, 1).extensions), R"({"Status":"established"})");
    TMessage request;
    request.message = MessageId::request_query_call;
    EXPECT_EQ(world.request(watcher, request), 53);
    request.conn_id = ConnId(12345);
    EXPECT_EQ(world.request(watcher, request), 56);
    request.conn_id = conn;
    request.call_info_type = 2;
    EXPECT_EQ(world.request(watcher, request), 53);
}

TEST_F(Queries, OfASessionOfAnotherTenantFindNothing) {
    model::Site site = small_site();
    site.tenants.push_back({});
    site.tenants.back().name = "Sales";
    site.switches.push_back({});
    site.switches.back().name = "sales";
    site.switches.back().tenant = "Sales";
    World& world = start(route_to_all, site);
    world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    const ClientId spy(4711);
    world.command(messages::ClientOpened{spy, TenantId(2), SwitchId(2), "desktop"});
    TMessage request;
    request.message = MessageId::request_query_call;
    request.conn_id = world.ringing("1001");
    EXPECT_EQ(world.request(spy, request), 56);
    world.command(messages::ClientClosed{spy});
}

class CallInfo : public EngineTest {};

TEST_F(CallInfo, TellsEveryAgentDnWhoIsInTheSession) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    const ConnId conn = world.ringing("1001");
    world.clear();
    world.answer(ann, "1001", conn);
    EXPECT_EQ(world.left.sequence(ann), "EventEstablished@1001 EventUserEvent@1001 EventPrivateInfo@1001");
    const TMessage event = world.left.events_of(ann, MessageId::event_user_event).at(0);
    EXPECT_FALSE(event.reference_id);
    EXPECT_TRUE(event.conn_id);
    EXPECT_EQ(text_of(event.extensions),
              R"({"LCTParty1":"carl","LCTParty1_location":"sip_switch",)"
              R"("LCTParty2":"1001","LCTParty2_location":"sip_switch","LCTPartiesLength":2})");
}

TEST_F(CallInfo, IsAnOptionOfTheSwitch) {
    model::Site site = small_site();
    site.switches[0].options["TServer"]["sip-enable-call-info"] = "false";
    World& world = start(route_to_all, site);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    world.answer(ann, "1001", world.ringing("1001"));
    EXPECT_THAT(world.left.events_of(ann, MessageId::event_user_event), IsEmpty());
}

class Registrations : public EngineTest {
  protected:
    static int unregister(World& world, ClientId client, const std::string& dn) {
        TMessage request;
        request.message = MessageId::request_unregister_address;
        request.this_dn = dn;
        return world.request(client, std::move(request));
    }
};

TEST_F(Registrations, OfTheTextMonitorEndAsThoseOfDns) {
    World& world = start(route_to_all);
    const ClientId monitor = world.client();
    EXPECT_EQ(unregister(world, monitor, "gcti::im"), 41);
    world.register_dn(monitor, "gcti::im");
    EXPECT_EQ(unregister(world, monitor, "gcti::im"), 0);
    EXPECT_EQ(world.left.sequence(monitor),
              "EventError@gcti::im EventRegistered@gcti::im EventUnregistered@gcti::im");
    world.clear();
    world.text("carl", "hello");
    EXPECT_THAT(world.left.events_of(monitor, MessageId::event_user_event), IsEmpty());
    EXPECT_EQ(unregister(world, monitor, ""), 53);
    EXPECT_EQ(unregister(world, monitor, "7777"), 59);
    EXPECT_EQ(unregister(world, monitor, "1001"), 41);
}

TEST_F(Registrations, OfARoutingPointShowWhatIsThere) {
    World& world = start(route_to_all);
    world.text("carl", "hello", "1112");
    world.text("dora", "hello");
    const ClientId router = world.client();
    world.register_dn(router, "1112");
    const TMessage event = world.left.events_of(router, MessageId::event_registered)[0];
    EXPECT_EQ(event.address_type, 4);
    const std::string state = text_of(event.extensions);
    EXPECT_THAT(state, HasSubstr(R"("State":"treatment","OtherDN":"carl")"));
    EXPECT_THAT(state, Not(HasSubstr("dora")));
}

TEST_F(Registrations, AreOfThisClientAloneAndEachOfADnsClientsGetsItsEvents) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001"), second = world.client(), third = world.client();
    world.register_dn(second, "1001");
    world.clear();
    EXPECT_EQ(world.not_ready(ann, "1001"), 0);
    EXPECT_TRUE(world.left.events_of(ann, MessageId::event_agent_not_ready).at(0).reference_id);
    EXPECT_FALSE(world.left.events_of(second, MessageId::event_agent_not_ready).at(0).reference_id);
    EXPECT_THAT(world.left.events_of(third, MessageId::event_agent_not_ready), IsEmpty());
    EXPECT_EQ(world.ready(third, "1001"), 41);
    EXPECT_EQ(unregister(world, second, "1001"), 0);
    world.clear();
    world.ready(ann, "1001");
    EXPECT_THAT(world.left.events_of(second, MessageId::event_agent_ready), IsEmpty());
}

TEST_F(Registrations, OfRoutingPointsDoNotLetAgentsLogInThere) {
    World& world = start(route_to_all);
    const ClientId ann = world.client();
    world.register_dn(ann, "1111");
    EXPECT_EQ(world.log_in(ann, "1111", "1001"), 185);
}

class Names : public EngineTest {};

TEST_F(Names, WithASwitchBehindThemReachTheOtherSwitchesOfTheTenantAndNoOtherTenants) {
    model::Site site = small_site();
    model::Switch second;
    second.name = "second_switch";
    second.tenant = "Resources";
    second.agent_logins.push_back({0, "1001", {}});
    second.dns.push_back({0, "1001", "Extension", "", {{"TServer", {{"multimedia", "true"}}}}});
    second.dns.push_back({0, "2001", "Extension", "", {{"TServer", {{"multimedia", "true"}}}}});
    site.switches.push_back(second);
    model::Tenant sales;
    sales.name = "Sales";
    site.tenants.push_back(sales);
    model::Switch far;
    far.name = "far";
    far.tenant = "Sales";
    far.dns.push_back({0, "3001", "Extension", "", {}});
    site.switches.push_back(far);
    World& world = start(route_to_all, site);
    const ClientId ann = world.client();
    EXPECT_EQ(world.register_dn(ann, "1001@sip_switch"), 0);
    EXPECT_EQ(world.register_dn(ann, "2001"), 59);
    EXPECT_EQ(world.register_dn(ann, "2001@second_switch"), 0);
    EXPECT_EQ(world.register_dn(ann, "3001@far"), 59);
    EXPECT_EQ(world.register_dn(ann, "1001@nowhere"), 59);
    EXPECT_EQ(world.log_in(ann, "1001", "1001@sip_switch"), 0);  // with the switch or without: one DN
    EXPECT_EQ(world.log_in(ann, "1001@sip_switch", "1001"), 1706);
    EXPECT_EQ(world.left.events_of(ann, MessageId::event_agent_login).at(0).this_dn, "1001");
    EXPECT_EQ(world.ready(ann, "1001@second_switch"), 41);  // another DN of the same number
}

// In Lua as in T-Library: a DN and an Agent Login may have their switch behind them.
TEST_F(Names, WithASwitchBehindThemAreUnderstoodInScripts) {
    for (const char* target : {"target.dn '1001@sip_switch'", "target.agent '1001@sip_switch'"}) {
        World& world =
            start("return function(ix) ix:route{targets = {" + std::string(target) + "}, timeout = 60} end");
        world.ready_agent("1001", "1001");
        world.text("carl", "hello");
        EXPECT_TRUE(world.ringing("1001")) << target;
    }
    World& world = start("return function(ix) ix:route_to('1001@sip_switch') end");
    world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    EXPECT_TRUE(world.ringing("1001"));
}

class NoAnswerTime : public EngineTest {};

TEST_F(NoAnswerTime, IsThatOfTheAgentLoginThenOfTheDnThenOfTheRoutingPoint) {
    struct Level {
        const char *login, *dn, *point;
        int rings;
    };
    for (const Level& level : {Level{"3", "5", "7", 3}, Level{"0", "5", "7", 5}, Level{"", "", "7", 7},
                               Level{"", "0", "", 10}, Level{"0", "0", "0", 600}}) {
        model::Site site = small_site();
        const auto set = [](model::Options& options, const char* key, const char* value) {
            options["TServer"].erase(key);
            if (*value != 0) options["TServer"][key] = value;
        };
        set(site.switches[0].agent_logins[0].options, "no-answer-timeout", level.login);
        set(dn_of(site, "1001").options, "no-answer-timeout", level.dn);
        set(dn_of(site, "1111").options, "after-routing-timeout", level.point);
        World& world =
            start("return function(ix) ix:route{targets = {target.agent 'ann'}, timeout = 3600} end", site);
        const ClientId ann = world.ready_agent("1001", "1001");
        world.text("carl", "hello");
        world.not_ready(ann, "1001");
        world.pass(seconds(level.rings) - milliseconds(1));
        EXPECT_THAT(world.left.events_of(ann, MessageId::event_released), IsEmpty()) << level.rings;
        world.pass(milliseconds(1));
        EXPECT_THAT(world.left.events_of(ann, MessageId::event_released), SizeIs(1)) << level.rings;
    }
}

class RepeatedKeys : public EngineTest {};

TEST_F(RepeatedKeys, OfUserDataAreKeptForClientsAndReadAsTheLastInLua) {
    World& world = start(R"(return function(ix)
        ix:sleep(1)
        ix:attach{heard = ix.userdata.k}
        ix:sleep(1)
    end)");
    const ClientId client = world.client();
    world.register_dn(client, "1111");
    world.text("carl", "hello");
    KvList list;
    list.add("k", "first");
    list.add("k", "last");
    TMessage request;
    request.message = MessageId::request_attach_user_data;
    request.this_dn = "1111";
    request.conn_id = parse_conn_id(world.interactions()[0].conn_id);
    request.user_data = std::make_shared<const KvList>(std::move(list));
    EXPECT_EQ(world.request(client, std::move(request)), 0);
    EXPECT_EQ(text_of(world.left.events_of(client, MessageId::event_attached_data_changed).at(0).user_data),
              R"([["k","first"],["k","last"]])");
    world.pass(seconds(1));
    EXPECT_EQ(
        world.left.events_of(client, MessageId::event_attached_data_changed).at(1).user_data->text("heard"),
        "last");
}

/// Routing point 1111 in both switches of the tenant; the first is the default.
model::Site site_with_second_switch() {
    model::Site site = small_site();
    site.switches[0].options["TServer"]["default"] = "true";
    model::Switch second;
    second.name = "second_switch";
    second.tenant = "Resources";
    second.options["TServer"]["sip-domain"] = "second.example.com";
    second.dns.push_back({0, "1111", "RoutingPoint", "", {}});
    site.switches.push_back(second);
    return site;
}

class Domains : public EngineTest {};

TEST_F(Domains, SelectTheSwitchAndTheDefaultSwitchTakesTheOthers) {
    World& world = start(route_to_all, site_with_second_switch());
    const auto text_to = [&](const std::string& host) {
        world.command(messages::TextReceived{SipTxnId(900),
                                             {messages::LegKind::pager, host, "sip:192.0.2.1:5060"},
                                             "1111",
                                             host,
                                             "sip:carl@example.com",
                                             "carl",
                                             "hello"});
        const std::string at = world.left.rows<records::InteractionStarted>().back().switch_;
        world.leave(host);
        return at;
    };
    EXPECT_EQ(text_to("second.example.com"), "second_switch");
    EXPECT_EQ(text_to("cc.example.com"), "sip_switch");
    EXPECT_EQ(text_to("192.0.2.7"), "sip_switch");
}

// Routing point 1111 of another switch than that of the agents.
class OtherSwitch : public EngineTest {
  protected:
    World& start_there() {
        World& world = start(route_to_all, site_with_second_switch());
        router = world.client();
        world.register_dn(router, "1111@second_switch");
        world.register_dn(router, "1111");
        ann = world.ready_agent("1001", "1001");
        world.command(messages::TextReceived{SipTxnId(900),
                                             {messages::LegKind::pager, "leg", "sip:192.0.2.1:5060"},
                                             "1111",
                                             "second.example.com",
                                             "sip:carl@example.com",
                                             "carl",
                                             "hello"});
        return world;
    }
    ClientId router, ann;
};

TEST_F(OtherSwitch, IsMeantByAnEventsThisDnInTheRequestThatAnswersIt) {
    World& world = start_there();
    const auto asked = world.left.events_of(router, MessageId::event_route_request);
    ASSERT_THAT(asked, SizeIs(1));
    TMessage route;
    route.message = MessageId::request_route_call;
    route.this_dn = asked[0].this_dn;
    route.conn_id = asked[0].conn_id;
    route.other_dn = "1001@sip_switch";
    EXPECT_EQ(world.request(router, route), 0);
    EXPECT_TRUE(world.ringing("1001"));
    world.leave("leg");
}

TEST_F(OtherSwitch, IsNotThatOfTheAgentsDnInReportsAndEvents) {
    World& world = start_there();
    TMessage route;
    route.message = MessageId::request_route_call;
    route.this_dn = "1111@second_switch";
    route.conn_id = parse_conn_id(world.interactions()[0].conn_id);
    route.other_dn = "1001@sip_switch";
    world.clear();
    EXPECT_EQ(world.request(router, route), 0);
    EXPECT_EQ(world.left.rows<records::PartyJoined>().at(0).switch_, "sip_switch");
    world.answer(ann, "1001", world.ringing("1001"));
    EXPECT_EQ(world.left.rows<records::Route>().at(0).switch_, "sip_switch");
    const auto info = world.left.events_of(ann, MessageId::event_user_event);
    ASSERT_THAT(info, SizeIs(1));
    EXPECT_EQ(info[0].extensions->text("LCTParty1_location"), "second_switch") << "the customer's";
    EXPECT_EQ(info[0].extensions->text("LCTParty2_location"), "sip_switch");
    world.say(ann, "1001", world.ringing("1001"), "hello carl");
    EXPECT_EQ(world.left.rows<records::Message>().back().switch_, "sip_switch");
    world.leave("leg");
}

class Attributes : public EngineTest {};

TEST_F(Attributes, OutsideTheirEnumerationOrTooLongAreRefused) {
    World& world = start(route_to_all);
    const ClientId ann = world.client();
    world.register_dn(ann, "1001");
    EXPECT_EQ(world.log_in(ann, "1001", "1001", 99), 53);
    TMessage login;
    login.message = MessageId::request_agent_login;
    login.this_dn = login.agent_id = "1001";
    login.this_queue = "nosuch";
    EXPECT_EQ(world.request(ann, login), 59);
    EXPECT_EQ(world.log_in(ann, "1001", "1001"), 0);
    world.ready(ann, "1001");
    world.text("carl", "hello");
    const ConnId conn = world.ringing("1001");
    world.answer(ann, "1001", conn);
    world.clear();
    EXPECT_EQ(world.say(ann, "1001", conn, std::string(60'001, 'x')), 53);
    EXPECT_THAT(world.left.texts, IsEmpty());
    EXPECT_EQ(world.say(ann, "1001", conn, std::string(60'000, 'x')), 0);
    EXPECT_THAT(world.left.texts, SizeIs(1));
}

class Calls : public EngineTest {};

TEST_F(Calls, OfADnOfTheSwitchAreInternalAllOthersInbound) {
    World& world = start(route_to_all);
    const ClientId watcher = world.client();
    world.register_dn(watcher, "1111");
    world.text("carl", "hello");
    world.text("1003", "hello");
    const auto queued = world.left.events_of(watcher, MessageId::event_queued);
    ASSERT_THAT(queued, SizeIs(2));
    EXPECT_EQ(queued[0].call_type, 2);
    EXPECT_EQ(queued[0].ani, "carl");
    EXPECT_EQ(queued[0].other_dn, "carl");
    EXPECT_EQ(queued[1].call_type, 1);
}

// The DN of a customer of ours is a party, but neither an agent nor the routing point.
TEST_F(Calls, AreNotRoutedNorSpokenInAsAnAgentByTheDnOfTheCustomer) {
    World& world = start(route_to_all);
    const ClientId customer = world.client();
    world.register_dn(customer, "1003");
    world.text("1003", "hello", "1112");
    const ConnId conn = parse_conn_id(world.interactions()[0].conn_id);
    TMessage request;
    request.this_dn = "1003";
    request.other_dn = "1001";
    request.conn_id = conn;
    request.treatment_type = 7;
    for (const MessageId what : {MessageId::request_route_call, MessageId::request_apply_treatment}) {
        request.message = what;
        EXPECT_EQ(world.request(customer, request), 470);
    }
    EXPECT_EQ(world.say(customer, "1003", conn, "I am an agent"), 470);
    EXPECT_THAT(world.left.texts, IsEmpty());
}

}  // namespace
}  // namespace trunkline::testing
