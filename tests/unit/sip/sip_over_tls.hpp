// A server that listens with TLS too, for customers who come with it and for peers that it calls and checks.
// The other side is OpenSSL with raw text, or a second server of this room.
#pragma once

#include <gmock/gmock.h>

#include <future>

#include "sip_peer.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/tls_visitor.hpp"

namespace trunkline::sip::test {

class SipOverTls : public testing::Test {
  public:
    trunkline::test::FilesFolder folder;
    trunkline::test::Authority authority{"Ours"};
    CommandSink commands;
    SipSettings settings;
    std::unique_ptr<SipServer> server;
    std::string door;  // "127.0.0.1:port"

    void renew() {
        const auto pair = authority.issue("IP:127.0.0.1");
        folder.write("cert.pem", pair.cert);
        folder.write("key.pem", pair.key);
    }
    void SetUp() override {
        renew();
        settings.listen = {"udp:127.0.0.1:0", "tcp:127.0.0.1:0", "tls:127.0.0.1:0"};
        settings.tls = tls::Files{"sip.tls", folder.path("cert.pem"), folder.path("key.pem"), ""};
        configure();
        server = std::make_unique<SipServer>(settings, commands.post());
        server->start();
        door = server->listening().at(2).substr(4);
    }
    void TearDown() override {
        server->stop();
        EXPECT_EQ(commands.waiting(), 0U) << "commands came that the test did not expect";
    }
    virtual void configure() {}

    static std::string request(const std::string& method, const std::string& branch,
                               const std::string& headers, const std::string& body) {
        return method + " sip:1111@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1:5061;branch=z9hG4bK" +
               branch +
               "\r\nMax-Forwards: 70\r\nFrom: <sip:carol@example.com>;tag=c\r\nTo: <sip:1111@127.0.0.1>\r\n"
               "Call-ID: " +
               branch + "\r\nCSeq: 1 " + method + "\r\nContact: <sip:carol@127.0.0.1;transport=tls>\r\n" +
               headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }
    static std::string text(const std::string& branch) {
        return request("MESSAGE", branch, "Content-Type: text/plain\r\n", "hello");
    }
    /// The text of a visitor is answered with 200.
    messages::TextReceived take(trunkline::test::TlsVisitor& visitor) {
        auto received = commands.next_as<messages::TextReceived>();
        server->carry_out(messages::AnswerText{received.txn, 200});
        server->flush();
        EXPECT_THAT(visitor.hear("\r\n\r\n"), ::testing::HasSubstr("SIP/2.0 200"));
        return received;
    }
};

/// Calls a peer, which is another server whose certificate the test chooses.
class TlsTrunk : public SipOverTls {
  public:
    trunkline::test::Authority stranger{"Somebody else"};
    CommandSink heard;
    std::unique_ptr<SipServer> trunk;
    std::string port;
    std::int64_t last = 0;

    void configure() override {
        settings.tls->ca = folder.write("ca.pem", authority.cert());
        settings.t1 = std::chrono::milliseconds(20);  // a call that fails ends soon
    }
    void open(const trunkline::test::Pair& pair, const std::string& host = "127.0.0.1") {
        SipSettings other;
        other.listen = {"udp:127.0.0.1:0", "tls:" + host + ":0"};
        other.tls = tls::Files{"sip.tls", folder.write("trunk.pem", pair.cert),
                               folder.write("trunk.key", pair.key), ""};
        trunk = std::make_unique<SipServer>(other, heard.post());
        trunk->start();
        port = trunk->listening().at(1);
        port = port.substr(port.rfind(':'));
    }
    /// The status that a text by this way ended with; what the trunk hears it answers with 202.
    int call(const std::string& way) {
        const messages::LegAddress leg{messages::LegKind::pager, "out-" + std::to_string(++last), way};
        server->carry_out(messages::OpenLeg{leg, "carl", "cc.example.com", "sip:+49301234@trunk.example"});
        server->carry_out(messages::SendText{TextId(last), leg, "carl", "cc.example.com",
                                             "sip:+49301234@trunk.example", "hi"});
        server->flush();
        auto answered = std::async(std::launch::async,
                                   [this] { return commands.next_as<messages::TextAnswered>().status; });
        while (answered.wait_for(std::chrono::milliseconds(5)) != std::future_status::ready)
            if (heard.waiting() > 0) {
                trunk->carry_out(messages::AnswerText{heard.next_as<messages::TextReceived>().txn, 202});
                trunk->flush();
            }
        return answered.get();
    }
    void TearDown() override {
        SipOverTls::TearDown();
        if (trunk) trunk->stop();
        EXPECT_EQ(heard.waiting(), 0U) << "the trunk heard what it should not";
    }
};

}  // namespace trunkline::sip::test
