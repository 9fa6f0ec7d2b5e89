#include <gmock/gmock.h>

#include "adapters/http/client.hpp"
#include "adapters/http/server.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/tls_visitor.hpp"

namespace trunkline::http {
namespace {

using test::Authority;
using test::TlsVisitor;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* ask_health = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

class Https : public ::testing::Test {
  protected:
    test::FilesFolder folder;
    Authority authority{"Ours"}, stranger{"Somebody else"};
    std::shared_ptr<tls::ServerCertificates> certificates;
    std::unique_ptr<HttpServer> server;

    void renew(const std::string& names = "DNS:localhost,IP:127.0.0.1") {
        const auto pair = authority.issue(names);
        folder.write("cert.pem", pair.cert);
        folder.write("key.pem", pair.key);
    }
    void start(const std::string& ca = {},
               std::chrono::milliseconds handshake_limit = std::chrono::seconds(30)) {
        renew();
        certificates = std::make_shared<tls::ServerCertificates>(
            tls::Files{"http.tls", folder.path("cert.pem"), folder.path("key.pem"), ca});
        HttpSettings settings;
        settings.listen = "127.0.0.1:0";
        settings.control_socket = folder.path("control");
        settings.certificates = certificates;
        settings.handshake_limit = handshake_limit;
        server = std::make_unique<HttpServer>(settings);
        server->route(Verb::get, "/healthz", Access::open,
                      [](const Request&, const Reply& reply) { reply({.body = "fine"}); });
        server->web_socket("/tlib", [](const std::shared_ptr<WebSocket>& socket) {
            return WebSocketReceiver{
                [socket](std::string text) { socket->send({std::make_shared<const std::string>(text)}); },
                [] {}};
        });
        server->start();
    }
    TlsVisitor visitor() { return TlsVisitor(server->listening()); }
    std::string call_with(const std::string& ca, const std::string& host = "127.0.0.1") {
        const auto port = server->listening().substr(server->listening().rfind(':'));
        const auto answer =
            call({.url = "https://" + host + port, .ca = folder.write("ca.pem", ca)}, Verb::get, "/healthz");
        return answer ? answer->body : answer.error().message;
    }
};

TEST_F(Https, AnswersOverTls12And13) {
    start();
    for (const auto& [version, name] :
         {std::pair(TLS1_2_VERSION, "TLSv1.2"), std::pair(TLS1_3_VERSION, "TLSv1.3")}) {
        auto client = visitor();
        ASSERT_EQ(client.only(version).trust(authority.cert()).come(), "");
        EXPECT_STREQ(client.protocol(), name);
        client.say(ask_health);
        EXPECT_THAT(client.hear("fine"), StartsWith("HTTP/1.1 200"));
    }
    EXPECT_EQ(call({.control_socket = folder.path("control")}, Verb::get, "/healthz")->body, "fine")
        << "the unix socket stays plain";
}

TEST_F(Https, RefusesOlderProtocolsAndWeakCiphers) {
    start();
    for (const int version : {TLS1_VERSION, TLS1_1_VERSION})
        EXPECT_NE(visitor().only(version).come(), "") << version;
    for (const char* weak : {"AES128-SHA", "ECDHE-ECDSA-AES128-SHA", "eNULL", "aNULL", "3DES"})
        EXPECT_NE(visitor().only(TLS1_2_VERSION).ciphers(weak).come(), "") << weak;
}

TEST_F(Https, ClosesWhatIsNotTls) {
    start();
    EXPECT_THAT(visitor().say_plainly(ask_health), ::testing::Not(HasSubstr("HTTP")));
}

TEST_F(Https, ClosesAHandshakeThatNeverEnds) {
    start({}, std::chrono::milliseconds(200));
    EXPECT_EQ(visitor().say_plainly(""), "") << "returns when the server has closed";
    EXPECT_EQ(visitor().say_plainly(std::string("\x16\x03\x01\x02\x00\x01", 6)), "");
}

TEST_F(Https, ShowsARenewedCertificateToWhoComesAndKeepsThoseWhoAreThere) {
    start();
    auto early = visitor();
    ASSERT_EQ(early.come(), "");
    renew();
    certificates->reload();
    auto late = visitor();
    ASSERT_EQ(late.trust(authority.cert()).come(), "");
    EXPECT_NE(late.serial(), early.serial());
    early.say(ask_health);
    EXPECT_THAT(early.hear("fine"), StartsWith("HTTP/1.1 200"));
    folder.write("key.pem", "nonsense");
    EXPECT_THROW(certificates->reload(), std::runtime_error);
    auto later = visitor();
    ASSERT_EQ(later.come(), "");
    EXPECT_EQ(later.serial(), late.serial()) << "what cannot be read changes nothing";
}

TEST_F(Https, AsksForAClientsCertificateWhereAnAuthorityIsNamed) {
    start(folder.write("clients.pem", authority.cert()));
    const auto own = authority.issue("DNS:client"), other = stranger.issue("DNS:client");
    auto welcome = visitor();
    ASSERT_EQ(welcome.show(own.cert, own.key).come(), "");
    welcome.say(ask_health);
    EXPECT_THAT(welcome.hear("fine"), StartsWith("HTTP/1.1 200"));
    // With TLS 1.3 the client's handshake is through before the server has looked: it hears nothing then.
    auto nobody = visitor();
    (void)nobody.come();
    nobody.say(ask_health);
    EXPECT_EQ(nobody.hear("fine"), "");
    auto unknown = visitor();
    (void)unknown.show(other.cert, other.key).come();
    unknown.say(ask_health);
    EXPECT_EQ(unknown.hear("fine"), "");
}

TEST_F(Https, CarriesWebSockets) {
    start();
    auto client = visitor();
    ASSERT_EQ(client.come(), "");
    client.say(
        "GET /tlib HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
    EXPECT_THAT(client.hear("\r\n\r\n"), StartsWith("HTTP/1.1 101"));
    const std::string masked("\x81\x82\0\0\0\0hi", 8);
    client.say(masked);
    EXPECT_EQ(client.hear("hi"), "\x81\x02hi");
    const std::string close("\x88\x80\0\0\0\0", 6);
    client.say(close);
    EXPECT_THAT(client.hear("nothing more"), StartsWith("\x88"));
}

TEST_F(Https, IsTrustedByItsAuthorityAndItsName) {
    start();
    EXPECT_EQ(call_with(authority.cert()), "fine");
    EXPECT_EQ(call_with(authority.cert(), "localhost"), "fine");
    EXPECT_THAT(call_with(stranger.cert()), HasSubstr("name its authority with --ca FILE"));
    renew("DNS:other.example,IP:127.0.0.2");
    certificates->reload();
    EXPECT_THAT(call_with(authority.cert()), HasSubstr("another name than 127.0.0.1"));
    EXPECT_THAT(call_with(authority.cert(), "localhost"), HasSubstr("another name than localhost"));
}

}  // namespace
}  // namespace trunkline::http
