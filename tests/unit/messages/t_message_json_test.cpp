#include "engine/messages/t_message_json.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace trunkline::messages {
namespace {

Result<TMessage> read(const char* text) { return from_json(boost::json::parse(text).as_object()); }

TEST(TMessageJson, WritesAnEventAsTheContractShowsIt) {
    TMessage event;
    event.message = MessageId::event_private_info;
    event.this_dn = "1001";
    event.other_dn = "1007";
    event.conn_id = parse_conn_id("006b0192cae0f001");
    event.media_type = media_chat;
    event.private_msg_id = private_msg_im;
    KvList im;
    im.add("im", "test");
    event.extensions = std::make_shared<const KvList>(im);
    std::string out;
    append_json(out, event, 113, TimePoint(std::chrono::microseconds(1'211'305'747'240'000)));
    EXPECT_EQ(
        out,
        R"({"message":"EventPrivateInfo","EventSequenceNumber":113,"Time":{"sec":1211305747,"usec":240000},)"
        R"("ThisDN":"1001","OtherDN":"1007","ConnID":"006b0192cae0f001","MediaType":5,"PrivateMsgID":3001,)"
        R"("Extensions":{"im":"test"}})");
}

TEST(TMessageJson, ReadsARequestByNameOrNumberAndIgnoresWhatItDoesNotKnow) {
    const auto request = read(R"({"message":149,"ThisDN":"1001","ConnID":"6b0192cae0f001","Shoe":"size 9"})");
    ASSERT_TRUE(request);
    EXPECT_EQ(request->message, MessageId::request_private_service);
    EXPECT_EQ(to_conn_id_text(request->conn_id), "006b0192cae0f001");
    EXPECT_EQ(read(R"({"message":"RequestPrivateService"})")->message, MessageId::request_private_service);
}

TEST(TMessageJson, RefusesWithTheCodesOfTheField) {
    EXPECT_EQ(read(R"({"ThisDN":"1"})").error().code, ErrorCode::bad_attribute);
    EXPECT_EQ(read(R"({"message":true})").error().code, ErrorCode::bad_attribute);
    EXPECT_EQ(read(R"({"message":"RequestPizza"})").error().code, ErrorCode::unsupported);
    EXPECT_EQ(read(R"({"message":4294967304})").error().code, ErrorCode::unsupported);
    const auto wrong = read(R"({"message":"RequestAgentReady","ThisDN":1001})");
    EXPECT_EQ(wrong.error().code, ErrorCode::bad_attribute);
    EXPECT_NE(wrong.error().message.find("'ThisDN'"), std::string::npos);
    EXPECT_EQ(read(R"({"message":"RequestReserveAgent","Timeout":"5 s"})").error().code,
              ErrorCode::bad_attribute);
    EXPECT_EQ(read(R"({"message":"RequestReserveAgent","Priority":1.5})").error().code,
              ErrorCode::bad_attribute);
}

TEST(TMessageJson, NumbersAreThoseOfTheField) {
    EXPECT_EQ(static_cast<int>(*message_id("EventPrivateInfo")), 150);
    EXPECT_EQ(name_of(MessageId::event_error), "EventError");
    EXPECT_FALSE(message_id(155));  // reserved
}

}  // namespace
}  // namespace trunkline::messages
