// OCS, Lync and LCS 2005: one scale of availability, tokens within their bounds, batches, who is elsewhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/presence/availability.hpp"
#include "tests/unit/presence/reading.hpp"

namespace trunkline::presence {
namespace {

using testing::HasSubstr;

constexpr const char* categories_type = "application/msrtc-event-categories+xml";

std::string state(std::string_view kind, std::string_view availability, std::string_view activity = {}) {
    return "<category name='state' instance='1'><state "
           "xmlns='http://schemas.microsoft.com/2006/09/sip/state' "
           "xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:type='" +
           std::string(kind) + "'><availability>" + std::string(availability) + "</availability>" +
           std::string(activity) + "</state></category>";
}

std::string categories(std::string_view inside, std::string_view uri = "sip:jo@office.example") {
    return "<categories xmlns='http://schemas.microsoft.com/2006/09/sip/categories' uri='" +
           std::string(uri) + "'>" + std::string(inside) + "</categories>";
}

const std::string note =
    "<category name='note'><note xmlns='http://schemas.microsoft.com/2006/09/sip/note'><body type='personal'>"
    "home at 5</body></note></category>";

std::string aggregate(std::string_view availability, std::string_view activity = {}) {
    return read_as(categories_type, categories(state("aggregateState", availability, activity)));
}

TEST(PresenceOcsTest, TheNumberSaysWhatOccupiesThePerson) {
    EXPECT_EQ(aggregate("0"), "open;; 0");
    EXPECT_EQ(aggregate("3500"), "open;; 3500");
    EXPECT_EQ(aggregate("4499"), "open;; 4499");
    EXPECT_EQ(aggregate("4500"), "open; idle; 4500");
    EXPECT_EQ(aggregate("6500"), "open; busy; 6500");
    EXPECT_EQ(aggregate("7500"), "open; busy idle; 7500");
    EXPECT_EQ(aggregate("9500"), "open; dnd; 9500");
    EXPECT_EQ(aggregate("12500"), "open; be-right-back; 12500");
    EXPECT_EQ(aggregate("17999"), "open; away; 17999");
    EXPECT_EQ(aggregate("18000"), "closed;; 18000");
}

TEST(PresenceOcsTest, ATokenCountsWithinItsBounds) {
    const std::string_view token =
        "<activity token='on-the-phone' minAvailability='6500' maxAvailability='8999'/>";
    EXPECT_EQ(aggregate("6500", token), "open; on-the-phone busy; 6500");
    EXPECT_EQ(aggregate("9500", token), "open; dnd; 9500");
    EXPECT_EQ(aggregate("3500", token), "open;; 3500");
    EXPECT_EQ(aggregate("6500", "<activity token='in-a-meeting'/>"), "open; in-a-meeting busy; 6500");
    EXPECT_EQ(aggregate("6500", "<activity><custom LCID='1033'>Fishing</custom></activity>"),
              "open; busy; 6500");
}

TEST(PresenceOcsTest, OnlyWhatTheServerAggregatedCounts) {
    EXPECT_EQ(
        read_as(categories_type, categories(state("userState", "9500") + state("aggregateState", "6500") +
                                            state("machineState", "3500") + note)),
        "open; busy; 6500; home at 5");
    EXPECT_EQ(read_as(categories_type, categories(state("phoneState", "6500"))), "0 presences");
}

TEST(PresenceOcsTest, ANoteAloneIsNoNews) {
    EXPECT_EQ(read_as(categories_type, categories(note)), "0 presences");
}

TEST(PresenceOcsTest, SaysThatItIsOcs) {
    DialogWatch dialogs;
    const auto notice = read_notice(categories_type, categories(state("aggregateState", "3500")), dialogs);
    ASSERT_TRUE(notice);
    EXPECT_EQ(word_of(notice->presences.at(0).source), "ocs");
    EXPECT_EQ(notice->presences.at(0).entity, "sip:jo@office.example");
    EXPECT_EQ(notice->presences.at(0).availability, 3500);
}

TEST(PresenceOcsTest, AnAvailabilityThatIsNoNumberIsRefused) {
    for (const std::string_view wrong : {"", "busy", "-1", "100000", "3500x", "99999999999999"})
        EXPECT_THAT(aggregate(wrong), HasSubstr("availability of an aggregateState")) << wrong;
    EXPECT_THAT(read_as(categories_type, "<categories/>"), HasSubstr("no MS-PRES"));
}

std::string lcs(std::string_view availability, std::string_view activity, std::string_view inside = {}) {
    return "<presentity xmlns='http://schemas.microsoft.com/2002/09/sip/presence' "
           "uri='jo@office.example'><availability "
           "aggregate='" +
           std::string(availability) + "'/><activity aggregate='" + std::string(activity) + "'/>" +
           std::string(inside) + "</presentity>";
}
std::string read_as_lcs(const std::string& body) { return read_as("text/xml+msrtc.pidf", body); }

TEST(PresenceLcsTest, ItsScalesBecomeTheNumbersOfOcs) {
    EXPECT_EQ(read_as_lcs(lcs("300", "400")), "open;; 3500");
    EXPECT_EQ(read_as_lcs(lcs("300", "800")), "open;; 3500");
    EXPECT_EQ(read_as_lcs(lcs("300", "100")), "open; away; 15500");
    EXPECT_EQ(read_as_lcs(lcs("300", "150")), "open; lunch away; 15500");
    EXPECT_EQ(read_as_lcs(lcs("300", "200")), "open; idle; 5250");
    EXPECT_EQ(read_as_lcs(lcs("300", "300")), "open; be-right-back; 12500");
    EXPECT_EQ(read_as_lcs(lcs("300", "500")), "open; on-the-phone busy; 6500");
    EXPECT_EQ(read_as_lcs(lcs("300", "600")), "open; busy; 6500");
    EXPECT_EQ(read_as_lcs(lcs("300", "700")), "open; away; 15500");
    EXPECT_EQ(read_as_lcs(lcs("0", "100")), "closed;; 18500") << "offline, whatever the last activity was";
}

TEST(PresenceLcsTest, AStateSetByHandCountsWhereItIsTheLessAvailable) {
    const auto by_hand = [](std::string_view attributes) {
        return "<userInfo><states><state " + std::string(attributes) +
               ">x</state></states><note>till ten</note></userInfo>";
    };
    EXPECT_EQ(read_as_lcs(lcs("300", "400", by_hand("avail='9500'"))), "open; dnd; 9500; till ten");
    EXPECT_EQ(read_as_lcs(lcs("300", "600", by_hand("avail='3500'"))), "open; busy; 6500; till ten");
    EXPECT_EQ(read_as_lcs(lcs("300", "400", by_hand("avail='9500' nil='true'"))), "open;; 3500; till ten");
    EXPECT_EQ(read_as_lcs(lcs("0", "400", by_hand("avail='6500'"))), "closed;; 18500; till ten");
}

TEST(PresenceLcsTest, NamesWithASchemeAndNeedsBothAggregates) {
    DialogWatch dialogs;
    const auto notice = read_notice("text/xml+msrtc.pidf", lcs("300", "400"), dialogs);
    ASSERT_TRUE(notice);
    EXPECT_EQ(notice->presences.at(0).entity, "sip:jo@office.example");
    EXPECT_THAT(read_as_lcs(lcs("", "400")), HasSubstr("aggregate availability"));
    EXPECT_THAT(read_as_lcs(lcs("300", "some")), HasSubstr("aggregate activity"));
    EXPECT_THAT(read_as_lcs("<presentity/>"), HasSubstr("no LCS presence"));
}

constexpr const char* batch_type =
    "multipart/related;type=\"application/rlmi+xml\"; boundary=\"a;b\"; start=x";

std::string part(std::string_view type, std::string_view body) {
    return "--a;b\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <x>\r\ncontent-type:\r\n " +
           std::string(type) + "; charset=utf-8\r\n\r\n" + std::string(body) + "\r\n";
}

std::string rlmi(std::string_view resources) {
    return "<list xmlns='urn:ietf:params:xml:ns:rlmi' uri='sip:me@office.example' version='0' "
           "fullState='false'>" +
           std::string(resources) + "</list>";
}

TEST(PresenceBatchTest, TellsWhomToSubscribeToAgainAndWhere) {
    const std::string body =
        "a preamble\r\n" +
        part("application/rlmi+xml",
             rlmi("<resource uri='sip:jo@office.example'><instance id='0' state='resubscribe' "
                  "poolFqdn='pool2.office.example'/></resource><resource "
                  "uri='sip:kim@office.example'><instance "
                  "state='resubscribe'/></resource><resource uri='sip:lee@office.example'><instance "
                  "state='active'/></resource>")) +
        part(categories_type, categories(state("aggregateState", "6500"), "sip:lee@office.example")) +
        part(categories_type, categories(state("aggregateState", "18500"), "sip:max@office.example")) +
        "--a;b--\r\nend";
    DialogWatch dialogs;
    const auto notice = read_notice(batch_type, body, dialogs);
    ASSERT_TRUE(notice) << notice.error().message;
    EXPECT_THAT(notice->resubscribes,
                testing::ElementsAre(Resubscribe{"sip:jo@office.example", "pool2.office.example"},
                                     Resubscribe{"sip:kim@office.example", ""}));
    ASSERT_EQ(notice->presences.size(), 2U);
    EXPECT_EQ(notice->presences[0].entity, "sip:lee@office.example");
    EXPECT_EQ(shown(notice->presences[1]), "closed;; 18500");
    EXPECT_TRUE(notice->refused.empty());
}

TEST(PresenceBatchTest, OnePersonsOddDocumentHidesNobodyElse) {
    const std::string body = part(categories_type, "<broken") + part("image/png", "x") +
                             part(categories_type, categories(state("aggregateState", "3500"))) + "--a;b--";
    DialogWatch dialogs;
    const auto notice = read_notice(batch_type, body, dialogs);
    ASSERT_TRUE(notice);
    EXPECT_EQ(notice->presences.size(), 1U);
    ASSERT_EQ(notice->refused.size(), 2U);
    EXPECT_THAT(notice->refused[0].message, HasSubstr("well-formed"));
    EXPECT_THAT(notice->refused[1].message, HasSubstr("image/png"));
    EXPECT_THAT(read_as(batch_type, part(categories_type, "<broken")),
                HasSubstr("refused: the document is not well"));
}

TEST(PresenceBatchTest, ALastBoundaryMayBeMissing) {
    EXPECT_EQ(read_as(batch_type, part(categories_type, categories(state("aggregateState", "3500")))),
              "open;; 3500");
}

TEST(PresenceBatchTest, WhatIsNoFlatMultipartIsRefused) {
    const std::string plain = part(categories_type, categories(""));
    EXPECT_THAT(read_as("multipart/related", plain), HasSubstr("no boundary"));
    EXPECT_THAT(read_as("multipart/related;boundary=other", plain), HasSubstr("no part"));
    EXPECT_THAT(read_as(batch_type, "--a;b--"), HasSubstr("no part"));
    EXPECT_THAT(read_as(batch_type, "--a;b\nContent-Transfer-Encoding: base64\n\nAAAA\n--a;b--"),
                HasSubstr("Content-Transfer-Encoding"));
    EXPECT_THAT(read_as(batch_type, part("multipart/related;boundary=c", "--c\n\n--c--")),
                HasSubstr("multipart/related"));
    EXPECT_THAT(read_as(batch_type, part("application/dialog-info+xml", "<d/>")),
                HasSubstr("inside a multipart"));
    std::string many;
    for (int i = 0; i < 129; ++i) many += part("a/b", "");
    EXPECT_THAT(read_as(batch_type, many), HasSubstr("more than 128 parts"));
    EXPECT_THAT(read_as(batch_type, std::string(70'000, ' ')), HasSubstr("larger than"));
}

TEST(PresenceBatchTest, APoolThatIsNoHostNameIsRefused) {
    for (const std::string_view pool : {"a b", "-x", "..", "http://evil/", "a;b"})
        EXPECT_THAT(read_as("application/rlmi+xml",
                            rlmi("<resource uri='sip:a@b'><instance state='resubscribe' poolFqdn='" +
                                 std::string(pool) + "'/></resource>")),
                    HasSubstr("no host name"))
            << pool;
    EXPECT_THAT(read_as("application/rlmi+xml", rlmi("<resource><instance state='resubscribe'/></resource>")),
                HasSubstr("no uri"));
    EXPECT_THAT(read_as("application/rlmi+xml", "<lists/>"), HasSubstr("no rlmi"));
}

}  // namespace
}  // namespace trunkline::presence
