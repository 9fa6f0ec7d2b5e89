// A target with its names resolved against one configuration: says whether an agent at a DN belongs to it.
#pragma once

#include <memory>
#include <optional>
#include <unordered_set>

#include "engine/agents/agents.hpp"
#include "engine/model/snapshot.hpp"
#include "engine/routing/route_request.hpp"

namespace trunkline::routing {

/// Who sits where: what a target can be about.
struct Sitting {
    PersonId agent;
    DnId dn;
    TenantId tenant;
    PlaceId place;
    DnId queue;
};

class TargetMatch {
  public:
    /// None where the tenant has no such object, or the skill expression does not parse.
    /// Whether resolve() would find it, without collecting its members: asked at every ix:route.
    [[nodiscard]] static bool exists(const model::Snapshot&, TenantId, const Target&);
    [[nodiscard]] static std::optional<TargetMatch> resolve(const model::Snapshot&, TenantId, const Target&);

    /// A DN that agents may log in for and target.queue may name.
    [[nodiscard]] static bool is_queue(const model::DnEntry&);

    [[nodiscard]] bool fits(const model::Snapshot&, const Sitting&) const;
    /// Of an expression alone: whether this person meets it, wherever he sits.
    [[nodiscard]] bool meets(const model::PersonEntry&) const;
    /// A target that names one agent: decision records then say by name why not.
    [[nodiscard]] bool single() const { return single_; }
    /// The agents that it lists; empty for an expression, a place or a DN.
    [[nodiscard]] const std::unordered_set<PersonId>& agents() const { return agents_; }
    /// Of a skill target or a virtual group.
    [[nodiscard]] const std::optional<model::SkillExpression>& expression() const { return expression_; }
    [[nodiscard]] const std::unordered_set<PlaceId>& places() const { return places_; }
    [[nodiscard]] DnId dn() const { return dn_; }
    [[nodiscard]] DnId queue() const { return queue_; }

  private:
    TenantId tenant_;
    bool single_ = false;
    std::optional<model::SkillExpression> expression_;
    std::unordered_set<PersonId> agents_;
    std::unordered_set<PlaceId> places_;
    DnId dn_;
    DnId queue_;
};

}  // namespace trunkline::routing
