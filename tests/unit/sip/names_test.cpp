// Names in SIP addresses: where they lead by the records of their domain, and that nobody waits for a name
// server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/sip/dns.hpp"
#include "name_server.hpp"
#include "sip_peer.hpp"

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

class NamesTest : public testing::Test {
  public:
    ~NamesTest() override {
        server->stop();
        EXPECT_EQ(commands.waiting(), 0U) << "commands came that the test did not expect";
    }
    void start() {
        SipSettings settings = loopback_settings();
        settings.name_servers = {names.address()};
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
