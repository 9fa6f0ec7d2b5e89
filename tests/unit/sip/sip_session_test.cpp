// Session mode on the wire: one INVITE, texts both ways, an end from either side, over UDP and over TCP.
#include <gtest/gtest.h>

#include "session_customer.hpp"

namespace trunkline::sip {
namespace {

using namespace messages;
using test::Request;
using test::session_settings;
using test::SipSession;
using test::SipText;

TEST_P(SipSession, CarriesTextsBothWaysAndEndsByTheCustomersBye) {
    establish();
    EXPECT_EQ(offered.dnis, "1111");
    EXPECT_EQ(offered.customer, "sip:ann@example.com");
    EXPECT_EQ(offered.leg.kind, LegKind::session);
    EXPECT_NE(ok.body().find("m=message "), std::string::npos);

    Request hello = inside("MESSAGE", 2);
    hello.body = "Hello";
    peer->send(hello.text(*peer));
    const auto received = commands.next_as<TextReceived>();
    EXPECT_EQ(received.leg.key, offered.leg.key);
    EXPECT_EQ(received.dnis, "");
    EXPECT_EQ(received.customer, "sip:ann@example.com");
    EXPECT_EQ(received.text, "Hello");
    EXPECT_FALSE(peer->hears_something(50)) << "an answer left before the engine gave it";
    carry_out(AnswerText{received.txn, 200});
    EXPECT_EQ(peer->receive().status(), 200);

    carry_out(text_of_agent(5, "How can I help?"));
    const SipText text = peer->receive();
    EXPECT_EQ(text.method(), "MESSAGE");
    EXPECT_EQ(text.body(), "How can I help?");
    EXPECT_EQ(text.header("From"), ok.header("To"));
    EXPECT_EQ(text.header("Call-ID"), "call-1");
    peer->answer(text, 200);
    const auto answered = commands.next_as<TextAnswered>();
    EXPECT_EQ(answered.text, TextId(5));
    EXPECT_EQ(answered.status, 200);

    peer->send(inside("BYE", 3).text(*peer));
    EXPECT_EQ(peer->receive().status(), 200);
    expect_end(LegEnd::released);
}

TEST_P(SipSession, EndsFromOurSideAfterTheLastText) {
    establish();
    server.carry_out(text_of_agent(1, "Good"));
    server.carry_out(text_of_agent(2, "bye"));
    server.carry_out(EndLeg{offered.leg});
    server.flush();
    for (const char* word : {"Good", "bye"}) {
        const SipText text = peer->receive();
        EXPECT_EQ(text.body(), word);
        peer->answer(text, 200);
        EXPECT_EQ(commands.next_as<TextAnswered>().status, 200);
    }
    const SipText bye = peer->receive();
    EXPECT_EQ(bye.method(), "BYE");
    peer->answer(bye, 200);
}

TEST_P(SipSession, HoldsTextsAndByeBackUntilTheAck) {
    accept();
    server.carry_out(text_of_agent(1, "Welcome"));
    server.carry_out(EndLeg{offered.leg});
    server.flush();
    Request options{.method = "OPTIONS", .branch = "z9hG4bK-options"};
    peer->send(options.text(*peer));
    SipText next = peer->receive();
    while (next.status() == 200 && next.header("CSeq") == "1 INVITE")
        next = peer->receive();  // repeated over UDP
    EXPECT_EQ(next.header("CSeq"), "1 OPTIONS");
    peer->send(inside("ACK", 1).text(*peer));
    const SipText text = peer->receive();
    EXPECT_EQ(text.body(), "Welcome");
    peer->answer(text, 200);
    EXPECT_EQ(commands.next_as<TextAnswered>().status, 200);
    const SipText bye = peer->receive();
    EXPECT_EQ(bye.method(), "BYE");
    peer->answer(bye, 200);
}

TEST_P(SipSession, ReportsTextsThatWaitedInASessionThatIsGone) {
    accept();
    carry_out(text_of_agent(1, "Welcome"));
    peer->send(inside("BYE", 2).text(*peer));  // and no ACK before it
    expect_end(LegEnd::released);
    const auto answered = commands.next_as<TextAnswered>();
    EXPECT_EQ(answered.text, TextId(1));
    EXPECT_EQ(answered.status, 481);
    carry_out(text_of_agent(2, "Hello?"));
    EXPECT_EQ(commands.next_as<TextAnswered>().status, 481);
}

TEST_P(SipSession, CountsARetransmittedTextOfADialogOnce) {
    establish();
    Request hello = inside("MESSAGE", 2);
    hello.body = "Hello";
    for (int i = 0; i < 3; ++i) peer->send(hello.text(*peer));
    carry_out(AnswerText{commands.next_as<TextReceived>().txn, 200});
    EXPECT_EQ(peer->receive().status(), 200);
    Request second = inside("MESSAGE", 3);
    second.body = "again";
    peer->send(second.text(*peer));
    const auto received = commands.next_as<TextReceived>();
    EXPECT_EQ(received.text, "again");
    carry_out(AnswerText{received.txn, 200});
}

TEST_P(SipSession, RingsAgainWhileNobodyAnswers) {
    offered = offer();
    carry_out(AnswerSession{offered.txn, offered.leg.key, 180});
    int rings = 0;
    std::string tag;
    while (rings < 3) {
        const SipText ringing = peer->receive();
        if (ringing.status() == 180) ++rings, tag = ringing.header("To");
    }
    carry_out(AnswerSession{offered.txn, offered.leg.key, 480});
    const SipText refused = peer->receive_final();
    EXPECT_EQ(refused.status(), 480);
    EXPECT_EQ(refused.header("To"), tag);
}

TEST_P(SipSession, IsCancelledBeforeItWasAnswered) {
    offered = offer();
    Request cancel = invite();
    cancel.method = "CANCEL";
    cancel.body.clear();
    peer->send(cancel.text(*peer));
    std::vector<std::string> answers;
    for (int i = 0; i < 2; ++i) {
        const SipText answer = peer->receive_final();
        answers.push_back(answer.header("CSeq") + " " + std::to_string(answer.status()));
    }
    std::sort(answers.begin(), answers.end());
    EXPECT_EQ(answers, (std::vector<std::string>{"1 CANCEL 200", "1 INVITE 487"}));
    expect_end(LegEnd::cancelled);
    carry_out(AnswerSession{offered.txn, offered.leg.key, 200});  // the engine was on its way: no harm
}

TEST_P(SipSession, TellsTheEngineThatAPeerLostTheDialog) {
    establish();
    server.carry_out(text_of_agent(1, "Hello?"));
    server.carry_out(text_of_agent(2, "Anybody?"));
    server.flush();
    peer->answer(peer->receive(), 481);
    EXPECT_EQ(commands.next_as<TextAnswered>().status, 481);
    expect_end(LegEnd::lost);
    EXPECT_EQ(commands.next_as<TextAnswered>().text, TextId(2));
}

TEST_P(SipSession, RefusesAnInviteWithoutAMessageLine) {
    Request voice = invite();
    voice.body =
        "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n";
    peer->send(voice.text(*peer));
    EXPECT_EQ(peer->receive_final().status(), 488);
}

TEST_P(SipSession, RefusesARequiredExtensionThatItDoesNotHave) {
    Request strict = invite();
    strict.more += "Require: com.microsoft.rtc-multiparty, 100rel\r\n";
    peer->send(strict.text(*peer));
    const SipText refused = peer->receive_final();
    EXPECT_EQ(refused.status(), 420);
    EXPECT_EQ(refused.header("Unsupported"), "100rel");
}

TEST_P(SipSession, TakesTheOldWayOfOfferingOverAViaWithoutBranch) {
    Request old = invite();
    old.branch.clear();
    old.body =
        "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=session\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=x-ms-message 5060 "
        "sip sip:ann@lab.local\r\n";
    peer->send(old.text(*peer));
    offered = commands.next_as<SessionOffered>();
    carry_out(AnswerSession{offered.txn, offered.leg.key, 200});
    ok = peer->receive_final();
    EXPECT_NE(ok.body().find("m=x-ms-message "), std::string::npos);
    Request ack = inside("ACK", 1);
    ack.branch.clear();
    peer->send(ack.text(*peer));
    Request hello = inside("MESSAGE", 2);
    hello.branch.clear();
    hello.body = "Hello";
    peer->send(hello.text(*peer));
    carry_out(AnswerText{commands.next_as<TextReceived>().txn, 200});
}

TEST_P(SipSession, RefreshesADialogByAnotherInvite) {
    establish();
    Request again = inside("INVITE", 2);
    again.content_type = "application/sdp";
    again.body = test::message_offer;
    peer->send(again.text(*peer));
    const SipText answer = peer->receive_final();
    EXPECT_EQ(answer.status(), 200);
    EXPECT_NE(answer.body().find("m=message "), std::string::npos);
    peer->send(inside("ACK", 2).text(*peer));
    peer->send(inside("BYE", 3).text(*peer));
    EXPECT_EQ(peer->receive().status(), 200);
    expect_end(LegEnd::released);
}

INSTANTIATE_TEST_SUITE_P(Over, SipSession, testing::Values("udp", "tcp"),
                         [](const auto& over) { return over.param; });

class ImpatientSipSession : public SipSession {
  public:
    ImpatientSipSession() : SipSession(settings()) {}
    static SipSettings settings() {
        SipSettings settings = session_settings();
        settings.t1 = std::chrono::milliseconds(5);
        return settings;
    }
};

TEST_P(ImpatientSipSession, EndsASessionThatIsNeverAcknowledged) {
    accept();
    expect_end(LegEnd::lost);
    SipText last = peer->receive();
    while (last.status() == 200) last = peer->receive();
    EXPECT_EQ(last.method(), "BYE");
    peer->answer(last, 200);
}

INSTANTIATE_TEST_SUITE_P(Over, ImpatientSipSession, testing::Values("udp", "tcp"),
                         [](const auto& over) { return over.param; });

class CrowdedSipSession : public SipSession {
  public:
    CrowdedSipSession() : SipSession(settings()) {}
    static SipSettings settings() {
        SipSettings settings = session_settings();
        settings.peer_sessions = 1;
        return settings;
    }
};

TEST_P(CrowdedSipSession, RefusesMoreSessionsOfOnePeerThanAllowed) {
    offered = offer();
    Request second = invite();
    second.branch += "2";
    second.call_id = "call-2";
    peer->send(second.text(*peer));
    SipText refused = peer->receive_final();
    EXPECT_EQ(refused.status(), 503);
    EXPECT_EQ(refused.header("Call-ID"), "call-2");
    carry_out(AnswerSession{offered.txn, offered.leg.key, 480});
    EXPECT_EQ(peer->receive_final().status(), 480);
}

INSTANTIATE_TEST_SUITE_P(Over, CrowdedSipSession, testing::Values("udp", "tcp"),
                         [](const auto& over) { return over.param; });

}  // namespace
}  // namespace trunkline::sip
