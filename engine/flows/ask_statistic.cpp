#include "engine/flows/ask_statistic.hpp"

#include <array>
#include <optional>
#include <set>

#include "engine/base/near_names.hpp"
#include "engine/base/printable.hpp"
#include "engine/routing/target_match.hpp"

namespace trunkline::flows {
namespace {

using routing::Target;
using routing::TargetKind;
using statistics::Answer;
using statistics::Subject;

struct Kind {
    std::string_view type;
    std::optional<TargetKind> target;  // none: the tenant itself
    bool by_name_alone;                // found without its type
};
constexpr std::array<Kind, 8> kinds{{{"dn", TargetKind::dn, true},
                                     {"agent", TargetKind::agent, true},
                                     {"group", TargetKind::group, true},
                                     {"place", TargetKind::place, true},
                                     {"place_group", TargetKind::place_group, true},
                                     {"tenant", std::nullopt, true},
                                     {"queue", TargetKind::queue, false},
                                     {"skill", TargetKind::skill, false}}};

struct Object {
    const Kind* kind = nullptr;
    std::string name;
};

bool exists(const Core& core, TenantId tenant, const Kind& kind, const std::string& name) {
    if (kind.target) return routing::TargetMatch::exists(*core.config, tenant, Target{*kind.target, name});
    return core.tenant_name(tenant) == name;
}

std::optional<Object> find(const Core& core, TenantId tenant, std::string_view object) {
    for (const Kind& kind : kinds) {
        if (!object.starts_with(kind.type) || !object.substr(kind.type.size()).starts_with(':')) continue;
        std::string name(object.substr(kind.type.size() + 1));
        if (!exists(core, tenant, kind, name)) return std::nullopt;
        return Object{&kind, std::move(name)};
    }
    for (const Kind& kind : kinds)
        if (kind.by_name_alone && exists(core, tenant, kind, std::string(object)))
            return Object{&kind, std::string(object)};
    return std::nullopt;
}

/// The DN where an object is one that interactions wait in.
const model::DnEntry* waiting_place(const Core& core, TenantId tenant, const Object& object) {
    if (object.kind->target != TargetKind::dn && object.kind->target != TargetKind::queue) return nullptr;
    const model::DnEntry* dn = core.config->dn(tenant, object.name);
    const bool waits = routing::TargetMatch::is_queue(*dn) || dn->type == model::DnType::routing_point;
    return waits ? dn : nullptr;
}

std::set<PersonId> persons_of(const Core& core, TenantId tenant, const Object& object) {
    std::set<PersonId> persons;
    if (!object.kind->target) {
        for (const model::PersonEntry& person : core.config->persons())
            if (person.tenant == tenant) persons.insert(person.id);
        return persons;
    }
    Target target{*object.kind->target, object.name};
    if (waiting_place(core, tenant, object) != nullptr) target.kind = TargetKind::queue;
    const auto match = routing::TargetMatch::resolve(*core.config, tenant, target);
    if (!match) return persons;  // a routing point: nobody logs in for it
    persons.insert(match->agents().begin(), match->agents().end());
    if (match->expression())
        for (const model::PersonEntry& person : core.config->persons())
            if (person.tenant == tenant && match->meets(person)) persons.insert(person.id);
    for (const auto& [dn, seat] : core.agents.seats())
        if (match->fits(*core.config, {seat.agent, dn, seat.tenant, seat.place, seat.queue}))
            persons.insert(seat.agent);
    return persons;
}

Subject subject_of(const Core& core, TenantId tenant, const Object& object, TimePoint now) {
    const std::string tenant_name = core.tenant_name(tenant);
    Subject subject;
    subject.day = core.statistics.day(tenant_name, now);
    subject.now = now;
    subject.is_agent = object.kind->target == TargetKind::agent;
    if (const model::DnEntry* dn = waiting_place(core, tenant, object)) {
        subject.is_queue = true;
        subject.queue = core.statistics.queue(tenant_name, core.switch_name(dn->sw), dn->object->number);
    }
    for (const PersonId person : persons_of(core, tenant, object))
        subject.agents.push_back(core.statistics.agent(tenant_name, core.user_name(person)));
    return subject;
}

Error no_statistic(std::string_view name) {
    return {ErrorCode::bad_attribute, "there is no statistic '" + printable(name) + "'" +
                                          did_you_mean(name, statistics::statistic_names()) +
                                          "; `trunkctl stat --list` and docs/statistics.md name all"};
}

Error no_object(std::string_view object) {
    return {ErrorCode::dn_not_configured, "there is no object '" + printable(object) +
                                              "': write a name, or type:name with one of dn, queue, agent, "
                                              "group, place, place_group, skill, tenant"};
}

}  // namespace

Result<Answer> ask_statistic(const Core& core, TenantId tenant, std::string_view object,
                             std::string_view statistic, TimePoint now) {
    const statistics::StatisticRow* row = statistics::statistic_named(statistic);
    if (row == nullptr) return no_statistic(statistic);
    const auto found = core.config ? find(core, tenant, object) : std::nullopt;
    if (!found) return no_object(object);
    const Subject subject = subject_of(core, tenant, *found, now);
    const std::string type(found->kind->type);
    if (!statistics::applies(*row, subject))
        return Error{ErrorCode::bad_attribute, "'" + std::string(row->name) + "' is a statistic of " +
                                                   std::string(to_text(row->about)) + ", and " + type + ":" +
                                                   printable(found->name) + " is none"};
    return Answer{found->name, type, core.tenant_name(tenant), row, row->figure(subject)};
}

Result<Answer> ask_statistic(const Core& core, std::string_view tenant, std::string_view object,
                             std::string_view statistic, TimePoint now) {
    if (!core.config) return no_object(object);
    if (!tenant.empty()) {
        const model::TenantEntry* only = core.config->tenant(tenant);
        if (only == nullptr)
            return Error{ErrorCode::dn_not_configured, "there is no tenant '" + printable(tenant) + "'"};
        return ask_statistic(core, only->id, object, statistic, now);
    }
    std::optional<TenantId> home;
    for (const model::Tenant& one : core.config->site().tenants) {
        const model::TenantEntry* entry = core.config->tenant(one.name);
        if (!find(core, entry->id, object)) continue;
        if (home)
            return Error{ErrorCode::bad_attribute, "'" + printable(object) + "' is in tenant '" +
                                                       core.tenant_name(*home) + "' and in '" + one.name +
                                                       "': say which"};
        home = entry->id;
    }
    // Where nobody has it, what is wrong with the statistic is told first all the same.
    return ask_statistic(core, home.value_or(TenantId{}), object, statistic, now);
}

}  // namespace trunkline::flows
