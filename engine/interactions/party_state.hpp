// The states of a party of an interaction and the table of their changes (facts: call models of T-Library).
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace trunkline::interactions {

enum class PartyState { none, queued, alerting, connected, held, released };
enum class PartyEvent { queue, ring, connect, answer, hold, retrieve, release };

struct PartyTransition {
    PartyState from;
    PartyEvent event;
    PartyState to;
};

inline constexpr std::array party_transitions{
    PartyTransition{PartyState::none, PartyEvent::queue, PartyState::queued},
    PartyTransition{PartyState::none, PartyEvent::ring, PartyState::alerting},
    PartyTransition{PartyState::none, PartyEvent::connect, PartyState::connected},  // the customer
    PartyTransition{PartyState::queued, PartyEvent::release, PartyState::released},
    PartyTransition{PartyState::alerting, PartyEvent::answer, PartyState::connected},
    PartyTransition{PartyState::alerting, PartyEvent::release, PartyState::released},
    PartyTransition{PartyState::connected, PartyEvent::hold, PartyState::held},
    PartyTransition{PartyState::connected, PartyEvent::release, PartyState::released},
    PartyTransition{PartyState::held, PartyEvent::retrieve, PartyState::connected},
    PartyTransition{PartyState::held, PartyEvent::release, PartyState::released},
};

[[nodiscard]] constexpr std::optional<PartyState> next_state(PartyState from, PartyEvent event) {
    for (const PartyTransition& t : party_transitions)
        if (t.from == from && t.event == event) return t.to;
    return std::nullopt;
}

/// As party_state.state in reporting.
[[nodiscard]] constexpr std::string_view to_text(PartyState state) {
    switch (state) {
        case PartyState::queued:
            return "queued";
        case PartyState::alerting:
            return "alerting";
        case PartyState::connected:
            return "connected";
        case PartyState::held:
            return "held";
        case PartyState::released:
            return "released";
        case PartyState::none:
            break;
    }
    return "none";
}

}  // namespace trunkline::interactions
