// Pager-mode legs of ours on the wire: the party is asked, its replies come back on its leg, a stranger's do
// not.
#include <gtest/gtest.h>

#include "running_server.hpp"

namespace trunkline::sip {
namespace {

using namespace messages;
using test::Request;
using test::RunningServer;
using test::SipPeer;
using test::SipText;

class PartyTextsTest : public RunningServer<testing::Test> {
  public:
    void open(const std::string& key, const std::string& target, bool any_domain = false) {
        leg = {LegKind::pager, key, target};
        party = target;
        server.carry_out(OpenLeg{leg, "carl", "cc.example.com", target, any_domain});
    }
    void say(std::int64_t id, const std::string& text) {
        server.carry_out(SendText{TextId(id), leg, "carl", "cc.example.com", party, text});
        server.flush();
    }
    static Request reply_from(const SipPeer& peer, const std::string& from, const std::string& branch) {
        return {.uri = "sip:carl@cc.example.com",
                .branch = "z9hG4bK-" + branch,
                .from = "<" + from + ">;tag=p" + std::to_string(peer.port()),
                .to = "<sip:carl@cc.example.com>",
                .call_id = "reply-" + branch,
                .body = "good day"};
    }

    LegAddress leg;
    std::string party;
};

TEST_F(PartyTextsTest, AreMessagesFromTheCustomersNameInOurDomain) {
    SipPeer doc(door());
    open("out-1", "sip:doc@" + doc.local());
    say(7, "hello");
    const SipText request = doc.receive();
    EXPECT_EQ(request.first_line(), "MESSAGE sip:doc@" + doc.local() + " SIP/2.0");
    EXPECT_EQ(request.header("From").rfind("<sip:carl@cc.example.com>;tag=", 0), 0U);
    EXPECT_EQ(request.body(), "hello");
    doc.answer(request, 202);
    const auto answered = commands.next_as<TextAnswered>();
    EXPECT_EQ(answered.text, TextId(7));
    EXPECT_EQ(answered.status, 202);
}

TEST_F(PartyTextsTest, RepliesFromThatUriAndPeerComeOnTheLeg) {
    SipPeer doc(door());
    open("out-1", "sip:doc@" + doc.local());
    say(1, "hello");
    doc.answer(doc.receive(), 200);
    commands.next();
    const Request reply = reply_from(doc, "sip:doc@127.0.0.1", "1");
    doc.send(reply.text(doc));
    const auto text = commands.next_as<LegText>();
    EXPECT_EQ(text.leg_key, "out-1");
    EXPECT_EQ(text.text, "good day");
    carry_out(AnswerText{text.txn, 200});
    EXPECT_EQ(doc.receive().status(), 200);
    doc.send(reply.text(doc));  // a retransmission is no second text
    EXPECT_EQ(doc.receive().status(), 200);
}

TEST_F(PartyTextsTest, AnEndpointWithAContactOfItsOwnMakingWritesAsItsDn) {
    SipPeer ann(door());
    const std::string contact = "sip:1001-0x5581@" + ann.local();
    leg = {LegKind::pager, "out-1", contact};
    party = contact;
    carry_out(OpenLeg{leg, "carl", "cc.example.com", contact, true, "1001"});
    for (const std::string from : {"1001", "1001-0x5581"}) {
        ann.send(reply_from(ann, "sip:" + from + "@cc.example.com", from).text(ann));
        const auto reply = commands.next_as<LegText>();
        EXPECT_EQ(reply.leg_key, "out-1");
        carry_out(AnswerText{reply.txn, 200});
        EXPECT_EQ(ann.receive_final().status(), 200);
    }
}

TEST_F(PartyTextsTest, AStrangerWithItsNameWritesInNobodysSession) {
    SipPeer stranger(door());  // on loopback: the party's own peer is another host
    open("out-1", "sip:doc@127.0.0.9:5060");
    server.flush();
    stranger.send(reply_from(stranger, "sip:doc@127.0.0.9", "1").text(stranger));
    const auto other = commands.next_as<TextReceived>();
    EXPECT_EQ(other.dnis, "carl");  // a customer's text to a number; the engine has no such routing point
    carry_out(AnswerText{other.txn, 404});
    EXPECT_EQ(stranger.receive().status(), 404);
}

TEST_F(PartyTextsTest, AnotherNameAtTheSamePeerIsNotTheParty) {
    SipPeer doc(door());
    open("out-1", "sip:doc@" + doc.local());
    server.flush();
    for (const std::string from : {"sip:eve@127.0.0.1", "sip:doc@elsewhere.example.com"}) {
        doc.send(reply_from(doc, from, from.substr(4, 3) + from.substr(8, 1)).text(doc));
        const auto other = commands.next_as<TextReceived>();
        carry_out(AnswerText{other.txn, 404});
        EXPECT_EQ(doc.receive().status(), 404);
    }
}

TEST_F(PartyTextsTest, ATrunkWritesTheHostAsItLikes) {
    SipPeer trunk(door());
    open("out-1", "sip:+4930110@" + trunk.local(), true);
    server.flush();
    trunk.send(reply_from(trunk, "sip:+4930110@pbx.example.com", "1").text(trunk));
    const auto text = commands.next_as<LegText>();
    carry_out(AnswerText{text.txn, 200});
    EXPECT_EQ(trunk.receive().status(), 200);
}

TEST_F(PartyTextsTest, NoReplyCountsAfterTheEndAndTextsBeforeItStillGo) {
    SipPeer doc(door());
    open("out-1", "sip:doc@" + doc.local());
    server.carry_out(SendText{TextId(1), leg, "carl", "cc.example.com", party, "one"});
    server.carry_out(SendText{TextId(2), leg, "carl", "cc.example.com", party, "two"});
    carry_out(EndLeg{leg});
    for (const char* words : {"one", "two"}) {
        const SipText request = doc.receive();
        EXPECT_EQ(request.body(), words);
        doc.answer(request, 200);
        EXPECT_EQ(commands.next_as<TextAnswered>().status, 200);
    }
    doc.send(reply_from(doc, "sip:doc@127.0.0.1", "1").text(doc));
    const auto other = commands.next_as<TextReceived>();
    carry_out(AnswerText{other.txn, 404});
    EXPECT_EQ(doc.receive().status(), 404);
}

TEST_F(PartyTextsTest, OverTcpWhereItsAddressSaysSo) {
    SipPeer doc(door());
    open("out-1", "sip:doc@127.0.0.1:1;transport=tcp");  // nobody listens there
    say(1, "hello");
    EXPECT_GE(commands.next_as<TextAnswered>().status, 400);
}

TEST_F(PartyTextsTest, WhatHasNoWayFailsAtOnce) {
    const std::string own = door().substr(4);
    std::int64_t id = 0;
    for (const std::string& target : {"sip:doc@" + own, std::string("tel:+49301234")}) {
        open("out-" + std::to_string(++id), target);
        say(id, "hello");
        EXPECT_EQ(commands.next_as<TextAnswered>().status, 481) << target;
    }
}

}  // namespace
}  // namespace trunkline::sip
