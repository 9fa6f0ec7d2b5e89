// Session timers (RFC 4028) on the wire: what is agreed on, who refreshes, and the end when nobody does.
#include <gtest/gtest.h>

#include "session_customer.hpp"

namespace trunkline::sip {
namespace {

using namespace messages;
using test::Request;
using test::SipText;

class SipTimer : public test::SipSession {
  public:
    SipTimer() : SipSession(settings()) {}
    static SipSettings settings() {
        SipSettings settings = test::session_settings();
        settings.least_session_interval = std::chrono::seconds(1);
        return settings;
    }
    void leave(int cseq) {
        peer->send(inside("BYE", cseq).text(*peer));
        EXPECT_EQ(peer->receive_final().status(), 200);
        expect_end(LegEnd::released);
    }
    /// The next message that is no repetition of the 200.
    SipText next() {
        SipText text = peer->receive();
        while (text.status() == 200 && text.header("CSeq") == "1 INVITE") text = peer->receive();
        return text;
    }
    void expect_bye() {
        const SipText bye = next();
        EXPECT_EQ(bye.method(), "BYE");
        peer->answer(bye, 200);
        expect_end(LegEnd::lost);
    }
};

TEST_P(SipTimer, LetsTheClientRefreshWhereItCan) {
    establish("Supported: timer\r\nSession-Expires: 1800\r\n");
    EXPECT_EQ(ok.header("Session-Expires"), "1800;refresher=uac");
    EXPECT_EQ(ok.header("Require"), "timer");
    leave(2);
}

TEST_P(SipTimer, RefreshesItselfWhereTheClientWantsThatOrCannot) {
    establish("Supported: timer\r\nSession-Expires: 1800;refresher=uas\r\n");
    EXPECT_EQ(ok.header("Session-Expires"), "1800;refresher=uas");
    EXPECT_EQ(ok.header("Require"), "");
    leave(2);
}

TEST_P(SipTimer, RefreshesForAProxyThatAskedInTheNameOfAnOldClient) {
    establish("Session-Expires: 1800\r\n");
    EXPECT_EQ(ok.header("Session-Expires"), "1800;refresher=uas");
    leave(2);
}

TEST_P(SipTimer, AsksForRefreshesWhereTheClientKnowsThemAndDidNotAsk) {
    establish("Supported: 100rel, timer\r\nMin-SE: 2000\r\n");
    EXPECT_EQ(ok.header("Session-Expires"), "2000;refresher=uac");
    leave(2);
}

TEST_P(SipTimer, IsNothingToAClientThatKnowsNone) {
    establish("Supported: 100rel\r\n");
    EXPECT_EQ(ok.header("Session-Expires"), "");
    EXPECT_EQ(ok.header("Require"), "");
    leave(2);
}

TEST_P(SipTimer, EndsTheSessionOfAClientThatDoesNotRefresh) {
    establish("Supported: timer\r\nSession-Expires: 1\r\n");
    expect_bye();
}

TEST_P(SipTimer, GoesOnWithEachRefresh) {
    establish("Supported: timer\r\nSession-Expires: 1\r\n");
    Request update = inside("UPDATE", 2);
    update.more = "Supported: timer\r\nSession-Expires: 1800;refresher=uac\r\n";
    peer->send(update.text(*peer));
    const SipText updated = next();
    EXPECT_EQ(updated.header("CSeq"), "2 UPDATE");
    EXPECT_EQ(updated.status(), 200);
    EXPECT_EQ(updated.header("Session-Expires"), "1800;refresher=uac");
    EXPECT_FALSE(peer->hears_something(900)) << "it ended as if nobody had refreshed it";

    Request again = inside("INVITE", 3);
    again.content_type = "application/sdp";
    again.more = "Supported: timer\r\nSession-Expires: 1\r\n";
    again.body = test::message_offer;
    peer->send(again.text(*peer));
    const SipText answer = peer->receive_final();
    EXPECT_EQ(answer.header("Session-Expires"), "1;refresher=uac");
    peer->send(inside("ACK", 3).text(*peer));
    expect_bye();
}

TEST_P(SipTimer, RefreshesByUpdateWhereTheClientAllowsItUntilItsDialogIsGone) {
    establish("Supported: timer\r\nAllow: INVITE, UPDATE\r\nSession-Expires: 1;refresher=uas\r\n");
    for (int i = 0; i < 2; ++i) {
        const SipText refresh = next();
        EXPECT_EQ(refresh.method(), "UPDATE");
        EXPECT_EQ(refresh.header("Session-Expires"), "1;refresher=uac");
        EXPECT_NE(refresh.header("Contact"), "");
        peer->answer(refresh, 200);
    }
    peer->answer(next(), 481);
    expect_bye();
}

TEST_P(SipTimer, RefreshesByInviteElseAndWaitsWhereBothBeganAtOnce) {
    establish("Session-Expires: 1\r\n");
    const SipText refresh = next();
    EXPECT_EQ(refresh.method(), "INVITE");
    EXPECT_NE(refresh.body().find("m=message "), std::string::npos);

    Request mine = inside("INVITE", 2);
    mine.content_type = "application/sdp";
    mine.body = test::message_offer;
    peer->send(mine.text(*peer));
    EXPECT_EQ(peer->receive_final().status(), 491);
    Request ack_of_refusal = inside("ACK", 2);
    ack_of_refusal.branch = mine.branch;
    peer->send(ack_of_refusal.text(*peer));

    peer->answer(refresh, 491);
    SipText again = next();
    // The library sends the ACK of a refusal through a door of its own choice, so it may not be heard here.
    if (again.method() == "ACK") again = next();
    EXPECT_EQ(again.method(), "INVITE");
    expect_bye();  // nobody answers that one
}

TEST_P(SipTimer, BindsTheLeg) {
    establish("Supported: timer\r\nSession-Expires: 1\r\n");
    Request hello = inside("MESSAGE", 2);
    hello.body = "Hello";
    peer->send(hello.text(*peer));  // a text is no refresh (RFC 4028 7.1 knows INVITE and UPDATE)
    carry_out(AnswerText{commands.next_as<TextReceived>().txn, 200});
    EXPECT_EQ(next().status(), 200);
    expect_bye();
}

INSTANTIATE_TEST_SUITE_P(Over, SipTimer, testing::Values("udp", "tcp"),
                         [](const auto& over) { return over.param; });

class SipTimerByTheBook : public test::SipSession {};

TEST_P(SipTimerByTheBook, RefusesIntervalsUnderNinetySeconds) {
    Request hasty = invite();
    hasty.more += "Supported: timer\r\nSession-Expires: 89\r\n";
    peer->send(hasty.text(*peer));
    SipText refused = peer->receive_final();
    EXPECT_EQ(refused.status(), 422);
    EXPECT_EQ(refused.header("Min-SE"), "90");
    peer->send(Request{.method = "ACK", .branch = hasty.branch, .to = refused.header("To")}.text(*peer));

    peer->send([&] {
        Request request = invite();
        request.branch += "-again";
        request.call_id = "call-2";
        request.more += "Supported: timer\r\nSession-Expires: 90\r\nMin-SE: 90\r\n";
        return request.text(*peer);
    }());
    offered = commands.next_as<SessionOffered>();
    carry_out(AnswerSession{offered.txn, offered.leg.key, 200});
    ok = peer->receive_final();
    EXPECT_EQ(ok.header("Session-Expires"), "90;refresher=uac");
    Request ack = inside("ACK", 1);
    ack.call_id = "call-2";
    peer->send(ack.text(*peer));
    Request update = inside("UPDATE", 2);
    update.call_id = "call-2";
    update.more = "Supported: timer\r\nSession-Expires: 30\r\n";
    peer->send(update.text(*peer));
    refused = peer->receive_final();
    EXPECT_EQ(refused.status(), 422);
    EXPECT_EQ(refused.header("Min-SE"), "90");
}

INSTANTIATE_TEST_SUITE_P(Over, SipTimerByTheBook, testing::Values("udp", "tcp"),
                         [](const auto& over) { return over.param; });

}  // namespace
}  // namespace trunkline::sip
