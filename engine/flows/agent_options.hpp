// Options of section TServer that bind an agent at work: the first level that says something wins
// (facts.md 2.3): his Agent Login, the routing point of the session at hand where there is one, his DN.
#pragma once

#include "engine/flows/core.hpp"

namespace trunkline::flows {

/// "" where no level has the key.
[[nodiscard]] std::string_view agent_option(const Core&, const agents::Seat&, std::string_view key,
                                            DnId routing_point = {});
[[nodiscard]] double agent_seconds(const Core&, const agents::Seat&, std::string_view key, double otherwise,
                                   DnId routing_point = {});
[[nodiscard]] bool agent_flag(const Core&, const agents::Seat&, std::string_view key, bool otherwise);

}  // namespace trunkline::flows
