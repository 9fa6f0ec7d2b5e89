// The Trunks of a configuration as the SIP adapter knows peers. A pure function.
#pragma once

#include <vector>

#include "adapters/sip/sip_server.hpp"
#include "engine/model/snapshot.hpp"

namespace trunkline::apps {

[[nodiscard]] std::vector<sip::SipTrunk> trunks_of(const model::Snapshot& snapshot);

}  // namespace trunkline::apps
