#include "adapters/presence/lcs.hpp"

#include <algorithm>
#include <array>

#include "adapters/presence/availability.hpp"
#include "adapters/presence/names.hpp"
#include "adapters/presence/text.hpp"

namespace trunkline::presence {
namespace {

constexpr std::string_view lcs = "http://schemas.microsoft.com/2002/09/sip/presence";
constexpr int online_from = 100;  // availability: 0 offline, 100 perhaps, 300 online
constexpr int greatest = 9999;

struct Activity {
    int from = 0;
    int availability = 0;   // what OCS would say
    std::string_view word;  // what the number alone does not say
};

constexpr std::array<Activity, 9> scale{{
    {.from = 0, .availability = is_away},
    {.from = 150, .availability = is_away, .word = "lunch"},
    {.from = 200, .availability = is_idle},
    {.from = 300, .availability = is_right_back},
    {.from = 400, .availability = is_available},
    {.from = 500, .availability = is_busy, .word = "on-the-phone"},
    {.from = 600, .availability = is_busy},
    {.from = 700, .availability = is_away},
    {.from = 800, .availability = is_available},
}};

Result<int> aggregate(pugi::xml_node root, std::string_view element) {
    const std::string_view text = attribute(child(root, lcs, element), "aggregate");
    const auto value = number(text, greatest);
    if (value) return *value;
    return refusal("the aggregate " + std::string(element) + " of an LCS presentity is missing or no number",
                   text);
}

/// The state set by hand; 0 where none is, or where it is taken back (xsi:nil).
int set_by_hand(pugi::xml_node user_info) {
    int least = 0;
    for (const pugi::xml_node state : children(child(user_info, lcs, "states"), lcs, "state")) {
        const std::string_view plain = attribute(state, "nil");
        const std::string_view nil =
            plain.empty() ? attribute(state, "http://www.w3.org/2001/XMLSchema-instance", "nil") : plain;
        if (nil == "true" || nil == "1") continue;
        least = std::max(least, number(attribute(state, "avail"), greatest_availability).value_or(0));
    }
    return least;
}

/// LCS writes user@host without a scheme.
std::string entity_of(std::string_view uri) {
    std::string plain = one_line(uri, longest_entity);
    return plain.empty() || plain.find(':') != std::string::npos ? plain : "sip:" + plain;
}

}  // namespace

Result<Presence> read_lcs(pugi::xml_node root) {
    if (!is(root, lcs, "presentity"))
        return refusal("the document is no LCS presence: its root is not <presentity>", root.name());
    const auto availability = aggregate(root, "availability");
    if (!availability) return availability.error();
    const auto activity = aggregate(root, "activity");
    if (!activity) return activity.error();
    const Activity* in = &scale.front();
    for (const Activity& one : scale)
        if (*activity >= one.from) in = &one;
    const bool online = *availability >= online_from;
    const pugi::xml_node user_info = child(root, lcs, "userInfo");
    Presence presence{.entity = entity_of(attribute(root, "uri"))};
    if (online) add_activity(presence, in->word);
    set_availability(presence, std::max(online ? in->availability : is_offline, set_by_hand(user_info)));
    for (const pugi::xml_node note : children(user_info, lcs, "note")) offer_note(presence, text_of(note));
    return presence;
}

}  // namespace trunkline::presence
