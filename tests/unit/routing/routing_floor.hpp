// A site of many agents for tests of the router alone: agent number i has DN 1000 + i and person id i + 1.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/model/snapshot.hpp"
#include "engine/routing/router.hpp"

namespace trunkline::routing::testing {

inline model::Person person_with(const std::string& name, std::map<std::string, int> skills) {
    model::Person person;
    person.user_name = name;
    person.employee_id = name;
    person.is_agent = true;
    person.skills = std::move(skills);
    return person;
}

inline model::SharedSnapshot site_of(std::vector<model::Person> persons,
                                     std::vector<model::AgentGroup> groups = {}) {
    model::Site site;
    model::Tenant tenant;
    tenant.name = "T";
    tenant.persons = std::move(persons);
    tenant.agent_groups = std::move(groups);
    site.tenants.push_back(tenant);
    return std::make_shared<const model::Snapshot>(std::move(site));
}

inline agents::Seat seat_of(const model::PersonEntry& person) {
    agents::Seat seat;
    seat.agent = person.id;
    seat.dn = DnId(1000 + person.id.value());
    seat.tenant = person.tenant;
    return seat;
}

inline DnId dn_of(const model::SharedSnapshot& config, const std::string& name) {
    return DnId(1000 + config->person(config->persons().front().tenant, name)->id.value());
}

inline Standing able_since(TimePoint idle, agents::Load load = {}) {
    return {Ability::able, load, idle, "Ready", idle};
}

inline RouteRequest to_skill(const std::string& expression,
                             const std::string& statistic = "StatTimeInReadyState") {
    RouteRequest request;
    request.targets = {{TargetKind::skill, model::SkillExpression::parse(expression)->canonical()}};
    request.statistic = statistic;
    return request;
}

inline CallUuid call(std::uint64_t n) { return {1, n}; }
inline TimePoint at(int s) { return TimePoint(std::chrono::hours(1)) + seconds(s); }

}  // namespace trunkline::routing::testing
