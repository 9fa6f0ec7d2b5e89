// A customer in session mode: the INVITE, the engine's answer to it, and requests inside its dialog; over UDP
// or TCP as the parameter says.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "running_server.hpp"

namespace trunkline::sip::test {

using namespace messages;

inline SipSettings session_settings() {
    SipSettings settings;
    // The peer uses the last one: what belongs to its dialog leaves there too.
    settings.listen = {"udp:127.0.0.2:0", "tcp:127.0.0.2:0", "udp:127.0.0.1:0", "tcp:127.0.0.1:0"};
    settings.ringing_refresh = std::chrono::milliseconds(50);
    return settings;
}

class SipSession : public RunningServer<testing::TestWithParam<std::string>> {
  public:
    explicit SipSession(SipSettings settings = session_settings()) : RunningServer(std::move(settings)) {
        peer = std::make_unique<SipPeer>(door(GetParam()));
    }
    ~SipSession() override { server.stop(); }

    /// With these headers more.
    [[nodiscard]] Request invite(const std::string& headers = "") const {
        return {.method = "INVITE",
                .branch = "z9hG4bK-invite",
                .content_type = "application/sdp",
                .more = "Contact: <sip:ann@" + peer->local() + ";transport=" + peer->transport() + ">\r\n" +
                        headers,
                .body = test::message_offer};
    }
    /// A request inside the dialog that `ok` opened.
    [[nodiscard]] Request inside(const std::string& method, int cseq) const {
        const std::string contact = ok.header("Contact");
        return {.method = method,
                .uri = contact.substr(1, contact.find('>') - 1),
                .branch = "z9hG4bK-" + method + std::to_string(cseq),
                .to = ok.header("To"),
                .cseq = cseq};
    }
    SessionOffered offer(const std::string& headers = "") {
        peer->send(invite(headers).text(*peer));
        return commands.next_as<SessionOffered>();
    }
    void accept(const std::string& headers = "") {
        offered = offer(headers);
        carry_out(AnswerSession{offered.txn, offered.leg.key, 200});
        ok = peer->receive_final();
        ASSERT_EQ(ok.status(), 200);
    }
    void establish(const std::string& headers = "") {
        accept(headers);
        peer->send(inside("ACK", 1).text(*peer));
    }
    [[nodiscard]] SendText text_of_agent(std::int64_t id, std::string text) const {
        return {TextId(id), offered.leg, "1111", "cc.example.com", offered.customer, std::move(text)};
    }
    void expect_end(LegEnd how) {
        const auto ended = commands.next_as<LegEnded>();
        EXPECT_EQ(ended.leg_key, offered.leg.key);
        EXPECT_EQ(ended.how, how);
    }

    std::unique_ptr<SipPeer> peer;
    SessionOffered offered;
    SipText ok;
};

}  // namespace trunkline::sip::test
