#include "engine/routing/target_match.hpp"

#include <algorithm>

namespace trunkline::routing {
namespace {

bool has_skills(const model::SkillExpression& expression, const model::PersonEntry& person) {
    return expression.matches([&](std::string_view skill) {
        const auto level = person.object->skills.find(std::string(skill));
        return level == person.object->skills.end() ? 0 : level->second;
    });
}

const model::PlaceGroup* place_group(const model::Snapshot& config, TenantId tenant,
                                     const std::string& name) {
    for (const model::PlaceGroup& g : config.tenant(tenant)->object->place_groups)
        if (g.name == name) return &g;
    return nullptr;
}

const model::DnEntry* queue_dn(const model::Snapshot& config, TenantId tenant, const std::string& number) {
    const auto* dn = config.dn(tenant, number);
    return dn != nullptr && TargetMatch::is_queue(*dn) ? dn : nullptr;
}

}  // namespace

bool TargetMatch::is_queue(const model::DnEntry& dn) {
    return dn.type == model::DnType::acd_queue || dn.type == model::DnType::virtual_queue;
}

bool TargetMatch::exists(const model::Snapshot& config, TenantId tenant, const Target& target) {
    if (config.tenant(tenant) == nullptr) return false;
    switch (target.kind) {
        case TargetKind::agent:
            return config.person_by_any_name(tenant, target.name) != nullptr;
        case TargetKind::group:
            return config.group(tenant, target.name) != nullptr;
        case TargetKind::place:
            return config.place(tenant, target.name) != nullptr;
        case TargetKind::place_group:
            return place_group(config, tenant, target.name) != nullptr;
        case TargetKind::dn:
            return config.dn(tenant, target.name) != nullptr;
        case TargetKind::skill:
            return model::SkillExpression::parse(target.name).has_value();
        case TargetKind::queue:
            return queue_dn(config, tenant, target.name) != nullptr;
    }
    return false;
}

std::optional<TargetMatch> TargetMatch::resolve(const model::Snapshot& config, TenantId tenant,
                                                const Target& target) {
    TargetMatch match;
    match.tenant_ = tenant;
    if (config.tenant(tenant) == nullptr) return std::nullopt;
    switch (target.kind) {
        case TargetKind::agent: {
            const auto* person = config.person_by_any_name(tenant, target.name);
            if (person == nullptr) return std::nullopt;
            match.agents_.insert(person->id);
            match.single_ = true;
            return match;
        }
        case TargetKind::group: {
            const auto* group = config.group(tenant, target.name);
            if (group == nullptr) return std::nullopt;
            match.expression_ = group->expression;
            match.agents_.insert(group->members.begin(), group->members.end());
            return match;
        }
        case TargetKind::place: {
            const auto* place = config.place(tenant, target.name);
            if (place == nullptr) return std::nullopt;
            match.places_.insert(place->id);
            return match;
        }
        case TargetKind::place_group: {
            const auto* group = place_group(config, tenant, target.name);
            if (group == nullptr) return std::nullopt;
            for (const std::string& name : group->places)
                if (const auto* place = config.place(tenant, name)) match.places_.insert(place->id);
            return match;
        }
        case TargetKind::skill: {
            auto expression = model::SkillExpression::parse(target.name);
            if (!expression) return std::nullopt;
            match.expression_ = std::move(*expression);
            return match;
        }
        case TargetKind::dn: {
            const auto* dn = config.dn(tenant, target.name);
            if (dn == nullptr) return std::nullopt;
            match.dn_ = dn->id;
            return match;
        }
        case TargetKind::queue: {
            const auto* dn = queue_dn(config, tenant, target.name);
            if (dn == nullptr) return std::nullopt;
            match.queue_ = dn->id;
            return match;
        }
    }
    return std::nullopt;
}

bool TargetMatch::fits(const model::Snapshot& config, const Sitting& seat) const {
    if (seat.tenant != tenant_) return false;
    if (expression_) {
        const auto* person = config.person(seat.agent);
        return person != nullptr && has_skills(*expression_, *person);
    }
    if (dn_) return seat.dn == dn_;
    if (queue_) return seat.queue == queue_;
    if (!places_.empty()) return places_.contains(seat.place);
    return agents_.contains(seat.agent);
}

bool TargetMatch::meets(const model::PersonEntry& person) const {
    return expression_ && person.tenant == tenant_ && has_skills(*expression_, person);
}

}  // namespace trunkline::routing
