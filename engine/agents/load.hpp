// Counts by media of what an agent has in hand (contracts/lua-api.md, Capacity rule): reservations, ringing,
// established, held and consultation at either end.
#pragma once

#include <compare>

namespace trunkline::agents {

enum class Media { voice, chat, email };

struct Load {
    int chat = 0, voice = 0, email = 0;
    [[nodiscard]] int total() const { return chat + voice + email; }
    [[nodiscard]] int& of(Media media) {
        return media == Media::chat ? chat : media == Media::voice ? voice : email;
    }
    friend auto operator<=>(const Load&, const Load&) = default;
};

[[nodiscard]] inline const char* to_text(Media media) {
    return media == Media::chat ? "chat" : media == Media::voice ? "voice" : "email";
}

}  // namespace trunkline::agents
