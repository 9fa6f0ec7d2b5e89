// What is answered to requests that open nothing: each refusal with the header that says how to do better.
#include <gtest/gtest.h>

#include "running_server.hpp"

namespace trunkline::sip {
namespace {

using namespace messages;
using test::Request;
using test::RunningServer;
using test::SipPeer;
using test::SipText;

class SipAnswers : public RunningServer<testing::TestWithParam<std::string>> {
  public:
    explicit SipAnswers(std::size_t unanswered_limit = 100) : RunningServer(settings(unanswered_limit)) {
        peer = std::make_unique<SipPeer>(door(GetParam()));
    }
    ~SipAnswers() override { server.stop(); }
    static SipSettings settings(std::size_t unanswered_limit) {
        SipSettings settings = test::loopback_settings();
        settings.unanswered_limit = unanswered_limit;
        return settings;
    }
    SipText ask(Request request) {
        request.branch = "z9hG4bK-" + std::to_string(++number);
        request.call_id = "call-" + std::to_string(number);
        peer->send(request.text(*peer));
        SipText answer = peer->receive_final();
        EXPECT_EQ(answer.header("Call-ID"), request.call_id);
        return answer;
    }

    int number = 0;
    std::unique_ptr<SipPeer> peer;
};

TEST_P(SipAnswers, SayWhichMethodsAreServed) {
    for (const char* method : {"SERVICE", "PING", "SEND", "INFO", "REFER", "PRACK", "XYZZY"}) {
        const SipText refused = ask({.method = method});
        EXPECT_EQ(refused.status(), 405) << method;
        EXPECT_EQ(refused.header("CSeq"), std::string("1 ") + method);
        EXPECT_NE(refused.header("Allow").find("MESSAGE"), std::string::npos) << method;
    }
}

TEST_P(SipAnswers, KnowNoEventPackage) {
    for (const char* method : {"SUBSCRIBE", "PUBLISH"}) {
        EXPECT_EQ(ask({.method = method, .more = "Event: presence\r\n"}).status(), 489) << method;
    }
}

TEST_P(SipAnswers, KnowNoDialogThatWasNotOpened) {
    for (const char* method : {"BYE", "CANCEL", "NOTIFY", "UPDATE"}) {
        EXPECT_EQ(ask({.method = method}).status(), 481) << method;
    }
    for (const char* method : {"MESSAGE", "INVITE", "OPTIONS", "INFO"}) {
        EXPECT_EQ(ask({.method = method, .to = "<sip:1111@cc.example.com>;tag=ghost"}).status(), 481)
            << method;
    }
}

TEST_P(SipAnswers, NameTheExtensionsThatAreNotThere) {
    for (const char* method : {"MESSAGE", "INVITE", "OPTIONS"}) {
        const SipText refused = ask({.method = method, .more = "Require: timer, 100rel, foo\r\n"});
        EXPECT_EQ(refused.status(), 420) << method;
        EXPECT_EQ(refused.header("Unsupported"), "100rel, foo") << method;
    }
}

TEST_P(SipAnswers, SayWhatTheServerCanDo) {
    const SipText options = ask({.method = "OPTIONS"});
    EXPECT_EQ(options.status(), 200);
    for (const char* method : {"INVITE", "MESSAGE", "BYE", "CANCEL", "ACK", "OPTIONS", "UPDATE"}) {
        EXPECT_NE(options.header("Allow").find(method), std::string::npos) << method;
    }
    for (const char* type : {"application/sdp", "text/plain", "message/cpim", "multipart/mixed"}) {
        EXPECT_NE(options.header("Accept").find(type), std::string::npos) << type;
    }
    EXPECT_NE(options.header("Supported").find("timer"), std::string::npos);
}

TEST_P(SipAnswers, TurnWorkAwayWhileNoneIsTaken) {
    server.set_accepting(false);
    for (const char* method : {"OPTIONS", "MESSAGE"}) {
        const SipText refused = ask({.method = method, .body = method[0] == 'M' ? "hi" : ""});
        EXPECT_EQ(refused.status(), 503) << method;
        EXPECT_EQ(refused.header("Retry-After"), "5") << method;
    }
    const SipText refused =
        ask({.method = "INVITE",
             .content_type = "application/sdp",
             .more = "Contact: <sip:ann@" + peer->local() + ";transport=" + peer->transport() + ">\r\n",
             .body = test::message_offer});
    EXPECT_EQ(refused.status(), 503);
    EXPECT_EQ(refused.header("Retry-After"), "5");
}

TEST_P(SipAnswers, SayToWhoAsksThatNoWorkIsTakenWhileLiveSessionsGoOn) {
    server.set_taking_work(false);
    const SipText options = ask({.method = "OPTIONS"});
    EXPECT_EQ(options.status(), 503);
    EXPECT_EQ(options.header("Retry-After"), "5");
    server.set_taking_work(true);
    EXPECT_EQ(ask({.method = "OPTIONS"}).status(), 200);
}

TEST_P(SipAnswers, TellThatANumberIsUnknown) {
    EXPECT_EQ(ask({.uri = "sip:cc.example.com", .body = "hi"}).status(), 404) << "no number at all";
    EXPECT_EQ(ask({.uri = "tel:+4989123", .body = "hi"}).status(), 416);
    peer->send(Request{.uri = "sip:9999@cc.example.com", .body = "hi"}.text(*peer));
    carry_out(AnswerText{commands.next_as<TextReceived>().txn, 404});
    EXPECT_EQ(peer->receive().status(), 404);
}

TEST_P(SipAnswers, RefuseBodiesThatCannotBeShownOrAreTooLarge) {
    for (const char* type : {"image/png", "text/html", "multipart/mixed"}) {
        const SipText refused = ask({.content_type = type, .body = "xx"});
        EXPECT_EQ(refused.status(), 415) << type;
        EXPECT_NE(refused.header("Accept").find("text/plain"), std::string::npos);
    }
    if (GetParam() == "tcp") {  // no datagram is so long
        EXPECT_EQ(ask({.body = std::string(64 * 1024 + 1, 'x')}).status(), 413);
    }
}

TEST_P(SipAnswers, GiveTheEngineTheTextThatABodyWraps) {
    peer->send(Request{.content_type = "multipart/alternative;boundary=x",
                       .body = "--x\r\nContent-Type: text/plain;charset=iso-8859-1\r\n\r\nGr\xfc\xdf\r\n"
                               "--x\r\nContent-Type: text/html\r\n\r\n<b>\r\n--x--\r\n"}
                   .text(*peer));
    const auto received = commands.next_as<TextReceived>();
    EXPECT_EQ(received.text, "Grüß");
    carry_out(AnswerText{received.txn, 200});
    EXPECT_EQ(peer->receive().status(), 200);
}

INSTANTIATE_TEST_SUITE_P(Over, SipAnswers, testing::Values("udp", "tcp"),
                         [](const auto& over) { return over.param; });

class SipAnswersOfACrowdedServer : public SipAnswers {
  public:
    SipAnswersOfACrowdedServer() : SipAnswers(1) {}
};

TEST_P(SipAnswersOfACrowdedServer, SayWhenToTryAgain) {
    peer->send(Request{.branch = "z9hG4bK-first", .body = "first"}.text(*peer));
    const auto first = commands.next_as<TextReceived>();
    const SipText refused = ask({.body = "second"});
    EXPECT_EQ(refused.status(), 503);
    EXPECT_EQ(refused.header("Retry-After"), "5");
    carry_out(AnswerText{first.txn, 200});
    EXPECT_EQ(peer->receive().status(), 200);
}

INSTANTIATE_TEST_SUITE_P(Over, SipAnswersOfACrowdedServer, testing::Values("udp", "tcp"),
                         [](const auto& over) { return over.param; });

}  // namespace
}  // namespace trunkline::sip
