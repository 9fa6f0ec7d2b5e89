// PIDF of phones, soft clients and CUCM: who is open, and what occupies him (RFC 3863, 4479, 4480).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/presence/reading.hpp"

namespace trunkline::presence {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string pidf(std::string_view body) { return read_as("application/pidf+xml", body); }

/// With the default namespace of PIDF and the prefixes dm, r (RFC 4480), e (CUCM's) and ce (Cisco).
std::string with_prefixes(std::string_view inside) {
    return R"(<?xml version="1.0" encoding="UTF-8"?><presence xmlns="urn:ietf:params:xml:ns:pidf" )"
           R"(xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:r="urn:ietf:params:xml:ns:pidf:rpid" )"
           R"(xmlns:e="urn:ietf:params:xml:ns:pidf:status:rpid" xmlns:ce="urn:cisco:params:xml:ns:pidf:rpid" )"
           R"(entity="sip:mara@office.example">)" +
           std::string(inside) + "</presence>";
}
std::string read(std::string_view inside) { return pidf(with_prefixes(inside)); }

constexpr std::string_view open_tuple = R"(<tuple id="a"><status><basic>open</basic></status></tuple>)";
constexpr std::string_view closed_tuple = R"(<tuple id="b"><status><basic>closed</basic></status></tuple>)";

TEST(PresenceTest, APlainTupleSaysOpenOrClosed) {
    EXPECT_EQ(read(open_tuple), "open;");
    EXPECT_EQ(read(closed_tuple), "closed;");
    EXPECT_EQ(read("<tuple id='a'><status><basic>\n Open </basic></status></tuple>"), "open;");
}

TEST(PresenceTest, SaysWhomItIsAboutAndWhoSaysIt) {
    DialogWatch dialogs;
    const auto notice = read_notice("application/pidf+xml;charset=UTF-8", with_prefixes(open_tuple), dialogs);
    ASSERT_TRUE(notice);
    ASSERT_EQ(notice->presences.size(), 1U);
    const Presence& presence = notice->presences.front();
    EXPECT_EQ(presence.entity, "sip:mara@office.example");
    EXPECT_EQ(word_of(presence.source), "sip");
    EXPECT_EQ(word_of(presence.basic), "open");
    EXPECT_FALSE(presence.availability);
    EXPECT_FALSE(presence.status);
    EXPECT_FALSE(presence.initial);
    EXPECT_TRUE(notice->resubscribes.empty());
}

TEST(PresenceTest, TheWordsAreThoseOfTheLuaApi) {
    EXPECT_EQ(word_of(Source::sip), "sip");
    EXPECT_EQ(word_of(Source::ocs), "ocs");
    EXPECT_EQ(word_of(Source::sametime), "sametime");
    EXPECT_EQ(word_of(Source::client), "client");
    EXPECT_EQ(word_of(Basic::open), "open");
    EXPECT_EQ(word_of(Basic::closed), "closed");
}

TEST(PresenceTest, SeveralTuplesAreOpenWhereOneIs) {
    EXPECT_EQ(read(std::string(closed_tuple) + std::string(open_tuple) + std::string(closed_tuple)), "open;");
    EXPECT_EQ(read(std::string(closed_tuple) + std::string(closed_tuple)), "closed;");
}

TEST(PresenceTest, IsClosedWhereNobodySaysOtherwise) {
    EXPECT_EQ(read(""), "closed;");
    EXPECT_EQ(read("<tuple id='a'><status/></tuple>"), "closed;");
    EXPECT_EQ(read("<dm:person id='p'><r:activities><r:away/></r:activities></dm:person>"), "closed; away");
}

TEST(PresenceTest, ActivitiesOfThePersonAreRead) {
    const std::string person =
        R"(<dm:person id="p"><r:activities from="2026-01-02T03:04:05Z"><r:note>a call</r:note>)"
        R"(<r:on-the-phone/><r:busy/></r:activities><dm:note>In a call</dm:note></dm:person>)";
    EXPECT_EQ(read(std::string(open_tuple) + person), "open; on-the-phone busy; In a call");
}

TEST(PresenceTest, EmptyActivitiesAreNone) {
    EXPECT_EQ(read(std::string(open_tuple) + "<dm:person id='p'><r:activities/></dm:person>"), "open;");
}

TEST(PresenceTest, TheActivitiesOfAllNamespacesCount) {
    for (const std::string prefix : {"r", "e", "ce"}) {
        const std::string person = "<dm:person id='p'><" + prefix + ":activities><" + prefix +
                                   ":meeting/></" + prefix + ":activities></dm:person>";
        EXPECT_EQ(read(std::string(open_tuple) + person), "open; meeting") << prefix;
    }
    EXPECT_EQ(read(std::string(open_tuple) +
                   "<dm:person id='p'><dm:activities><dm:busy/></dm:activities></dm:person>"),
              "open;")
        << "activities of a namespace that has none";
}

TEST(PresenceTest, AFreePhonesAvailableIsNoActivity) {
    EXPECT_EQ(
        read(std::string(open_tuple) + "<dm:person><e:activities><ce:available/></e:activities></dm:person>"),
        "open;");
    EXPECT_EQ(
        read(std::string(open_tuple) + "<dm:person><r:activities><r:unknown/></r:activities></dm:person>"),
        "open;");
}

TEST(PresenceTest, TheDraftsWroteActivitiesAsText) {
    EXPECT_EQ(
        read(std::string(open_tuple) +
             "<dm:person><e:activities><e:activity>on-the-phone</e:activity></e:activities></dm:person>"),
        "open; on-the-phone");
}

TEST(PresenceTest, CucmsInvalidDocumentsAreRead) {
    const auto cucm = [](std::string_view basic, std::string_view activities) {
        const std::string status = "<basic>" + std::string(basic) + "</basic>";
        return "<dm:person><status>" + status + "</status>" + std::string(activities) + "</dm:person>" +
               "<tuple id='cmp-1-7'><status>" + status + std::string(activities) +
               "</status><contact priority='0.8'>sip:1@cucm.example</contact></tuple>";
    };
    EXPECT_EQ(read(cucm("open", "")), "open;");
    EXPECT_EQ(read(cucm("open", "<e:activities><e:on-the-phone/></e:activities>")), "open; on-the-phone");
    EXPECT_EQ(read(cucm("open", "<e:activities><ce:alerting/></e:activities>")), "open; alerting");
    EXPECT_EQ(read(cucm("open", "<e:activities><ce:dnd/></e:activities>")), "open; dnd");
    EXPECT_EQ(read(cucm("closed", "<e:activities><e:on-the-phone/></e:activities>")), "closed; on-the-phone")
        << "a phone without call waiting, in a call: as CUCM says it";
}

TEST(PresenceTest, APersonsOwnStatusCountsWhereNoTupleHasOne) {
    EXPECT_EQ(read("<dm:person><status><basic>open</basic></status></dm:person>"), "open;");
    EXPECT_EQ(read("<dm:person><status><basic>open</basic></status></dm:person>" + std::string(closed_tuple)),
              "closed;");
}

TEST(PresenceTest, ActivitiesBesideATuplesStatusCountToo) {
    EXPECT_EQ(
        read("<tuple "
             "id='a'><status><basic>closed</basic></status><r:activities><r:busy/></r:activities></tuple>"),
        "closed; busy");
}

TEST(PresenceTest, ActivitiesInsideATuplesStatusCountWithoutAPerson) {
    EXPECT_EQ(
        read("<tuple "
             "id='a'><status><basic>open</basic><e:activities><e:busy/></e:activities></status></tuple>"),
        "open; busy");
}

TEST(PresenceTest, AnyPrefixWillDo) {
    EXPECT_EQ(
        pidf(
            R"(<q:presence xmlns:q="urn:ietf:params:xml:ns:pidf" xmlns="urn:ietf:params:xml:ns:pidf:rpid" )"
            R"(entity="pres:mara@office.example"><q:tuple id="a"><q:status><q:basic>open</q:basic></q:status>)"
            R"(</q:tuple><person xmlns="urn:ietf:params:xml:ns:pidf:data-model"><x:activities )"
            R"(xmlns:x="urn:ietf:params:xml:ns:pidf:rpid"><x:vacation/></x:activities></person></q:presence>)"),
        "open; vacation");
}

TEST(PresenceTest, AnInnerDeclarationHidesTheOuterOne) {
    EXPECT_EQ(pidf(R"(<presence xmlns="urn:ietf:params:xml:ns:pidf"><tuple id="a" xmlns="urn:another">)"
                   R"(<status><basic>open</basic></status></tuple></presence>)"),
              "closed;");
    EXPECT_EQ(pidf(R"(<a:presence xmlns:a="urn:another"><a:tuple/></a:presence>)"),
              "refused: the document is no PIDF: its root is not <presence> of RFC 3863 (\"a:presence\")");
    EXPECT_THAT(pidf("<p:presence><p:tuple/></p:presence>"), StartsWith("refused: the document is no PIDF"))
        << "a prefix that nobody declared";
}

TEST(PresenceTest, TheNoteOfThePersonComesFirst) {
    const std::string note = "<note>at the desk</note>";
    const std::string tuple = "<tuple id='a'><status><basic>open</basic></status>" + note + "</tuple>";
    EXPECT_EQ(read(tuple), "open;; at the desk");
    EXPECT_EQ(
        read(tuple +
             "<dm:person id='p'><dm:note> </dm:note><dm:note xml:lang='de'>im\n Haus</dm:note></dm:person>"),
        "open;; im Haus");
}

TEST(PresenceTest, ANoteIsOneLineOfBoundedLength) {
    const std::string tuple = "<tuple id='a'><status><basic>open</basic></status><note>";
    EXPECT_EQ(read(tuple + "a&#27;&#x9b;[2J&#xD800;&amp;&unknown;<![CDATA[<b>]]></note></tuple>"),
              "open;; a [2J\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD&&unknown;<b>");
    const std::string full = read(tuple + std::string(2000, 'x') + "</note></tuple>");
    EXPECT_EQ(full.size(), std::string("open;; ").size() + longest_note);
}

TEST(PresenceTest, WordsAreUniqueAndBounded) {
    std::string many = "<dm:person id='p'><r:activities><r:busy/><e:busy/>";
    for (int i = 0; i < 40; ++i) many += "<r:kind" + std::to_string(i) + "/>";
    many += "<r:" + std::string(300, 'y') + "/></r:activities></dm:person>";
    DialogWatch dialogs;
    const auto notice = read_notice("application/pidf+xml", with_prefixes(many), dialogs);
    ASSERT_TRUE(notice);
    const auto& words = notice->presences.at(0).activities;
    EXPECT_EQ(words.size(), most_activities);
    EXPECT_EQ(words.at(0), "busy");
    EXPECT_EQ(words.at(1), "kind0");
}

TEST(PresenceTest, AnotherBasicStatusIsRefusedInWords) {
    EXPECT_EQ(read("<tuple id='a'><status><basic>ajar</basic></status></tuple>"),
              "refused: the basic status of a presence document is neither open nor closed (\"ajar\")");
    const std::string wrong =
        read("<tuple id='a'><status><basic>" + std::string(500, 'z') + "</basic></status></tuple>");
    EXPECT_LT(wrong.size(), 160U) << "the document is not repeated";
    EXPECT_THAT(wrong, HasSubstr("zzz"));
}

}  // namespace
}  // namespace trunkline::presence
