// Session-mode legs of ours on the wire: INVITE, texts in the dialog, CANCEL and BYE; and OPTIONS to
// endpoints.
#include <gtest/gtest.h>

#include "sip_peer.hpp"

namespace trunkline::sip {
namespace {

using namespace messages;
using test::CommandSink;
using test::SipPeer;
using test::SipText;

SipSettings settings_with(std::chrono::milliseconds t1) {
    SipSettings settings;
    settings.listen = {"udp:127.0.0.1:0", "tcp:127.0.0.1:0"};
    settings.t1 = t1;
    return settings;
}

const std::string message_answer =
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=message 5060 sip null\r\n";
const std::string refusing_answer =
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=message 0 sip null\r\n";

class PartyDialogsTest : public testing::Test {
  public:
    explicit PartyDialogsTest(std::chrono::milliseconds t1 = std::chrono::milliseconds(500))
        : server(settings_with(t1), commands.post()) {
        server.start();
        ann = std::make_unique<SipPeer>(server.listening().front());
    }
    ~PartyDialogsTest() override {
        server.stop();
        EXPECT_EQ(commands.waiting(), 0U) << "commands came that the test did not expect";
    }

    template <class T>
    void carry_out(T effect) {
        server.carry_out(std::move(effect));
        server.flush();
    }
    /// The INVITE, as ann's endpoint gets it.
    SipText call() {
        leg = {LegKind::session, "out-1", "sip:ann@" + ann->local()};
        carry_out(OpenLeg{leg, "carl", "cc.example.com", leg.route, true});
        invite = ann->receive();
        return invite;
    }
    void respond(const SipText& request, int status, const std::string& sdp = "") const {
        ann->send("SIP/2.0 " + std::to_string(status) + " Answer\r\nVia: " + request.header("Via") +
                  "\r\nFrom: " + request.header("From") + "\r\nTo: " + request.header("To") +
                  (request.header("To").find("tag=") == std::string::npos ? ";tag=ann" : "") +
                  "\r\nCall-ID: " + request.header("Call-ID") + "\r\nCSeq: " + request.header("CSeq") +
                  "\r\nContact: <sip:ann@" + ann->local() + ">\r\n" +
                  (sdp.empty() ? "" : "Content-Type: application/sdp\r\n") +
                  "Content-Length: " + std::to_string(sdp.size()) + "\r\n\r\n" + sdp);
    }
    /// Called and answered; the ACK is here.
    void establish() {
        respond(call(), 200, message_answer);
        const SipText ack = ann->receive();
        EXPECT_EQ(ack.method(), "ACK");
        EXPECT_EQ(commands.next_as<LegAnswered>().leg_key, "out-1");
    }
    [[nodiscard]] std::string in_dialog(const std::string& method, int cseq, const std::string& body) const {
        const std::string contact = invite.header("Contact");
        return method + " " + contact.substr(1, contact.find('>') - 1) +
               " SIP/2.0\r\nVia: " + ann->via("z9hG4bK-in-" + std::to_string(cseq)) +
               "\r\nMax-Forwards: 70\r\nFrom: " + invite.header("To") +
               ";tag=ann\r\nTo: " + invite.header("From") + "\r\nCall-ID: " + invite.header("Call-ID") +
               "\r\nCSeq: " + std::to_string(cseq) + " " + method + "\r\n" +
               (body.empty() ? "" : "Content-Type: text/plain\r\n") +
               "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }

    CommandSink commands;
    SipServer server;
    std::unique_ptr<SipPeer> ann;
    LegAddress leg;
    SipText invite;
};

TEST_F(PartyDialogsTest, CallWithAMessageLineFromTheCustomersNameInOurDomain) {
    call();
    EXPECT_EQ(invite.first_line(), "INVITE sip:ann@" + ann->local() + " SIP/2.0");
    EXPECT_EQ(invite.header("From").rfind("<sip:carl@cc.example.com>;tag=", 0), 0U);
    EXPECT_NE(invite.body().find("m=message "), std::string::npos);
    EXPECT_NE(invite.header("Contact").find("sip:carl@127.0.0.1:"), std::string::npos);
    respond(invite, 180);
    respond(invite, 200, message_answer);
    const SipText ack = ann->receive();
    EXPECT_EQ(ack.first_line(), "ACK sip:ann@" + ann->local() + " SIP/2.0");
    EXPECT_EQ(ack.header("CSeq").substr(0, ack.header("CSeq").find(' ')),
              invite.header("CSeq").substr(0, invite.header("CSeq").find(' ')));
    EXPECT_NE(ack.header("To").find("tag=ann"), std::string::npos);
    EXPECT_EQ(commands.next_as<LegAnswered>().leg_key, "out-1");
    respond(invite, 200, message_answer);  // its ACK was lost on the way
    EXPECT_EQ(ann->receive().method(), "ACK");
}

TEST_F(PartyDialogsTest, CarryTextsBothWays) {
    establish();
    carry_out(SendText{TextId(5), leg, "carl", "cc.example.com", leg.route, "hello"});
    const SipText text = ann->receive();
    EXPECT_EQ(text.method(), "MESSAGE");
    EXPECT_EQ(text.body(), "hello");
    EXPECT_EQ(text.header("Call-ID"), invite.header("Call-ID"));
    EXPECT_NE(text.header("To").find("tag=ann"), std::string::npos);
    ann->answer(text, 200);
    EXPECT_EQ(commands.next_as<TextAnswered>().status, 200);
    ann->send(in_dialog("MESSAGE", 1, "good day"));
    const auto received = commands.next_as<LegText>();
    EXPECT_EQ(received.leg_key, "out-1");
    EXPECT_EQ(received.text, "good day");
    carry_out(AnswerText{received.txn, 200});
    EXPECT_EQ(ann->receive_final().status(), 200);
}

TEST_F(PartyDialogsTest, EndByByeOfEitherSide) {
    establish();
    carry_out(SendText{TextId(5), leg, "carl", "cc.example.com", leg.route, "last words"});
    carry_out(EndLeg{leg});
    const SipText text = ann->receive();
    EXPECT_EQ(text.body(), "last words");  // before the BYE
    ann->answer(text, 200);
    EXPECT_EQ(commands.next_as<TextAnswered>().status, 200);
    const SipText bye = ann->receive();
    EXPECT_EQ(bye.method(), "BYE");
    ann->answer(bye, 200);
    establish();
    ann->send(in_dialog("BYE", 2, ""));
    const auto ended = commands.next_as<LegEnded>();
    EXPECT_EQ(ended.leg_key, "out-1");
    EXPECT_EQ(ended.how, LegEnd::released);
    EXPECT_EQ(ann->receive_final().status(), 200);
}

TEST_F(PartyDialogsTest, AreCancelledWhileTheyRing) {
    call();
    respond(invite, 180);
    // The CANCEL may leave only once a provisional answer has come: it has when a second request is answered.
    carry_out(ProbeEndpoint{DnId(3), leg.route, leg.route});
    const SipText options = ann->receive();
    EXPECT_EQ(options.method(), "OPTIONS");
    ann->answer(options, 200);
    EXPECT_TRUE(commands.next_as<EndpointProbed>().answers);
    carry_out(EndLeg{leg});
    const SipText cancel = ann->receive();
    EXPECT_EQ(cancel.method(), "CANCEL");
    ann->answer(cancel, 200);
    respond(invite, 487);
    EXPECT_EQ(ann->receive().method(), "ACK");
}

TEST_F(PartyDialogsTest, AnswerThatCrossedTheCancelIsHungUp) {
    call();
    respond(invite, 180);
    carry_out(ProbeEndpoint{DnId(3), leg.route, leg.route});
    ann->answer(ann->receive(), 200);
    (void)commands.next_as<EndpointProbed>();
    carry_out(EndLeg{leg});
    const SipText cancel = ann->receive();
    EXPECT_EQ(cancel.method(), "CANCEL");
    respond(invite, 200, message_answer);
    ann->answer(cancel, 200);
    EXPECT_EQ(ann->receive().method(), "ACK");
    const SipText bye = ann->receive();
    EXPECT_EQ(bye.method(), "BYE");
    ann->answer(bye, 200);
}

TEST_F(PartyDialogsTest, TellHowTheyFailed) {
    for (const int status : {488, 486, 603}) {
        respond(call(), status);
        EXPECT_EQ(ann->receive().method(), "ACK");
        const auto failed = commands.next_as<LegFailed>();
        EXPECT_EQ(failed.leg_key, "out-1");
        EXPECT_EQ(failed.status, status);
    }
}

TEST_F(PartyDialogsTest, WhoseAnswerTakesNoTextsAreHungUp) {
    respond(call(), 200, refusing_answer);
    EXPECT_EQ(ann->receive().method(), "ACK");
    const SipText bye = ann->receive();
    EXPECT_EQ(bye.method(), "BYE");
    ann->answer(bye, 200);
    EXPECT_EQ(commands.next_as<LegFailed>().status, 488);
}

TEST_F(PartyDialogsTest, WithoutAWayFailAtOnce) {
    carry_out(OpenLeg{{LegKind::session, "out-1", "sips:ann@127.0.0.1"}, "carl", "cc", "sips:ann@127.0.0.1"});
    EXPECT_EQ(commands.next_as<LegFailed>().status, 503);
    carry_out(ProbeEndpoint{DnId(3), "sips:ann@127.0.0.1", "sips:ann@127.0.0.1"});
    EXPECT_FALSE(commands.next_as<EndpointProbed>().answers);
}

class SilentParty : public PartyDialogsTest {
  public:
    SilentParty() : PartyDialogsTest(std::chrono::milliseconds(10)) {}
};

TEST_F(SilentParty, EndsTheCallAndTheProbe) {
    call();
    const auto failed = commands.next_as<LegFailed>();
    EXPECT_EQ(failed.status, 408);
    carry_out(ProbeEndpoint{DnId(3), leg.route, leg.route});
    const auto probed = commands.next_as<EndpointProbed>();
    EXPECT_EQ(probed.dn, DnId(3));
    EXPECT_EQ(probed.target, leg.route);
    EXPECT_FALSE(probed.answers);
}

}  // namespace
}  // namespace trunkline::sip
