#include <gmock/gmock.h>

#include <future>

#include "tests/support/certificates.hpp"
#include "tests/support/tls_visitor.hpp"
#include "tests/unit/tlib/bench_kit.hpp"

namespace trunkline::tlib::test {
namespace {

using ::testing::HasSubstr;
using trunkline::test::Authority;
using trunkline::test::TlsVisitor;

/// The client blocks on a thread of its own while the test turns the server's loop.
class TlibOverTls : public ServerBench {
  protected:
    trunkline::test::FilesFolder folder;
    Authority authority{"Ours"};

    void configure() override {
        const auto pair = authority.issue("IP:127.0.0.1");
        settings.certificates = std::make_shared<const tls::ServerCertificates>(tls::Files{
            "tlib.tls", folder.write("cert.pem", pair.cert), folder.write("key.pem", pair.key), ""});
    }
    std::string visit(std::function<std::string(TlsVisitor&)> what) {
        auto done = std::async(std::launch::async, [&what, at = server->listening()] {
            TlsVisitor client(at);
            return what(client);
        });
        EXPECT_TRUE(
            loop.until([&] { return done.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }));
        return done.get();
    }
};

TEST_F(TlibOverTls, CarriesTheSameObjects) {
    const auto answers = visit([this](TlsVisitor& client) {
        if (auto why = client.trust(authority.cert()).come(); !why.empty()) return why;
        client.say(
            "{\"message\":\"Ping\"}\n{\"message\":\"RequestRegisterClient\",\"ApplicationName\":\"desktop\"}"
            "\n");
        return client.hear("\n") + client.hear("\n");
    });
    EXPECT_THAT(answers, HasSubstr("Pong"));
    EXPECT_THAT(answers, HasSubstr("EventLinkConnected"));
}

TEST_F(TlibOverTls, RefusesOlderProtocolsAndClosesPlainText) {
    EXPECT_NE(visit([](TlsVisitor& client) { return client.only(TLS1_1_VERSION).come(); }), "");
    EXPECT_THAT(visit([](TlsVisitor& client) { return client.say_plainly("{\"message\":\"Ping\"}\n"); }),
                ::testing::Not(HasSubstr("Pong")));
}

class SilentTlibOverTls : public TlibOverTls {
    void configure() override {
        TlibOverTls::configure();
        settings.opening_limit = std::chrono::seconds(1);
    }
};

TEST_F(SilentTlibOverTls, IsClosedInTheMiddleOfItsHandshake) {
    EXPECT_EQ(visit([](TlsVisitor& client) { return client.say_plainly(""); }), "");
    EXPECT_EQ(server->clients(), 0U);
}

class ManyTlibOverTls : public TlibOverTls {
    void configure() override {
        TlibOverTls::configure();
        settings.handshakes_per_second = 3;
    }
};

TEST_F(ManyTlibOverTls, WaitTheirTurnAndAreAllTaken) {
    for (int i = 0; i < 5; ++i) EXPECT_EQ(visit([](TlsVisitor& client) { return client.come(); }), "") << i;
}

}  // namespace
}  // namespace trunkline::tlib::test
