// Agents whose texts travel over SIP: option sip-signaling-chat true and an endpoint.
#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using messages::LegKind;
using messages::MessageId;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* contact = "sip:ann.lee@192.0.2.7:5070";

model::Site site_with_an_endpoint(const std::string& signaling = "true") {
    model::Site site = small_site();
    auto& options = dn_of(site, "1001").options["TServer"];
    options["sip-signaling-chat"] = signaling;
    options["contact"] = contact;
    return site;
}

class SipAgents : public EngineTest {
  protected:
    /// Ann is ready, and her endpoint answers.
    ClientId start_with_ann(const std::string& strategy = route_to_all) {
        World& w = start(strategy, site_with_an_endpoint());
        const ClientId ann = w.ready_agent("1001", "1001");
        w.answer_probes();
        w.clear();
        world = &w;
        return ann;
    }
    [[nodiscard]] std::string leg() const { return world->left.opened_legs.at(0).leg.key; }
    [[nodiscard]] std::vector<std::string> texts_on(const std::string& key) const {
        std::vector<std::string> texts;
        for (const auto& text : world->left.texts)
            if (text.leg.key == key) texts.push_back(text.text);
        return texts;
    }
    void answer_call() { world->command(messages::LegAnswered{leg()}); }
    World* world = nullptr;
};

TEST_F(SipAgents, AreCalledAtTheirContactAndTheirAnswerAnswers) {
    const ClientId ann = start_with_ann();
    world->text("carl", "hello");
    ASSERT_THAT(world->left.opened_legs, SizeIs(1));
    const messages::OpenLeg call = world->left.opened_legs[0];
    EXPECT_EQ(call.leg.kind, LegKind::session);
    EXPECT_EQ(call.to, contact);
    EXPECT_EQ(call.from_user + "@" + call.from_host, "carl@cc.example.com");
    EXPECT_THAT(world->left.texts, IsEmpty());
    EXPECT_EQ(world->left.sequence(ann), "EventRinging@1001");
    const ConnId conn = world->ringing("1001");
    EXPECT_EQ(world->answer(ann, "1001", conn), 51);  // the endpoint's 200 is the answer
    world->clear();
    world->command(messages::LegAnswered{call.leg.key});
    EXPECT_EQ(world->left.sequence(ann), "EventEstablished@1001 EventUserEvent@1001 EventPrivateInfo@1001");
    EXPECT_THAT(texts_on(call.leg.key), ElementsAre("hello"));
    EXPECT_EQ(world->interactions()[0].agent, "ann");
    world->deliver_texts();
    EXPECT_EQ(world->left.rows<records::MessageStatus>().at(0).status, "delivered");
}

TEST_F(SipAgents, TextsGoBothWaysBehindThePrefixAndAsEvents) {
    const ClientId ann = start_with_ann();
    world->text("carl", "hello");
    const std::string key = leg();
    answer_call();
    world->clear();
    EXPECT_EQ(world->leg_text(key, "good day"), 200);
    EXPECT_THAT(texts_on(World::pager_key("carl")), ElementsAre("[1001/E1001] good day"));
    const auto own = world->left.events_of(ann, MessageId::event_private_info);
    ASSERT_THAT(own, SizeIs(1));
    EXPECT_EQ(own[0].extensions->text("im"), "good day");
    EXPECT_EQ(own[0].other_dn, "1001");
    world->text("carl", "thanks");
    EXPECT_THAT(texts_on(key), ElementsAre("thanks"));
    // What she writes at her desktop goes to the customer too.
    EXPECT_EQ(world->say(ann, "1001", own[0].conn_id, "from the desktop"), 0);
    EXPECT_EQ(texts_on(World::pager_key("carl")).back(), "[1001/E1001] from the desktop");
}

TEST_F(SipAgents, WhoDeclineTheMediumAreAskedInPagerMode) {
    for (const int status : {488, 415, 405}) {
        start_with_ann();
        world->text("carl", "hello");
        world->command(messages::LegFailed{leg(), status});
        ASSERT_THAT(world->left.opened_legs, SizeIs(2));
        EXPECT_EQ(world->left.opened_legs[1].leg.kind, LegKind::pager);
        EXPECT_THAT(world->left.ended_legs, IsEmpty());
        EXPECT_THAT(texts_on(world->left.opened_legs[1].leg.key), ElementsAre("hello"));
        EXPECT_EQ(world->interactions()[0].state, "ringing");
        world->deliver_texts();  // the first 2xx is the answer
        EXPECT_EQ(world->interactions()[0].state, "established");
        TearDown();
    }
}

TEST_F(SipAgents, WhoDeclineLetTheNextOneBeAsked) {
    for (const int status : {603, 486}) {
        const ClientId ann = start_with_ann();
        world->pass(seconds(1));
        world->ready_agent("1002", "1002");
        world->text("carl", "hello");
        const std::string key = leg();
        world->command(messages::LegFailed{key, status});
        EXPECT_TRUE(world->ringing("1002"));
        EXPECT_EQ(world->left.sequence(ann), "EventRinging@1001 EventReleased@1001");
        EXPECT_THAT(world->left.ended_legs, IsEmpty());  // it has ended by itself
        TearDown();
    }
}

TEST_F(SipAgents, WhoDoNotAnswerAreCancelledAndTheNextOneIsAsked) {
    start_with_ann();
    world->pass(seconds(1));
    world->ready_agent("1002", "1002");
    world->text("carl", "hello");
    const std::string key = leg();
    world->pass(seconds(20));
    ASSERT_THAT(world->left.ended_legs, SizeIs(1));
    EXPECT_EQ(world->left.ended_legs[0].leg.key, key);
    EXPECT_TRUE(world->ringing("1002"));
    world->command(messages::LegAnswered{key});  // crossed: too late
    EXPECT_EQ(world->interactions()[0].state, "ringing");
    EXPECT_EQ(world->interactions()[0].agent, "bob");
}

TEST_F(SipAgents, EndTheSessionByHangingUpAtEitherSide) {
    const ClientId ann = start_with_ann();
    world->text("carl", "hello");
    answer_call();
    world->deliver_texts();
    world->leave(leg());  // BYE of the endpoint
    EXPECT_THAT(world->interactions(), IsEmpty());
    ASSERT_THAT(world->left.ended_legs, SizeIs(1));  // the customer's
    EXPECT_EQ(world->left.ended_legs[0].leg.key, World::pager_key("carl"));
    EXPECT_EQ(world->left.events_of(ann, MessageId::event_released).size(), 1U);
    EXPECT_EQ(world->left.rows<records::InteractionEnded>()[0].outcome, "handled");
    world->clear();
    world->text("carl", "one more thing");
    const std::string key = leg();
    answer_call();
    world->deliver_texts();
    EXPECT_EQ(world->release(ann, "1001", parse_conn_id(world->interactions()[0].conn_id)), 0);
    ASSERT_THAT(world->left.ended_legs, SizeIs(2));
    EXPECT_EQ(world->left.ended_legs[0].leg.key, key);
}

TEST_F(SipAgents, AreCancelledWhenTheCustomerLeavesOrTheClientDeclines) {
    const ClientId ann = start_with_ann();
    world->text("carl", "hello");
    world->leave(World::pager_key("carl"));
    EXPECT_THAT(world->left.ended_legs, SizeIs(1));
    world->clear();
    world->text("dora", "hello");
    EXPECT_EQ(world->release(ann, "1001", world->ringing("1001")), 0);
    EXPECT_THAT(world->left.ended_legs, SizeIs(1));
}

// lessons B6.53, B6.56
TEST_F(SipAgents, AreOfferedNothingBeforeTheirEndpointHasAnswered) {
    World& w = start(route_to_all, site_with_an_endpoint());
    world = &w;
    const ClientId ann = w.ready_agent("1001", "1001");
    ASSERT_THAT(w.left.probes, SizeIs(1));
    EXPECT_EQ(w.left.probes[0].target, contact);
    w.text("carl", "hello");
    EXPECT_FALSE(w.ringing("1001"));
    w.answer_probes(false);
    EXPECT_FALSE(w.ringing("1001"));
    w.pass(seconds(30));  // unreachable-timeout
    const auto told = w.left.events_of(ann, MessageId::event_agent_not_ready);
    ASSERT_FALSE(told.empty());
    EXPECT_EQ(told.back().reasons->text("ReasonCode"), "unreachable");
    EXPECT_EQ(w.ready(ann, "1001"), 185);
    EXPECT_EQ(w.ready(ann, "1001"), 185);
    w.answer_probes();  // asked again every half a minute
    EXPECT_FALSE(w.left.events_of(ann, MessageId::event_agent_ready).empty());
    EXPECT_TRUE(w.ringing("1001"));
}

TEST_F(SipAgents, KeepTheirSessionsWhenTheEndpointFallsSilent) {
    const ClientId ann = start_with_ann();
    world->text("carl", "hello");
    answer_call();
    world->pass(seconds(30));
    world->answer_probes(false);
    world->text("dora", "hello");
    EXPECT_EQ(world->interactions()[0].state, "established");
    EXPECT_EQ(world->interactions()[1].state, "waiting");
    world->close(ann);  // her desktop is not what carries her texts
    world->pass(seconds(30));
    world->answer_probes();
    EXPECT_EQ(world->interactions()[1].state, "ringing");
}

TEST_F(SipAgents, WithoutAnEndpointAreReachedByTLibraryAlone) {
    model::Site site = small_site();
    dn_of(site, "1001").options["TServer"].erase("sip-signaling-chat");  // true is the default
    World& w = start(route_to_all, site);
    const ClientId ann = w.ready_agent("1001", "1001");
    w.text("carl", "hello");
    EXPECT_THAT(w.left.opened_legs, IsEmpty());
    EXPECT_EQ(w.answer(ann, "1001", w.ringing("1001")), 0);
}

TEST_F(SipAgents, WithSignalingFalseOrNoneAreReachedByTLibraryAlone) {
    for (const char* signaling : {"false", "none"}) {
        World& w = start(route_to_all, site_with_an_endpoint(signaling));
        const ClientId ann = w.ready_agent("1001", "1001");
        w.text("carl", "hello");
        EXPECT_THAT(w.left.opened_legs, IsEmpty());
        EXPECT_THAT(w.left.probes, IsEmpty());
        EXPECT_EQ(w.answer(ann, "1001", w.ringing("1001")), 0);
        TearDown();
    }
}

TEST_F(SipAgents, AreCalledWhereTheyHaveRegistered) {
    model::Site site = small_site();
    dn_of(site, "1001").options["TServer"]["sip-signaling-chat"] = "true";
    World& w = start(route_to_all, site);
    const ClientId ann = w.ready_agent("1001", "1001");
    w.command(messages::EndpointBound{"sip_switch", "1001", "sip:1001@192.0.2.8:5080",
                                      "sip:198.51.100.1:40000;transport=udp"});
    w.answer_probes();
    w.text("carl", "hello");
    ASSERT_THAT(w.left.opened_legs, SizeIs(1));
    EXPECT_EQ(w.left.opened_legs[0].to, "sip:1001@192.0.2.8:5080");
    EXPECT_EQ(w.left.opened_legs[0].leg.route, "sip:198.51.100.1:40000;transport=udp");
    w.release(ann, "1001", w.ringing("1001"));
    w.command(messages::EndpointBound{"sip_switch", "1001", "", ""});
    w.clear();
    w.text("dora", "hello");
    EXPECT_THAT(w.left.opened_legs, IsEmpty());
    EXPECT_TRUE(w.ringing("1001"));
}

TEST_F(SipAgents, AreCalledByADirectRouteThoughNobodyIsLoggedIn) {
    World& w = start(R"(return function(ix) ix:route_to("1001") end)", site_with_an_endpoint());
    w.session("carl");
    ASSERT_THAT(w.left.opened_legs, SizeIs(1));
    w.command(messages::LegAnswered{w.left.opened_legs[0].leg.key});
    ASSERT_THAT(w.left.session_answers, SizeIs(2));  // 180, 200
    EXPECT_EQ(w.left.session_answers[1].status, 200);
}

TEST_F(SipAgents, FollowAChangeOfTheContact) {
    start_with_ann();
    model::Site site = site_with_an_endpoint();
    dn_of(site, "1001").options["TServer"]["contact"] = "sip:ann@192.0.2.9";
    world->command(messages::ConfigChanged{std::make_shared<const model::Snapshot>(site)});
    ASSERT_THAT(world->left.probes, SizeIs(1));
    world->text("carl", "hello");
    EXPECT_THAT(world->left.opened_legs, IsEmpty());  // not before it has answered there
    world->answer_probes();
    ASSERT_THAT(world->left.opened_legs, SizeIs(1));
    EXPECT_EQ(world->left.opened_legs[0].to, "sip:ann@192.0.2.9");
}

}  // namespace
}  // namespace trunkline::testing
