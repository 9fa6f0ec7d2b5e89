#include "engine/routing/route_request.hpp"

#include <array>

namespace trunkline::routing {

std::string to_text(const Target& target) {
    static constexpr std::array<std::string_view, 7> kinds{"agent", "group", "place", "place_group",
                                                           "skill", "queue", "dn"};
    return std::string(kinds[static_cast<std::size_t>(target.kind)]) + ":" + target.name;
}

std::string_view to_text(RouteFailure failure) {
    switch (failure) {
        case RouteFailure::timeout:
            return "timeout";
        case RouteFailure::abandoned:
            return "abandoned";
        case RouteFailure::no_target:
            return "no_target";
        case RouteFailure::rejected:
            break;
    }
    return "rejected";
}

}  // namespace trunkline::routing
