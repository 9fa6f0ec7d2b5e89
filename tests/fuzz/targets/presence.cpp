// Presence documents: the first line is Content-Type, the rest the body of a NOTIFY.
#include <algorithm>
#include <string>

#include "adapters/presence/notice.hpp"
#include "adapters/presence/text.hpp"
#include "engine/base/printable.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using namespace trunkline;
using namespace trunkline::presence;

bool is_plain(std::string_view text, std::size_t longest) {
    return text.size() <= longest && is_xml_text(text) && is_printable(text);
}

void check(const Error& error) {
    fuzz::promise(!error.message.empty() && is_plain(error.message, 250),
                  "an error is one short printable sentence");
}

void check(const Presence& presence) {
    fuzz::promise(is_plain(presence.entity, longest_entity + 4), "an entity is one line");
    fuzz::promise(!presence.note || (!presence.note->empty() && is_plain(*presence.note, longest_note)),
                  "a note is one line");
    fuzz::promise(presence.activities.size() <= most_activities, "activities are few");
    for (auto at = presence.activities.begin(); at != presence.activities.end(); ++at) {
        fuzz::promise(!at->empty() && is_plain(*at, longest_activity), "an activity is a word");
        fuzz::promise(std::find(presence.activities.begin(), at, *at) == at, "an activity stands once");
    }
    fuzz::promise(presence.availability.has_value() == (presence.source == Source::ocs),
                  "OCS has an availability, and nobody else");
    fuzz::promise(
        !presence.availability || (*presence.availability >= 18'000) == (presence.basic == Basic::closed),
        "18000 is closed");
    fuzz::promise(!presence.status && !presence.initial, "no document says these");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view input = fuzz::text_of(data, size);
    const std::string_view type = fuzz::take_line(input);
    DialogWatch first;
    const auto notice = read_notice(type, input, first);
    if (!notice) {
        check(notice.error());
        return 0;
    }
    for (const Presence& presence : notice->presences) check(presence);
    for (const Error& error : notice->refused) check(error);
    for (const Resubscribe& again : notice->resubscribes)
        fuzz::promise(is_plain(again.entity, longest_entity) && is_plain(again.pool, 253),
                      "who and where are lines");
    DialogWatch second;
    const auto same = read_notice(type, input, second);
    fuzz::promise(same && same->presences == notice->presences && same->resubscribes == notice->resubscribes,
                  "the same bytes mean the same");
    const auto repeated = read_notice(type, input, second);
    fuzz::promise(repeated && (repeated->presences.empty() || repeated->presences == notice->presences),
                  "a document that comes twice says nothing else");
    return 0;
}
