#include "engine/flows/leaving.hpp"

#include "engine/flows/overview.hpp"

namespace trunkline::flows {

model::InUse objects_in_use(const Core& core) {
    model::InUse in_use;
    for (const auto& [id, ix] : core.interactions.all()) {
        in_use.dns.insert(ix->routing_point);
        for (const auto& party : ix->parties) {
            if (party.dn) in_use.dns.insert(party.dn);
            if (party.agent) in_use.persons.insert(party.agent);
        }
        for (const auto& stay : ix->virtual_queues) in_use.dns.insert(stay.queue);
    }
    for (const auto& [dn, seat] : core.agents.seats()) {
        if (core.agents.slots_on(dn) == 0) continue;
        in_use.dns.insert(dn);
        in_use.persons.insert(seat.agent);
        in_use.logins.insert(seat.login);
    }
    return in_use;
}

void note_end_at(Core& core, DnId dn, PersonId agent) {
    if (!core.coming) return;
    const model::DnEntry* there = dn ? core.config->dn(dn) : nullptr;
    // What rang before anybody sat there keeps who has logged in since.
    const agents::Seat* seat = dn ? core.agents.seat(dn) : nullptr;
    const auto leaves = [&](PersonId id) {
        const model::PersonEntry* person = id ? core.config->person(id) : nullptr;
        return person != nullptr && person->leaving;
    };
    const model::LoginEntry* login = seat == nullptr ? nullptr : core.config->login(seat->login);
    core.look_at_leaving |= (there != nullptr && there->leaving) || leaves(agent) ||
                            (seat != nullptr && leaves(seat->agent)) || (login != nullptr && login->leaving);
}

bool let_go(Core& core) {
    if (!std::exchange(core.look_at_leaving, false) || !core.coming) return false;
    on_config_changed(core, model::SharedSnapshot(core.coming));
    return true;
}

}  // namespace trunkline::flows
