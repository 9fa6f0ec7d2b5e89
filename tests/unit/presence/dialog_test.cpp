// dialog-info: the calls of a phone, in full and in parts, and what a gap between them means (RFC 4235).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/presence/reading.hpp"

namespace trunkline::presence {
namespace {

using testing::HasSubstr;

constexpr const char* type = "application/dialog-info+xml";

std::string document(int version, std::string_view state, std::string_view dialogs) {
    return "<dialog-info xmlns='urn:ietf:params:xml:ns:dialog-info' version='" + std::to_string(version) +
           "' state='" + std::string(state) + "' entity='sip:7001@office.example'>" + std::string(dialogs) +
           "</dialog-info>";
}

std::string dialog(std::string_view id, std::string_view state, std::string_view direction = "initiator") {
    return "<dialog id='" + std::string(id) + "' call-id='c' direction='" + std::string(direction) +
           "'><state>" + std::string(state) + "</state></dialog>";
}

class PresenceDialogTest : public testing::Test {
  protected:
    /// What comes of the next document of the subscription.
    std::string take(int version, std::string_view state, std::string_view dialogs) {
        const auto notice = read_notice(type, document(version, state, dialogs), watch_);
        if (!notice) return "refused: " + notice.error().message;
        if (!notice->resubscribes.empty()) return "ask " + notice->resubscribes.front().entity;
        return notice->presences.empty() ? "nothing" : shown(notice->presences.front());
    }

  private:
    DialogWatch watch_;
};

TEST_F(PresenceDialogTest, AConfirmedDialogIsOnThePhone) {
    EXPECT_EQ(take(0, "full", ""), "open;");
    EXPECT_EQ(take(1, "full", dialog("a", "confirmed", "recipient")), "open; on-the-phone");
    EXPECT_EQ(take(2, "full", dialog("a", "terminated", "recipient")), "open;");
}

TEST_F(PresenceDialogTest, WhatRingsIsAlertingAndWhoDialsIsOnThePhone) {
    EXPECT_EQ(take(0, "full", dialog("a", "early", "recipient")), "open; alerting");
    EXPECT_EQ(take(1, "full", dialog("a", "trying", "initiator")), "open; on-the-phone");
    EXPECT_EQ(take(2, "full", dialog("a", "early", "recipient") + dialog("b", "confirmed")),
              "open; on-the-phone alerting");
}

TEST_F(PresenceDialogTest, PartialDocumentsChangeWhatTheyName) {
    EXPECT_EQ(take(7, "full", dialog("a", "confirmed")), "open; on-the-phone");
    EXPECT_EQ(take(8, "partial", dialog("b", "proceeding", "recipient")), "open; on-the-phone alerting");
    EXPECT_EQ(take(9, "partial", dialog("a", "terminated")), "open; alerting");
    EXPECT_EQ(take(10, "partial", dialog("b", "terminated")), "open;");
}

TEST_F(PresenceDialogTest, AGapAsksOnceForTheFullState) {
    EXPECT_EQ(take(1, "full", ""), "open;");
    EXPECT_EQ(take(3, "partial", dialog("a", "terminated")), "ask sip:7001@office.example");
    EXPECT_EQ(take(4, "partial", dialog("b", "confirmed")), "nothing") << "it was asked for already";
    EXPECT_EQ(take(5, "full", dialog("b", "confirmed")), "open; on-the-phone");
    EXPECT_EQ(take(6, "partial", dialog("b", "terminated")), "open;");
    EXPECT_EQ(take(9, "partial", ""), "ask sip:7001@office.example") << "another gap, another question";
}

TEST_F(PresenceDialogTest, AFirstDocumentThatIsPartialIsAGap) {
    EXPECT_EQ(take(0, "partial", dialog("a", "confirmed")), "ask sip:7001@office.example");
    EXPECT_EQ(take(1, "partial", ""), "nothing");
}

TEST_F(PresenceDialogTest, LateAndRepeatedDocumentsChangeNothing) {
    EXPECT_EQ(take(5, "full", dialog("a", "confirmed")), "open; on-the-phone");
    EXPECT_EQ(take(4, "full", ""), "nothing");
    EXPECT_EQ(take(5, "partial", dialog("a", "terminated")), "nothing");
    EXPECT_EQ(take(6, "partial", dialog("a", "terminated")), "open;");
}

TEST_F(PresenceDialogTest, AFullStateIsTakenFromNotifiersThatNeverCount) {
    EXPECT_EQ(take(0, "full", dialog("a", "confirmed")), "open; on-the-phone");
    EXPECT_EQ(take(0, "full", ""), "open;");
}

TEST_F(PresenceDialogTest, ManyCallsAreBounded) {
    std::string hundred;
    for (int i = 0; i < 100; ++i) hundred += dialog("a" + std::to_string(i), "confirmed");
    std::string others;
    for (int i = 0; i < 100; ++i) others += dialog("b" + std::to_string(i), "confirmed");
    EXPECT_EQ(take(0, "full", hundred), "open; on-the-phone");
    EXPECT_EQ(take(1, "partial", others), "ask sip:7001@office.example");
    EXPECT_THAT(take(2, "full", hundred + others), HasSubstr("more than 128 dialogs"));
}

TEST(PresenceDialogInfoTest, WhatItLacksIsNamed) {
    const auto read = [](std::string_view attributes, std::string_view inside) {
        return read_as(type, "<dialog-info xmlns='urn:ietf:params:xml:ns:dialog-info' " +
                                 std::string(attributes) + ">" + std::string(inside) + "</dialog-info>");
    };
    EXPECT_THAT(read_as(type, "<dialog-info version='1' state='full'/>"), HasSubstr("no dialog-info"));
    EXPECT_THAT(read("state='full'", ""), HasSubstr("version"));
    EXPECT_THAT(read("state='full' version='-1'", ""), HasSubstr("version"));
    EXPECT_THAT(read("state='full' version='99999999999999999999999'", ""), HasSubstr("version"));
    EXPECT_THAT(read("state='some' version='1'", ""), HasSubstr("neither full nor partial"));
    EXPECT_THAT(read("state='full' version='1'", "<dialog><state>early</state></dialog>"),
                HasSubstr("no id"));
    EXPECT_THAT(read("state='full' version='1'", "<dialog id='a'/>"), HasSubstr("none of RFC 4235"));
    EXPECT_THAT(read("state='full' version='1'", "<dialog id='a'><state>asleep</state></dialog>"),
                HasSubstr("none of RFC 4235 (\"asleep\")"));
    EXPECT_EQ(read("state='full' version='1'",
                   "<dialog id='a'><state code='200' event='remote-busy'>confirmed</state></dialog>"),
              "open; on-the-phone");
}

}  // namespace
}  // namespace trunkline::presence
