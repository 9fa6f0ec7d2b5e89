#include "db/config/site_rows.hpp"

#include <boost/json.hpp>
#include <map>

#include "engine/model/names.hpp"

namespace trunkline::config {
namespace {

using Kind = Column::Kind;

// Positions in tables().
enum At : std::size_t {
    tenant_rows,
    skill_rows,
    list_rows,
    capacity_rule_rows,
    switch_rows,
    dn_rows,
    agent_login_rows,
    place_rows,
    place_dn_rows,
    person_rows,
    person_skill_rows,
    person_agent_login_rows,
    agent_group_rows,
    agent_group_member_rows,
    place_group_rows,
    place_group_member_rows,
    application_rows
};

std::optional<std::string> or_null(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

std::string to_json(const std::map<std::string, std::string>& entries) {
    boost::json::object out;
    for (const auto& [key, value] : entries) out[key] = value;
    return boost::json::serialize(out);
}

class Flattener {
  public:
    explicit Flattener(const model::Site& site) : names_(site), rows_(tables().size()) {
        for (const model::Tenant& tenant : site.tenants) add(tenant);
        for (const model::Switch& sw : site.switches) add(sw);
        for (const model::Application& a : site.applications)
            rows_[application_rows].push_back(
                {{a.name},
                 {or_null(a.type), or_null(a.tenant), config::to_json(a.options)},
                 "applications[" + a.name + "]",
                 ""});
    }
    SiteRows take() { return std::move(rows_); }

  private:
    model::SwitchNames names_;
    SiteRows rows_;

    void add(const model::Tenant& tenant) {
        const std::string& t = tenant.name;
        const std::string path = "tenants[" + t + "]";
        rows_[tenant_rows].push_back(
            {{t},
             {or_null(tenant.timezone), or_null(tenant.capacity_rule), config::to_json(tenant.options)},
             path,
             ""});
        for (const model::Skill& skill : tenant.skills)
            rows_[skill_rows].push_back({{t, skill.name}, {}, path + ".skills[" + skill.name + "]", ""});
        for (const model::List& list : tenant.lists)
            rows_[list_rows].push_back(
                {{t, list.name}, {to_json(list.entries)}, path + ".lists[" + list.name + "]", ""});
        for (const model::CapacityRule& rule : tenant.capacity_rules)
            rows_[capacity_rule_rows].push_back(
                {{t, rule.name}, {rule.script}, path + ".capacity_rules[" + rule.name + "]", ""});
        for (const model::Place& place : tenant.places) add(t, place, path + ".places[" + place.name + "]");
        for (const model::Person& person : tenant.persons)
            add(t, person, path + ".persons[" + person.user_name + "]");
        for (const model::AgentGroup& group : tenant.agent_groups) {
            const std::string here = path + ".agent_groups[" + group.name + "]";
            rows_[agent_group_rows].push_back(
                {{t, group.name}, {or_null(group.script), config::to_json(group.options)}, here, ""});
            for (const std::string& agent : group.agents)
                rows_[agent_group_member_rows].push_back(
                    {{t, group.name, agent}, {}, here + ".agents[" + agent + "]", here});
        }
        for (const model::PlaceGroup& group : tenant.place_groups) {
            const std::string here = path + ".place_groups[" + group.name + "]";
            rows_[place_group_rows].push_back({{t, group.name}, {}, here, ""});
            for (const std::string& place : group.places)
                rows_[place_group_member_rows].push_back(
                    {{t, group.name, place}, {}, here + ".places[" + place + "]", here});
        }
    }

    void add(const std::string& tenant, const model::Place& place, const std::string& path) {
        rows_[place_rows].push_back(
            {{tenant, place.name}, {or_null(place.capacity_rule), config::to_json(place.options)}, path, ""});
        for (const std::string& number : place.dns)
            if (const auto found = names_.dn(tenant, number); found.sw != nullptr)
                rows_[place_dn_rows].push_back({{found.sw->name, found.name},
                                                {tenant, place.name},
                                                path + ".dns[" + number + "]",
                                                path});
    }

    void add(const std::string& tenant, const model::Person& person, const std::string& path) {
        // NULL where it is the user_name, so that it follows when that changes.
        const auto employee =
            person.employee_id == person.user_name ? std::nullopt : or_null(person.employee_id);
        rows_[person_rows].push_back({{tenant, person.user_name},
                                      {employee, or_null(person.first_name), or_null(person.last_name),
                                       person.is_agent ? "true" : "false", or_null(person.default_place),
                                       or_null(person.capacity_rule), config::to_json(person.options)},
                                      path,
                                      ""});
        for (const auto& [skill, level] : person.skills)
            rows_[person_skill_rows].push_back({{tenant, person.user_name, skill},
                                                {std::to_string(level)},
                                                path + ".skills[" + skill + "]",
                                                path});
        for (const std::string& code : person.agent_logins)
            if (const auto found = names_.login(tenant, code); found.sw != nullptr)
                rows_[person_agent_login_rows].push_back({{found.sw->name, found.name},
                                                          {tenant, person.user_name},
                                                          path + ".agent_logins[" + code + "]",
                                                          path});
    }

    void add(const model::Switch& sw) {
        const std::string path = "switches[" + sw.name + "]";
        rows_[switch_rows].push_back({{sw.name}, {sw.tenant, config::to_json(sw.options)}, path, ""});
        for (const model::Dn& dn : sw.dns)
            rows_[dn_rows].push_back({{sw.name, dn.number},
                                      {dn.type, or_null(dn.strategy), config::to_json(dn.options)},
                                      path + ".dns[" + dn.number + "]",
                                      ""});
        for (const model::AgentLogin& login : sw.agent_logins)
            rows_[agent_login_rows].push_back({{sw.name, login.code},
                                               {config::to_json(login.options)},
                                               path + ".agent_logins[" + login.code + "]",
                                               ""});
    }
};

// `TServer.voice` -> value, whatever the depth.
void leaves(const boost::json::value& value, const std::string& path,
            std::map<std::string, std::string>& out) {
    if (value.is_object())
        for (const auto& [key, below] : value.get_object()) leaves(below, path + "." + std::string(key), out);
    else
        out[path] = value.is_string() ? std::string(value.get_string()) : boost::json::serialize(value);
}

std::string shown(const std::optional<std::string>& value) {
    return value && !value->empty() ? *value : "(none)";
}

void tell_change(const Table& table, const Row& from, const Row& to, std::vector<Change>& changes) {
    for (std::size_t i = 0; i < table.values.size(); ++i) {
        if (from.values[i] == to.values[i]) continue;
        const std::string path = to.path + "." + std::string(table.values[i].name);
        if (table.values[i].kind == Kind::text) {
            changes.push_back(
                {Change::What::changed, path, shown(from.values[i]) + " -> " + shown(to.values[i])});
            continue;
        }
        std::map<std::string, std::string> before, after;
        leaves(boost::json::parse(from.values[i].value_or("{}")), path, before);
        leaves(boost::json::parse(to.values[i].value_or("{}")), path, after);
        for (const auto& [key, value] : after) {
            const auto old = before.find(key);
            if (old == before.end())
                changes.push_back({Change::What::added, key, shown(value)});
            else if (old->second != value)
                changes.push_back({Change::What::changed, key, shown(old->second) + " -> " + shown(value)});
        }
        for (const auto& [key, value] : before)
            if (!after.contains(key)) changes.push_back({Change::What::removed, key, shown(value)});
    }
}

}  // namespace

const std::vector<Table>& tables() {
    static const Column options{"options", Kind::json};
    static const std::vector<Table> all{
        {"tenant", {"name"}, {{"timezone"}, {"capacity_rule"}, options}},
        {"skill", {"tenant", "name"}, {}},
        {"list", {"tenant", "name"}, {{"entries", Kind::json}}},
        {"capacity_rule", {"tenant", "name"}, {{"script"}}},
        {"switch", {"name"}, {{"tenant"}, options}},
        {"dn", {"switch", "number"}, {{"type"}, {"strategy"}, options}},
        {"agent_login", {"switch", "code"}, {options}},
        {"place", {"tenant", "name"}, {{"capacity_rule"}, options}},
        {"place_dn", {"switch", "number"}, {{"tenant"}, {"place"}}},
        {"person",
         {"tenant", "user_name"},
         {{"employee_id"},
          {"first_name"},
          {"last_name"},
          {"is_agent"},
          {"default_place"},
          {"capacity_rule"},
          options}},
        {"person_skill", {"tenant", "person", "skill"}, {{"level"}}},
        {"person_agent_login", {"switch", "code"}, {{"tenant"}, {"person"}}},
        {"agent_group", {"tenant", "name"}, {{"script"}, options}},
        {"agent_group_member", {"tenant", "agent_group", "person"}, {}},
        {"place_group", {"tenant", "name"}, {}},
        {"place_group_member", {"tenant", "place_group", "place"}, {}},
        {"application", {"name"}, {{"type"}, {"tenant"}, options}},
    };
    return all;
}

SiteRows rows_of(const model::Site& site) { return Flattener(site).take(); }

std::string_view to_text(Change::What what) {
    switch (what) {
        case Change::What::added:
            return "added";
        case Change::What::changed:
            return "changed";
        case Change::What::removed:
            return "removed";
    }
    return {};
}

Difference difference(const model::Site& from, const model::Site& to) {
    const SiteRows before = rows_of(from), after = rows_of(to);
    Difference out;
    out.tables.resize(tables().size());
    // A part of an object that comes or goes whole is not told apart from it.
    std::map<std::string, Change::What> whole;
    const auto tell = [&](Change::What what, const Row& row, std::string detail) {
        if (row.owner.empty()) whole.emplace(row.path, what);
        if (const auto owner = whole.find(row.owner); owner != whole.end() && owner->second == what) return;
        out.changes.push_back({what, row.path, std::move(detail)});
    };
    for (std::size_t t = 0; t < tables().size(); ++t) {
        std::map<std::vector<std::string>, const Row*> old, still;
        for (const Row& row : before[t]) old.emplace(row.key, &row);
        for (const Row& row : after[t]) {
            still.emplace(row.key, &row);
            const auto match = old.find(row.key);
            if (match == old.end()) {
                out.tables[t].added.push_back(row);
                const bool one_value = !row.owner.empty() && row.values.size() == 1;
                tell(Change::What::added, row, one_value ? shown(row.values[0]) : "");
            } else if (match->second->values != row.values) {
                out.tables[t].changed.push_back(row);
                tell_change(tables()[t], *match->second, row, out.changes);
            }
        }
        for (const Row& row : before[t])
            if (!still.contains(row.key)) {
                out.tables[t].removed.push_back(row);
                tell(Change::What::removed, row, "");
            }
    }
    return out;
}

}  // namespace trunkline::config
