// A DN, an agent or a routing point that leaves the configuration while it is in use: what goes on there goes
// on, under its names, nothing new begins, and it goes with its last interaction.
#include <gmock/gmock.h>

#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class Leaving : public EngineTest {
  protected:
    // dbids as a database gives them: they stay when others go.
    static model::Site site_of_a_database() { return model::Snapshot(small_site()).site(); }

    static void put_in_force(World& world, const model::Site& site) {
        world.command(messages::ConfigChanged{std::make_shared<const model::Snapshot>(site)});
    }
    static model::Site without_dn(model::Site site, const std::string& number) {
        std::erase_if(site.switches[0].dns, [&](const model::Dn& dn) { return dn.number == number; });
        for (model::Place& place : site.tenants[0].places) std::erase(place.dns, number);
        return site;
    }
    // As `--prune` does with somebody who has left the company.
    static model::Site without_ann(model::Site site) {
        site = without_dn(std::move(site), "1001");
        std::erase_if(site.tenants[0].persons,
                      [](const model::Person& person) { return person.user_name == "ann"; });
        std::erase_if(site.switches[0].agent_logins,
                      [](const model::AgentLogin& login) { return login.code == "1001"; });
        for (model::AgentGroup& group : site.tenants[0].agent_groups) std::erase(group.agents, "ann");
        return site;
    }
};

TEST_F(Leaving, ADnInUseGoesWhenItsInteractionsEnd) {
    const model::Site site = site_of_a_database();
    World& world = start(route_to_all, site);
    const ClientId ann = world.ready_agent("1001", "1001");
    const ConnId conn = carl_talks_to(ann, world);
    put_in_force(world, without_ann(site));
    world.clear();

    EXPECT_EQ(world.text("carl", "are you there?"), 200);
    EXPECT_EQ(world.say(ann, "1001", conn, "yes"), 0) << "under the name that she knows";
    ASSERT_THAT(world.left.texts, SizeIs(1));
    EXPECT_EQ(world.left.texts[0].text, "[1001/E1001] yes");
    EXPECT_EQ(world.engine.agents(world.now).at(0).agent, "ann");
    const auto told = world.left.events_of(ann, messages::MessageId::event_private_info);
    ASSERT_FALSE(told.empty());
    EXPECT_EQ(told[0].this_dn, "1001");

    world.clear();
    EXPECT_EQ(world.release(ann, "1001", conn), 0);
    EXPECT_EQ(world.left.sequence(ann), "EventReleased@1001 EventAgentLogout@1001");
    EXPECT_THAT(world.engine.agents(world.now), IsEmpty());
    EXPECT_EQ(world.register_dn(world.client(), "1001"), 59) << "now it is gone";
}

TEST_F(Leaving, NothingNewBeginsThere) {
    model::Site site = site_of_a_database();
    dn_of(site, "1112").options["TServer"]["default-dn"] = "1001";
    World& world = start(route_to_all, site);
    const ClientId ann = world.ready_agent("1001", "1001");
    const ConnId conn = carl_talks_to(ann, world);
    put_in_force(world, without_dn(site, "1001"));
    world.clear();
    world.text("dora", "hello");
    EXPECT_FALSE(world.ringing("1001")) << "no strategy chooses her";
    const ClientId other = world.client();
    world.register_dn(other, "1112");
    world.text("emil", "hello", "1112");
    const auto asked = world.left.events_of(other, messages::MessageId::event_route_request);
    ASSERT_THAT(asked, SizeIs(1));
    messages::TMessage route;
    route.message = messages::MessageId::request_route_call;
    route.this_dn = "1112";
    route.conn_id = asked[0].conn_id;
    route.other_dn = "1001";
    EXPECT_EQ(world.request(other, route), 71) << "nor does a client";
    EXPECT_EQ(world.log_in(ann, "1001", "1001"), 59);
    world.release(ann, "1001", conn);
}

TEST_F(Leaving, AnOfferThatRingsMayBeAnswered) {
    const model::Site site = site_of_a_database();
    World& world = start(route_to_all, site);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    const ConnId conn = world.ringing("1001");
    put_in_force(world, without_ann(site));
    EXPECT_EQ(world.answer(ann, "1001", conn), 0);
    EXPECT_EQ(world.release(ann, "1001", conn), 0);
    EXPECT_THAT(world.engine.agents(world.now), IsEmpty());
}

TEST_F(Leaving, WhoLoggedInWhereItRangAlreadyGoesWhenItStops) {
    model::Site site = site_of_a_database();
    dn_of(site, "1111").options["TServer"]["default-dn"] = "1001";
    World& world = start("return function(ix) ix:default_route() end", site);
    const ClientId ann = world.client();
    world.register_dn(ann, "1001");
    world.text("carl", "hello");
    const ConnId conn = world.ringing("1001");
    ASSERT_EQ(world.log_in(ann, "1001", "1001"), 0);
    std::erase_if(site.tenants[0].persons,
                  [](const model::Person& person) { return person.user_name == "ann"; });
    for (model::AgentGroup& group : site.tenants[0].agent_groups) std::erase(group.agents, "ann");
    put_in_force(world, site);
    EXPECT_EQ(world.release(ann, "1001", conn), 0);
    EXPECT_THAT(world.engine.agents(world.now), IsEmpty());
}

TEST_F(Leaving, ARoutingPointKeepsWhoWaitsThereAndTakesNobodyMore) {
    const model::Site site = site_of_a_database();
    World& world = start(route_to_all, site);
    world.text("carl", "hello");
    put_in_force(world, without_dn(site, "1111"));
    EXPECT_EQ(world.text("dora", "hello"), 404);
    EXPECT_EQ(world.text("carl", "still here"), 200);
    const ClientId ann = world.ready_agent("1001", "1001");
    const ConnId conn = world.ringing("1001");
    ASSERT_TRUE(conn);
    world.answer(ann, "1001", conn);
    world.clear();
    world.release(ann, "1001", conn);
    EXPECT_EQ(world.left.rows<records::InteractionEnded>().at(0).outcome, "handled");
    EXPECT_EQ(world.text("carl", "one more"), 404);
}

TEST_F(Leaving, WhatComesBackMeanwhileStays) {
    const model::Site site = site_of_a_database();
    World& world = start(route_to_all, site);
    const ClientId ann = world.ready_agent("1001", "1001");
    const ConnId conn = carl_talks_to(ann, world);
    put_in_force(world, without_ann(site));
    put_in_force(world, site);
    EXPECT_EQ(world.release(ann, "1001", conn), 0);
    EXPECT_THAT(world.engine.agents(world.now), SizeIs(1));
    world.text("dora", "hello");
    EXPECT_TRUE(world.ringing("1001"));
}

TEST_F(Leaving, AWholeTenantGoesWithItsLastInteraction) {
    const model::Site site = site_of_a_database();
    World& world = start(route_to_all, site);
    const ClientId ann = world.ready_agent("1001", "1001");
    const ConnId conn = carl_talks_to(ann, world);
    put_in_force(world, model::Site{.revision = 7});
    EXPECT_EQ(world.say(ann, "1001", conn, "good-bye"), 0);
    EXPECT_EQ(world.release(ann, "1001", conn), 0);
    EXPECT_THAT(world.engine.agents(world.now), IsEmpty());
    EXPECT_EQ(world.text("carl", "hello?"), 404);
}

}  // namespace
}  // namespace trunkline::testing
