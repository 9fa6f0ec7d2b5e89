// What strangers try over SIP in pager mode: to read or write in sessions of others, to have our texts hit
// somebody who never wrote, to fill the house.
#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "running_server.hpp"

namespace trunkline::sip {
namespace {

using namespace messages;
using test::loopback_settings;
using test::Request;
using test::RunningServer;
using test::SipPeer;
using test::SipText;

class AttacksOverSip : public RunningServer<testing::Test> {
  public:
    using RunningServer::RunningServer;

    Request text_of(const std::string& from, const std::string& more = "") {
        const std::string number = std::to_string(++requests);
        return {.branch = "z9hG4bK-" + number,
                .from = "<sip:" + from + ">;tag=t" + number,
                .call_id = "call-" + number,
                .more = more,
                .body = "hello"};
    }
    /// A text that the engine takes.
    TextReceived write(SipPeer& peer, const std::string& from, const std::string& more = "",
                       int status = 200) {
        peer.send(text_of(from, more).text(peer));
        const auto received = commands.next_as<TextReceived>();
        carry_out(AnswerText{received.txn, status});
        EXPECT_EQ(peer.receive_final().status(), status);
        return received;
    }
    /// The status of a text that never becomes a command.
    SipText refused(SipPeer& peer, const std::string& from) {
        peer.send(text_of(from).text(peer));
        return peer.receive_final();
    }
    void reply(const TextReceived& to, std::int64_t id, const std::string& text = "good day") {
        carry_out(SendText{TextId(id), to.leg, "1111", "cc.example.com", to.customer, text});
    }

    /// The leg's end is behind us: what was carried out later has come to a peer.
    void end(const TextReceived& session, SipPeer& other, const TextReceived& of_other) {
        carry_out(EndLeg{session.leg});
        reply(of_other, 99);
        SipText text = other.receive();
        while (text.method() != "MESSAGE") text = other.receive();
        other.answer(text, 200);
        EXPECT_EQ(commands.next_as<TextAnswered>().status, 200);
    }

    int requests = 0;
};

TEST_F(AttacksOverSip, AForgedFromOpensASessionOfItsOwnAndHearsNothingOfTheOther) {
    SipPeer ann(door()), eve(door(), "127.0.0.2");
    const auto hers = write(ann, "ann@example.com");
    const auto forged = write(eve, "ann@example.com");
    EXPECT_EQ(forged.customer, hers.customer);
    EXPECT_NE(forged.leg.key, hers.leg.key);
    reply(hers, 1);
    const SipText text = ann.receive();
    EXPECT_EQ(text.body(), "good day");
    ann.answer(text, 200);
    EXPECT_EQ(commands.next_as<TextAnswered>().status, 200);
    EXPECT_FALSE(eve.hears_something(0));
}

TEST_F(AttacksOverSip, ThePeerIsTheAddressAndNotTheTransportOrThePort) {
    SipPeer ann(door()), moved(door()), over_tcp(door("tcp"));
    const auto first = write(ann, "ann@example.com");
    EXPECT_EQ(write(moved, "ann@example.com").leg.key, first.leg.key);
    EXPECT_EQ(write(over_tcp, "ann@example.com").leg.key, first.leg.key);
}

TEST_F(AttacksOverSip, AContactThatNamesAVictimGetsNoText) {
    SipPeer victim(door(), "127.0.0.3"), eve(door(), "127.0.0.2");
    const auto opened = write(eve, "eve@example.com", "Contact: <sip:victim@" + victim.local() + ">\r\n");
    reply(opened, 1);
    const SipText text = eve.receive();
    EXPECT_EQ(text.method(), "MESSAGE");
    eve.answer(text, 200);
    EXPECT_EQ(commands.next_as<TextAnswered>().status, 200);
    EXPECT_FALSE(victim.hears_something(0));
}

TEST_F(AttacksOverSip, AStrangerWhoHasNeverAnsweredGetsThreeTextsAtATime) {
    SipPeer eve(door(), "127.0.0.2");
    std::vector<TextReceived> opened;
    for (int i = 1; i <= 5; ++i) opened.push_back(write(eve, "eve" + std::to_string(i) + "@example.com"));
    for (int i = 1; i <= 5; ++i)
        reply(opened.at(static_cast<std::size_t>(i - 1)), i, "text " + std::to_string(i));
    std::set<std::string> heard;
    SipText last;
    while (heard.size() < 3) heard.insert((last = eve.receive()).body());
    // Repetitions of the three come; a fourth text does not.
    for (int i = 0; i < 3; ++i) EXPECT_EQ(heard.count(eve.receive().body()), 1U);
    eve.answer(last, 200);
    EXPECT_EQ(commands.next_as<TextAnswered>().status, 200);
    std::set<std::string> answered{last.body()};
    while (answered.size() < 5) {  // it is he: all that waits comes
        const SipText text = eve.receive();
        eve.answer(text, 200);
        if (answered.insert(text.body()).second) {
            EXPECT_EQ(commands.next_as<TextAnswered>().status, 200);
        }
    }
}

class AttacksOverSipInNoTime : public AttacksOverSip {
  public:
    AttacksOverSipInNoTime() : AttacksOverSip(settings()) {}
    static SipSettings settings() {
        SipSettings settings = loopback_settings();
        settings.t1 = std::chrono::milliseconds(10);
        return settings;
    }
};

TEST_F(AttacksOverSipInNoTime, WhatWaitsForASilentStrangerEndsWithWhatHeDidNotAnswer) {
    SipPeer eve(door(), "127.0.0.2");
    std::vector<TextReceived> opened;
    for (int i = 1; i <= 5; ++i) opened.push_back(write(eve, "eve" + std::to_string(i) + "@example.com"));
    for (std::size_t i = 0; i < 5; ++i) reply(opened.at(i), static_cast<std::int64_t>(i) + 1);
    std::set<std::int64_t> ended;
    while (ended.size() < 5) {
        const auto answered = commands.next_as<TextAnswered>();
        EXPECT_EQ(answered.status, 408);
        ended.insert(answered.text.value());
    }
}

class AttacksOnASmallHouse : public AttacksOverSip {
  public:
    AttacksOnASmallHouse() : AttacksOverSip(settings()) {}
    static SipSettings settings() {
        SipSettings settings = loopback_settings();
        settings.peer_sessions = 2;
        return settings;
    }
};

TEST_F(AttacksOnASmallHouse, AFloodOfNamesFromOneAddressGetsItsShareAndOthersTheirs) {
    SipPeer eve(door(), "127.0.0.2"), ann(door());
    const auto first = write(eve, "eve1@example.com");
    write(eve, "eve2@example.com");
    const SipText no = refused(eve, "eve3@example.com");
    EXPECT_EQ(no.status(), 503);
    EXPECT_NE(no.header("Retry-After"), "");
    write(eve, "eve2@example.com");  // a session that is there goes on
    const auto hers = write(ann, "ann@example.com");
    end(first, ann, hers);
    write(eve, "eve3@example.com");
    EXPECT_EQ(refused(eve, "eve1@example.com").status(), 503);
}

TEST_F(AttacksOnASmallHouse, WhatIsRefusedTakesNoPlace) {
    SipPeer ann(door());
    for (int i = 0; i < 3; ++i) write(ann, "ann" + std::to_string(i) + "@example.com", "", 404);
    write(ann, "ann@example.com");
}

TEST_F(AttacksOnASmallHouse, ATextOnTheWayWhenItsSessionEndsTakesThePlaceOfTheNext) {
    SipPeer ann(door());
    const auto first = write(ann, "ann@example.com");
    ann.send(text_of("ann@example.com").text(ann));
    const auto next = commands.next_as<TextReceived>();
    carry_out(EndLeg{first.leg});
    carry_out(AnswerText{next.txn, 200});
    EXPECT_EQ(ann.receive_final().status(), 200);
    const auto second = write(ann, "ann2@example.com");
    EXPECT_EQ(refused(ann, "ann3@example.com").status(), 503);
    end(next, ann, second);
    write(ann, "ann3@example.com");
}

TEST_F(AttacksOnASmallHouse, SessionsOfBothModesCountTogether) {
    SipPeer ann(door());
    write(ann, "ann1@example.com");
    write(ann, "ann2@example.com");
    Request invite = text_of("ann3@example.com", "Contact: <sip:ann@" + ann.local() + ">\r\n");
    invite.method = "INVITE";
    invite.content_type = "application/sdp";
    invite.body = test::message_offer;
    ann.send(invite.text(ann));
    const SipText no = ann.receive_final();
    EXPECT_EQ(no.status(), 503);
    EXPECT_NE(no.header("Retry-After"), "");
}

TEST_F(AttacksOnASmallHouse, ATrunkHasItsOwnLimitsAndItsContactIsTrusted) {
    server.set_trunks({{"trunk@sip_switch", "sip:127.0.0.2:5060", 1, 100}});
    SipPeer trunk(door(), "127.0.0.2"), behind(door(), "127.0.0.3"), ann(door());
    const auto opened = write(trunk, "ann@example.com", "Contact: <sip:ann@" + behind.local() + ">\r\n");
    EXPECT_EQ(opened.leg.key, "1111@cc.example.com|sip:ann@example.com|trunk trunk@sip_switch");
    EXPECT_EQ(refused(trunk, "carl@example.com").status(), 503);
    write(ann, "ann@example.com");
    write(ann, "ann2@example.com");
    reply(opened, 1);
    const SipText text = behind.receive();
    EXPECT_EQ(text.body(), "good day");
    behind.answer(text, 200);
    EXPECT_EQ(commands.next_as<TextAnswered>().status, 200);
}

}  // namespace
}  // namespace trunkline::sip
