// SIP over TLS: customers who come with it, and peers that we call and check.
#include "sip_over_tls.hpp"

namespace trunkline::sip {
namespace {

using namespace messages;
using test::SipOverTls;
using test::TlsTrunk;
using ::testing::HasSubstr;
using ::testing::Not;
using trunkline::test::TlsVisitor;

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
