#include "engine/base/words.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace trunkline {
namespace {

TEST(Words, LowerCaseLeavesOtherBytesAlone) {
    EXPECT_EQ(lower_case("Content-TYPE [Z]"), "content-type [z]");
    EXPECT_EQ(lower_case("\xC3\x84 \xC4"), "\xC3\x84 \xC4");
}

TEST(Words, ANumberIsAllOfTheTextOrNothing) {
    EXPECT_EQ(number_in<int>("-12"), -12);
    EXPECT_EQ(number_in<std::uint16_t>("65535"), 65535);
    EXPECT_EQ(number_in<double>("1.5"), 1.5);
    EXPECT_EQ(number_in<unsigned char>("fF", 16), 255);
    for (const char* text : {"", " 1", "1 ", "+1", "1a", "a"})
        EXPECT_EQ(number_in<int>(text), std::nullopt) << text;
    EXPECT_EQ(number_in<std::uint16_t>("65536"), std::nullopt);
    EXPECT_EQ(number_in<unsigned>("-1"), std::nullopt);
}

}  // namespace
}  // namespace trunkline
