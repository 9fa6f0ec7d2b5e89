// Names in SIP addresses: where they lead by the records of their domain, and that nobody waits for a name
// server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "adapters/sip/callbacks.hpp"
#include "adapters/sip/dns.hpp"
#include "adapters/sip/nta_agent.hpp"
#include "name_server.hpp"
#include "sip_peer.hpp"

/// Sofia's: at which port name servers are asked.
extern "C" std::uint16_t _sres_default_port;

namespace trunkline::sip {
namespace {

using namespace messages;
using test::CommandSink;
using test::loopback_settings;
using test::NameServer;
using test::Request;
using test::SipPeer;
using test::SipText;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class DnsTest : public testing::Test {
  public:
    std::vector<DnsTarget> targets(const DnsQuestion& question) {
        return Dns({names.address()}).look_up(question).targets;
    }
    NameServer names;
};

TEST_F(DnsTest, TheDomainChoosesTheTransportWhereTheAddressNamesNone) {
    names.naptr("example.com", 20, "SIP+D2U", "_sip._udp.example.com");
    names.naptr("example.com", 10, "SIP+D2T", "_sip._tcp.example.com");
    names.naptr("example.com", 5, "SIP+D2S", "_sip._sctp.example.com");  // we have none
    names.srv("_sip._tcp.example.com", 1, 0, 5070, "one.example.com");
    names.srv("_sip._udp.example.com", 1, 0, 5071, "one.example.com");
    names.a("one.example.com", "192.0.2.1");
    EXPECT_THAT(targets({"example.com", 0, ""}),
                ElementsAre(DnsTarget{"192.0.2.1", 5070, "tcp"}, DnsTarget{"192.0.2.1", 5071, "udp"}));
    EXPECT_THAT(targets({"example.com", 0, "udp"}), ElementsAre(DnsTarget{"192.0.2.1", 5071, "udp"}));
}

TEST_F(DnsTest, ServersComeInTheOrderOfTheirPriority) {
    names.srv("_sip._udp.example.com", 30, 0, 5063, "c.example.com");
    names.srv("_sip._udp.example.com", 10, 0, 5061, "a.example.com");
    names.srv("_sip._udp.example.com", 20, 5, 5062, "b.example.com");
    names.srv("_sip._udp.example.com", 20, 5, 5072, "b.example.com");
    for (const char* name : {"a.example.com", "b.example.com", "c.example.com"})
        names.a(name, "192.0.2." + std::to_string(name[0] - 'a' + 1));
    const auto found = targets({"example.com", 0, ""});
    ASSERT_EQ(found.size(), 4U);
    EXPECT_EQ(found[0].port, 5061);
    EXPECT_THAT((std::vector<int>{found[1].port, found[2].port}), UnorderedElementsAre(5062, 5072));
    EXPECT_EQ(found[3].port, 5063);
}

TEST_F(DnsTest, TheHeavierOfEqualsComesFirstMoreOften) {
    names.srv("_sip._udp.example.com", 1, 9, 5061, "a.example.com");
    names.srv("_sip._udp.example.com", 1, 1, 5062, "a.example.com");
    names.a("a.example.com", "192.0.2.1");
    int heavier = 0;
    for (int i = 0; i < 40; ++i) heavier += targets({"example.com", 0, "udp"}).at(0).port == 5061 ? 1 : 0;
    EXPECT_GT(heavier, 20);
}

TEST_F(DnsTest, AWrittenPortMeansTheHostItself) {
    names.srv("_sip._udp.example.com", 1, 0, 5070, "one.example.com");
    names.a("example.com", "192.0.2.9");
    names.a("example.com", "192.0.2.8");
    EXPECT_THAT(
        targets({"example.com", 5080, ""}),
        UnorderedElementsAre(DnsTarget{"192.0.2.9", 5080, "udp"}, DnsTarget{"192.0.2.8", 5080, "udp"}));
    EXPECT_THAT(targets({"nowhere.example", 5080, ""}), IsEmpty());
}

TEST_F(DnsTest, AHostWithoutServiceRecordsIsAskedForItself) {
    names.a("phone.example.com", "192.0.2.9");
    EXPECT_THAT(targets({"phone.example.com", 0, ""}), ElementsAre(DnsTarget{"192.0.2.9", 5060, "udp"}));
    EXPECT_THAT(targets({"phone.example.com", 0, "tls"}), ElementsAre(DnsTarget{"192.0.2.9", 5061, "tls"}));
}

TEST(DnsOfThisMachine, KnowsItsHostsFile) {
    const auto answer = Dns({}).look_up({"localhost", 5060, "udp"});
    ASSERT_FALSE(answer.targets.empty());
    EXPECT_EQ(answer.targets[0].address, "127.0.0.1");
}

struct Answer final : ResponseListener, MessageListener {
    void on_response(int given, const sip_t*) override { status = given; }
    void on_message(msg_t* msg, sip_t*) override { msg_destroy(msg); }
    int status = 0;
};

/// Name servers are asked at another port than usual, and there is nowhere to write to.
class Surroundings {
  public:
    explicit Surroundings(int port) {
        _sres_default_port = static_cast<std::uint16_t>(port);
        if (const char* folder = std::getenv("TMPDIR")) folder_ = folder;
        ::setenv("TMPDIR", "/nonexistent", 1);
    }
    ~Surroundings() {
        _sres_default_port = usual_;
        folder_.empty() ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", folder_.c_str(), 1);
    }
    Surroundings(const Surroundings&) = delete;
    Surroundings& operator=(const Surroundings&) = delete;

  private:
    const std::uint16_t usual_ = _sres_default_port;
    std::string folder_;
};

/// Sofia's own resolver is asked for nothing; whatever slips through to it goes to this machine alone.
TEST(NamesOfSofia, AreAskedOfThisMachineWithoutAFileOfItsName) {
    NameServer names;
    const Surroundings changed(names.port());
    su_init();
    std::unique_ptr<su_root_t, SofiaDeleter<su_root_destroy>> root(su_root_create(nullptr));
    Answer answer;
    {
        const NtaAgent agent(root.get(), {{"udp:127.0.0.1:0"}}, answer);
        const LegHandle leg(nta_leg_tcreate(agent.get(), nullptr, nullptr,
                                            SIPTAG_FROM_STR("<sip:a@b.example>"),
                                            SIPTAG_TO_STR("<sip:c@d.example>"), TAG_END()));
        const OutgoingHandle sent(nta_outgoing_tcreate(leg.get(), callbacks::response, &answer,
                                                       as_url("sip:c@slipped.example"), SIP_METHOD_OPTIONS,
                                                       nullptr, TAG_END()));
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (answer.status == 0 && std::chrono::steady_clock::now() < end) su_root_step(root.get(), 100);
    }
    EXPECT_GE(answer.status, 400);
    EXPECT_GT(names.asked(), 0);
}

class NamesTest : public testing::Test {
  public:
    ~NamesTest() override {
        server->stop();
        EXPECT_EQ(commands.waiting(), 0U) << "commands came that the test did not expect";
    }
    void start() {
        SipSettings settings = loopback_settings();
        settings.name_servers = {names.address()};
        settings.t1 = t1;
        server = std::make_unique<SipServer>(std::move(settings), commands.post());
        server->start();
        ann = std::make_unique<SipPeer>(server->listening().front());
    }
    template <class T>
    void carry_out(T effect) {
        server->carry_out(std::move(effect));
        server->flush();
    }
    void open(LegKind kind, const std::string& route) {
        leg = {kind, "out-1", route};
        carry_out(OpenLeg{leg, "carl", "cc.example.com", route, true});
    }

    NameServer names;
    std::chrono::milliseconds t1 = std::chrono::milliseconds(500);
    CommandSink commands;
    std::unique_ptr<SipServer> server;
    std::unique_ptr<SipPeer> ann;
    LegAddress leg;
};

TEST_F(NamesTest, ACallGoesToTheAddressBehindTheName) {
    names.a("desk.example.com", "127.0.0.1");
    start();
    open(LegKind::session, "sip:ann@desk.example.com:" + std::to_string(ann->port()));
    const SipText invite = ann->receive();
    EXPECT_EQ(invite.first_line(), "INVITE " + leg.route + " SIP/2.0") << "the name stays in the request";
    ann->answer(invite, 486);
    EXPECT_EQ(commands.next_as<LegFailed>().status, 486);
}

TEST_F(NamesTest, ACallGoesOnToTheNextServerWhereTheFirstIsDead) {
    names.a("dead.example.com", "127.0.0.1");
    names.a("desk.example.com", "127.0.0.1");
    int dead_port = 0;
    {
        start();
        SipPeer gone(server->listening().front());
        dead_port = gone.port();
    }
    names.srv("_sip._udp.example.com", 1, 0, dead_port, "dead.example.com");
    names.srv("_sip._udp.example.com", 2, 0, ann->port(), "desk.example.com");
    open(LegKind::session, "sip:ann@example.com;transport=udp");
    const SipText invite = ann->receive();
    EXPECT_EQ(invite.method(), "INVITE");
    ann->answer(invite, 603);
    EXPECT_EQ(commands.next_as<LegFailed>().status, 603);
}

TEST_F(NamesTest, ATextWaitsForItsWayAndTheReplyIsKnown) {
    names.a("desk.example.com", "127.0.0.1");
    start();
    open(LegKind::pager, "sip:ann@desk.example.com:" + std::to_string(ann->port()));
    carry_out(SendText{TextId(7), leg, "carl", "cc.example.com", leg.route, "hello"});
    const SipText text = ann->receive();
    EXPECT_EQ(text.body(), "hello");
    ann->answer(text, 200);
    EXPECT_EQ(commands.next_as<TextAnswered>().status, 200);
    ann->send(Request{.uri = "sip:carl@cc.example.com",
                      .from = "<sip:ann@desk.example.com>;tag=a",
                      .to = "<sip:carl@cc.example.com>",
                      .body = "good day"}
                  .text(*ann));
    const auto reply = commands.next_as<LegText>();
    EXPECT_EQ(reply.leg_key, "out-1");
    carry_out(AnswerText{reply.txn, 200});
    EXPECT_EQ(ann->receive_final().status(), 200);
}

TEST_F(NamesTest, ATextGoesOnToTheNextServerWhereTheFirstIsDead) {
    names.a("dead.example.com", "127.0.0.1");
    names.a("desk.example.com", "127.0.0.1");
    start();
    const int dead_port = SipPeer(server->listening().front()).port();  // nobody is there any more
    names.srv("_sip._udp.example.com", 1, 0, dead_port, "dead.example.com");
    names.srv("_sip._udp.example.com", 2, 0, ann->port(), "desk.example.com");
    open(LegKind::pager, "sip:ann@example.com;transport=udp");
    for (const char* words : {"hello", "and again"}) {
        carry_out(SendText{TextId(7), leg, "carl", "cc.example.com", leg.route, words});
        const SipText text = ann->receive();
        EXPECT_EQ(text.body(), words);
        ann->answer(text, 200);
        EXPECT_EQ(commands.next_as<TextAnswered>().status, 200) << "one answer for a text";
    }
}

TEST_F(NamesTest, ATextGoesOnAfter503AndSilenceAndTheReplyOfTheLastIsKnown) {
    for (const char* host : {"1", "2", "3"})
        names.a(std::string("desk") + host + ".example.com", std::string("127.0.0.") + host);
    t1 = std::chrono::milliseconds(20);  // silence is known after 1.3 s
    start();
    SipPeer busy(server->listening().front(), "127.0.0.2"), there(server->listening().front(), "127.0.0.3");
    names.srv("_sip._udp.example.com", 1, 0, ann->port(), "desk1.example.com");  // silent
    names.srv("_sip._udp.example.com", 2, 0, busy.port(), "desk2.example.com");
    names.srv("_sip._udp.example.com", 3, 0, there.port(), "desk3.example.com");
    open(LegKind::pager, "sip:ann@example.com;transport=udp");
    carry_out(SendText{TextId(7), leg, "carl", "cc.example.com", leg.route, "hello"});
    carry_out(SendText{TextId(8), leg, "carl", "cc.example.com", leg.route, "and more"});
    busy.answer(busy.receive(), 503);
    const SipText text = there.receive();
    EXPECT_EQ(text.body(), "hello") << "before what was written after it";
    there.answer(text, 200);
    EXPECT_EQ(commands.next_as<TextAnswered>().text, TextId(7));
    SipText more = there.receive();
    while (more.body() != "and more") more = there.receive();  // the first one again, if we were slow
    there.answer(more, 200);
    EXPECT_EQ(commands.next_as<TextAnswered>().text, TextId(8));
    there.send(Request{.uri = "sip:carl@cc.example.com",
                       .from = "<sip:ann@example.com>;tag=a",
                       .to = "<sip:carl@cc.example.com>",
                       .body = "good day"}
                   .text(there));
    const auto reply = commands.next_as<LegText>();
    EXPECT_EQ(reply.leg_key, "out-1");
    carry_out(AnswerText{reply.txn, 200});
}

TEST_F(NamesTest, ATextThatNoServerTakesEndsOnceAndTheNextBeginsWithTheFirst) {
    names.a("one.example.com", "127.0.0.1");
    names.a("two.example.com", "127.0.0.2");
    start();
    SipPeer two(server->listening().front(), "127.0.0.2");
    names.srv("_sip._udp.example.com", 1, 0, ann->port(), "one.example.com");
    names.srv("_sip._udp.example.com", 2, 0, two.port(), "two.example.com");
    open(LegKind::pager, "sip:ann@example.com;transport=udp");
    for (int id = 7; id < 9; ++id) {
        carry_out(SendText{TextId(id), leg, "carl", "cc.example.com", leg.route, "hello"});
        ann->answer(ann->receive(), 503);
        two.answer(two.receive(), 503);
        const auto answered = commands.next_as<TextAnswered>();
        EXPECT_EQ(answered.text, TextId(id));
        EXPECT_EQ(answered.status, 503);
    }
    carry_out(SendText{TextId(9), leg, "carl", "cc.example.com", leg.route, "hello"});
    ann->answer(ann->receive(), 404);  // says that it is there: nobody else is asked
    EXPECT_EQ(commands.next_as<TextAnswered>().status, 404);
    EXPECT_FALSE(two.hears_something(0));
}

TEST_F(NamesTest, WhatHasNoAddressFails) {
    start();
    open(LegKind::session, "sip:ann@nowhere.example.com");
    EXPECT_EQ(commands.next_as<LegFailed>().status, 503);
    carry_out(ProbeEndpoint{DnId(1), "sip:ann@nowhere.example.com", "sip:ann@nowhere.example.com"});
    EXPECT_FALSE(commands.next_as<EndpointProbed>().answers);
    leg = {LegKind::pager, "out-2", "sip:ann@nowhere.example.com"};
    carry_out(OpenLeg{leg, "carl", "cc.example.com", leg.route, true});
    carry_out(SendText{TextId(8), leg, "carl", "cc.example.com", leg.route, "hello"});
    EXPECT_EQ(commands.next_as<TextAnswered>().status, 481);
}

TEST_F(NamesTest, NobodyWaitsForASilentNameServer) {
    names.be_silent();
    start();
    open(LegKind::session, "sip:ann@desk.example.com");
    ann->send(Request{.method = "OPTIONS"}.text(*ann));
    EXPECT_EQ(ann->receive_final().status(), 200);
    carry_out(EndLeg{leg});  // the agent did not answer in time: no command comes of it
    ann->send(Request{.method = "OPTIONS", .branch = "z9hG4bK-2", .cseq = 2}.text(*ann));
    EXPECT_EQ(ann->receive_final().status(), 200);
}

TEST_F(NamesTest, ANameIsAskedForOnceWhileItsAnswerIsGood) {
    names.a("desk.example.com", "127.0.0.1");
    start();
    const std::string route = "sip:ann@desk.example.com:" + std::to_string(ann->port());
    for (int i = 0; i < 3; ++i) {
        carry_out(ProbeEndpoint{DnId(1), route, route});
        const SipText options = ann->receive();
        ann->answer(options, 200);
        EXPECT_TRUE(commands.next_as<EndpointProbed>().answers);
    }
    EXPECT_EQ(names.asked(), 2);  // A and AAAA
}

TEST_F(NamesTest, ATrunkIsKnownByTheAddressesBehindItsName) {
    names.a("trunk.example.com", "127.0.0.2");
    start();
    server->set_trunks({{"trunk@sip_switch", "sip:trunk.example.com:5060", 1, 100}});
    SipPeer trunk(server->listening().front(), "127.0.0.2");
    // Until the name is looked up he is somebody else.
    for (int cseq = 1;; ++cseq) {
        trunk.send(
            Request{.branch = "z9hG4bK-" + std::to_string(cseq), .cseq = cseq, .body = "hello"}.text(trunk));
        const auto received = commands.next_as<TextReceived>();
        carry_out(AnswerText{received.txn, 200});
        EXPECT_EQ(trunk.receive_final().status(), 200);
        if (received.leg.key.find("|trunk trunk@sip_switch") != std::string::npos) break;
        ASSERT_LT(cseq, 1000);
    }
}

}  // namespace
}  // namespace trunkline::sip
