#include "adapters/tlib/message_log.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <ctime>

namespace trunkline::tlib {
namespace {

constexpr TimePoint at(Duration(1'211'280'547'240'000));  // 10:49:07.24 UTC

class MessageLayout : public ::testing::Test {
  protected:
    void SetUp() override {
        ::setenv("TZ", "UTC", 1);
        ::tzset();
    }
};

TEST_F(MessageLayout, IsThatOfTheFieldsLogs) {
    const auto message = boost::json::parse(
        R"({"message":"EventPrivateInfo","EventSequenceNumber":113,"Time":{"sec":1211280547,"usec":240000},"OtherDN":"1007",
            "ConnID":"006b0192cae0f001","CallID":1,"Extensions":{"im":"test"},
            "UserData":[["k","a"],["k",7],["list",{"skill":5}]]})");
    EXPECT_EQ(format_message(Direction::sent, message.as_object(), "0.1.0", at),
              "@10:49:07.2400 [0] 0.1.0 distribute_event: message EventPrivateInfo\n"
              "\tAttributeEventSequenceNumber\t0000000000000071\n"
              "\tAttributeTimeinuSecs\t240000\n"
              "\tAttributeTimeinSecs\t1211280547 (10:49:07)\n"
              "\tAttributeOtherDN\t'1007'\n"
              "\tAttributeConnID\t006b0192cae0f001\n"
              "\tAttributeCallID\t1\n"
              "\tAttributeExtensions\t[13] 00 01 00 00..\n"
              "\t\t'im'\t'test'\n"
              "\tAttributeUserData\t[37] 00 03 00 00..\n"
              "\t\t'k'\t'a'\n"
              "\t\t'k'\t7\n"
              "\t\t'list'(list)\n"
              "\t\t\t'skill'\t5\n");
}

TEST_F(MessageLayout, ShowsNoPassword) {
    const auto message =
        boost::json::parse(R"({"message":"RequestAgentLogin","AgentID":"1001","Password":"secret"})");
    const std::string text = format_message(Direction::received, message.as_object(), "0.1.0", at);
    EXPECT_EQ(text.find("secret"), std::string::npos);
    EXPECT_NE(text.find("request from client: message RequestAgentLogin"), std::string::npos);
}

TEST_F(MessageLayout, NamesARequestThatCameByItsNumber) {
    const auto message = boost::json::parse(R"({"message":10,"ThisDN":"1001"})");
    const std::string text = format_message(Direction::received, message.as_object(), "0.1.0", at);
    EXPECT_NE(text.find("request from client: message RequestAgentReady"), std::string::npos) << text;
}

TEST_F(MessageLayout, KeepsLineEndsOfTextsOutOfTheLog) {
    const auto message = boost::json::parse(
        R"({"message":"EventPrivateInfo","OtherDN":"x\ny","Extensions":{"im":"hello\r\n10:49:07.240 Trc 04542 forged"}})");
    const std::string text = format_message(Direction::sent, message.as_object(), "0.1.0", at);
    EXPECT_NE(text.find("'hello\\x0d\\x0a10:49:07.240 Trc 04542 forged'"), std::string::npos) << text;
    EXPECT_NE(text.find("'x\\x0ay'"), std::string::npos) << text;
}

TEST_F(MessageLayout, TellsWhoGotIt) {
    EXPECT_EQ(format_trace(Direction::sent, "EventRinging", {6, "desktop", "127.0.0.1:3622"}, at),
              "10:49:07.240 Trc 04542 EventRinging sent to [6] (00000006 desktop 127.0.0.1:3622)");
}

}  // namespace
}  // namespace trunkline::tlib
