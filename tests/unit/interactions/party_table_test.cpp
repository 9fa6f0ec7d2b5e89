// The states of a party as call models of the field have them, written by hand; the engine's table must say
// the same in every cell.
#include <gmock/gmock.h>

#include "engine/interactions/party_state.hpp"

namespace trunkline::interactions {
namespace {

constexpr std::array events{PartyEvent::queue, PartyEvent::ring,     PartyEvent::connect, PartyEvent::answer,
                            PartyEvent::hold,  PartyEvent::retrieve, PartyEvent::release};
struct Row {
    PartyState from;
    std::array<const char*, 7> to;
};
// clang-format off
constexpr std::array table{
    //                        queue     ring        connect      answer       hold    retrieve     release
    Row{PartyState::none,      {"queued", "alerting", "connected", "-",         "-",    "-",         "-"}},
    Row{PartyState::queued,    {"-",      "-",        "-",         "-",         "-",    "-",         "released"}},
    Row{PartyState::alerting,  {"-",      "-",        "-",         "connected", "-",    "-",         "released"}},
    Row{PartyState::connected, {"-",      "-",        "-",         "-",         "held", "-",         "released"}},
    Row{PartyState::held,      {"-",      "-",        "-",         "-",         "-",    "connected", "released"}},
    Row{PartyState::released,  {"-",      "-",        "-",         "-",         "-",    "-",         "-"}},
};
// clang-format on

TEST(PartyStates, AreThoseOfTheField) {
    for (const Row& row : table)
        for (std::size_t i = 0; i < events.size(); ++i) {
            const auto to = next_state(row.from, events[i]);
            EXPECT_EQ(to ? std::string(to_text(*to)) : "-", row.to[i])
                << to_text(row.from) << ", event " << static_cast<int>(events[i]);
        }
}

}  // namespace
}  // namespace trunkline::interactions
