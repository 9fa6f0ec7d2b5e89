// ix:route_to and its kin to whoever is no DN of ours: over a trunk, or to a SIP URI.
#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using messages::MessageId;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

model::Site site_with_trunks() {
    model::Site site = small_site();
    site.switches[0].options["TServer"]["sip-domain"] = "cc.example.com";
    const auto trunk = [&](const std::string& number, const std::string& contact, const std::string& prefix) {
        model::Dn dn{0, number, "Trunk", "", {{"TServer", {{"contact", contact}}}}};
        if (!prefix.empty()) dn.options["TServer"]["prefix"] = prefix;
        site.switches[0].dns.push_back(std::move(dn));
    };
    trunk("trunk_any", "sip:192.0.2.10:5060", "");
    trunk("trunk_berlin", "sip:gw@192.0.2.30:5070;transport=tcp", "+4930");
    trunk("trunk_germany", "192.0.2.20", "+49");
    return site;
}

std::string routes_to(const std::string& destination) {
    return "return function(ix)\n  local r, why = ix:route_to(\"" + destination +
           "\")\n  if r then ix:attach{went = r.dn, by = r.target} else ix:attach{why = why} end\n"
           "  ix:sleep(10000)\nend";
}

class External : public EngineTest {
  protected:
    static std::string user_data(const World& world, const std::string& key) {
        std::string value;
        for (const auto& row : world.left.rows<records::Userdata>())
            if (row.key_ == key) value = row.value;
        return value;
    }
    static std::vector<std::string> texts_on(const World& world, const std::string& leg) {
        std::vector<std::string> texts;
        for (const auto& text : world.left.texts)
            if (text.leg.key == leg) texts.push_back(text.text);
        return texts;
    }
};

TEST_F(External, ATrunkThatAsksForACheckOfItsCertificateIsReachedAsSips) {
    model::Site site = site_with_trunks();
    for (auto& dn : site.switches[0].dns)
        if (dn.number == "trunk_berlin") dn.options["TServer"]["tls-verify"] = "true";
    World& world = start(routes_to("+49301234"), site);
    world.text("carl", "hello");
    ASSERT_THAT(world.left.opened_legs, SizeIs(1));
    EXPECT_EQ(world.left.opened_legs[0].leg.route, "sips:192.0.2.30:5070;transport=tcp");
}

TEST_F(External, NumberGoesOverTheTrunkWithTheLongestPrefix) {
    World& world = start(R"(
return function(ix) ix:route_to(ix:collect_digits{total_timeout = 60}) end)",
                         site_with_trunks());
    const auto target_of = [&](const std::string& number) {
        world.clear();
        world.text("carl" + number, number);
        return world.left.opened_legs.empty()
                   ? std::string("none")
                   : world.left.opened_legs[0].to + " by " + world.left.opened_legs[0].leg.route;
    };
    EXPECT_EQ(target_of("+49 (30) 12-34"),
              "sip:+49301234@192.0.2.30:5070;transport=tcp by sip:192.0.2.30:5070;transport=tcp");
    EXPECT_EQ(target_of("+4989123"), "sip:+4989123@192.0.2.20 by sip:192.0.2.20");
    EXPECT_EQ(target_of("110"), "sip:110@192.0.2.10:5060 by sip:192.0.2.10:5060");
    EXPECT_EQ(target_of("nobody"), "none");
    EXPECT_EQ(target_of("1111"), "none");  // a DN, and one that does not ring
}

TEST_F(External, PartyIsAskedWithTheFirstTextThatWaitsFromTheCustomersNameInOurDomain) {
    World& world = start(routes_to("sip:doc@192.0.2.40"), site_with_trunks());
    const ClientId watcher = world.client();
    world.register_dn(watcher, "1111");
    world.text("carl", "hello");
    world.text("carl", "are you there?");
    ASSERT_THAT(world.left.opened_legs, SizeIs(1));
    const messages::OpenLeg leg = world.left.opened_legs[0];
    EXPECT_EQ(leg.to, "sip:doc@192.0.2.40");
    EXPECT_EQ(leg.from_user + "@" + leg.from_host, "carl@cc.example.com");
    EXPECT_THAT(texts_on(world, leg.leg.key), ElementsAre("hello"));
    EXPECT_EQ(world.interactions()[0].state, "ringing");
    EXPECT_EQ(world.interactions()[0].dn, "sip:doc@192.0.2.40");
    const auto used = world.left.events_of(watcher, MessageId::event_route_used);
    ASSERT_THAT(used, SizeIs(1));
    EXPECT_EQ(used[0].third_party_dn, "sip:doc@192.0.2.40");
    world.clear();
    world.deliver_texts();
    EXPECT_EQ(world.interactions()[0].state, "established");
    EXPECT_THAT(texts_on(world, leg.leg.key), ElementsAre("are you there?"));  // what waited follows
    EXPECT_EQ(user_data(world, "went"), "sip:doc@192.0.2.40");
    EXPECT_EQ(world.left.rows<records::Route>()[0].dn, "sip:doc@192.0.2.40");
    EXPECT_EQ(world.left.rows<records::Route>()[0].result, "selected");
    world.deliver_texts();
    for (const auto& row : world.left.rows<records::MessageStatus>()) EXPECT_EQ(row.status, "delivered");
    EXPECT_THAT(world.left.rows<records::MessageStatus>(), SizeIs(2));
}

TEST_F(External, PartyIsToldWhoWritesWhereNoTextWaits) {
    World& world = start(routes_to("+4930110"), site_with_trunks());
    world.session("carl");
    ASSERT_THAT(world.left.opened_legs, SizeIs(1));
    EXPECT_TRUE(world.left.opened_legs[0].any_domain);
    EXPECT_THAT(texts_on(world, world.left.opened_legs[0].leg.key),
                ElementsAre("New message from sip:carl@example.com"));
    EXPECT_EQ(world.left.rows<records::Message>()[0].direction, "private");
    const auto joined = world.left.rows<records::PartyJoined>();
    EXPECT_EQ(joined.back().role, "external");
    EXPECT_EQ(joined.back().dn, "+4930110");
    world.clear();
    world.deliver_texts();
    ASSERT_THAT(world.left.session_answers, SizeIs(1));  // its answer answers the customer's INVITE
    EXPECT_EQ(world.left.session_answers[0].status, 200);
}

TEST_F(External, TextsGoBothWaysAndIntoTheRecord) {
    World& world = start(routes_to("+4930110"), site_with_trunks());
    const ClientId monitor = world.client();
    world.register_dn(monitor, "gcti::im");
    world.text("carl", "hello");
    const std::string leg = world.left.opened_legs.at(0).leg.key;
    world.deliver_texts();
    world.clear();
    EXPECT_EQ(world.leg_text(leg, "good day"), 200);
    ASSERT_THAT(world.left.texts, SizeIs(1));
    EXPECT_EQ(world.left.texts[0].text, "good day");  // no agent's prefix
    EXPECT_EQ(world.left.texts[0].to, "sip:carl@example.com");
    const auto row = world.left.rows<records::Message>().at(0);
    EXPECT_EQ(row.direction + " " + row.from_dn, "out +4930110");
    const auto told = world.left.events_of(monitor, MessageId::event_private_info);
    ASSERT_THAT(told, SizeIs(2));  // one for each party
    EXPECT_EQ(told[0].other_dn, "+4930110");
    world.clear();
    world.text("carl", "thank you");
    EXPECT_THAT(texts_on(world, leg), ElementsAre("thank you"));
    EXPECT_EQ(world.left.rows<records::Message>().at(0).status, "pending");
    world.clear();
    world.deliver_texts(480);
    EXPECT_EQ(world.left.rows<records::MessageStatus>().back().status, "failed");
    EXPECT_EQ(world.interactions()[0].state, "established");
}

TEST_F(External, WhoAnswersWithATextHasAnswered) {
    World& world = start(routes_to("+4930110"), site_with_trunks());
    world.text("carl", "hello");
    const std::string leg = world.left.opened_legs.at(0).leg.key;
    EXPECT_EQ(world.leg_text(leg, "yes?"), 200);  // faster than the 2xx of what it answers
    EXPECT_EQ(world.interactions()[0].state, "established");
    EXPECT_THAT(texts_on(world, leg), ElementsAre("hello"));  // once
    EXPECT_THAT(texts_on(world, World::pager_key("carl")), ElementsAre("yes?"));
    world.clear();
    world.deliver_texts();
    EXPECT_THAT(world.left.rows<records::MessageStatus>(), SizeIs(2));
    EXPECT_THAT(world.left.rows<records::PartyAnswered>(), IsEmpty());
}

TEST_F(External, NoAnswerInTimeIsATimeoutAndALateOneChangesNothing) {
    World& world = start(routes_to("+4930110"), site_with_trunks());
    world.text("carl", "hello");
    const std::string leg = world.left.opened_legs.at(0).leg.key;
    world.pass(seconds(20));  // after-routing-timeout
    EXPECT_EQ(user_data(world, "why"), "timeout");
    EXPECT_EQ(world.left.rows<records::Route>()[0].result, "timeout");
    EXPECT_EQ(world.left.rows<records::PartyLeft>().back().cause, "no_answer");
    ASSERT_THAT(world.left.ended_legs, SizeIs(1));
    world.clear();
    world.deliver_texts();
    EXPECT_EQ(world.leg_text(leg, "sorry, I was away"), 481);
    EXPECT_EQ(world.interactions()[0].state, "treatment");
    EXPECT_THAT(world.left.rows<records::MessageStatus>(), IsEmpty());  // the text is still the customer's
}

TEST_F(External, RefusalIsRejectedAndTheTextGoesToTheNext) {
    World& world = start(R"(
return function(ix)
  local r, why = ix:route_to("+4930110")
  ix:attach{why = why}
  ix:route_to("1001")
end)",
                         site_with_trunks());
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    world.deliver_texts(404);
    EXPECT_EQ(user_data(world, "why"), "rejected");
    const auto left = world.left.rows<records::PartyLeft>();
    ASSERT_THAT(left, SizeIs(1));
    EXPECT_EQ(left[0].cause, "failed") << "404: nothing is there that could answer";
    const auto route = world.left.rows<records::Route>().at(0);
    EXPECT_EQ(route.result + ' ' + route.dn, "rejected +4930110");
    world.clear();
    world.answer(ann, "1001", parse_conn_id(world.interactions()[0].conn_id));
    const auto read = world.left.events_of(ann, MessageId::event_private_info);
    ASSERT_THAT(read, SizeIs(1));
    EXPECT_EQ(read[0].extensions->text("im"), "hello");
}

TEST_F(External, WithoutATrunkThereIsNoTarget) {
    World& world = start(routes_to("+4930110"));
    world.text("carl", "hello");
    EXPECT_EQ(user_data(world, "why"), "no_target");
    EXPECT_THAT(world.left.opened_legs, IsEmpty());
}

TEST_F(External, UriOfOurOwnDomainIsTheDn) {
    World& world = start(routes_to("sip:1001@CC.example.com"), site_with_trunks());
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    EXPECT_TRUE(world.ringing("1001"));
    EXPECT_EQ(world.answer(ann, "1001", world.ringing("1001")), 0);
    EXPECT_EQ(user_data(world, "went"), "1001");
}

TEST_F(External, LegEndsWithTheCustomerBeforeAndAfterTheAnswer) {
    World& world = start(routes_to("+4930110"), site_with_trunks());
    for (const bool answered : {false, true}) {
        world.clear();
        world.text("carl", "hello");
        if (answered) world.deliver_texts();
        const std::string leg = world.left.opened_legs.at(0).leg.key;
        world.pass(seconds(1));
        world.leave(World::pager_key("carl"));
        ASSERT_THAT(world.left.ended_legs, SizeIs(1));  // the customer's is gone by himself
        EXPECT_EQ(world.left.ended_legs[0].leg.key, leg);
        EXPECT_EQ(world.left.rows<records::InteractionEnded>()[0].outcome,
                  answered ? "handled" : "abandoned");
        EXPECT_EQ(world.leg_text(leg, "hello?"), 481);
        world.deliver_texts();
    }
}

TEST_F(External, SilenceEndsTheSession) {
    World& world = start(routes_to("+4930110"), site_with_trunks());
    world.text("carl", "hello");
    world.deliver_texts();
    world.pass(seconds(900));
    EXPECT_THAT(world.interactions(), IsEmpty());
    ASSERT_THAT(world.left.ended_legs, SizeIs(1));
    EXPECT_EQ(world.left.ended_legs[0].leg.key, "out-1");
}

TEST_F(External, TwoCustomersOfOneNameAreTwoNamesToOneParty) {
    model::Site site = site_with_trunks();
    site.switches[0].dns.push_back({0, "1113", "RoutingPoint", "main", {}});
    World& world = start(routes_to("+4930110"), site);
    world.text("carl", "one");
    world.text("carl", "two", "1113");
    ASSERT_THAT(world.left.opened_legs, SizeIs(2));
    EXPECT_EQ(world.left.opened_legs[0].from_user, "carl");
    EXPECT_EQ(world.left.opened_legs[1].from_user, "carl@example.com");
    world.deliver_texts();
    world.clear();
    world.leg_text("out-2", "to the second");
    EXPECT_THAT(texts_on(world, World::pager_key("carl", "1113")), ElementsAre("to the second"));
}

TEST_F(External, DefaultDnAndAClientsRouteGoOutToo) {
    model::Site site = site_with_trunks();
    dn_of(site, "1111").options["TServer"]["default-dn"] = "+4930110";
    World& world = start("return function(ix) end", site);
    world.text("carl", "hello");
    ASSERT_THAT(world.left.opened_legs, SizeIs(1));
    world.deliver_texts();
    EXPECT_EQ(world.left.rows<records::Route>()[0].result, "default");

    const ClientId router = world.client();
    world.register_dn(router, "1112");
    world.text("dora", "hello", "1112");
    messages::TMessage route;
    route.message = MessageId::request_route_call;
    route.this_dn = "1112";
    route.conn_id = world.left.events_of(router, MessageId::event_route_request).at(0).conn_id;
    route.other_dn = "sip:doc@192.0.2.40:5062";
    world.clear();
    EXPECT_EQ(world.request(router, route), 0);
    const auto used = world.left.events_of(router, MessageId::event_route_used);
    ASSERT_THAT(used, SizeIs(1));
    EXPECT_EQ(used[0].third_party_dn, "sip:doc@192.0.2.40:5062");
    EXPECT_TRUE(used[0].reference_id);
    world.clear();
    world.deliver_texts(486);
    EXPECT_THAT(world.left.events_of(router, MessageId::event_route_request), SizeIs(1));  // route again
    ASSERT_THAT(world.left.rows<records::Route>(), SizeIs(1));
    EXPECT_EQ(world.left.rows<records::Route>()[0].dn, "sip:doc@192.0.2.40:5062");
    EXPECT_EQ(world.left.rows<records::PartyLeft>().at(0).cause, "released") << "486: declined";
    route.other_dn = "7777x";
    EXPECT_EQ(world.request(router, route), 71);
}

TEST_F(External, ADrainEndsTheLeg) {
    World& world = start(routes_to("+4930110"), site_with_trunks());
    world.text("carl", "hello");
    world.deliver_texts();
    world.command(messages::Drain{});
    EXPECT_EQ(world.interactions().size(), 1U);
    world.command(messages::Drain{});
    EXPECT_THAT(world.interactions(), IsEmpty());
    EXPECT_THAT(world.left.ended_legs, SizeIs(2));
}

}  // namespace
}  // namespace trunkline::testing
