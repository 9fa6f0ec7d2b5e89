// The registrar as an endpoint on the wire sees it: asked for its password, bound, refreshed, forgotten.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <map>

#include "adapters/sip/binding_file.hpp"
#include "adapters/sip/digest.hpp"
#include "sip_peer.hpp"

namespace trunkline::sip {
namespace {

using namespace messages;
using test::CommandSink;
using test::Request;
using test::SipPeer;
using test::SipText;

/// What was bound, as the engine would hear it.
class BoundSink {
  public:
    void put(const std::string& dn, const std::string& contact) {
        const std::lock_guard lock(mutex_);
        all_.push_back(dn + " " + contact);
        came_.notify_one();
    }
    std::string next() {
        std::unique_lock lock(mutex_);
        if (!came_.wait_for(lock, std::chrono::seconds(10), [this] { return !all_.empty(); }))
            return "nothing";
        std::string one = all_.front();
        all_.pop_front();
        return one;
    }

  private:
    std::mutex mutex_;
    std::condition_variable came_;
    std::deque<std::string> all_;
};

std::string parameter(const std::string& challenge, const std::string& name) {
    const auto at = challenge.find(name + "=\"");
    if (at == std::string::npos) return {};
    const auto begin = at + name.size() + 2;
    return challenge.substr(begin, challenge.find('"', begin) - begin);
}

class RegistrarTest : public testing::TestWithParam<std::string> {
  public:
    RegistrarTest() { start(); }
    ~RegistrarTest() override {
        server->stop();
        std::filesystem::remove(path);
    }
    void start() {
        SipSettings settings;
        settings.listen = {"udp:127.0.0.1:0", "tcp:127.0.0.1:0"};
        settings.registrar.longest_expiry = 600;
        settings.registrar.store = std::make_shared<BindingFile>(path);
        settings.registrar.least_expiry = least_expiry;
        settings.registrar.bound = [this](const std::string& name, const std::string& contact,
                                          const std::string& route) {
            bound.put(name, contact);
            routes.put(name, route);
        };
        settings.registrar.account_of = [this](const std::string& host, const std::string& dn) {
            const std::string name = host == "second.example.com" ? dn + "b" : dn;
            auto secret = secret_of(name, dn);
            return secret ? std::optional(EndpointAccount{name, *secret}) : std::nullopt;
        };
        settings.registrar.secret_of = [this](const std::string& name) {
            return secret_of(name, name.substr(0, 4));
        };
        server = std::make_unique<SipServer>(std::move(settings), commands.post());
        server->start();
        for (const std::string& one : server->listening()) {
            if (one.rfind(GetParam(), 0) == 0) peer = std::make_unique<SipPeer>(one);
        }
    }
    std::optional<Ha1> secret_of(const std::string& name, const std::string& dn) {
        const std::lock_guard lock(passwords_mutex);
        const auto password = passwords.find(name);
        if (password == passwords.end()) return std::nullopt;
        const std::string text = dn + ":trunkline:" + password->second;
        return Ha1{hash_of(DigestAlgorithm::md5, text), hash_of(DigestAlgorithm::sha256, text)};
    }
    /// "": the account goes.
    void set_password(const std::string& name, const std::string& password) {
        {
            const std::lock_guard lock(passwords_mutex);
            if (password.empty())
                passwords.erase(name);
            else
                passwords[name] = password;
        }
        server->accounts_changed();
    }
    void restart() {
        peer.reset();
        server->stop();
        start();
    }

    [[nodiscard]] Request plain(const std::string& headers, const std::string& dn = "1001") {
        ++number;
        return {.method = "REGISTER",
                .uri = "sip:cc.example.com",
                .branch = "z9hG4bK-" + std::to_string(number),
                .from = "<sip:" + dn + "@cc.example.com>;tag=a1",
                .to = "<sip:" + dn + "@cc.example.com>",
                .cseq = number,
                .more = headers};
    }
    SipText ask(const Request& request) {
        peer->send(request.text(*peer));
        return peer->receive_final();
    }
    [[nodiscard]] static std::string authorization(const std::string& nonce, DigestAlgorithm algorithm,
                                                   int count, const std::string& dn = "1001",
                                                   const std::string& password = "secret",
                                                   const std::string& uri = "sip:cc.example.com") {
        char nc[9];
        std::snprintf(nc, sizeof nc, "%08x", static_cast<unsigned>(count));
        const std::string ha1 = hash_of(algorithm, dn + ":trunkline:" + password);
        const std::string ha2 = hash_of(algorithm, "REGISTER:" + uri);
        const std::string response = hash_of(algorithm, ha1 + ":" + nonce + ":" + nc + ":c1:auth:" + ha2);
        return "Authorization: Digest username=\"" + dn + "\", realm=\"trunkline\", nonce=\"" + nonce +
               "\", uri=\"" + uri + "\", response=\"" + response +
               "\", algorithm=" + (algorithm == DigestAlgorithm::md5 ? "MD5" : "SHA-256") +
               ", cnonce=\"c1\", qop=auth, nc=" + nc + "\r\n";
    }
    /// A REGISTER with these headers, with the digest that the server asks for.
    SipText register_with(const std::string& headers, const std::string& dn = "1001") {
        const SipText asked = ask(plain("", dn));
        EXPECT_EQ(asked.status(), 401);
        const std::string nonce = parameter(asked.header("WWW-Authenticate"), "nonce");
        return ask(plain(headers + authorization(nonce, DigestAlgorithm::sha256, 1, dn), dn));
    }

    const std::filesystem::path path = std::filesystem::temp_directory_path() /
                                       ("trunkline-bindings-" + std::to_string(::getpid()) + GetParam());
    int number = 0;
    int least_expiry = 1;
    std::mutex passwords_mutex;
    std::map<std::string, std::string> passwords{{"1001", "secret"}, {"1002", "secret"}, {"1001b", "other"}};
    CommandSink commands;
    BoundSink bound, routes;
    std::unique_ptr<SipServer> server;
    std::unique_ptr<SipPeer> peer;
};

const std::string desk = "Contact: <sip:1001@127.0.0.1:5070>\r\n";

TEST_P(RegistrarTest, AsksForTheDigestWithTheStrongerAlgorithmFirst) {
    const SipText asked = ask(plain(desk));
    EXPECT_EQ(asked.status(), 401);
    const auto first = asked.raw.find("algorithm=SHA-256");
    const auto second = asked.raw.find("algorithm=MD5");
    ASSERT_NE(second, std::string::npos);
    EXPECT_LT(first, second);
    EXPECT_EQ(parameter(asked.header("WWW-Authenticate"), "realm"), "trunkline");
    EXPECT_EQ(parameter(asked.header("WWW-Authenticate"), "qop"), "auth");
}

TEST_P(RegistrarTest, BindsAnEndpointThatKnowsItsPassword) {
    const SipText ok = register_with(desk);
    EXPECT_EQ(ok.status(), 200);
    EXPECT_EQ(ok.header("Contact"), "<sip:1001@127.0.0.1:5070>;expires=600");
    EXPECT_EQ(bound.next(), "1001 sip:1001@127.0.0.1:5070");
    EXPECT_EQ(register_with("").header("Contact").substr(0, 26), "<sip:1001@127.0.0.1:5070>;");
}

TEST_P(RegistrarTest, TakesMd5OfOldEndpointsToo) {
    const std::string nonce = parameter(ask(plain("")).header("WWW-Authenticate"), "nonce");
    EXPECT_EQ(ask(plain(desk + authorization(nonce, DigestAlgorithm::md5, 1))).status(), 200);
    EXPECT_EQ(bound.next(), "1001 sip:1001@127.0.0.1:5070");
}

TEST_P(RegistrarTest, TellsNobodyWhichNumbersThereAre) {
    const std::string nonce = parameter(ask(plain("")).header("WWW-Authenticate"), "nonce");
    const auto sha = DigestAlgorithm::sha256;
    EXPECT_EQ(ask(plain(desk + authorization(nonce, sha, 1, "1001", "wrong"))).status(), 401);
    EXPECT_EQ(ask(plain(desk + authorization(nonce, sha, 1, "9999"), "9999")).status(), 401);
    EXPECT_EQ(ask(plain(desk + authorization(nonce, sha, 1, "1002"), "1001")).status(), 401)
        << "another's password";
    EXPECT_EQ(ask(plain(desk + "Authorization: NoOneKnowsThisScheme opaque-data=here\r\n")).status(), 401);
}

TEST_P(RegistrarTest, TakesEachCountOfANonceOnce) {
    const std::string nonce = parameter(ask(plain("")).header("WWW-Authenticate"), "nonce");
    const auto sha = DigestAlgorithm::sha256;
    EXPECT_EQ(ask(plain(authorization(nonce, sha, 1))).status(), 200);
    const SipText replayed = ask(plain(desk + authorization(nonce, sha, 1)));
    EXPECT_EQ(replayed.status(), 401);
    EXPECT_NE(replayed.header("WWW-Authenticate").find("stale=true"), std::string::npos);
    EXPECT_EQ(ask(plain(authorization(nonce, sha, 2))).status(), 200);
    EXPECT_EQ(ask(plain(authorization("1.1.feed", sha, 1))).status(), 401) << "a nonce of nobody's";
}

TEST_P(RegistrarTest, AnswersARepeatedRegisterAsTheFirstTime) {
    const std::string nonce = parameter(ask(plain("")).header("WWW-Authenticate"), "nonce");
    const Request request = plain(desk + authorization(nonce, DigestAlgorithm::sha256, 1));
    EXPECT_EQ(ask(request).status(), 200);
    EXPECT_EQ(ask(request).status(), 200);
    EXPECT_EQ(bound.next(), "1001 sip:1001@127.0.0.1:5070");
}

TEST_P(RegistrarTest, ForgetsWhatIsTakenBackOrExpires) {
    EXPECT_EQ(register_with(desk).status(), 200);
    EXPECT_EQ(bound.next(), "1001 sip:1001@127.0.0.1:5070");
    EXPECT_EQ(register_with("Contact: <sip:1001@127.0.0.1:5071>\r\n").status(), 200);
    EXPECT_EQ(bound.next(), "1001 sip:1001@127.0.0.1:5071");
    const SipText less = register_with("Contact: <sip:1001@127.0.0.1:5071>;expires=0\r\n");
    EXPECT_EQ(less.header("Contact").substr(0, 26), "<sip:1001@127.0.0.1:5070>;");
    EXPECT_EQ(bound.next(), "1001 sip:1001@127.0.0.1:5070");
    EXPECT_EQ(register_with("Contact: *\r\nExpires: 60\r\n").status(), 400);
    const SipText gone = register_with("Contact: *\r\nExpires: 0\r\n");
    EXPECT_EQ(gone.status(), 200);
    EXPECT_EQ(gone.header("Contact"), "");
    EXPECT_EQ(bound.next(), "1001 ");
    EXPECT_EQ(register_with(desk + "Expires: 1\r\n").status(), 200);
    EXPECT_EQ(bound.next(), "1001 sip:1001@127.0.0.1:5070");
    EXPECT_EQ(bound.next(), "1001 ") << "the second is over";
}

TEST_P(RegistrarTest, RefusesWhatIsTooMuchOrMakesNoSense) {
    std::string many;
    for (int port = 1; port <= 10; ++port)
        many += "Contact: <sip:1001@127.0.0.1:" + std::to_string(port) + ">\r\n";
    EXPECT_EQ(register_with(many).status(), 200);
    EXPECT_EQ(bound.next(), "1001 sip:1001@127.0.0.1:10");
    EXPECT_EQ(register_with("Contact: <sip:1001@127.0.0.1:11>\r\n").status(), 403);
    EXPECT_EQ(register_with("Contact: <sip:1001@127.0.0.1:10?Route=%3Csip:evil%3E>\r\n").status(), 400);
    EXPECT_EQ(register_with("Contact: <mailto:eve@example.com>\r\n").status(), 400);
}

TEST_P(RegistrarTest, RefusesAnIntervalThatIsTooShortAndSaysTheLeast) {
    least_expiry = 60;
    restart();
    const SipText refused = register_with("Contact: <sip:1001@127.0.0.1:5070>;expires=59\r\n");
    EXPECT_EQ(refused.status(), 423);
    EXPECT_EQ(refused.header("Min-Expires"), "60");
    EXPECT_EQ(register_with(desk + "Expires: 30\r\n").status(), 423);
    EXPECT_EQ(register_with("").header("Contact"), "") << "nothing was bound";
    EXPECT_EQ(register_with(desk + "Expires: 60\r\n").status(), 200);
    EXPECT_EQ(bound.next(), "1001 sip:1001@127.0.0.1:5070");
}

TEST_P(RegistrarTest, TellsWhereAnEndpointBehindANatIsReached) {
    EXPECT_EQ(register_with("Contact: <sip:1001@10.9.8.7:5070>\r\n").status(), 200);
    EXPECT_EQ(bound.next(), "1001 sip:1001@10.9.8.7:5070");
    EXPECT_EQ(routes.next().rfind("1001 sip:" + peer->local() + ";transport=" + GetParam(), 0), 0U);
}

TEST_P(RegistrarTest, KeepsTheSameNumberOfTwoSwitchesApart) {
    EXPECT_EQ(register_with(desk).status(), 200);
    EXPECT_EQ(bound.next(), "1001 sip:1001@127.0.0.1:5070");
    const auto second = [this](int count, const std::string& nonce, const std::string& password) {
        Request request = plain(
            "Contact: <sip:1001@127.0.0.1:5090>\r\n" +
            authorization(nonce, DigestAlgorithm::sha256, count, "1001", password, "sip:second.example.com"));
        request.uri = "sip:second.example.com";
        return request;
    };
    const std::string nonce = parameter(ask(plain("")).header("WWW-Authenticate"), "nonce");
    EXPECT_EQ(ask(second(1, nonce, "secret")).status(), 401) << "the password of the first switch's 1001";
    const SipText ok = ask(second(1, nonce, "other"));
    EXPECT_EQ(ok.status(), 200);
    EXPECT_EQ(ok.header("Contact").substr(0, 26), "<sip:1001@127.0.0.1:5090>;");
    EXPECT_EQ(bound.next(), "1001b sip:1001@127.0.0.1:5090");
}

TEST_P(RegistrarTest, EndsBindingsWhoseAccountGoesOrGetsAnotherPassword) {
    EXPECT_EQ(register_with(desk).status(), 200);
    EXPECT_EQ(bound.next(), "1001 sip:1001@127.0.0.1:5070");
    EXPECT_EQ(register_with("Contact: <sip:1002@127.0.0.1:5072>\r\n", "1002").status(), 200);
    EXPECT_EQ(bound.next(), "1002 sip:1002@127.0.0.1:5072");
    set_password("1001", "changed");
    EXPECT_EQ(bound.next(), "1001 ");
    set_password("1002", "");
    EXPECT_EQ(bound.next(), "1002 ");
    EXPECT_EQ(ask(plain(desk)).status(), 401);
    passwords["1002"] = "secret";
    EXPECT_EQ(register_with("Contact: <sip:1002@127.0.0.1:5072>\r\n", "1002").status(), 200);
    EXPECT_EQ(bound.next(), "1002 sip:1002@127.0.0.1:5072");
    passwords.erase("1002");
    restart();
    EXPECT_EQ(bound.next(), "1002 ") << "gone while the server was away";
}

TEST_P(RegistrarTest, ChallengesAnEndpointOfTheOlderGenerationWithMd5AloneWhenItAsksAgain) {
    EXPECT_NE(ask(plain(desk)).raw.find("algorithm=SHA-256"), std::string::npos);
    const SipText again = ask(plain(desk));
    EXPECT_EQ(again.raw.find("algorithm=SHA-256"), std::string::npos);
    const std::string nonce = parameter(again.header("WWW-Authenticate"), "nonce");
    EXPECT_EQ(ask(plain(desk + authorization(nonce, DigestAlgorithm::md5, 1))).status(), 200);
    EXPECT_EQ(bound.next(), "1001 sip:1001@127.0.0.1:5070");
    const SipText stale = ask(plain(desk + authorization(nonce, DigestAlgorithm::md5, 1)));
    EXPECT_EQ(stale.raw.find("algorithm=SHA-256"), std::string::npos) << "it has shown what it knows";
    EXPECT_EQ(register_with(desk).status(), 200) << "and so has one that answers with SHA-256";
    EXPECT_EQ(bound.next(), "1001 sip:1001@127.0.0.1:5070");
    EXPECT_NE(ask(plain(desk)).raw.find("algorithm=SHA-256"), std::string::npos);
}

TEST_P(RegistrarTest, GivesRepliesToANameOfOursToItsEndpointAndNotToWhoeverForgedIt) {
    EXPECT_EQ(register_with("Contact: <sip:1001@127.0.0.1:5070>\r\n").status(), 200);
    EXPECT_EQ(bound.next(), "1001 sip:1001@127.0.0.1:5070");
    SipPeer eve(peer->transport() == "udp" ? server->listening()[0] : server->listening()[1], "127.0.0.2");
    const auto route = [&](const std::string& from, const std::string& branch) {
        eve.send(Request{.branch = branch, .from = "<" + from + ">;tag=e", .body = "hello"}.text(eve));
        const auto received = commands.next_as<TextReceived>();
        server->carry_out(AnswerText{received.txn, 200});
        server->flush();
        EXPECT_EQ(eve.receive_final().status(), 200);
        return received.leg.route;
    };
    EXPECT_EQ(route("sip:1001@cc.example.com", "z9hG4bK-e1").find("127.0.0.2"), std::string::npos);
    EXPECT_NE(route("sip:1001@elsewhere.example", "z9hG4bK-e2").find("127.0.0.2"), std::string::npos);
    EXPECT_NE(route("sip:1002@cc.example.com", "z9hG4bK-e3").find("127.0.0.2"), std::string::npos);
}

TEST_P(RegistrarTest, SaysThatItTakesRegister) {
    Request options = plain("");
    options.method = "OPTIONS";
    EXPECT_NE(ask(options).header("Allow").find("REGISTER"), std::string::npos);
    options.method = "INFO";
    options.branch += "x";
    const SipText refused = ask(options);
    EXPECT_EQ(refused.status(), 405);
    EXPECT_NE(refused.header("Allow").find("REGISTER"), std::string::npos);
}

TEST_P(RegistrarTest, KeepsBindingsOverARestart) {
    EXPECT_EQ(register_with(desk).status(), 200);
    EXPECT_EQ(bound.next(), "1001 sip:1001@127.0.0.1:5070");
    restart();
    EXPECT_EQ(bound.next(), "1001 sip:1001@127.0.0.1:5070");
    EXPECT_EQ(register_with("").header("Contact").substr(0, 26), "<sip:1001@127.0.0.1:5070>;");
}

INSTANTIATE_TEST_SUITE_P(Over, RegistrarTest, testing::Values("udp", "tcp"),
                         [](const auto& over) { return over.param; });

}  // namespace
}  // namespace trunkline::sip
