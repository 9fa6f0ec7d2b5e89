#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using messages::MessageId;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class Agents : public EngineTest {};

TEST_F(Agents, LogInNotReadyThenGoReadyAndLogOut) {
    World& world = start(route_to_all);
    const ClientId ann = world.client();
    world.register_dn(ann, "1001");
    EXPECT_EQ(world.log_in(ann, "1001", "1001"), 0);
    EXPECT_EQ(world.ready(ann, "1001"), 0);
    EXPECT_EQ(world.not_ready(ann, "1001"), 0);
    EXPECT_EQ(world.log_out(ann, "1001"), 0);
    EXPECT_EQ(world.left.sequence(ann),
              "EventRegistered@1001 EventAgentLogin@1001 EventAgentNotReady@1001 EventAgentReady@1001 "
              "EventAgentNotReady@1001 "
              "EventAgentLogout@1001");
    EXPECT_EQ(world.left.rows<records::AgentStateEntered>().size(),
              world.left.rows<records::AgentStateLeft>().size());
    EXPECT_EQ(world.left.rows<records::AgentSessionOpened>().size(),
              world.left.rows<records::AgentSessionClosed>().size());
}

TEST_F(Agents, LogInReadyWithWorkModeAutoIn) {
    World& world = start(route_to_all);
    const ClientId ann = world.client();
    world.register_dn(ann, "1001");
    world.log_in(ann, "1001", "1001", 2);
    EXPECT_EQ(world.left.sequence(ann), "EventRegistered@1001 EventAgentLogin@1001 EventAgentReady@1001");
    EXPECT_EQ(world.left.events_of(ann, MessageId::event_agent_ready)[0].agent_work_mode, 2);
}

TEST_F(Agents, AreRefusedWithTheCodesOfTheField) {
    World& world = start(route_to_all);
    const ClientId ann = world.client();
    EXPECT_EQ(world.ready(ann, "1001"), 41);
    EXPECT_EQ(world.register_dn(ann, "7777"), 59);
    world.register_dn(ann, "1001");
    world.register_dn(ann, "1002");
    EXPECT_EQ(world.ready(ann, "1001"), 187);
    EXPECT_EQ(world.log_in(ann, "1001", "nobody"), 192);
    EXPECT_EQ(world.log_in(ann, "1001", ""), 53);
    EXPECT_EQ(world.log_out(ann, "1001"), 1707);
    EXPECT_EQ(world.log_in(ann, "1001", "1001"), 0);
    EXPECT_EQ(world.log_in(ann, "1001", "1001"), 1706);
    EXPECT_EQ(world.log_in(ann, "1002", "1001"), 527);
    messages::TMessage unknown;
    unknown.message = MessageId::request_send_dtmf;
    EXPECT_EQ(world.request(ann, unknown), 51);
}

TEST_F(Agents, SessionsAreRefusedWithTheCodesOfTheField) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    const ClientId bob = world.client();
    world.register_dn(bob, "1002");
    world.text("carl", "hello");
    const ConnId conn = world.ringing("1001");
    EXPECT_EQ(world.answer(ann, "1001", ConnId(12345)), 56);
    EXPECT_EQ(world.answer(bob, "1002", conn), 470);
    EXPECT_EQ(world.say(ann, "1001", conn, "too early"), 496);
    EXPECT_EQ(world.answer(ann, "1001", conn), 0);
    EXPECT_EQ(world.answer(ann, "1001", conn), 496);
    EXPECT_EQ(world.log_out(ann, "1001"), 185);
    EXPECT_EQ(world.release(ann, "1001", conn), 0);
    EXPECT_EQ(world.release(ann, "1001", conn), 56);
}

TEST_F(Agents, WrapUpAfterASessionThenAreReadyAgain) {
    model::Site site = small_site();
    site.switches[0].agent_logins[0].options["TServer"]["wrap-up-time"] = "15";
    World& world = start(route_to_all, site);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    world.answer(ann, "1001", world.ringing("1001"));
    world.clear();
    world.release(ann, "1001", parse_conn_id(world.interactions()[0].conn_id));
    EXPECT_EQ(world.left.events_of(ann, MessageId::event_agent_not_ready)[0].agent_work_mode, 3);
    world.text("dora", "hello");
    EXPECT_FALSE(world.ringing("1001"));
    world.pass(seconds(15));
    EXPECT_TRUE(world.ringing("1001"));
}

TEST_F(Agents, WhoReconnectFindTheirStateAndLiveSessionsInEventRegistered) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    world.answer(ann, "1001", world.ringing("1001"));
    world.close(ann);
    world.clear();
    const ClientId again = world.client();
    world.register_dn(again, "1001");
    const auto registered = world.left.events_of(again, MessageId::event_registered)[0];
    EXPECT_EQ(registered.extensions->text("AgentStatus"), "Ready");
    EXPECT_EQ(registered.extensions->text("AgentID"), "1001");
    EXPECT_THAT(std::get<KvList>(registered.extensions->find("Calls")->is), SizeIs(1));
}

TEST_F(Agents, AttachUpdateAndDeleteUserData) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    const ConnId conn = world.ringing("1001");
    const auto change = [&](MessageId id, const char* value) {
        messages::TMessage request;
        request.message = id;
        request.this_dn = "1001";
        request.conn_id = conn;
        KvList list;
        list.add("k", value);
        request.user_data = std::make_shared<const KvList>(std::move(list));
        request.data_key = "k";
        return world.request(ann, request);
    };
    EXPECT_EQ(change(MessageId::request_attach_user_data, "one"), 0);
    EXPECT_EQ(change(MessageId::request_attach_user_data, "two"), 0);
    const auto latest = [&] {
        return world.left.events_of(ann, MessageId::event_attached_data_changed).back();
    };
    EXPECT_EQ(std::count_if(latest().user_data->begin(), latest().user_data->end(),
                            [](const auto& p) { return p.first == "k"; }),
              2);
    EXPECT_EQ(change(MessageId::request_update_user_data, "three"), 0);
    EXPECT_EQ(latest().user_data->text("k"), "three");
    EXPECT_EQ(std::count_if(latest().user_data->begin(), latest().user_data->end(),
                            [](const auto& p) { return p.first == "k"; }),
              1);
    EXPECT_EQ(change(MessageId::request_delete_pair, ""), 0);
    EXPECT_EQ(latest().user_data->find("k"), nullptr);
    EXPECT_TRUE(latest().reference_id);
}

TEST_F(Agents, AttachNoMoreThanAnInteractionMayCarry) {
    World& world = start(route_to_all);
    const ClientId ann = world.ready_agent("1001", "1001");
    world.text("carl", "hello");
    const ConnId conn = world.ringing("1001");
    const auto attach = [&](KvList list, MessageId id = MessageId::request_attach_user_data) {
        messages::TMessage request;
        request.message = id;
        request.this_dn = "1001";
        request.conn_id = conn;
        request.user_data = std::make_shared<const KvList>(std::move(list));
        return world.request(ann, request);
    };
    const auto pair = [](const std::string& key, KvValue value) {
        KvList list;
        list.add(key, std::move(value));
        return list;
    };
    const auto words = [&] { return world.left.events_of(ann, MessageId::event_error).back().error_message; };
    const std::string longest(65536, 'x');
    EXPECT_EQ(attach(pair("k", longest + "x")), 53);
    EXPECT_THAT(words(), HasSubstr("the bytes of a value are 65537, at most 65536"));
    EXPECT_EQ(attach(pair("k", pair("inner", longest))), 53) << "a list is as long as what is in it";
    EXPECT_EQ(attach(pair(std::string(256, 'k'), "x")), 53);
    EXPECT_THAT(words(), HasSubstr("the bytes of a key are 256, at most 255"));

    for (const char* key : {"a", "b", "c"}) EXPECT_EQ(attach(pair(key, longest)), 0);
    const std::size_t rows = world.left.rows<records::Userdata>().size();
    KvList two;
    two.add("small", "fits");
    two.add("d", longest);
    EXPECT_EQ(attach(two), 53);
    EXPECT_THAT(words(), HasSubstr("at most 262144"));
    EXPECT_THAT(world.left.rows<records::Userdata>(), SizeIs(rows)) << "all of a request or nothing";
    EXPECT_EQ(attach(pair("a", "short"), MessageId::request_update_user_data), 0)
        << "what shrinks is welcome";
    EXPECT_EQ(attach(pair("d", std::string(60000, 'y'))), 0);

    KvList many;
    for (int n = 0; n < 1000; ++n) many.add("n" + std::to_string(n), std::int64_t{n});
    EXPECT_EQ(attach(many), 53) << "with those that are there already";
    EXPECT_THAT(words(), HasSubstr("at most 1000"));
    world.answer(ann, "1001", conn);
    world.release(ann, "1001", conn);
}

TEST_F(Agents, WhoLeftTheConfigurationWhileTheyTalkedAreLoggedOutWithTheirLastSession) {
    model::Site site = small_site();
    for (std::uint32_t id = 0; auto& person : site.tenants[0].persons) person.dbid = ++id;
    World& world = start(route_to_all, site);
    const ClientId ann = world.ready_agent("1001", "1001");
    const ConnId conn = carl_talks_to(ann, world);
    std::erase_if(site.tenants[0].persons, [](const auto& person) { return person.user_name == "ann"; });
    world.command(messages::ConfigChanged{std::make_shared<const model::Snapshot>(site)});
    EXPECT_EQ(world.engine.agents(world.now).size(), 1U);
    world.release(ann, "1001", conn);
    EXPECT_TRUE(world.engine.agents(world.now).empty());
}

TEST_F(Agents, WhoDoNotAnswerAreNotLoggedOutOfTheSessionsInTheirHands) {
    model::Site site = small_site();
    dn_of(site, "1001").options["TServer"]["no-answer-timeout"] = "5";
    dn_of(site, "1001").options["TServer"]["no-answer-action"] = "logout";
    World& world = start(route_to_all, site);
    const ClientId ann = world.ready_agent("1001", "1001");
    const ConnId first = carl_talks_to(ann, world);
    world.text("dora", "hello");
    world.clear();
    world.pass(seconds(5));
    EXPECT_EQ(world.left.sequence(ann), "EventReleased@1001 EventAgentNotReady@1001");
    world.say(ann, "1001", first, "still here");
    EXPECT_EQ(world.left.texts.back().text, "[1001/E1001] still here");
    world.release(ann, "1001", first);
    world.ready(ann, "1001");  // rings at once: dora has waited
    world.clear();
    world.pass(seconds(5));
    EXPECT_EQ(world.left.sequence(ann), "EventReleased@1001 EventAgentLogout@1001");
}

// A person has one place, whichever of his codes he logs in with.
TEST_F(Agents, LogInOnAllDnsOfOnePlaceAndAtNoOther) {
    model::Site site = small_site();
    site.tenants[0].persons[0].agent_logins.push_back("2001");
    site.switches[0].agent_logins.push_back({0, "2001", {}});
    add_second_dn(site);
    World& world = start(route_to_all, site);
    const ClientId ann = world.client();
    for (const char* dn : {"1001", "1011", "1002"}) world.register_dn(ann, dn);
    EXPECT_EQ(world.log_in(ann, "1001", "1001"), 0);
    EXPECT_EQ(world.log_in(ann, "1011", "1001"), 0);
    EXPECT_EQ(world.log_in(ann, "1002", "2001"), 527);
    EXPECT_EQ(world.log_out(ann, "1011"), 0);
    EXPECT_EQ(world.log_in(ann, "1011", "2001"), 0);
}

}  // namespace
}  // namespace trunkline::testing
