// SIP over TLS: customers who come with it, and peers that we call and check. The other side is OpenSSL with
// raw text, or a second server of this room.
#include <gmock/gmock.h>

#include <future>

#include "sip_peer.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/tls_visitor.hpp"

namespace trunkline::sip {
namespace {

using namespace messages;
using test::CommandSink;
using testing::Authority;
using testing::FilesFolder;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TlsVisitor;

class SipOverTls : public ::testing::Test {
  public:
    FilesFolder folder;
    Authority authority{"Ours"};
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
    TextReceived take(TlsVisitor& visitor) {
        auto received = commands.next_as<TextReceived>();
        server->carry_out(AnswerText{received.txn, 200});
        server->flush();
        EXPECT_THAT(visitor.hear("\r\n\r\n"), HasSubstr("SIP/2.0 200"));
        return received;
    }
};

TEST_F(SipOverTls, CarriesTextsBothWaysOverTls12And13) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        TlsVisitor carol(door);
        ASSERT_EQ(carol.only(version).trust(authority.cert()).come(), "");
        carol.say(text("both" + std::to_string(version)));
        const TextReceived received = take(carol);
        EXPECT_EQ(received.text, "hello");
        EXPECT_THAT(received.leg.route, HasSubstr("transport=tls"));
        server->carry_out(
            SendText{TextId(1), received.leg, "1111", "127.0.0.1", "sip:carol@example.com", "welcome"});
        server->flush();
        const std::string head = carol.hear("\r\n\r\n");
        EXPECT_THAT(head, HasSubstr("MESSAGE sip:carol@example.com SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1:"));
        EXPECT_EQ(carol.hear("welcome"), "welcome") << "down the same connection";
        const auto via = head.substr(head.find("Via:"), head.find("Max-Forwards") - head.find("Via:"));
        const auto tail =
            head.substr(head.find("From:"), head.find("\r\n", head.find("CSeq:")) + 2 - head.find("From:"));
        carol.say("SIP/2.0 200 OK\r\n" + via + tail + "Content-Length: 0\r\n\r\n");
        EXPECT_EQ(commands.next_as<TextAnswered>().status, 200);
    }
}

TEST_F(SipOverTls, TellsThePeerToComeBackByTls) {
    TlsVisitor carol(door);
    ASSERT_EQ(carol.come(), "");
    const std::string sdp =
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=message 5060 sip "
        "null\r\n";
    carol.say(request("INVITE", "invite", "Content-Type: application/sdp\r\n", sdp));
    const auto offered = commands.next_as<SessionOffered>();
    EXPECT_THAT(carol.hear("\r\n\r\n"), HasSubstr("SIP/2.0 100"));
    server->carry_out(AnswerSession{offered.txn, offered.leg.key, 180});
    server->flush();
    EXPECT_THAT(carol.hear("\r\n\r\n"), HasSubstr(";transport=tls>\r\n"));
    server->carry_out(AnswerSession{offered.txn, offered.leg.key, 486});
    server->flush();
    EXPECT_THAT(carol.hear("\r\n\r\n"), HasSubstr("SIP/2.0 486"));
}

TEST_F(SipOverTls, RefusesOlderProtocolsWeakCiphersAndPlainText) {
    for (const int version : {TLS1_VERSION, TLS1_1_VERSION})
        EXPECT_NE(TlsVisitor(door).only(version).come(), "") << version;
    for (const char* weak : {"AES128-SHA", "ECDHE-ECDSA-AES128-SHA", "eNULL", "aNULL", "3DES"})
        EXPECT_NE(TlsVisitor(door).only(TLS1_2_VERSION).ciphers(weak).come(), "") << weak;
    EXPECT_THAT(TlsVisitor(door).say_plainly(text("plain")), Not(HasSubstr("SIP/2.0")));
}

TEST_F(SipOverTls, ShowsARenewedCertificateToWhoComesAndKeepsThoseWhoAreThere) {
    TlsVisitor early(door), late(door);
    ASSERT_EQ(early.come(), "");
    folder.write("key.pem", "nonsense");
    server->renew_certificates();  // logged; what was stays
    early.say(text("early1"));
    take(early);
    renew();
    server->renew_certificates();
    early.say(text("early2"));
    take(early);
    ASSERT_EQ(late.trust(authority.cert()).come(), "");
    EXPECT_NE(late.serial(), early.serial());
    late.say(text("late"));
    take(late);
}

class SilentSipOverTls : public SipOverTls {
    void configure() override { settings.handshake_limit = std::chrono::milliseconds(200); }
};

TEST_F(SilentSipOverTls, IsClosedInTheMiddleOfItsHandshake) {
    TlsVisitor carol(door);
    ASSERT_EQ(carol.come(), "");
    EXPECT_EQ(TlsVisitor(door).say_plainly(""), "") << "returns when the server has closed";
    EXPECT_EQ(TlsVisitor(door).say_plainly(std::string("\x16\x03\x01\x02\x00\x01", 6)), "");
    carol.say(text("later"));  // whose handshake is through stays
    take(carol);
}

TEST(SipTlsSettings, WithoutACertificateAreAnErrorThatNamesTheSetting) {
    SipSettings settings;
    settings.listen = {"tls:127.0.0.1:0"};
    SipServer server(settings, [](const Command&) {});
    try {
        server.start();
        FAIL() << "it listens";
    } catch (const std::runtime_error& error) {
        EXPECT_STREQ(
            error.what(),
            "sip.listen: 'tls:127.0.0.1:0' needs a certificate; add sip.tls: {cert: FILE, key: FILE}");
    }
}

/// Calls a peer, which is another server whose certificate the test chooses.
class TlsTrunk : public SipOverTls {
  public:
    Authority stranger{"Somebody else"};
    CommandSink heard;
    std::unique_ptr<SipServer> trunk;
    std::string port;
    std::int64_t last = 0;

    void configure() override {
        settings.tls->ca = folder.write("ca.pem", authority.cert());
        settings.t1 = std::chrono::milliseconds(20);  // a call that fails ends soon
    }
    void open(const testing::Pair& pair, const std::string& host = "127.0.0.1") {
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
        const LegAddress leg{LegKind::pager, "out-" + std::to_string(++last), way};
        server->carry_out(OpenLeg{leg, "carl", "cc.example.com", "sip:+49301234@trunk.example"});
        server->carry_out(
            SendText{TextId(last), leg, "carl", "cc.example.com", "sip:+49301234@trunk.example", "hi"});
        server->flush();
        auto answered =
            std::async(std::launch::async, [this] { return commands.next_as<TextAnswered>().status; });
        while (answered.wait_for(std::chrono::milliseconds(5)) != std::future_status::ready)
            if (heard.waiting() > 0) {
                trunk->carry_out(AnswerText{heard.next_as<TextReceived>().txn, 202});
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

TEST_F(TlsTrunk, IsCalledWhereItsCertificateFitsItsAddress) {
    open(authority.issue("IP:127.0.0.1"));
    EXPECT_EQ(call("sips:127.0.0.1" + port), 202);
    EXPECT_EQ(call("sips:127.0.0.1" + port), 202) << "again, by the same connection";
}

TEST_F(TlsTrunk, IsCalledWhereItsCertificateFitsItsNameAndMaddrHoldsItsNumber) {
    open(authority.issue("DNS:trunk.example"));
    EXPECT_EQ(call("sips:trunk.example" + port + ";maddr=127.0.0.1"), 202);
}

class TlsTrunkOverIpv6 : public TlsTrunk {
    void SetUp() override {
        TlsTrunk::SetUp();
        boost::asio::io_context io;
        boost::system::error_code none;
        boost::asio::ip::tcp::socket probe(io, boost::asio::ip::tcp::v6());
        probe.bind({boost::asio::ip::address_v6::loopback(), 0}, none);
        has_ipv6 = !none;
    }

  public:
    bool has_ipv6 = false;
};

TEST_F(TlsTrunkOverIpv6, IsCheckedAllTheSame) {
    if (!has_ipv6) GTEST_SKIP() << "this machine has no IPv6";
    open(authority.issue("IP:::1"), "[::1]");
    EXPECT_EQ(call("sips:[::1]" + port), 202);
    trunk->stop();
    open(stranger.issue("IP:::1"), "[::1]");
    EXPECT_GE(call("sips:[::1]" + port), 400);
}

TEST_F(TlsTrunk, OfAnUnknownAuthorityHearsNothing) {
    open(stranger.issue("IP:127.0.0.1"));
    EXPECT_GE(call("sips:127.0.0.1" + port), 400);
}

TEST_F(TlsTrunk, OfAnotherNameHearsNothing) {
    open(authority.issue("DNS:other.example,IP:127.0.0.9"));
    EXPECT_GE(call("sips:127.0.0.1" + port), 400);
    EXPECT_GE(call("sips:trunk.example" + port + ";maddr=127.0.0.1"), 400);
}

TEST_F(TlsTrunk, WhoseCertificateIsOutOfDateHearsNothing) {
    open(authority.issue("IP:127.0.0.1", true));
    EXPECT_GE(call("sips:127.0.0.1" + port), 400);
}

TEST_F(TlsTrunk, ThatAsksForNoCheckIsCalledWhoeverSignedIt) {
    open(stranger.issue("DNS:whatever.example"));
    EXPECT_EQ(call("sip:127.0.0.1" + port + ";transport=tls"), 202);
    EXPECT_GE(call("sips:127.0.0.1" + port), 400) << "and that connection serves nobody who asks for one";
}

}  // namespace
}  // namespace trunkline::sip
