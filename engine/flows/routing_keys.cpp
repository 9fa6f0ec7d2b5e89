#include "engine/flows/routing_keys.hpp"

namespace trunkline::flows {
namespace {

using routing::Target;
using routing::TargetKind;

// RTargetTypeSelected: 2 is the group or skill target of the logs; the others follow URS's order of target
// types.
const char* type_code(TargetKind kind) {
    switch (kind) {
        case TargetKind::agent:
            return "0";
        case TargetKind::place:
            return "1";
        case TargetKind::group:
        case TargetKind::skill:
            return "2";
        case TargetKind::place_group:
            return "3";
        case TargetKind::queue:
            return "4";
        case TargetKind::dn:
            break;
    }
    return "6";
}

std::string object_dbid(const Core& core, TenantId tenant, const Target& target) {
    std::uint32_t dbid = 0;
    if (target.kind == TargetKind::group) {
        if (const auto* group = core.config->group(tenant, target.name)) dbid = group->id.value();
    } else if (target.kind == TargetKind::agent) {
        if (const auto* person = core.config->person_by_any_name(tenant, target.name))
            dbid = person->id.value();
    } else if (target.kind == TargetKind::place) {
        if (const auto* place = core.config->place(tenant, target.name)) dbid = place->id.value();
    }
    return std::to_string(dbid);
}

KvList requested_skills(const Target& target) {
    KvList skills;
    if (target.kind != TargetKind::skill) return skills;
    if (const auto expression = model::SkillExpression::parse(target.name))
        for (const auto& asked : expression->requested()) skills.set(asked.skill, std::int64_t{asked.level});
    return skills;
}

}  // namespace

void attach_routing_keys(Core& core, Interaction& ix, const routing::Offer& offer,
                         const routing::RouteRequest* request) {
    Target target{TargetKind::dn, offer.number};
    if (request != nullptr)
        for (const Target& asked : request->targets)
            if (routing::to_text(asked) == offer.target) target = asked;
    const agents::Seat* seat = core.agents.seat(offer.dn);
    const auto* person = core.config->person(offer.agent);
    KvList data = *ix.user_data;
    const auto set = [&](std::string_view key, KvValue value) { data.set(key, std::move(value)); };
    const auto set_where_absent = [&](std::string_view key, const char* value) {
        if (data.find(key) == nullptr) data.add(std::string(key), value);
    };
    // The primary virtual queue is the one that it entered first.
    const auto* stay = ix.virtual_queues.empty() ? nullptr : &ix.virtual_queues.front();
    set("RVQID", stay == nullptr ? std::string{} : to_call_uuid_text(ix.virtual_queues.back().id));
    if (stay != nullptr) {
        set("RPVQID", to_call_uuid_text(stay->id));
        set("RVQDBID", std::to_string(ix.virtual_queues.back().queue.value()));
    }
    set("RTargetTypeSelected", type_code(target.kind));
    set("RTargetRuleSelected", "");
    set("RTargetObjectSelected", target.name);
    set("RTargetObjSelDBID", object_dbid(core, ix.tenant, target));
    set("RTargetAgentSelected", person == nullptr ? std::string{} : person->object->employee_id);
    set("RTargetPlaceSelected", seat == nullptr ? std::string{} : core.place_name(seat->place));
    set("RTenant", core.tenant_name(ix.tenant));
    set("RStrategyName", ix.strategy);
    set("RStrategyDBID", std::to_string(ix.generation.value()));
    for (const char* key :
         {"CBR-actual_volume", "CBR-Interaction_cost", "CBR-contract_DBIDs", "CBR-IT-path_DBIDs"})
        set_where_absent(key, "");
    set("RRequestedSkillCombination", target.kind == TargetKind::skill ? target.name : std::string{});
    set("RRequestedSkills", requested_skills(target));
    set("RTargetRequested",
        request == nullptr || request->targets.empty() ? target.name : request->targets.front().name);
    set_where_absent("CustomerSegment", "default");
    set_where_absent("ServiceType", "default");
    set_where_absent("ServiceObjective", "");
    set("PegAG" + target.name, std::int64_t{1});
    ix.user_data = std::make_shared<const KvList>(std::move(data));
}

}  // namespace trunkline::flows
