// What scripts read of the configuration: options, lists, time zones; always of the interaction's own tenant.
#include <array>

#include "engine/flows/strategies.hpp"

namespace trunkline::flows {
namespace {

using model::Options;

struct Home {
    const model::Snapshot& config;
    const Interaction& ix;
};

const Options* of_dn(const Home& home, std::string_view name) {
    const auto* found = home.config.dn(home.ix.sw, name);
    if (found == nullptr) found = home.config.dn(home.ix.tenant, name);
    return found == nullptr ? nullptr : &found->object->options;
}
const Options* of_agent(const Home& home, std::string_view name) {
    const auto* found = home.config.person_by_any_name(home.ix.tenant, name);
    return found == nullptr ? nullptr : &found->object->options;
}
const Options* of_group(const Home& home, std::string_view name) {
    const auto* found = home.config.group(home.ix.tenant, name);
    return found == nullptr ? nullptr : &found->object->options;
}
const Options* of_place(const Home& home, std::string_view name) {
    const auto* found = home.config.place(home.ix.tenant, name);
    return found == nullptr ? nullptr : &found->object->options;
}
const Options* of_switch(const Home& home, std::string_view name) {
    const auto* found = home.config.switch_named(name);
    return found == nullptr || found->tenant != home.ix.tenant ? nullptr : &found->object->options;
}
const Options* of_tenant(const Home& home, std::string_view name) {
    const auto* found = home.config.tenant(home.ix.tenant);
    return found == nullptr || found->object->name != name ? nullptr : &found->object->options;
}

// A name without a type is looked up in this order.
struct ObjectKind {
    std::string_view type;
    const Options* (*find)(const Home&, std::string_view);
};
constexpr std::array<ObjectKind, 6> object_kinds{{{"dn", of_dn},
                                                  {"agent", of_agent},
                                                  {"group", of_group},
                                                  {"place", of_place},
                                                  {"switch", of_switch},
                                                  {"tenant", of_tenant}}};

const Options* options_of(const Home& home, std::string_view object) {
    for (const ObjectKind& kind : object_kinds) {
        const bool typed = object.starts_with(kind.type) && object.substr(kind.type.size()).starts_with(':');
        if (typed) return kind.find(home, object.substr(kind.type.size() + 1));
    }
    for (const ObjectKind& kind : object_kinds)
        if (const Options* found = kind.find(home, object)) return found;
    return nullptr;
}

}  // namespace

scripting::ConfigValue Port::option(CallUuid id, std::string_view object, std::string_view section,
                                    std::string_view key) const {
    const Interaction* ix = seen(id);
    const Options* options = ix == nullptr ? nullptr : options_of({*core_.config, *ix}, object);
    if (options == nullptr) return {};
    const auto in_section = options->find(std::string(section));
    if (in_section == options->end()) return {true, std::nullopt};
    const auto found = in_section->second.find(std::string(key));
    return {true, found == in_section->second.end() ? std::nullopt : std::optional(found->second)};
}

scripting::ConfigValue Port::list_entry(CallUuid id, std::string_view list, std::string_view key) const {
    const Interaction* ix = seen(id);
    const model::List* found = ix == nullptr ? nullptr : core_.config->list(ix->tenant, list);
    if (found == nullptr) return {};
    const auto entry = found->entries.find(std::string(key));
    return {true, entry == found->entries.end() ? std::nullopt : std::optional(entry->second)};
}

const model::TimeZone& Port::time_zone(CallUuid id) const {
    const Interaction* ix = seen(id);
    const auto* tenant = ix == nullptr ? nullptr : core_.config->tenant(ix->tenant);
    return tenant == nullptr ? model::system_time_zones().utc() : *tenant->zone;
}

const model::TimeZone* Port::time_zone_named(std::string_view name) const {
    return model::system_time_zones().find(name);
}

}  // namespace trunkline::flows
