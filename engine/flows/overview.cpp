#include "engine/flows/overview.hpp"

#include "engine/flows/agent_work.hpp"
#include "engine/flows/endpoints.hpp"
#include "engine/flows/generations.hpp"
#include "engine/flows/leaving.hpp"
#include "engine/flows/offering.hpp"
#include "engine/flows/strategies.hpp"

namespace trunkline::flows {

StatusRow status_row(const Core& core) {
    StatusRow row;
    row.interactions = static_cast<std::int64_t>(core.interactions.size());
    row.waiting = static_cast<std::int64_t>(core.router.waiting());
    row.agents_logged_in = static_cast<std::int64_t>(core.agents.seats().size());
    for (const auto& [dn, seat] : core.agents.seats())
        if (seat.state == agents::AgentState::ready) ++row.agents_ready;
    row.clients = static_cast<std::int64_t>(core.devices.clients());
    row.reservations = static_cast<std::int64_t>(core.offers.all().size());
    row.texts_under_way = static_cast<std::int64_t>(core.texts_out.size());
    row.interactions_total = core.counters.interactions;
    row.texts_total = core.counters.texts;
    row.commands_total = core.counters.commands;
    row.script_errors_total = core.counters.script_errors;
    row.reconciled_total = core.counters.reconciled;
    row.generation = core.generation.value();
    row.generations_live = static_cast<std::int64_t>(core.scripts->live().size());
    row.config_revision = core.config ? static_cast<std::int64_t>(core.config->site().revision) : 0;
    row.degraded.assign(core.degraded.begin(), core.degraded.end());
    return row;
}

std::vector<AgentRow> agent_rows(const Core& core, TimePoint now) {
    std::vector<AgentRow> rows;
    for (const auto& [dn, seat] : core.agents.seats()) {
        AgentRow row;
        row.agent = core.user_name(seat.agent);
        if (const auto* person = core.config->person(seat.agent))
            row.employee_id = person->object->employee_id;
        if (const auto* login = core.config->login(seat.login)) row.login = login->object->code;
        row.dn = core.number_of(dn);
        row.place = core.place_name(seat.place);
        row.tenant = core.tenant_name(seat.tenant);
        row.state =
            core.agents.established(seat.agent) > 0 ? "Busy" : std::string(agents::to_text(seat.state));
        row.work_mode = std::to_string(seat.work_mode);
        if (seat.reasons && !seat.reasons->empty()) append_json(row.reasons, *seat.reasons);
        row.seconds = to_seconds(now - seat.since);
        const agents::Load load = core.agents.load(seat.agent);
        row.chats = load.chat;
        row.calls = load.voice;
        row.reachable = reachable(core, dn);
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<InteractionRow> interaction_rows(const Core& core, TimePoint now) {
    std::vector<InteractionRow> rows;
    for (const auto& [id, ix] : core.interactions.all()) {
        InteractionRow row;
        row.id = to_uuid_text(id);
        row.conn_id = to_conn_id_text(ix->conn_id);
        row.media = agents::to_text(ix->media);
        row.state = interactions::to_text(ix->phase);
        row.tenant = core.tenant_name(ix->tenant);
        row.routing_point = ix->dnis;
        row.customer = ix->customer;
        row.strategy = ix->strategy;
        if (const auto* party = ix->agent_party()) {
            row.agent = core.user_name(party->agent);
            row.dn = party->number;
        }
        row.seconds = to_seconds(now - ix->created);
        row.priority = ix->priority;
        row.texts = ix->texts;
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<QueueRow> queue_rows(const Core& core, TimePoint now) {
    std::vector<QueueRow> rows;
    for (const auto& pool : core.router.pools())
        rows.push_back({pool.target, static_cast<std::int64_t>(pool.waiting),
                        static_cast<std::int64_t>(pool.ready), to_seconds(now - pool.oldest_entry)});
    return rows;
}

void on_config_changed(Core& core, model::SharedSnapshot snapshot) {
    const model::SharedSnapshot kept =
        core.config ? model::with_leaving(snapshot, *core.config, objects_in_use(core)) : snapshot;
    std::vector<DnId> gone;
    for (const auto& [dn, seat] : core.agents.seats())
        if (has_left(core, *kept, seat)) gone.push_back(dn);
    for (const DnId dn : gone) log_out(core, dn);  // in the words of the configuration that they were in
    core.coming = kept == snapshot ? nullptr : std::move(snapshot);
    core.statistics.configure(core.config.get(), *kept, core.now);
    core.config = kept;
    look_for_missing_strategies(core);
    for (const CallUuid id : core.router.configure(core.config)) {
        interactions::Interaction* ix = core.interactions.find(id);
        if (ix != nullptr && !ix->offer) end_route(core, *ix, routing::RouteFailure::no_target);
    }
    forget_endpoints_of_gone_dns(core);
    std::vector<DnId> seats;
    for (const auto& [dn, seat] : core.agents.seats())
        if (endpoint_of(core, dn) || core.endpoints.contains(dn)) seats.push_back(dn);
    for (const DnId dn : seats) watch_endpoint(core, dn);
    refresh_everybody(core);
}

}  // namespace trunkline::flows
