// The SIP door as a peer on the wire and the engine behind it see it, over UDP and over TCP.
#include "adapters/sip/sip_server.hpp"

#include <gtest/gtest.h>

#include "running_server.hpp"

namespace trunkline::sip {
namespace {

using namespace messages;
using test::CommandSink;
using test::loopback_settings;
using test::Request;
using test::RunningServer;
using test::SipPeer;
using test::SipText;

class SipServerTest : public RunningServer<testing::TestWithParam<std::string>> {
  public:
    using RunningServer::RunningServer;

    /// A text arrives and is answered 200, so that its leg is known.
    TextReceived exchange_one_text(SipPeer& peer, const Request& request) {
        peer.send(request.text(peer));
        TextReceived received = commands.next_as<TextReceived>();
        carry_out(AnswerText{received.txn, 200});
        EXPECT_EQ(peer.receive().status(), 200);
        return received;
    }
};

SendText reply_to(const TextReceived& received, std::int64_t id, std::string text) {
    return SendText{TextId(id), received.leg, "1111", "cc.example.com", received.customer, std::move(text)};
}

std::string tag_of(const std::string& header) {
    const auto at = header.find("tag=");
    return at == std::string::npos ? "" : header.substr(at + 4);
}

TEST_P(SipServerTest, TellsTheEngineWhoWroteWhatToWhom) {
    SipPeer peer(door(GetParam()));
    peer.send(Request{.uri = "sip:1111@CC.example.com",
                      .from = "\"Ann\" <sip:ann@EXAMPLE.com:5060>;tag=a1",
                      .body = "Hello"}
                  .text(peer));
    const auto received = commands.next_as<TextReceived>();
    EXPECT_EQ(received.dnis, "1111");
    EXPECT_EQ(received.host, "cc.example.com");
    EXPECT_EQ(received.customer, "sip:ann@example.com");
    EXPECT_EQ(received.ani, "ann");
    EXPECT_EQ(received.text, "Hello");
    EXPECT_EQ(received.leg.kind, LegKind::pager);
    EXPECT_EQ(received.leg.key, "1111@cc.example.com|sip:ann@example.com|127.0.0.1");
    carry_out(AnswerText{received.txn, 200});
    EXPECT_EQ(peer.receive().status(), 200);
}

TEST_P(SipServerTest, SendsNo2xxBeforeTheEngineAnswers) {
    SipPeer peer(door(GetParam()));
    peer.send(Request{.body = "Hello"}.text(peer));
    const auto received = commands.next_as<TextReceived>();
    EXPECT_FALSE(peer.hears_something(50));
    carry_out(AnswerText{received.txn, 200});
    EXPECT_EQ(peer.receive().status(), 200);
}

TEST_P(SipServerTest, CountsARetransmittedTextOnce) {
    SipPeer peer(door(GetParam()));
    const std::string request = Request{.body = "Hello"}.text(peer);
    for (int i = 0; i < 3; ++i) peer.send(request);
    const auto received = commands.next_as<TextReceived>();
    carry_out(AnswerText{received.txn, 200});
    EXPECT_EQ(peer.receive().status(), 200);
    // A later text comes behind the repetitions: nothing of them is left between.
    exchange_one_text(peer, {.branch = "z9hG4bK-2", .cseq = 2, .body = "And"});
}

/// The server is killed when its engine has taken the text, before the 2xx leaves.
TEST_P(SipServerTest, KnowsARepetitionOfWhatAnEarlierRunTook) {
    SipPeer peer(door(GetParam()));
    Request text{.body = "Hello"};
    text.branch = "before-the-crash;branch=z9hG4bK-before-the-crash";
    std::string request = text.text(peer);
    const std::string words = ";branch=before-the-crash";
    request.replace(request.find(words), words.size(), ";rport");  // answered where it came from
    SipSettings settings = loopback_settings();
    settings.transaction_secret = "of the spool";
    SipServer killed(settings, commands.post());
    killed.start();
    const auto address_of = [](const SipServer& of) {
        for (const std::string& one : of.listening())
            if (one.rfind(GetParam(), 0) == 0) return one;
        return std::string();
    };
    SipPeer before(address_of(killed));
    before.send(request);
    settings.taken_before = {commands.next_as<TextReceived>().transaction};
    killed.stop();

    SipServer next(settings, commands.post());
    next.start();
    SipPeer after(address_of(next));
    after.send(request);
    EXPECT_EQ(after.receive().status(), 200);
    // Inside a dialog that is no more: the text was taken, 481 would have it written again.
    std::string in_dialog = request;
    in_dialog.insert(in_dialog.find("\r\n", in_dialog.find("\nTo:")), ";tag=of-a-dialog");
    after.send(in_dialog);
    EXPECT_EQ(after.receive().status(), 200);
    after.send(Request{.branch = "z9hG4bK-2", .cseq = 2, .body = "And"}.text(after));
    EXPECT_EQ(commands.next_as<TextReceived>().text, "And");
    next.stop();
}

TEST_P(SipServerTest, AnswersARetransmissionWithTheSameAnswer) {
    SipPeer peer(door(GetParam()));
    const std::string request = Request{.body = "Hello"}.text(peer);
    peer.send(request);
    carry_out(AnswerText{commands.next_as<TextReceived>().txn, 480});
    const SipText first = peer.receive();
    peer.send(request);
    const SipText second = peer.receive();
    EXPECT_EQ(first.status(), 480);
    EXPECT_EQ(second.status(), 480);
    EXPECT_NE(tag_of(first.header("To")), "");
    EXPECT_EQ(first.header("To"), second.header("To"));
}

TEST_P(SipServerTest, KnowsARetransmissionWithoutABranch) {
    SipPeer peer(door(GetParam()));
    const std::string request = Request{.branch = "", .body = "Hello"}.text(peer);
    peer.send(request);
    peer.send(request);
    carry_out(AnswerText{commands.next_as<TextReceived>().txn, 200});
    EXPECT_EQ(peer.receive().status(), 200);
    exchange_one_text(peer, {.branch = "", .cseq = 2, .body = "And"});
}

TEST_P(SipServerTest, SendsTheAgentsTextToWhereTheCustomerWroteFrom) {
    SipPeer peer(door(GetParam()));
    const auto received = exchange_one_text(peer, {.body = "Hello"});
    carry_out(reply_to(received, 7, "[1001/E1001] Grüß Gott"));
    const SipText text = peer.receive();
    EXPECT_EQ(text.first_line(), "MESSAGE sip:ann@example.com SIP/2.0");
    EXPECT_EQ(text.header("From").substr(0, 31),
              "<sip:1111@cc.example.com>;tag=" + tag_of(text.header("From")).substr(0, 1));
    EXPECT_EQ(text.header("To"), "<sip:ann@example.com>");
    EXPECT_EQ(text.header("Content-Type"), "text/plain;charset=UTF-8");
    EXPECT_EQ(text.body(), "[1001/E1001] Grüß Gott");
    EXPECT_EQ(commands.waiting(), 0U);
    peer.answer(text, 200);
    const auto answered = commands.next_as<TextAnswered>();
    EXPECT_EQ(answered.text, TextId(7));
    EXPECT_EQ(answered.status, 200);
}

TEST_P(SipServerTest, WritesBackToATelephoneNumber) {
    SipPeer peer(door(GetParam()));
    const auto received = exchange_one_text(peer, {.from = "<tel:+49-89-123>;tag=a1", .body = "Hello"});
    EXPECT_EQ(received.customer, "tel:+4989123");
    EXPECT_EQ(received.ani, "+4989123");
    carry_out(reply_to(received, 1, "Good day"));
    const SipText text = peer.receive();
    EXPECT_EQ(text.header("To"), "<tel:+4989123>");
    peer.answer(text, 200);
    EXPECT_EQ(commands.next_as<TextAnswered>().status, 200);
}

TEST_P(SipServerTest, KeepsTheOrderOfTextsAndGoesOnAfterARefusedOne) {
    SipPeer peer(door(GetParam()));
    const auto received = exchange_one_text(peer, {.body = "Hello"});
    for (int id = 1; id <= 3; ++id) server.carry_out(reply_to(received, id, "text " + std::to_string(id)));
    server.flush();
    for (int id = 1; id <= 3; ++id) {
        const SipText text = peer.receive();
        EXPECT_EQ(text.body(), "text " + std::to_string(id));
        EXPECT_FALSE(peer.hears_something(20)) << "the next text came before this one was answered";
        peer.answer(text, id == 2 ? 486 : 200);
        const auto answered = commands.next_as<TextAnswered>();
        EXPECT_EQ(answered.text, TextId(id));
        EXPECT_EQ(answered.status, id == 2 ? 486 : 200);
    }
}

TEST_P(SipServerTest, RefusesABodyThatIsNoText) {
    SipPeer peer(door(GetParam()));
    peer.send(Request{.content_type = "image/png", .body = "xx"}.text(peer));
    const SipText answer = peer.receive();
    EXPECT_EQ(answer.status(), 415);
    EXPECT_EQ(answer.header("Accept").rfind("text/plain, ", 0), 0U) << answer.header("Accept");
}

TEST_P(SipServerTest, AcceptsATypingNoticeAndShowsItToNobody) {
    SipPeer peer(door(GetParam()));
    peer.send(Request{.content_type = "application/im-iscomposing+xml", .body = "<isComposing/>"}.text(peer));
    EXPECT_EQ(peer.receive().status(), 200);
}

TEST_P(SipServerTest, AnswersOptionsAndRefusesWhatItDoesNotServe) {
    SipPeer peer(door(GetParam()));
    peer.send(Request{.method = "OPTIONS"}.text(peer));
    const SipText options = peer.receive();
    EXPECT_EQ(options.status(), 200);
    EXPECT_NE(options.header("Allow").find("MESSAGE"), std::string::npos);
    for (const char* method : {"REGISTER", "SERVICE"}) {
        peer.send(Request{.method = method, .branch = std::string("z9hG4bK-") + method}.text(peer));
        const SipText refused = peer.receive();
        EXPECT_EQ(refused.status(), 405) << method;
        EXPECT_EQ(refused.header("CSeq"), std::string("1 ") + method);
        EXPECT_NE(refused.header("Allow"), "");
    }
}

TEST_P(SipServerTest, KnowsNoDialogThatItDidNotOpen) {
    SipPeer peer(door(GetParam()));
    peer.send(Request{.to = "<sip:1111@cc.example.com>;tag=ghost", .body = "Hello"}.text(peer));
    EXPECT_EQ(peer.receive().status(), 481);
    peer.send(
        Request{.method = "BYE", .branch = "z9hG4bK-2", .to = "<sip:1111@cc.example.com>;tag=ghost"}.text(
            peer));
    EXPECT_EQ(peer.receive().status(), 481);
}

TEST_P(SipServerTest, RefusesNewWorkWhileTheEngineDoesNotAccept) {
    SipPeer peer(door(GetParam()));
    server.set_accepting(false);
    peer.send(Request{.body = "Hello"}.text(peer));
    const SipText refused = peer.receive();
    EXPECT_EQ(refused.status(), 503);
    EXPECT_EQ(refused.header("Retry-After"), "5");
    server.set_accepting(true);
    exchange_one_text(peer, {.body = "Hello"});  // the very same request: it was not taken
}

TEST_P(SipServerTest, SurvivesGarbage) {
    SipPeer peer(door());
    peer.send("not SIP at all\r\n\r\n");
    peer.send("MESSAGE sip:1111@x SIP/2.0\r\nVia: nonsense\r\nContent-Length: 99999999999\r\n\r\n");
    peer.send(std::string(60'000, '\xff'));
    SipPeer other(door(GetParam()));
    exchange_one_text(other, {.branch = "z9hG4bK-after", .body = "Hello"});
}

INSTANTIATE_TEST_SUITE_P(Over, SipServerTest, testing::Values("udp", "tcp"),
                         [](const auto& over) { return over.param; });

TEST_F(SipServerTest, SendsRepliesToTheContactThatNamesTheCustomersHost) {
    SipPeer peer(door());
    SipPeer contact(door());
    const auto received = exchange_one_text(
        peer,
        {.more = "Contact: <sip:ann@127.0.0.1:" + std::to_string(contact.port()) + ">\r\n", .body = "Hello"});
    carry_out(reply_to(received, 1, "there"));
    const SipText text = contact.receive();
    EXPECT_EQ(text.body(), "there");
    contact.answer(text, 200);
    EXPECT_EQ(commands.next_as<TextAnswered>().status, 200);
}

TEST_F(SipServerTest, SendsNothingToAContactOnAnotherHost) {
    SipPeer peer(door());
    const auto received =
        exchange_one_text(peer, {.more = "Contact: <sip:ann@192.0.2.1:5999>\r\n", .body = "Hello"});
    carry_out(reply_to(received, 1, "here"));
    const SipText text = peer.receive();
    EXPECT_EQ(text.body(), "here");
    peer.answer(text, 200);
    EXPECT_EQ(commands.next_as<TextAnswered>().status, 200);
}

/// A machine with several addresses; the one that the customer wrote to is not the first.
class ManyDoorsTest : public SipServerTest {
  public:
    ManyDoorsTest() : SipServerTest(settings()) {}
    static SipSettings settings() {
        SipSettings settings;
        settings.listen = {"udp:127.0.0.2:0", "tcp:127.0.0.2:0", "udp:127.0.0.1:0", "tcp:127.0.0.1:0"};
        return settings;
    }
};

TEST_F(ManyDoorsTest, RepliesLeaveThroughTheDoorThatTheRequestCameThrough) {
    ASSERT_EQ(server.listening().size(), 4U);
    int number = 0;
    for (const std::string& door : server.listening()) {
        SipPeer peer(door);  // hears this address alone, as behind a NAT
        const auto received = exchange_one_text(
            peer, {.branch = "z9hG4bK-door" + std::to_string(++number), .cseq = number, .body = "Hello"});
        carry_out(reply_to(received, number, "here"));
        const SipText text = peer.receive();
        EXPECT_EQ(text.body(), "here");
        EXPECT_NE(text.header("Via").find(" " + door.substr(4)), std::string::npos) << text.header("Via");
        peer.answer(text, 200);
        EXPECT_EQ(commands.next_as<TextAnswered>().status, 200);
    }
}

class ImpatientSipServerTest : public SipServerTest {
  public:
    ImpatientSipServerTest() : SipServerTest(settings()) {}
    static SipSettings settings() {
        SipSettings settings = loopback_settings();
        settings.t1 = std::chrono::milliseconds(5);  // a silent peer is given up after 320 ms
        return settings;
    }
};

TEST_F(ImpatientSipServerTest, GivesUpATextThatNobodyAnswers) {
    SipPeer peer(door());
    const auto received = exchange_one_text(peer, {.body = "Hello"});
    carry_out(reply_to(received, 1, "lost"));
    EXPECT_EQ(commands.next_as<TextAnswered>().status, 408);
}

TEST(SipServer, SaysWhichAddressCannotBeUsedAndWhatToDo) {
    CommandSink commands;
    SipServer first(loopback_settings(), commands.post());
    first.start();
    for (const std::string& taken : first.listening()) {
        SipSettings settings;
        settings.listen = {taken};
        SipServer second(settings, commands.post());
        try {
            second.start();
            FAIL() << taken << " was bound twice";
        } catch (const std::runtime_error& error) {
            EXPECT_NE(std::string(error.what()).find(taken), std::string::npos) << error.what();
            EXPECT_NE(std::string(error.what()).find("sip.listen"), std::string::npos) << error.what();
        }
    }
    SipSettings nonsense;
    nonsense.listen = {"5060"};
    SipServer third(nonsense, commands.post());
    EXPECT_THROW(third.start(), std::runtime_error);
}

TEST(SipServer, TakesNoEffectThatIsNotForIt) {
    CommandSink commands;
    SipServer server(loopback_settings(), commands.post());
    EXPECT_THROW(server.carry_out(EmitEvent{}), std::logic_error);
}

}  // namespace
}  // namespace trunkline::sip
