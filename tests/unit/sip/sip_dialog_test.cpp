// What happens to a session's dialog: offers in the middle of it, the customer who moves, and peers that are
// lost.
#include <gtest/gtest.h>

#include "session_customer.hpp"

namespace trunkline::sip {
namespace {

using namespace messages;
using test::Request;
using test::SipPeer;
using test::SipText;

class SipDialog : public test::SipSession {
  public:
    using SipSession::SipSession;
    SipText invite_again(int cseq, const std::string& sdp) {
        Request again = inside("INVITE", cseq);
        again.content_type = "application/sdp";
        again.body = sdp;
        peer->send(again.text(*peer));
        SipText answer = peer->receive_final();
        peer->send(inside("ACK", cseq).text(*peer));
        return answer;
    }
    void leave(int cseq) {
        peer->send(inside("BYE", cseq).text(*peer));
        EXPECT_EQ(peer->receive_final().status(), 200);
        expect_end(LegEnd::released);
    }
    /// The origin line of a description.
    static std::string origin(const SipText& answer) {
        const std::string body = answer.body();
        const auto at = body.find("o=");
        return body.substr(at, body.find("\r\n", at) - at);
    }
};

TEST_P(SipDialog, AnswersAnotherOfferAndCountsItsDescriptionsVersions) {
    establish();
    const std::string first = origin(ok);
    EXPECT_EQ(origin(invite_again(2, test::message_offer)), first) << "the same offer, the same answer";
    EXPECT_EQ(origin(invite_again(3, "")), first) << "no offer: ours";
    const SipText changed = invite_again(4, std::string(test::message_offer) + "m=audio 4000 RTP/AVP 0\r\n");
    EXPECT_EQ(changed.status(), 200);
    EXPECT_NE(changed.body().find("m=audio 0 RTP/AVP 0\r\n"), std::string::npos);
    EXPECT_EQ(origin(changed).find(" 2 IN "), first.find(" 1 IN "));
    leave(5);
}

TEST_P(SipDialog, GoesOnAfterAnOfferThatItCannotTake) {
    establish();
    EXPECT_EQ(
        invite_again(2, "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nm=audio 4000 RTP/AVP 0\r\n").status(),
        488);
    Request strict = inside("UPDATE", 3);
    strict.more = "Require: foo\r\n";
    peer->send(strict.text(*peer));
    const SipText refused = peer->receive_final();
    EXPECT_EQ(refused.status(), 420);
    EXPECT_EQ(refused.header("Unsupported"), "foo");
    leave(4);
}

TEST_P(SipDialog, LetsASecondInviteWaitWhileTheFirstIsUnanswered) {
    offered = offer();
    carry_out(AnswerSession{offered.txn, offered.leg.key, 180});
    ok = peer->receive();
    while (ok.status() != 180) ok = peer->receive();
    Request again = inside("INVITE", 2);
    again.content_type = "application/sdp";
    again.body = test::message_offer;
    peer->send(again.text(*peer));
    EXPECT_EQ(peer->receive_final().status(), 491);
    carry_out(AnswerSession{offered.txn, offered.leg.key, 480});
    EXPECT_EQ(peer->receive_final().status(), 480);
}

TEST_P(SipDialog, TakesNoTextOutOfTheInviteAndDoesNotSayThatItWould) {
    Request with_text = invite();
    with_text.more +=
        "ms-text-format: text/plain; charset=UTF-8;ms-body=SGVsbG8=\r\nSupported: ms-text-format\r\n";
    peer->send(with_text.text(*peer));
    offered = commands.next_as<SessionOffered>();
    carry_out(AnswerSession{offered.txn, offered.leg.key, 200});
    ok = peer->receive_final();
    EXPECT_EQ(ok.status(), 200);
    EXPECT_EQ(ok.header("Supported").find("ms-text-format"), std::string::npos);
    peer->send(inside("ACK", 1).text(*peer));
    Request hello = inside("MESSAGE", 2);  // so the client sends it again, once
    hello.body = "Hello";
    peer->send(hello.text(*peer));
    const auto received = commands.next_as<TextReceived>();
    EXPECT_EQ(received.text, "Hello");
    carry_out(AnswerText{received.txn, 200});
    EXPECT_EQ(peer->receive_final().status(), 200);
    leave(3);
}

TEST_P(SipDialog, FollowsACustomerWhoMovesOnHisHost) {
    establish();
    std::unique_ptr<SipPeer> moved;
    for (const std::string& door : server.listening()) {
        if (door.rfind(GetParam(), 0) == 0) moved = std::make_unique<SipPeer>(door);
    }
    std::swap(peer, moved);
    Request update = inside("UPDATE", 2);
    update.more = "Contact: <sip:ann@" + peer->local() + ";transport=" + peer->transport() + ">\r\n";
    peer->send(update.text(*peer));
    EXPECT_EQ(peer->receive_final().status(), 200);
    carry_out(text_of_agent(1, "There you are"));
    const SipText text = peer->receive();
    EXPECT_EQ(text.body(), "There you are");
    EXPECT_NE(text.first_line().find(peer->local()), std::string::npos) << text.first_line();
    peer->answer(text, 200);
    EXPECT_EQ(commands.next_as<TextAnswered>().status, 200);
    leave(3);
}

INSTANTIATE_TEST_SUITE_P(Over, SipDialog, testing::Values("udp", "tcp"),
                         [](const auto& over) { return over.param; });

class ImpatientSipDialog : public SipDialog {
  public:
    ImpatientSipDialog() : SipDialog(settings()) {}
    static SipSettings settings() {
        SipSettings settings = test::session_settings();
        settings.t1 = std::chrono::milliseconds(5);
        return settings;
    }
};

TEST_P(ImpatientSipDialog, IsLostWithAPeerThatIsSilent) {
    establish();
    carry_out(text_of_agent(1, "Hello?"));
    const auto answered = commands.next_as<TextAnswered>();
    EXPECT_EQ(answered.text, TextId(1));
    EXPECT_EQ(answered.status, 408);
    expect_end(LegEnd::lost);
}

TEST_P(ImpatientSipDialog, IsLostWithAPeerThatIsGone) {
    establish();
    // An answered request shows that the ACK, which is older, was taken.
    peer->send(inside("OPTIONS", 2).text(*peer));
    SipText answer = peer->receive_final();
    while (answer.header("CSeq") != "2 OPTIONS") answer = peer->receive_final();
    peer.reset();
    carry_out(text_of_agent(1, "Hello?"));
    EXPECT_GE(commands.next_as<TextAnswered>().status, 400);
    expect_end(LegEnd::lost);
}

INSTANTIATE_TEST_SUITE_P(Over, ImpatientSipDialog, testing::Values("udp", "tcp"),
                         [](const auto& over) { return over.param; });

}  // namespace
}  // namespace trunkline::sip
