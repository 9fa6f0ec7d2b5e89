#include "db/config/merge_site.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace trunkline::config {
namespace {

template <class Object>
const std::string& name_of(const Object& object) {
    if constexpr (requires { object.user_name; })
        return object.user_name;
    else if constexpr (requires { object.number; })
        return object.number;
    else if constexpr (requires { object.code; })
        return object.code;
    else
        return object.name;
}

class Merge {
  public:
    Merge(const SiteFile& file, Prune prune) : file_(file), prune_(prune == Prune::yes) {}

    void site(model::Site& current) {
        // Tenants and switches that the file does not name are none of its business.
        list(current.tenants, file_.site.tenants, "tenants", false);
        list(current.switches, file_.site.switches, "switches", false);
        list(current.applications, file_.site.applications, "applications",
             prune_ && file_.says("applications"));
    }

  private:
    const SiteFile& file_;
    bool prune_;

    template <class List>
    void list(List& current, const List& wanted, const std::string& path, bool drop_others) {
        std::unordered_map<std::string, std::size_t> at;
        for (std::size_t i = 0; i < current.size(); ++i) at.emplace(name_of(current[i]), i);
        std::vector<bool> kept(current.size(), !drop_others);
        std::unordered_set<std::string> seen;
        for (const auto& object : wanted) {
            const auto there = at.find(name_of(object));
            // What the file has twice stays there twice, for check() to say so.
            if (!seen.insert(name_of(object)).second || there == at.end()) {
                current.push_back(object);
                continue;
            }
            kept[there->second] = true;
            merge(current[there->second], object, path + "[" + name_of(object) + "]");
        }
        std::size_t index = 0;
        std::erase_if(current, [&](const auto&) {
            const bool drop = index < kept.size() && !kept[index];
            ++index;
            return drop;
        });
    }

    template <class Value>
    void take(const std::string& path, const char* key, Value& current, const Value& wanted) {
        if (prune_ || file_.says(path + "." + key)) current = wanted;
    }

    // What no object can be without is never taken away by leaving it out.
    void take_required(const std::string& path, const char* key, std::string& current,
                       const std::string& wanted) {
        if (file_.says(path + "." + key)) current = wanted;
    }

    void merge(model::Skill&, const model::Skill&, const std::string&) {}
    // Where the file names a list it says all of it.
    void merge(model::List& current, const model::List& wanted, const std::string&) {
        current.entries = wanted.entries;
    }
    void merge(model::CapacityRule& current, const model::CapacityRule& wanted, const std::string& path) {
        take_required(path, "script", current.script, wanted.script);
    }
    void merge(model::Person& current, const model::Person& wanted, const std::string& path) {
        take(path, "employee_id", current.employee_id, wanted.employee_id);
        take(path, "first_name", current.first_name, wanted.first_name);
        take(path, "last_name", current.last_name, wanted.last_name);
        take(path, "is_agent", current.is_agent, wanted.is_agent);
        take(path, "skills", current.skills, wanted.skills);
        take(path, "agent_logins", current.agent_logins, wanted.agent_logins);
        take(path, "default_place", current.default_place, wanted.default_place);
        take(path, "capacity_rule", current.capacity_rule, wanted.capacity_rule);
        take(path, "options", current.options, wanted.options);
    }
    void merge(model::AgentGroup& current, const model::AgentGroup& wanted, const std::string& path) {
        take(path, "agents", current.agents, wanted.agents);
        take(path, "script", current.script, wanted.script);
        take(path, "options", current.options, wanted.options);
        // A group has one or the other: the one that the file says ends the one that was.
        if (!wanted.script.empty() && wanted.agents.empty()) current.agents.clear();
        if (wanted.script.empty() && !wanted.agents.empty()) current.script.clear();
    }
    void merge(model::Place& current, const model::Place& wanted, const std::string& path) {
        take(path, "dns", current.dns, wanted.dns);
        take(path, "capacity_rule", current.capacity_rule, wanted.capacity_rule);
        take(path, "options", current.options, wanted.options);
    }
    void merge(model::PlaceGroup& current, const model::PlaceGroup& wanted, const std::string& path) {
        take(path, "places", current.places, wanted.places);
    }
    void merge(model::Tenant& current, const model::Tenant& wanted, const std::string& path) {
        take(path, "timezone", current.timezone, wanted.timezone);
        take(path, "capacity_rule", current.capacity_rule, wanted.capacity_rule);
        take(path, "options", current.options, wanted.options);
        list(current.skills, wanted.skills, path + ".skills", prune_);
        list(current.lists, wanted.lists, path + ".lists", prune_);
        list(current.capacity_rules, wanted.capacity_rules, path + ".capacity_rules", prune_);
        list(current.persons, wanted.persons, path + ".persons", prune_);
        list(current.agent_groups, wanted.agent_groups, path + ".agent_groups", prune_);
        list(current.places, wanted.places, path + ".places", prune_);
        list(current.place_groups, wanted.place_groups, path + ".place_groups", prune_);
    }
    void merge(model::AgentLogin& current, const model::AgentLogin& wanted, const std::string& path) {
        take(path, "options", current.options, wanted.options);
    }
    void merge(model::Dn& current, const model::Dn& wanted, const std::string& path) {
        take_required(path, "type", current.type, wanted.type);
        take(path, "strategy", current.strategy, wanted.strategy);
        take(path, "options", current.options, wanted.options);
    }
    void merge(model::Switch& current, const model::Switch& wanted, const std::string& path) {
        take_required(path, "tenant", current.tenant, wanted.tenant);
        take(path, "options", current.options, wanted.options);
        list(current.agent_logins, wanted.agent_logins, path + ".agent_logins", prune_);
        list(current.dns, wanted.dns, path + ".dns", prune_);
    }
    void merge(model::Application& current, const model::Application& wanted, const std::string& path) {
        take(path, "type", current.type, wanted.type);
        take(path, "tenant", current.tenant, wanted.tenant);
        take(path, "options", current.options, wanted.options);
    }
};

}  // namespace

model::Site merged(model::Site current, const SiteFile& file, Prune prune) {
    Merge(file, prune).site(current);
    return current;
}

}  // namespace trunkline::config
