#include "adapters/presence/presence.hpp"

#include <algorithm>

#include "adapters/presence/text.hpp"

namespace trunkline::presence {

std::string_view word_of(Source source) {
    switch (source) {
        case Source::sip:
            return "sip";
        case Source::ocs:
            return "ocs";
        case Source::sametime:
            return "sametime";
        case Source::client:
            break;
    }
    return "client";
}

std::string_view word_of(Basic basic) { return basic == Basic::open ? "open" : "closed"; }

void add_activity(Presence& presence, std::string_view word) {
    std::string plain = one_line(word, longest_activity);
    if (plain.empty() || plain == "available" || plain == "unknown") return;
    auto& words = presence.activities;
    if (words.size() >= most_activities || std::find(words.begin(), words.end(), plain) != words.end())
        return;
    words.push_back(std::move(plain));
}

void offer_note(Presence& presence, std::string_view text) {
    if (presence.note) return;
    std::string plain = one_line(text, longest_note);
    if (!plain.empty()) presence.note = std::move(plain);
}

}  // namespace trunkline::presence
