// The customer of `trunkctl chat` against the real door.
#include "adapters/sip/chat_client.hpp"

#include <gtest/gtest.h>

#include <future>

#include "sip_peer.hpp"

namespace trunkline::sip {
namespace {

using namespace messages;

class ChatClientTest : public testing::TestWithParam<std::string> {};

TEST_P(ChatClientTest, TalksWithTheServerBothWays) {
    test::CommandSink commands;
    SipSettings settings;
    settings.listen = {GetParam() + ":127.0.0.1:0"};
    SipServer server(settings, commands.post());
    server.start();
    const std::string listening = server.listening().front();

    std::promise<int> answered;
    std::promise<std::string> heard;
    ChatClient client({.from = "ann",
                       .to = "1111",
                       .port = std::stoi(listening.substr(listening.rfind(':') + 1)),
                       .transport = GetParam()},
                      {[&](std::string text) { heard.set_value(std::move(text)); },
                       [&](int status, const std::string&) { answered.set_value(status); }});
    client.start();
    client.send("Hello");
    const auto received = commands.next_as<TextReceived>();
    EXPECT_EQ(received.text, "Hello");
    EXPECT_EQ(received.dnis, "1111");
    EXPECT_EQ(received.ani, "ann");
    server.carry_out(AnswerText{received.txn, 200});
    server.carry_out(SendText{TextId(1), received.leg, "1111", received.host, received.customer, "Good day"});
    server.flush();
    EXPECT_EQ(answered.get_future().get(), 200);
    EXPECT_EQ(heard.get_future().get(), "Good day");
    EXPECT_EQ(commands.next_as<TextAnswered>().status, 200);
    client.stop();
}

INSTANTIATE_TEST_SUITE_P(Over, ChatClientTest, testing::Values("udp", "tcp"),
                         [](const auto& over) { return over.param; });

TEST(ChatClient, SaysThatItNeedsANumericServer) {
    ChatClient client({.from = "ann", .to = "1111", .server = "nowhere.example"}, {});
    EXPECT_THROW(client.start(), std::runtime_error);
}

}  // namespace
}  // namespace trunkline::sip
