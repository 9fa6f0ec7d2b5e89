#include "adapters/presence/categories.hpp"

#include "adapters/presence/availability.hpp"
#include "adapters/presence/names.hpp"
#include "adapters/presence/text.hpp"

namespace trunkline::presence {
namespace {

constexpr std::string_view in_categories = "http://schemas.microsoft.com/2006/09/sip/categories";
constexpr std::string_view in_state = "http://schemas.microsoft.com/2006/09/sip/state";
constexpr std::string_view in_note = "http://schemas.microsoft.com/2006/09/sip/note";
constexpr std::string_view instance = "http://www.w3.org/2001/XMLSchema-instance";

/// Whether the token's bounds hold this availability; a bound that is missing or makes no sense does not
/// bind.
bool applies(pugi::xml_node activity, int availability) {
    const auto low = number(attribute(activity, "minAvailability"), greatest_availability);
    const auto high = number(attribute(activity, "maxAvailability"), greatest_availability);
    return availability >= low.value_or(0) && availability <= high.value_or(greatest_availability);
}

Result<Presence> read_state(pugi::xml_node state, Presence presence) {
    const std::string text = text_of(child(state, in_state, "availability"));
    const auto availability = number(text, greatest_availability);
    if (!availability)
        return refusal("the availability of an aggregateState is no number from 0 to 99999", text);
    presence.activities.clear();
    for (const pugi::xml_node activity : children(state, in_state, "activity"))
        if (applies(activity, *availability)) add_activity(presence, attribute(activity, "token"));
    set_availability(presence, *availability);
    return presence;
}

}  // namespace

Result<std::optional<Presence>> read_categories(pugi::xml_node root) {
    if (!is(root, in_categories, "categories"))
        return refusal("the document is no MS-PRES: its root is not <categories>", root.name());
    Presence presence{.entity = one_line(attribute(root, "uri"), longest_entity), .source = Source::ocs};
    bool has_state = false;
    for (const pugi::xml_node category : children(root, in_categories, "category")) {
        for (const pugi::xml_node note : children(category, in_note, "note"))
            for (const pugi::xml_node body : children(note, in_note, "body"))
                offer_note(presence, text_of(body));
        for (const pugi::xml_node state : children(category, in_state, "state")) {
            if (local_name(trimmed(attribute(state, instance, "type"))) != "aggregateState") continue;
            auto read = read_state(state, std::move(presence));
            if (!read) return read.error();
            presence = *std::move(read);
            has_state = true;
        }
    }
    if (!has_state) return std::optional<Presence>{};
    return std::optional<Presence>{std::move(presence)};
}

}  // namespace trunkline::presence
