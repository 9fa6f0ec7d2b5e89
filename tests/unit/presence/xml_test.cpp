// What is refused before anything is read of it: too large, too deep, not XML, with a DTD.
#include "adapters/presence/xml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/presence/names.hpp"
#include "adapters/presence/text.hpp"
#include "engine/base/printable.hpp"
#include "tests/unit/presence/reading.hpp"

namespace trunkline::presence {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;

std::string refused(std::string_view bytes) {
    const auto document = read_xml(bytes);
    return document ? "taken" : document.error().message;
}

std::string repeated(std::string_view text, int times) {
    std::string out;
    while (times-- > 0) out += text;
    return out;
}

TEST(PresenceXmlTest, ADtdIsRefusedWhereverItStands) {
    EXPECT_THAT(refused("<!DOCTYPE presence><presence/>"), HasSubstr("DTD"));
    EXPECT_THAT(refused("<?xml version='1.0'?>\n<!-- hello --><!DOCTYPE p [<!ENTITY a 'aaaa'><!ENTITY b "
                        "'&a;&a;'>]><p>&b;</p>"),
                HasSubstr("DTD"));
    EXPECT_THAT(refused("<!DOCTYPE p SYSTEM 'file:///etc/passwd'><p/>"), HasSubstr("DTD"));
    EXPECT_THAT(refused("<p/><!DOCTYPE p>"), HasSubstr("DTD"));
    EXPECT_THAT(refused("<p><!DOCTYPE p></p>"), HasSubstr("well-formed"));
    EXPECT_EQ(refused("<p><![CDATA[<!DOCTYPE p>]]></p>"), "taken") << "a text of these letters is none";
}

TEST(PresenceXmlTest, ADocumentHasItsLimits) {
    EXPECT_EQ(refused("<p>" + std::string(60'000, 'a') + "</p>"), "taken");
    EXPECT_THAT(refused("<p>" + std::string(largest_document, 'a') + "</p>"),
                HasSubstr("larger than 65536 bytes"));
    EXPECT_EQ(refused(repeated("<a>", 32) + repeated("</a>", 32)), "taken");
    EXPECT_THAT(refused(repeated("<a>", 33) + repeated("</a>", 33)), HasSubstr("deeper than 32"));
    EXPECT_THAT(refused(repeated("<a>", 9000) + repeated("</a>", 9000)), HasSubstr("deeper than 32"));
    EXPECT_EQ(refused("<p>" + repeated("<a/>", 3999) + "</p>"), "taken");
    EXPECT_THAT(refused("<p>" + repeated("<a/>", 4000) + "</p>"), HasSubstr("more than 4000"));
    std::string attributes;
    for (int i = 0; i < 65; ++i) attributes += " a" + std::to_string(i) + "=''";
    EXPECT_THAT(refused("<p" + attributes + "/>"), HasSubstr("64 attributes"));
}

TEST(PresenceXmlTest, WhatIsNoXmlIsRefusedInWords) {
    EXPECT_THAT(refused(""), HasSubstr("empty"));
    EXPECT_THAT(refused(" \r\n"), HasSubstr("empty"));
    EXPECT_THAT(refused("sip:mara@office.example"), HasSubstr("well-formed"));
    EXPECT_THAT(refused("<p><q></p>"), HasSubstr("at byte"));
    EXPECT_THAT(refused("<p"), HasSubstr("well-formed"));
    EXPECT_THAT(refused("<p/><q/>"), HasSubstr("one root"));
    EXPECT_THAT(refused("<!-- nothing -->"), HasSubstr("well-formed"));
}

TEST(PresenceXmlTest, OnlyUtf8IsTaken) {
    EXPECT_EQ(refused("\xEF\xBB\xBF<p>Gr\xC3\xBC\xC3\x9F</p>"), "taken");
    EXPECT_THAT(refused("<p>Gr\xFC\xDF</p>"), HasSubstr("UTF-8"));
    EXPECT_THAT(refused("\xFF\xFE<\0p\0/\0>\0"s), HasSubstr("UTF-8"));
    EXPECT_THAT(refused("<p>a\0b</p>"s), HasSubstr("UTF-8"));
    EXPECT_THAT(refused("<p>\x1b[2J</p>"), HasSubstr("UTF-8"));
    EXPECT_THAT(refused("<p>\xED\xA0\x80</p>"), HasSubstr("UTF-8")) << "half a pair of UTF-16";
    EXPECT_THAT(refused("<p>\xF4\x90\x80\x80</p>"), HasSubstr("UTF-8")) << "beyond the last character";
}

TEST(PresenceXmlTest, PrefixesMeanWhatIsDeclaredNearest) {
    const auto document =
        read_xml("<a:p xmlns:a='one' xmlns='two'><a:q xmlns:a='three'/><q/><q xmlns=''/><b:q/></a:p>");
    ASSERT_TRUE(document);
    const pugi::xml_node root = document->document_element();
    EXPECT_TRUE(is(root, "one", "p"));
    EXPECT_FALSE(is(root, "two", "p"));
    EXPECT_TRUE(child(root, "three", "q"));
    EXPECT_FALSE(child(root, "one", "q"));
    EXPECT_EQ(children(root, "two", "q").size(), 1U);
    EXPECT_EQ(children(root, "", "q").size(), 1U);
    EXPECT_EQ(namespace_of(root.last_child()), std::nullopt) << "b is not declared";
    const auto plain = read_xml("<p><q/></p>");
    ASSERT_TRUE(plain);
    EXPECT_EQ(namespace_of(plain->document_element().first_child()), "") << "no declaration is no namespace";
}

TEST(PresenceXmlTest, AttributesHaveNamespacesOfTheirOwn) {
    const auto document = read_xml("<p xmlns='one' xmlns:x='two' x:type='a' type='b' xml:lang='de'/>");
    ASSERT_TRUE(document);
    const pugi::xml_node root = document->document_element();
    EXPECT_EQ(attribute(root, "two", "type"), "a");
    EXPECT_EQ(attribute(root, "type"), "b");
    EXPECT_EQ(attribute(root, "one", "type"), "") << "the default namespace is not for attributes";
    EXPECT_EQ(attribute(root, "http://www.w3.org/XML/1998/namespace", "lang"), "de");
}

TEST(PresenceXmlTest, TextAroundCommentsIsOneText) {
    const auto document = read_xml("<p>op<!-- here -->e<![CDATA[n]]></p>");
    ASSERT_TRUE(document);
    EXPECT_EQ(text_of(document->document_element()), "open");
}

TEST(PresenceXmlTest, ALineIsCutBetweenCharacters) {
    EXPECT_EQ(one_line(" ab \n cd ", 99), "ab cd");
    EXPECT_EQ(one_line("ab cd", 4), "ab c");
    EXPECT_EQ(one_line("ab cd", 3), "ab");
    EXPECT_EQ(one_line("ab\xE2\x82\xAC", 4), "ab");
    EXPECT_EQ(one_line("ab\xE2\x82\xAC", 5), "ab\xE2\x82\xAC");
    EXPECT_EQ(one_line("\t \r\n", 5), "");
}

TEST(PresenceXmlTest, AnErrorShowsALittleOfTheTypeAndIsPrintable) {
    const std::string said = read_as("image/\x1b]0owned\x07" + std::string(300, 'q') + "\xff", "<p/>");
    EXPECT_TRUE(is_printable(said));
    EXPECT_LT(said.size(), 120U);
    EXPECT_THAT(said, HasSubstr("image/ ]0owned"));
}

}  // namespace
}  // namespace trunkline::presence
