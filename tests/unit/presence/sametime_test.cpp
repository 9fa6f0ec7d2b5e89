// Sametime's status words.
#include "adapters/presence/sametime.hpp"

#include <gtest/gtest.h>

#include "tests/unit/presence/reading.hpp"

namespace trunkline::presence {
namespace {

std::string word(int status) { return shown(read_sametime("jo", status, "")); }

TEST(PresenceSametimeTest, TheWordsMeanWhatTheToolkitSays) {
    EXPECT_EQ(word(-32768), "closed;") << "unknown";
    EXPECT_EQ(word(0), "closed;") << "offline";
    EXPECT_EQ(word(32), "open;") << "active";
    EXPECT_EQ(word(544), "open;") << "active on a mobile client";
    EXPECT_EQ(word(64), "open; idle");
    EXPECT_EQ(word(96), "open; away");
    EXPECT_EQ(word(128), "open; dnd");
    EXPECT_EQ(word(640), "open; dnd") << "on a mobile client";
    EXPECT_EQ(word(8), "open; meeting");
    EXPECT_EQ(word(512), "open; mobile");
    EXPECT_EQ(word(16384), "open; other") << "the word for no matter what";
    EXPECT_EQ(word(-7), "open; other");
}

TEST(PresenceSametimeTest, KeepsTheWordAndTheText) {
    const Presence presence = read_sametime("CN=Jo/O=Office", 96, "gone\nfishing");
    EXPECT_EQ(word_of(presence.source), "sametime");
    EXPECT_EQ(presence.status, 96);
    EXPECT_EQ(presence.entity, "CN=Jo/O=Office");
    EXPECT_EQ(presence.note, "gone fishing");
    EXPECT_FALSE(presence.availability);
}

}  // namespace
}  // namespace trunkline::presence
