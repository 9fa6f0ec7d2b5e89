// http.get and http.post on the wire, against small servers on loopback.
#include "adapters/web/web_client.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <map>

#include "tests/unit/web/small_server.hpp"

namespace trunkline::web::testing {
namespace {

using messages::HttpMethod;
using messages::HttpResult;
using ::testing::HasSubstr;

class WebRequests : public ::testing::Test {
  protected:
    WebSettings settings;
    std::unique_ptr<WebClient> client;
    std::mutex mutex;
    std::condition_variable changed;
    std::map<OutsideId, HttpResult> results;
    std::uint64_t last = 0;

    void TearDown() override { client.reset(); }

    OutsideId post(messages::HttpRequest request) {
        if (!client)
            client = std::make_unique<WebClient>(settings, [this](messages::Command command) {
                auto& answered = std::get<messages::HttpAnswered>(command);
                const std::lock_guard lock(mutex);
                results[answered.id] = std::move(answered.result);
                changed.notify_all();
            });
        const OutsideId id(++last);
        if (request.timeout.count() == 0) request.timeout = std::chrono::seconds(20);
        client->post({id, {}, std::move(request)});
        return id;
    }
    HttpResult wait_for(OutsideId id) {
        std::unique_lock lock(mutex);
        if (!changed.wait_for(lock, std::chrono::seconds(60), [&] { return results.contains(id); }))
            return {0, {}, {}, "never answered"};
        return results[id];
    }
    bool answered(OutsideId id) {
        const std::lock_guard lock(mutex);
        return results.contains(id);
    }
    HttpResult get(const std::string& url, std::vector<messages::HttpHeader> headers = {}) {
        return wait_for(post({HttpMethod::get, url, std::move(headers), "", {}}));
    }
    void allow_loopback() { settings.allow = {"127.0.0.0/8"}; }
};

SmallServer::Rule always(const std::string& text) {
    return [text](const Request&) { return text; };
}

TEST_F(WebRequests, AskAndGetStatusHeadersAndBody) {
    allow_loopback();
    const SmallServer server(always(reply(404, "no such customer", "X-Tier: Gold\r\n")));
    const HttpResult result = get(server.at("/customers/5?a=b%20c#part"), {{"accept", "text/plain"}});
    EXPECT_EQ(result.error, "");
    EXPECT_EQ(result.status, 404);
    EXPECT_EQ(result.body.is, "no such customer");
    EXPECT_EQ(result.headers.at(0).name, "x-tier");
    EXPECT_EQ(result.headers.at(0).value, "Gold");
    const auto seen = server.seen();
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].target(), "/customers/5?a=b%20c");
    EXPECT_EQ(seen[0]["Host"], "127.0.0.1:" + server.port());
    EXPECT_EQ(seen[0]["accept"], "text/plain");
}

TEST_F(WebRequests, PostTheirBody) {
    allow_loopback();
    const SmallServer server(always(reply(201, "")));
    EXPECT_EQ(wait_for(post({HttpMethod::post, server.at("/"), {}, "a=b", {}})).status, 201);
    EXPECT_EQ(server.seen().at(0).body(), "a=b");
    EXPECT_EQ(server.seen().at(0).method_string(), "POST");
}

// lessons B8: a script, or a customer's text in an address, must not reach what is behind the firewall. The
// address is looked at after the name was resolved, so no name helps.
TEST_F(WebRequests, ReachNoAddressThatIsNotPublicWhateverItsName) {
    const SmallServer server(always(reply(200, "secret")));
    for (const std::string host : {"127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]",
                                   "0x7f.1", "2130706433", "127.1"}) {
        const HttpResult result = get(server.at("/", host));
        EXPECT_NE(result.error, "") << host;
        EXPECT_EQ(result.status, 0) << host;
    }
    EXPECT_THAT(get(server.at("/", "localhost")).error, HasSubstr("list it in scripts.http_allow"));
    EXPECT_TRUE(server.seen().empty());
}

TEST_F(WebRequests, ReachWhatTheListNamesByHostAddressOrPort) {
    const SmallServer server(always(reply(200, "ok")));
    settings.allow = {"localhost:" + server.port()};
    EXPECT_EQ(get(server.at("/", "localhost")).body.is, "ok");
    EXPECT_NE(get(server.at("/")).error, "") << "another name for the same address";
    client.reset();
    settings.allow = {"127.0.0.1:1"};
    EXPECT_NE(get(server.at("/")).error, "") << "another port";
}

TEST_F(WebRequests, FollowARedirectToAnotherPathAndTakeNoCredentialsElsewhere) {
    allow_loopback();
    const SmallServer other(always(reply(200, "there")));
    const SmallServer server([&](const Request& request) -> std::optional<std::string> {
        if (request.target() == "/a") return reply(302, "", "Location: b?x=1\r\n");
        return reply(307, "", "Location: " + other.at("/c", "127.0.0.2") + "\r\n");
    });
    const SmallServer same_host(always(reply(307, "", "Location: " + other.at("/c") + "\r\n")));
    EXPECT_EQ(get(same_host.at("/"), {{"Authorization", "Bearer hush"}, {"X-Own", "1"}}).body.is, "there");
    ASSERT_EQ(other.seen().size(), 1U);
    EXPECT_EQ(other.seen()[0].count("Authorization"), 0U);
    EXPECT_EQ(other.seen()[0]["X-Own"], "1");
    get(server.at("/a"));
    ASSERT_EQ(server.seen().size(), 2U);
    EXPECT_EQ(server.seen()[1].target(), "/b?x=1");
}

TEST_F(WebRequests, AreCheckedAgainAtEveryRedirect) {
    const SmallServer inside(always(reply(200, "secret")));
    const SmallServer server(always(reply(302, "", "Location: " + inside.at("/") + "\r\n")));
    settings.allow = {"127.0.0.1:" + server.port()};
    EXPECT_THAT(get(server.at("/")).error, HasSubstr("is at an address that is not public"));
    EXPECT_TRUE(inside.seen().empty());
}

TEST_F(WebRequests, EndAfterFiveRedirects) {
    allow_loopback();
    const SmallServer server(always(reply(302, "", "Location: /\r\n")));
    EXPECT_EQ(get(server.at("/")).error, "the answer leads on more than 5 times");
    EXPECT_EQ(server.seen().size(), 6U);
}

TEST_F(WebRequests, AskWithGetWhereAPostIsRedirected) {
    allow_loopback();
    const SmallServer server([](const Request& request) -> std::optional<std::string> {
        return request.target() == "/" ? reply(303, "", "Location: /done\r\n") : reply(200, "done");
    });
    EXPECT_EQ(wait_for(post({HttpMethod::post, server.at("/"), {{"content-type", "a/b"}}, "x", {}})).body.is,
              "done");
    EXPECT_EQ(server.seen().at(1).method_string(), "GET");
    EXPECT_EQ(server.seen().at(1).body(), "");
}

TEST_F(WebRequests, TakeAMebibyteAndNotMore) {
    allow_loopback();
    const SmallServer server([](const Request& request) -> std::optional<std::string> {
        if (request.target() == "/fits") return reply(200, std::string(1048576, 'x'));
        if (request.target() == "/told") return reply(200, std::string(1048577, 'x'));
        if (request.target() == "/head") return reply(200, "", "X: " + std::string(20000, 'x') + "\r\n");
        return "HTTP/1.1 200 OK\r\n\r\n" + std::string(1100000, 'x');
    });
    EXPECT_EQ(get(server.at("/fits")).body.is.size(), 1048576U);
    EXPECT_EQ(get(server.at("/told")).error, "the answer is longer than 1048576 bytes");
    EXPECT_EQ(get(server.at("/untold")).error, "the answer is longer than 1048576 bytes");
    EXPECT_EQ(get(server.at("/head")).error, "the headers of the answer are longer than 16384 bytes");
}

TEST_F(WebRequests, EndAtTheirTime) {
    allow_loopback();
    const SmallServer silent([](const Request&) { return std::nullopt; });
    const auto id = post({HttpMethod::get, silent.at("/"), {}, "", std::chrono::milliseconds(100)});
    EXPECT_EQ(wait_for(id).error, "timeout");
}

TEST_F(WebRequests, AreToldBusyWhereTooManyWait) {
    allow_loopback();
    settings.most_at_once = 1;
    settings.most_waiting = 1;
    const SmallServer silent([](const Request&) { return std::nullopt; });
    const messages::HttpRequest request{HttpMethod::get, silent.at("/"), {}, "", std::chrono::seconds(2)};
    const auto first = post(request);
    const auto second = post(request);
    EXPECT_EQ(wait_for(post(request)).error, "busy");
    EXPECT_FALSE(answered(first) || answered(second));
    EXPECT_EQ(wait_for(first).error, "timeout");
    EXPECT_EQ(wait_for(second).error, "timeout");
}

TEST_F(WebRequests, SayInWordsWhatIsWrong) {
    allow_loopback();
    EXPECT_THAT(get("customer 5").error, HasSubstr("the address is no URL"));
    EXPECT_THAT(get("ftp://example.com/").error, HasSubstr("must begin with https:// or http://"));
    EXPECT_THAT(get("http://user:hush@127.0.0.1/").error, HasSubstr("must hold no user name"));
    EXPECT_THAT(get("http://127.0.0.1/a\r\nX: y").error, HasSubstr("the address is no URL"));
    EXPECT_THAT(get("http://a%0d%0aX:%20y/").error, HasSubstr("characters that no host's name has"));
    EXPECT_THAT(get("http://a%0d%0aX%20y/").error, HasSubstr("characters that no host's name has"));
    EXPECT_THAT(get("http://127.0.0.1%40evil.example/").error,
                HasSubstr("must begin with a slash"));  // the library ends the host at the coded @
    EXPECT_THAT(get("http://127.0.0.1:1/").error, HasSubstr("127.0.0.1 cannot be reached"));
    const SmallServer strange(always("SMTP ready\r\n\r\n"));
    EXPECT_THAT(get(strange.at("/")).error, HasSubstr("gave an answer that is no HTTP"));
}

class SecureWebRequests : public WebRequests {
  protected:
    std::filesystem::path trusted =
        std::filesystem::temp_directory_path() / ("trunkline-web-" + std::to_string(getpid()) + ".pem");
    void trust(const Identity& identity) {
        std::ofstream(trusted) << identity.certificate;
        settings.ca_file = trusted;
    }
    void SetUp() override { allow_loopback(); }
    void TearDown() override {
        WebRequests::TearDown();
        std::filesystem::remove(trusted);
    }
};

TEST_F(SecureWebRequests, AreVerifiedByNameAndAddress) {
    const Identity address = make_identity("127.0.0.1");
    trust(address);
    const SmallServer server(always(reply(200, "safe")), address);
    const HttpResult result = get(server.at("/"));
    EXPECT_EQ(result.error, "");
    EXPECT_EQ(result.body.is, "safe");
}

TEST_F(SecureWebRequests, RefuseACertificateThatNobodyVouchesFor) {
    const SmallServer server(always(reply(200, "safe")), make_identity("127.0.0.1"));
    EXPECT_THAT(get(server.at("/")).error, HasSubstr("the certificate of 127.0.0.1 is not valid: self"));
    EXPECT_TRUE(server.seen().empty());
}

TEST_F(SecureWebRequests, RefuseACertificateOfSomebodyElse) {
    const Identity other = make_identity("crm.example.com");
    trust(other);
    const SmallServer server(always(reply(200, "safe")), other);
    EXPECT_THAT(get(server.at("/")).error, HasSubstr("the certificate of 127.0.0.1 is not valid"));
    EXPECT_TRUE(server.seen().empty());
}

TEST_F(SecureWebRequests, AreNotLedFromHttpsToHttp) {
    const SmallServer open(always(reply(200, "open")));
    const Identity own = make_identity("127.0.0.1");
    trust(own);
    const SmallServer server(always(reply(302, "", "Location: " + open.at("/") + "\r\n")), own);
    EXPECT_EQ(get(server.at("/")).error, "the answer leads from https to http");
    EXPECT_TRUE(open.seen().empty());
}

}  // namespace
}  // namespace trunkline::web::testing
