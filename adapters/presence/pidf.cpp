#include "adapters/presence/pidf.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "adapters/presence/names.hpp"
#include "adapters/presence/text.hpp"

namespace trunkline::presence {
namespace {

constexpr std::string_view pidf = "urn:ietf:params:xml:ns:pidf";
constexpr std::string_view data_model = "urn:ietf:params:xml:ns:pidf:data-model";
constexpr std::array<std::string_view, 3> rich{
    "urn:ietf:params:xml:ns:pidf:rpid",         // RFC 4480
    "urn:ietf:params:xml:ns:pidf:status:rpid",  // its drafts, and CUCM to this day
    "urn:cisco:params:xml:ns:pidf:rpid",
};

bool is_rich(pugi::xml_node element) {
    const auto space = namespace_of(element);
    return space && std::find(rich.begin(), rich.end(), *space) != rich.end();
}

/// RFC 4480 3.2: each element in <activities/> is one, its own <note/> apart. The drafts wrote the word as
/// the text of <activity/>.
void take_activities(pugi::xml_node parent, Presence& presence) {
    for (const pugi::xml_node container : parent.children()) {
        if (local_name(container.name()) != "activities" || !is_rich(container)) continue;
        for (const pugi::xml_node one : container.children()) {
            if (one.type() != pugi::node_element) continue;
            const std::string_view name = local_name(one.name());
            if (name == "activity")
                add_activity(presence, text_of(one));
            else if (name != "note")
                add_activity(presence, name);
        }
    }
}

/// The basic status in an element's <status/>: nothing where there is none, an error for another word
/// (RFC 3863 4.1.4).
Result<std::optional<Basic>> basic_of(pugi::xml_node parent) {
    const pugi::xml_node basic = child(child(parent, pidf, "status"), pidf, "basic");
    if (!basic) return std::optional<Basic>{};
    const std::string text = text_of(basic);
    const std::string word = lower(trimmed(text));
    if (word == "open") return std::optional{Basic::open};
    if (word == "closed") return std::optional{Basic::closed};
    return refusal("the basic status of a presence document is neither open nor closed", word);
}

void take_notes(pugi::xml_node parent, std::string_view space, Presence& presence) {
    for (const pugi::xml_node note : children(parent, space, "note")) offer_note(presence, text_of(note));
}

/// Takes what the persons and the tuples say; what they say of the basic status comes back, open before
/// closed.
Result<std::optional<Basic>> take(const std::vector<pugi::xml_node>& entries, Presence& presence) {
    std::optional<Basic> together;
    for (const pugi::xml_node entry : entries) {
        const auto basic = basic_of(entry);
        if (!basic) return basic.error();
        if (*basic) together = std::max(together.value_or(Basic::closed), **basic);
        take_activities(entry, presence);
        take_activities(child(entry, pidf, "status"), presence);
    }
    return together;
}

}  // namespace

Result<Presence> read_pidf(pugi::xml_node root) {
    if (!is(root, pidf, "presence"))
        return refusal("the document is no PIDF: its root is not <presence> of RFC 3863", root.name());
    Presence presence{.entity = one_line(attribute(root, "entity"), longest_entity), .source = Source::sip};
    const auto persons = children(root, data_model, "person");
    const auto tuples = children(root, pidf, "tuple");
    const auto of_persons = take(persons, presence);
    if (!of_persons) return of_persons.error();
    const auto of_tuples = take(tuples, presence);
    if (!of_tuples) return of_tuples.error();
    const std::optional<Basic> basic = *of_tuples ? *of_tuples : *of_persons;
    presence.basic = basic.value_or(Basic::closed);
    for (const pugi::xml_node person : persons) take_notes(person, data_model, presence);
    take_notes(root, pidf, presence);
    for (const pugi::xml_node tuple : tuples) take_notes(tuple, pidf, presence);
    return presence;
}

}  // namespace trunkline::presence
