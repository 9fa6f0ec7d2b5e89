#include "engine/base/utf8.hpp"

#include <gtest/gtest.h>

namespace trunkline {
namespace {

using namespace std::string_literals;

TEST(Utf8, TakesEveryLengthOfCharacterAndNul) {
    EXPECT_TRUE(is_utf8(""));
    EXPECT_TRUE(is_utf8("a\0b"s));
    EXPECT_TRUE(is_utf8("Grüß € \xF0\x9F\x98\x80 \xEF\xBF\xBF \xF4\x8F\xBF\xBF"));
    EXPECT_EQ(to_valid_utf8("Grüß \0 \xF0\x9F\x98\x80"s), "Grüß \0 \xF0\x9F\x98\x80"s);
}

TEST(Utf8, KnowsHowLongACharacterIs) {
    EXPECT_EQ(utf8_length(""), 0U);
    EXPECT_EQ(utf8_length("\0a"s), 1U);
    EXPECT_EQ(utf8_length("\xC3\xBC\xC3"), 2U);
    EXPECT_EQ(utf8_length("€"), 3U);
    EXPECT_EQ(utf8_length("\xF0\x9F\x98\x80"), 4U);
    EXPECT_EQ(utf8_length("\xF0\x9F\x98"), 0U);
    EXPECT_EQ(utf8_length("\x80"), 0U);
}

TEST(Utf8, MarksEverySequenceThatIsNoneOnce) {
    const std::string mark = "\xEF\xBF\xBD";
    const std::pair<std::string, std::string> broken[] = {
        {"a\xff", "a" + mark},
        {"a\xC3(b", "a" + mark + "(b"},
        {"\x80|", mark + "|"},              // goes on with nothing
        {"\xC0\xAF|", mark + "|"},          // overlong
        {"\xE0\x9F\xBF|", mark + "|"},      // overlong
        {"\xF0\x8F\xBF\xBF|", mark + "|"},  // overlong
        {"\xED\xA0\x80|", mark + "|"},      // a surrogate
        {"\xF4\x90\x80\x80|", mark + "|"},  // past U+10FFFF
        {"\xF5\x80\x80\x80|", mark + "|"},
        {"cut \xF0\x9F\x98", "cut " + mark},
        {"cut \xC3", "cut " + mark},
    };
    for (const auto& [bytes, valid] : broken) {
        EXPECT_FALSE(is_utf8(bytes)) << valid;
        EXPECT_EQ(to_valid_utf8(bytes), valid);
        EXPECT_TRUE(is_utf8(valid));
    }
}

}  // namespace
}  // namespace trunkline
