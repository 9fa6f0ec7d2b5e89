// What scripts read of the engine: the fields of ix, the names of the configuration; and what they write.
#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using messages::MessageId;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class FieldsOfIx : public EngineTest {};
class NamesOfTheTenant : public EngineTest {};

TEST_F(FieldsOfIx, SayWhereItComesFromAndWhereItStands) {
    World& world = start(R"(
return function(ix)
  log.info(ix.dnis, ix.call_type, ix.strategy, ix.state, ix.agent)
  local busy = function(ix)
    local guard <close> = setmetatable({}, {__close = function() log.info(ix.state) end})
    log.info(ix.state, ix.position)
    ix:sleep(1000)
  end
  local result = ix:route{targets = {target.group "All_Agents"}, on_wait = busy}
  log.info(ix.state, ix.agent, ix.agent == result.agent)
end)");
    world.text("carl", "hello");
    EXPECT_EQ(said(world), "1111 inbound main treatment nil|waiting 1");
    world.clear();
    const ClientId ann = world.ready_agent("1001", "1001");
    EXPECT_EQ(said(world), "ringing") << "what is left of the busy treatment, as the agent rings";
    const ConnId conn = world.ringing("1001");
    world.clear();
    world.answer(ann, "1001", conn);
    EXPECT_EQ(said(world), "established ann true");
}

TEST_F(FieldsOfIx, CallItInternalWhereItsCustomerIsADnOfTheSwitch) {
    World& world = start("return function(ix) log.info(ix.call_type, ix.ani) ix:sleep(1000) end");
    world.text("1002", "hello");
    EXPECT_EQ(said(world), "internal 1002");
}

TEST_F(FieldsOfIx, DetachTakesAPairAwayForEverybody) {
    World& world = start(R"(
return function(ix)
  ix:attach{topic = "billing", keep = "yes"}
  ix:sleep(1)
  log.info(ix:detach("topic"), ix.userdata.topic, ix.userdata.keep, ix:detach("topic"))
  ix:sleep(1000)
end)");
    const ClientId monitor = world.client();
    world.register_dn(monitor, "1111");
    world.text("carl", "hello");
    world.clear();
    world.pass(seconds(1));
    EXPECT_EQ(said(world), "true nil yes true");
    const auto changes = world.left.events_of(monitor, MessageId::event_attached_data_changed);
    ASSERT_THAT(changes, SizeIs(1)) << "what is not there is no change";
    EXPECT_EQ(changes[0].user_data->find("topic"), nullptr);
    EXPECT_EQ(changes[0].user_data->text("keep"), "yes");
    const auto rows = world.left.rows<records::Userdata>();
    ASSERT_THAT(rows, SizeIs(1));
    EXPECT_EQ(rows[0].key_, "topic");
    EXPECT_EQ(rows[0].change, "deleted");
}

TEST_F(NamesOfTheTenant, AnAgentIsFoundByLoginCodeAndEmployeeIdWhereOnePersonAloneHasThem) {
    model::Site site = small_site();
    site.tenants[0].persons[0].agent_logins.push_back("7001");
    site.switches[0].agent_logins.push_back({0, "7001", {}});
    site.tenants[0].persons[1].employee_id = "shared";
    site.tenants[0].persons[2].employee_id = "shared";
    World& world = start(R"(
return function(ix)
  local result, why = ix:route{targets = {target.agent(ix.ani)}, timeout = 1}
  log.info(why)
  ix:disconnect()
end)",
                         site);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.ready_agent("1002", "1002");
    for (const char* name : {"ann", "7001", "E1001"}) {
        world.clear();
        world.text(name, "hello");
        ASSERT_TRUE(world.ringing("1001")) << name;
        world.answer(ann, "1001", world.ringing("1001"));
        world.release(ann, "1001", world.ringing("1001"));
        EXPECT_FALSE(world.ringing("1002"));
    }
    world.clear();
    world.text("shared", "hello");
    EXPECT_EQ(said(world), "no_target") << "two have it";
}

model::Site two_tenants() {
    model::Site site = small_site();
    model::Tenant other;
    other.name = "Others";
    other.lists = {{0, "theirs", {{"key", "value"}}}};
    model::Person zoe;
    zoe.user_name = "zoe";
    zoe.is_agent = true;
    other.persons = {zoe};
    other.agent_groups = {{0, "Theirs", {"zoe"}, "", {}}};
    other.places = {{0, "P9001", {"9001"}, "", {}}};
    model::Switch sw;
    sw.name = "their_switch";
    sw.tenant = "Others";
    sw.options["TServer"]["sip-domain"] = "others.example.com";
    sw.dns = {{0, "9111", "RoutingPoint", "main", {}},
              {0, "9001", "Extension", "", {}},
              {0, "VQ_theirs", "VirtualQueue", "", {}}};
    site.tenants.push_back(other);
    site.switches.push_back(sw);
    return site;
}

// The names are written at run time: as constants they would be looked up in all tenants.
TEST_F(NamesOfTheTenant, WhatOnlyAnotherTenantHasIsNotThere) {
    const std::string strategy = R"(
return function(ix)
  local their = ix.userdata.none or "their"
  local found = {}
  for _, wanted in ipairs{target.group("T" .. their:sub(2) .. "s"), target.agent("z" .. "oe"), target.place("P" .. "9001"),
                          target.dn("90" .. "01"), target.queue("VQ_" .. their .. "s")} do
    local _, why = ix:route{targets = {wanted}, timeout = 1}
    found[#found + 1] = why
  end
  log.info(table.concat(found, " "))
  log.info(config.list(their .. "s", "key"))
  log.info(config.option("agent:" .. "zoe", "desk", "side"))
  log.info((ix:queue("VQ_" .. their .. "s")))
  ix:sleep(1000)
end)";
    World& world = start(strategy, two_tenants());
    world.text("carl", "hello");
    world.pass(seconds(10));
    EXPECT_EQ(
        said(world),
        "no_target no_target no_target no_target no_target|nil there is no list 'theirs' in this tenant|"
        "nil there is no object 'agent:zoe' in this tenant|nil");
    world.clear();
    world.command(messages::SessionOffered{SipTxnId(1'000'000),
                                           {messages::LegKind::session, "theirs", "theirs"},
                                           "9111",
                                           "others.example.com",
                                           "sip:dora@example.com",
                                           "dora"});
    world.pass(seconds(10));
    EXPECT_EQ(said(world), "timeout timeout timeout timeout timeout|value|nil|true")
        << "the tenant itself has them";
    world.leave("theirs");
}

}  // namespace
}  // namespace trunkline::testing
