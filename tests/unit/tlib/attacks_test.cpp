// What clients try who want more than their share: of memory, of the engine's time, of connections.
#include "bench_kit.hpp"

namespace trunkline::tlib::test {
namespace {

/// An engine that stands still: what is posted behind its work waits.
class AttacksOnAStandingEngine : public ServerBench {
  protected:
    std::deque<std::function<void()>> behind;
    void SetUp() override {
        ServerBench::SetUp();
        server.reset();
        server = std::make_unique<TlibServer>(
            loop.io, settings, [this](messages::Command command) { commands.push_back(std::move(command)); },
            authenticator, [this] { return configuration; },
            [this](std::function<void()> then) { behind.push_back(std::move(then)); });
        server->start();
    }
    void the_engine_goes_on() {
        for (auto& then : std::exchange(behind, {})) then();
    }
    /// Requests of one client that have come to the engine and wait there.
    std::size_t waiting() {
        loop.settle();
        return commands.size();
    }
};

TEST_F(AttacksOnAStandingEngine, FillTheSendersConnectionAndNotItsInbox) {
    const auto client = open();
    constexpr int sent = 5000;
    for (int i = 0; i < sent; ++i) client->send(R"({"message":"RequestQueryAddress","ThisDN":"1001"})");
    ASSERT_TRUE(loop.until([&] { return !behind.empty(); }));
    EXPECT_EQ(waiting(), Session::window_messages);
    std::size_t taken = 0;
    while (taken < sent) {  // nothing is lost, and never is more taken at a time
        ASSERT_LE(waiting(), Session::window_messages);
        taken += std::exchange(commands, {}).size();
        the_engine_goes_on();
        ASSERT_TRUE(loop.until([&] { return !behind.empty() || taken + commands.size() >= sent; }));
    }
    EXPECT_EQ(taken + commands.size(), sent);
}

TEST_F(AttacksOnAStandingEngine, WithLongMessagesAreBoundedByBytes) {
    const auto client = open();
    const std::string text(40'000, 'x');
    for (int i = 0; i < 20; ++i)
        client->send(R"({"message":"RequestAttachUserData","ThisDN":"1001","UserData":{"a":")" + text +
                     R"("}})");
    ASSERT_TRUE(loop.until([&] { return !behind.empty(); }));
    EXPECT_EQ(waiting(), 2U);
}

TEST_F(AttacksOnAStandingEngine, KeepNobodyElseFromBeingHeard) {
    const auto greedy = open();
    for (int i = 0; i < 1000; ++i) greedy->send(R"({"message":"RequestQueryAddress","ThisDN":"1001"})");
    ASSERT_TRUE(loop.until([&] { return !behind.empty(); }));
    const std::size_t before = waiting();
    const auto other = connect();
    other->send(R"({"message":"RequestRegisterClient","ApplicationName":"desktop"})");
    EXPECT_EQ(other->next().at("message"), "EventLinkConnected");
    other->send(R"({"message":"RequestQueryAddress","ThisDN":"1002"})");
    EXPECT_TRUE(loop.until([&] { return commands.size() == before + 2; }));
}

TEST_F(AttacksOnAStandingEngine, WithRequestsThatAreRefusedAreBoundedAsWell) {
    const auto client = open();
    for (int i = 0; i < 5000; ++i) client->send(R"({"message":"RequestNonsense"})");
    ASSERT_TRUE(loop.until([&] { return behind.size() > Session::window_messages; }));
    loop.settle();
    EXPECT_EQ(behind.size(), Session::window_messages + 1) << "their answers, and the mark behind them";
}

class AttacksByStrangers : public ServerBench {
    void configure() override { settings.max_unopened = 8; }
};

TEST_F(AttacksByStrangers, OfWhomTooManyComeLoseTheOldest) {
    const auto opened = open();
    std::vector<std::unique_ptr<RawClient>> silent;
    for (int i = 0; i < 40; ++i) {
        silent.push_back(connect());
        loop.settle();
    }
    EXPECT_TRUE(loop.until([&] { return server->clients() == 9; })) << server->clients();
    EXPECT_TRUE(silent.front()->ends());
    const auto next = open();
    opened->send(R"({"message":"Ping"})");
    EXPECT_EQ(opened->next().at("message"), "Pong") << "who has opened stays";
    silent.back()->send(R"({"message":"Ping"})");
    EXPECT_EQ(silent.back()->next().at("message"), "Pong") << "and the newest may still open";
}

}  // namespace
}  // namespace trunkline::tlib::test
