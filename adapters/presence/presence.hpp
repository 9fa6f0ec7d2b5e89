// What a platform said about a person, in one form whatever the document was: the fields that the presence
// mapping in Lua sees (docs/lua-api.md names them the same). Plain values, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkline::presence {

enum class Source : std::uint8_t { sip, ocs, sametime, client };
enum class Basic : std::uint8_t { closed, open };

inline constexpr std::size_t most_activities = 16;
inline constexpr std::size_t longest_activity = 64;  // bytes
inline constexpr std::size_t longest_note = 512;     // bytes
inline constexpr std::size_t longest_entity = 256;   // bytes

struct Presence {
    std::string entity;  // whom it is about, a URI as the document writes it: "sip:", "pres:" or ""
    Source source = Source::sip;
    Basic basic = Basic::closed;
    std::optional<int> availability;      // OCS and Lync: MS-PRES, 0 to 99999
    std::optional<int> status;            // Sametime: its status word
    std::vector<std::string> activities;  // what occupies the person, the most telling first; none where free
    std::optional<std::string> note;      // the person's own words; nothing where the document has none
    bool initial = false;  // the first of a subscription; whoever subscribed knows, no reader sets it

    bool operator==(const Presence&) const = default;
};

/// The words of the Lua API: "sip", "ocs", "sametime", "client"; "open", "closed".
[[nodiscard]] std::string_view word_of(Source);
[[nodiscard]] std::string_view word_of(Basic);

/// Adds a word that is not there yet, in one line; beyond `most_activities` it is dropped. "available" and
/// "unknown" are no activities: CUCM sends the first for a phone that is free, RFC 4480 3.2 has the second
/// for somebody of whom nothing is known.
void add_activity(Presence&, std::string_view word);
/// Sets the note where there is none yet and `text` is more than white space.
void offer_note(Presence&, std::string_view text);

}  // namespace trunkline::presence
