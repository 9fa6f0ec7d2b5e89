// Short ways to say what a document is read as.
#pragma once

#include <string>
#include <string_view>

#include "adapters/presence/notice.hpp"

namespace trunkline::presence {

/// "open; on-the-phone busy; 6500; note" with what is missing left out, or "refused: " and why.
inline std::string shown(const Presence& presence) {
    std::string words(word_of(presence.basic));
    words += ';';
    for (const std::string& activity : presence.activities) words += " " + activity;
    if (presence.availability) words += "; " + std::to_string(*presence.availability);
    if (presence.note) words += "; " + *presence.note;
    return words;
}

/// What a document that is about one person is read as, by a watch that has heard nothing before.
inline std::string read_as(std::string_view type, std::string_view body) {
    DialogWatch dialogs;
    const auto notice = read_notice(type, body, dialogs);
    if (!notice) return "refused: " + notice.error().message;
    return notice->presences.size() == 1 ? shown(notice->presences.front())
                                         : std::to_string(notice->presences.size()) + " presences";
}

}  // namespace trunkline::presence
