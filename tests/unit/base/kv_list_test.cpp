#include "engine/base/kv_list.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace trunkline {
namespace {

std::string text_of(const KvList& list) {
    std::string out;
    append_json(out, list);
    return out;
}

TEST(KvList, KeepsOrderAndRepeatedKeys) {
    KvList list;
    list.add("b", "1");
    list.add("a", std::int64_t{2});
    EXPECT_EQ(text_of(list), R"({"b":"1","a":2})");
    list.add("b", "3");
    EXPECT_EQ(text_of(list), R"([["b","1"],["a",2],["b","3"]])");
    EXPECT_EQ(list.text("b"), "3");  // as Lua reads it
    EXPECT_TRUE(list.set("b", "4"));
    EXPECT_EQ(text_of(list), R"({"b":"4","a":2})");
}

TEST(KvList, ReadsBackWhatItWrote) {
    KvList inner, list;
    inner.add("x", "\"quoted\"\n\x01");
    list.add("nested", inner);
    list.add("nested", "again");
    EXPECT_EQ(kv_from_json(boost::json::parse(text_of(list))), list);
}

TEST(KvList, SaysWhatHasNoPlaceInIt) {
    EXPECT_THROW((void)kv_from_json(boost::json::parse("3")), std::invalid_argument);
    EXPECT_THROW((void)kv_from_json(boost::json::parse(R"([["a"]])")), std::invalid_argument);
    EXPECT_THROW((void)kv_from_json(boost::json::parse(R"({"a":null})")), std::invalid_argument);
}

}  // namespace
}  // namespace trunkline
