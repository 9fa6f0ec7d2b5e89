#include "engine/flows/agent_options.hpp"

namespace trunkline::flows {
namespace {

// The options of the level that decides; null where none has the key.
const model::Options* level(const Core& core, const agents::Seat& seat, std::string_view key,
                            DnId routing_point) {
    const auto has = [&](const model::Options& options) {
        return !model::option(options, "TServer", key).empty();
    };
    const auto* login = core.config->login(seat.login);
    if (login != nullptr && has(login->object->options)) return &login->object->options;
    for (const DnId id : {routing_point, seat.dn}) {
        const auto* dn = id ? core.config->dn(id) : nullptr;
        if (dn != nullptr && has(dn->object->options)) return &dn->object->options;
    }
    return nullptr;
}

}  // namespace

std::string_view agent_option(const Core& core, const agents::Seat& seat, std::string_view key,
                              DnId routing_point) {
    const auto* options = level(core, seat, key, routing_point);
    return options == nullptr ? std::string_view{} : model::option(*options, "TServer", key);
}

double agent_seconds(const Core& core, const agents::Seat& seat, std::string_view key, double otherwise,
                     DnId routing_point) {
    const auto* options = level(core, seat, key, routing_point);
    return options == nullptr ? otherwise : model::option_seconds(*options, "TServer", key, otherwise);
}

bool agent_flag(const Core& core, const agents::Seat& seat, std::string_view key, bool otherwise) {
    const auto* options = level(core, seat, key, {});
    return options == nullptr ? otherwise : model::option_flag(*options, "TServer", key, otherwise);
}

}  // namespace trunkline::flows
