#include "engine/agents/capacity.hpp"

namespace trunkline::agents {

bool Capacity::allows(std::string_view script, const Load& load, Media media) {
    if (script.empty()) return media == Media::voice && load.total() == 0;
    auto key = std::tuple(std::string(script), load, media);
    const auto known = remembered_.find(key);
    if (known != remembered_.end()) return known->second;
    const bool answer = ask_(script, load, media);
    remembered_.emplace(std::move(key), answer);
    return answer;
}

}  // namespace trunkline::agents
