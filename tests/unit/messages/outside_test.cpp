#include "engine/messages/outside.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace trunkline::messages {
namespace {

TEST(OutsideBytes, ComeBackFromTheCommandLogAsTheyWere) {
    const std::string cases[] = {"",        "Grüß", std::string("a\0\n\"b", 5), "\xff\x00z",
                                 "a\xC3(b", "\xE2", "cut \xF0\x9F\x98"};
    for (const std::string& bytes : cases) {
        const std::string line = boost::json::serialize(boost::json::value_from(Bytes{bytes}));
        EXPECT_EQ(boost::json::value_to<Bytes>(boost::json::parse(line)).is, bytes) << line;
    }
}

TEST(OutsideBytes, RefusesWhatIsNoHex) {
    for (const char* line : {R"({"hex":"f"})", R"({"hex":"fx"})", R"({"hex":1})", "{}"})
        EXPECT_THROW((void)boost::json::value_to<Bytes>(boost::json::parse(line)), std::exception) << line;
}

}  // namespace
}  // namespace trunkline::messages
