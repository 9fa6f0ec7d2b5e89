// What strangers try at the SIP door: sessions of others, more bytes out than in, connections that say
// nothing.
#include <gtest/gtest.h>

#include <poll.h>

#include "session_customer.hpp"

namespace trunkline::sip {
namespace {

using namespace messages;
using test::Request;
using test::SipPeer;
using test::SipSession;
using test::SipText;

/// Every request inside the dialog of another, with what is wrong about it.
class AttacksOnSessions : public SipSession {
  protected:
    void is_refused(const Request& request, std::initializer_list<int> statuses) {
        peer->send(request.text(*peer));
        const int status = peer->receive_final().status();
        EXPECT_NE(std::find(statuses.begin(), statuses.end(), status), statuses.end())
            << request.method << " from " << request.from << " to " << request.to << " got " << status;
    }
    void goes_on() {
        Request text = inside("MESSAGE", 50);
        text.body = "still here";
        peer->send(text.text(*peer));
        const auto received = commands.next_as<TextReceived>();
        EXPECT_EQ(received.text, "still here");
        EXPECT_EQ(received.leg.key, offered.leg.key);
        carry_out(AnswerText{received.txn, 200});
        EXPECT_EQ(peer->receive_final().status(), 200);
        peer->send(inside("BYE", 51).text(*peer));
        EXPECT_EQ(peer->receive_final().status(), 200);
        expect_end(LegEnd::released);
    }
};

TEST_P(AttacksOnSessions, WithTheRightCallIdAndWrongTagsFindNone) {
    establish();
    int cseq = 2;
    for (const char* method : {"BYE", "MESSAGE", "INVITE", "UPDATE", "INFO", "OPTIONS", "NOTIFY", "REFER"})
        for (int wrong = 1; wrong < 4; ++wrong) {
            Request request = inside(method, cseq++);
            if ((wrong & 1) != 0) request.to = "<sip:1111@cc.example.com>;tag=guess";
            if ((wrong & 2) != 0) request.from = "<sip:ann@example.com>;tag=guess";
            if (request.method == "INVITE")
                request.content_type = "application/sdp", request.body = test::message_offer;
            is_refused(request, {481, 405});
        }
    goes_on();
}

INSTANTIATE_TEST_SUITE_P(Over, AttacksOnSessions, testing::Values("udp", "tcp"),
                         [](const auto& over) { return over.param; });

/// Somebody who writes under an address that is not his: whoever has it gets what we answer, and answers
/// nothing.
class AttacksByAmplification : public testing::Test {
  public:
    AttacksByAmplification() : server(settings(), commands.post()) {
        server.start();
        victim = std::make_unique<SipPeer>(server.listening().front());
    }
    ~AttacksByAmplification() override { server.stop(); }
    static SipSettings settings() {
        SipSettings settings = test::loopback_settings();
        settings.t1 = std::chrono::milliseconds(10);  // all repetitions are through after 64 times that
        return settings;
    }
    /// Bytes that come to the victim until nothing more does.
    std::size_t heard() {
        std::size_t bytes = 0;
        while (victim->hears_something(2 * 64 * 10)) bytes += victim->receive().raw.size();
        return bytes;
    }
    void expect_at_most(double factor, std::size_t in, const char* what) {
        const std::size_t out = heard();
        const double found = static_cast<double>(out) / static_cast<double>(in);
        std::printf("[ FIGURE   ] %s: %zu bytes in, %zu bytes out, factor %.1f\n", what, in, out, found);
        EXPECT_LE(found, factor) << what;
    }

    test::CommandSink commands;
    SipServer server;
    std::unique_ptr<SipPeer> victim;
};

TEST_F(AttacksByAmplification, GetFromARefusalNoMoreThanTheySend) {
    std::size_t in = 0;
    int cseq = 1;
    for (const char* method : {"OPTIONS", "REGISTER", "SUBSCRIBE", "PUBLISH", "INFO", "BYE", "NOTIFY",
                               "REFER", "INVITE", "MESSAGE"}) {
        Request request{.method = method,
                        .branch = "z9hG4bK" + std::to_string(cseq),
                        .cseq = cseq,
                        .content_type = "image/png",
                        .body = "x"};
        ++cseq;
        const std::string text = request.text(*victim);
        in += text.size();
        victim->send(text);
    }
    expect_at_most(1.5, in, "refusals");
    EXPECT_EQ(commands.waiting(), 0U);
}

TEST_F(AttacksByAmplification, GetFromAnInviteTheRepetitionsOfItsAnswerAndNoText) {
    Request invite{.method = "INVITE",
                   .branch = "z9hG4bK-a",
                   .content_type = "application/sdp",
                   .more = "Contact: <sip:ann@" + victim->local() + ">\r\n",
                   .body = test::message_offer};
    const std::string text = invite.text(*victim);
    victim->send(text);
    const auto offered = commands.next_as<SessionOffered>();
    server.carry_out(AnswerSession{offered.txn, offered.leg.key, 200});
    for (int i = 1; i <= 100; ++i)
        server.carry_out(SendText{TextId(i), offered.leg, "1111", "cc.example.com", offered.customer,
                                  std::string(1000, 'x')});
    server.flush();
    expect_at_most(30, text.size(), "an INVITE that is accepted");
    while (commands.waiting() > 0) (void)commands.next();
}

TEST_F(AttacksByAmplification, AreHeldToSoManySessionsOfOneAddress) {
    SipSettings few;
    int accepted = 0;
    for (int i = 0; i < 200; ++i) {
        Request invite{.method = "INVITE",
                       .branch = "z9hG4bK-" + std::to_string(i),
                       .call_id = "flood-" + std::to_string(i),
                       .content_type = "application/sdp",
                       .body = test::message_offer};
        victim->send(invite.text(*victim));
        const SipText answer = victim->receive();
        if (answer.status() == 100) {
            ++accepted;
            (void)commands.next_as<SessionOffered>();
        } else {
            EXPECT_EQ(answer.status(), 503);
        }
    }
    EXPECT_LE(accepted, few.peer_sessions);
}

class AttacksBySilence : public testing::Test {
  public:
    AttacksBySilence() : server(settings(), commands.post()) { server.start(); }
    static SipSettings settings() {
        SipSettings settings = test::loopback_settings();
        settings.silent_limit = std::chrono::milliseconds(300);
        return settings;
    }
    std::unique_ptr<SipPeer> connect() {
        for (const std::string& one : server.listening())
            if (one.rfind("tcp", 0) == 0) return std::make_unique<SipPeer>(one);
        return nullptr;
    }
    test::CommandSink commands;
    SipServer server;
};

TEST_F(AttacksBySilence, EndInTimeAndWhoWasHeardStays) {
    const auto heard = connect(), silent = connect(), half = connect();
    heard->send(Request{.method = "OPTIONS"}.text(*heard));
    EXPECT_EQ(heard->receive().status(), 200);
    half->send("OPTIONS sip:1111@cc.example.com SIP/2.0\r\nVia: SIP/2.0/TCP ");
    EXPECT_TRUE(silent->is_closed());
    EXPECT_TRUE(half->is_closed());
    heard->send(Request{.method = "OPTIONS", .branch = "z9hG4bK-2", .cseq = 2}.text(*heard));
    EXPECT_EQ(heard->receive().status(), 200);
}

}  // namespace
}  // namespace trunkline::sip
