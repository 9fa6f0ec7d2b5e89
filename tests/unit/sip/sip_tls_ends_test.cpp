// What is left of a connection of SIP over TLS when it has ended, while the server lives on: nothing.
#include <openssl/bio.h>
#include <poll.h>

#include <condition_variable>
#include <set>

#include "sip_over_tls.hpp"

namespace trunkline::sip {
namespace {

using namespace messages;
using test::Request;
using test::SipOverTls;
using test::SipPeer;
using test::TlsTrunk;
using ::testing::HasSubstr;
using trunkline::test::TlsVisitor;

/// OpenSSL's objects that live in this process, of the kinds that a connection and a door have: OpenSSL
/// tells of the beginning and the end of each.
class Living {
  public:
    static Living& connections() {
        static auto* const one = new Living(CRYPTO_EX_INDEX_SSL);
        return *one;
    }
    static Living& sockets() {  // and other streams of bytes
        static auto* const one = new Living(CRYPTO_EX_INDEX_BIO);
        return *one;
    }
    static Living& contexts() {
        static auto* const one = new Living(CRYPTO_EX_INDEX_SSL_CTX);
        return *one;
    }
    std::size_t count() {
        const std::lock_guard lock(mutex_);
        return objects_.size();
    }
    /// Waits until no more than `most` live; how many do.
    std::size_t come_down_to(std::size_t most) {
        std::unique_lock lock(mutex_);
        gone_.wait_for(lock, std::chrono::seconds(10), [&] { return objects_.size() <= most; });
        return objects_.size();
    }
    /// For each that has ended another may stand in its place: how many there have been.
    std::size_t ever() {
        const std::lock_guard lock(mutex_);
        return ever_;
    }

  private:
    explicit Living(int kind) {
        CRYPTO_get_ex_new_index(
            kind, 0, this,
            [](void* made, void*, CRYPTO_EX_DATA*, int, long, void* self) {
                auto& living = *static_cast<Living*>(self);
                const std::lock_guard lock(living.mutex_);
                living.objects_.insert(made);
                ++living.ever_;
            },
            nullptr,
            [](void* freed, void*, CRYPTO_EX_DATA*, int, long, void* self) {
                auto& living = *static_cast<Living*>(self);
                const std::lock_guard lock(living.mutex_);
                living.objects_.erase(freed);
                living.gone_.notify_all();
            });
    }
    std::mutex mutex_;
    std::condition_variable gone_;
    std::set<const void*> objects_;
    std::size_t ever_ = 0;
};

/// Counts what a test adds to what is there.
template <class Server>
class Ends : public Server {
  public:
    void SetUp() override {
        contexts_before = Living::contexts().count();
        Server::SetUp();
        settle();
    }
    /// What lives from now on is what the server needs without connections.
    void settle() {
        connections = Living::connections().count();
        sockets = Living::sockets().count();
        ever = Living::connections().ever();
    }
    void expect_nothing_left(std::size_t at_least) {
        EXPECT_GE(Living::connections().ever() - ever, at_least) << "the test opened less than it meant to";
        // Fewer where what was counted as there from the start was still about to end.
        EXPECT_LE(Living::connections().come_down_to(connections), connections);
        EXPECT_LE(Living::sockets().come_down_to(sockets), sockets);
    }
    void TearDown() override {
        Server::TearDown();
        this->server.reset();
        if constexpr (std::is_base_of_v<TlsTrunk, Server>) this->trunk.reset();
        EXPECT_EQ(Living::contexts().count(), contexts_before) << "the doors' own";
    }
    std::size_t connections = 0, sockets = 0, ever = 0, contexts_before = 0;
};

using EndsOfVisits = Ends<SipOverTls>;
using EndsOfCalls = Ends<TlsTrunk>;

TEST_F(EndsOfVisits, OfCustomersWhoWriteAndGo) {
    for (int visit = 0; visit < 200; ++visit) {
        TlsVisitor carol(door);
        ASSERT_EQ(carol.only(visit % 2 == 0 ? TLS1_2_VERSION : TLS1_3_VERSION).come(), "");
        if (visit % 10 != 0) continue;
        carol.say(text("visit" + std::to_string(visit)));
        take(carol);
    }
    expect_nothing_left(400);
    TlsVisitor late(door);
    ASSERT_EQ(late.come(), "") << "the door is as it was";
    late.say(text("late"));
    take(late);
}

TEST_F(EndsOfVisits, OfHandshakesThatFail) {
    for (int visit = 0; visit < 100; ++visit) {
        EXPECT_NE(TlsVisitor(door).only(TLS1_1_VERSION).come(), "");
        EXPECT_EQ(TlsVisitor(door).say_plainly(text("plain")).find("SIP/2.0"), std::string::npos);
    }
    expect_nothing_left(200);
}

TEST_F(EndsOfVisits, OfConnectionsThatBreakBeforeTheirHandshake) {
    boost::asio::io_context io;
    const auto port = static_cast<std::uint16_t>(std::stoi(door.substr(door.find(':') + 1)));
    for (int visit = 0; visit < 200; ++visit) {
        boost::asio::ip::tcp::socket socket(io);
        socket.connect({boost::asio::ip::address_v4::loopback(), port});
        if (visit % 2 == 0) socket.set_option(boost::asio::socket_base::linger(true, 0));  // resets it
    }
    while (Living::connections().ever() - ever < 190) std::this_thread::yield();  // some are never accepted
    expect_nothing_left(190);
}

class EndsOfSilentVisits : public EndsOfVisits {
    void configure() override { settings.handshake_limit = std::chrono::milliseconds(200); }
};

TEST_F(EndsOfSilentVisits, OfHandshakesThatNeverEnd) {
    boost::asio::io_context io;
    const auto port = static_cast<std::uint16_t>(std::stoi(door.substr(door.find(':') + 1)));
    std::vector<boost::asio::ip::tcp::socket> visits;
    for (int visit = 0; visit < 200; ++visit) {
        visits.emplace_back(io).connect({boost::asio::ip::address_v4::loopback(), port});
        const std::string begun("\x16\x03\x01\x02\x00\x01", visit % 2 == 0 ? 6 : 0);
        boost::asio::write(visits.back(), boost::asio::buffer(begun));
    }
    for (auto& visit : visits) {
        char byte = 0;
        boost::system::error_code end;
        boost::asio::read(visit, boost::asio::buffer(&byte, 1), end);
        EXPECT_TRUE(end);
    }
    expect_nothing_left(200);
}

TEST_F(EndsOfCalls, OfPeersWhoClose) {
    const auto pair = authority.issue("IP:127.0.0.1");
    std::size_t doors = 0;
    for (int call_number = 0; call_number < 100; ++call_number) {
        open(pair);
        ASSERT_EQ(call("sips:127.0.0.1" + port), 202);
        trunk->stop();
        trunk.reset();
        if (call_number == 0) settle(), doors = Living::contexts().count();
    }
    EXPECT_EQ(Living::contexts().count(), doors) << "the calling door and ours stay, the trunk's are gone";
    expect_nothing_left(198);
}

TEST_F(EndsOfCalls, OfPeersWhoAreNotWhoTheyShouldBe) {
    open(stranger.issue("IP:127.0.0.1"));
    for (int call_number = 0; call_number < 3; ++call_number) EXPECT_GE(call("sips:127.0.0.1" + port), 400);
    trunk->stop();
    expect_nothing_left(6);
}

TEST_F(EndsOfCalls, OfPeersWhoAreNotThere) {
    open(authority.issue("IP:127.0.0.1"));
    trunk->stop();
    for (int call_number = 0; call_number < 20; ++call_number) EXPECT_GE(call("sips:127.0.0.1" + port), 400);
    expect_nothing_left(20);
}

/// A client of OpenSSL alone, which sends what it says in two pieces.
class HalvingVisitor {
  public:
    explicit HalvingVisitor(const std::string& door) : socket_(io_) {
        socket_.connect({boost::asio::ip::address_v4::loopback(),
                         static_cast<std::uint16_t>(std::stoi(door.substr(door.find(':') + 1)))});
        socket_.set_option(boost::asio::ip::tcp::no_delay(true));
        SSL_set_fd(ssl_.get(), static_cast<int>(socket_.native_handle()));
        EXPECT_EQ(SSL_connect(ssl_.get()), 1);
        SSL_set0_wbio(ssl_.get(), BIO_new(BIO_s_mem()));
    }
    void say(const std::string& words, const std::function<void()>& between) {
        SSL_write(ssl_.get(), words.data(), static_cast<int>(words.size()));
        char* bytes = nullptr;
        const auto size = static_cast<std::size_t>(BIO_get_mem_data(SSL_get_wbio(ssl_.get()), &bytes));
        boost::asio::write(socket_, boost::asio::buffer(bytes, size / 2));
        between();
        boost::asio::write(socket_, boost::asio::buffer(bytes + size / 2, size - size / 2));
    }
    std::string hear() {
        std::string words(4000, '\0');
        const int size = SSL_read(ssl_.get(), words.data(), static_cast<int>(words.size()));
        words.resize(static_cast<std::size_t>(std::max(size, 0)));
        return words;
    }

  private:
    boost::asio::io_context io_;
    boost::asio::ip::tcp::socket socket_;
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{SSL_CTX_new(TLS_client_method()),
                                                               &SSL_CTX_free};
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{SSL_new(context_.get()), &SSL_free};
};

TEST_F(EndsOfVisits, BreakNobodyElsesConnection) {
    HalvingVisitor carol(door);
    SipPeer dave(server->listening().at(0));
    int cseq = 0;
    const auto look = [&] {  // twice: then the server has seen all that was there before
        for (int i = 0; i < 2; ++i) {
            dave.send(
                Request{.method = "OPTIONS", .branch = "z9hG4bK-" + std::to_string(++cseq), .cseq = cseq}
                    .text(dave));
            EXPECT_EQ(dave.receive_final().status(), 200);
        }
    };
    EXPECT_NE(TlsVisitor(door).only(TLS1_1_VERSION).come(), "");
    look();
    carol.say(text("halved"), look);  // what the stranger left on OpenSSL's list of errors is not carol's
    const auto received = commands.next_as<TextReceived>();
    server->carry_out(AnswerText{received.txn, 200});
    server->flush();
    EXPECT_THAT(carol.hear(), HasSubstr("SIP/2.0 200"));
}

}  // namespace
}  // namespace trunkline::sip
