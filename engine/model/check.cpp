#include "engine/model/check.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "engine/base/near_names.hpp"
#include "engine/model/check_options.hpp"
#include "engine/model/names.hpp"
#include "engine/model/sip_contact.hpp"
#include "engine/model/skill_expression.hpp"
#include "engine/model/snapshot.hpp"
#include "engine/model/time_zone.hpp"

namespace trunkline::model {
namespace {

constexpr int highest_level = 1'000'000;

std::string quote(std::string_view name) { return "'" + std::string(name.substr(0, 80)) + "'"; }

// One walk over the site; each visit_ function looks at one kind of object.
class Checker {
  public:
    Checker(const Site& site, const KnownScripts& scripts) : site_(site), scripts_(scripts), names_(site) {
        for (const Tenant& tenant : site.tenants) tenants_.insert(tenant.name);
        for (const Switch& sw : site.switches)
            for (const Dn& dn : sw.dns) {
                if (option_flag(dn.options, "TServer", "multimedia", false))
                    multimedia_.emplace(&sw, dn.number);
                if (dn.type == "RoutingPoint" || dn.type == "VirtualQueue" || dn.type == "Trunk")
                    no_seat_.emplace(std::pair(&sw, dn.number), dn.type);
            }
    }

    std::vector<Finding> run() {
        for (const Tenant& tenant : site_.tenants) {
            if (claim("tenants", tenant.name, "name")) visit(tenant, "tenants[" + tenant.name + "]");
        }
        std::map<std::string, std::string> domains, default_of_tenant;
        for (const Switch& sw : site_.switches) {
            const std::string path = "switches[" + sw.name + "]";
            if (!claim("switches", sw.name, "name")) continue;
            visit(sw, path);
            if (option_flag(sw.options, "TServer", "default", false)) {
                const auto [first, is_new] = default_of_tenant.emplace(sw.tenant, sw.name);
                if (!is_new)
                    error(path + ".options.TServer.default",
                          "switch " + quote(first->second) + " is the default of tenant " + quote(sw.tenant) +
                              " already; a tenant has one");
            }
            const std::string domain(option(sw.options, "TServer", "sip-domain"));
            if (domain.empty()) continue;
            const auto [first, is_new] = domains.emplace(domain, sw.name);
            if (!is_new)
                error(path + ".options.TServer.sip-domain", quote(domain) + " is the domain of switch " +
                                                                quote(first->second) +
                                                                " already; each switch needs its own");
        }
        for (const Application& application : site_.applications) {
            const std::string path = "applications[" + application.name + "]";
            if (!claim("applications", application.name, "name")) continue;
            if (!application.tenant.empty()) require_tenant(application.tenant, path + ".tenant");
            check_options(application.options, path, findings_);
        }
        return std::move(findings_);
    }

  private:
    const Site& site_;
    const KnownScripts& scripts_;
    SwitchNames names_;
    std::set<std::string_view> tenants_;
    std::set<std::pair<const Switch*, std::string>> multimedia_;
    std::map<std::pair<const Switch*, std::string>, std::string> no_seat_;  // DNs where nobody sits: type
    std::vector<Finding> findings_;
    std::set<std::pair<std::string, std::string>> claimed_;
    std::map<std::pair<const Switch*, std::string>, std::string> place_of_dn_, person_of_login_;

    void error(std::string path, std::string message) {
        findings_.push_back({Finding::Severity::error, std::move(path), std::move(message)});
    }
    void warning(std::string path, std::string message) {
        findings_.push_back({Finding::Severity::warning, std::move(path), std::move(message)});
    }

    // Every name of a list is a name, and stands there once; false for one that was there before.
    bool claim(const std::string& list, const std::string& name, std::string_view field) {
        const std::string path = list + "[" + name + "]";
        if (!is_name(name))
            error(path + "." + std::string(field),
                  name.empty() ? "is missing: every object needs one"
                               : "is no name: 1 to 255 bytes, no control characters, no blanks at the ends");
        if (claimed_.emplace(list, name).second) return true;
        error(path, quote(name) + " is there twice; names are unique in their list");
        return false;
    }

    // Sites have tens of thousands of persons: every name is looked up, never searched for.
    struct Names {
        std::set<std::string_view> skills, persons;
        std::map<std::string_view, const Place*> places;
        std::map<std::string_view, std::string> multimedia_dn;  // of the places that have one
        std::map<std::string_view, const CapacityRule*> rule;
        const Place* first_multimedia_place = nullptr;
    };
    Names here_;  // of the tenant that is being visited

    void index(const Tenant& tenant) {
        here_ = {};
        for (const Skill& skill : tenant.skills) here_.skills.insert(skill.name);
        for (const CapacityRule& rule : tenant.capacity_rules) here_.rule.emplace(rule.name, &rule);
        for (const Person& person : tenant.persons) here_.persons.insert(person.user_name);
        for (const Place& place : tenant.places) {
            here_.places.emplace(place.name, &place);
            for (const std::string& number : place.dns) {
                const auto found = names_.dn(tenant.name, number);
                if (found.sw == nullptr || !multimedia_.contains({found.sw, found.name})) continue;
                here_.multimedia_dn.emplace(place.name, number);
                if (here_.first_multimedia_place == nullptr) here_.first_multimedia_place = &place;
                break;
            }
        }
    }

    // What somebody may have meant; not for a thousand mistakes among ten thousand names.
    template <class Known>
    std::string meant(std::string_view name, const Known& known) const {
        if (findings_.size() >= 50) return "";
        std::vector<std::string_view> names;
        for (const auto& entry : known)
            if constexpr (requires { entry.first; })
                names.push_back(entry.first);
            else
                names.push_back(entry);
        return did_you_mean(name, names, 2);
    }
    template <class Known>
    std::string lacks(const Tenant& tenant, std::string_view what, const std::string& name,
                      const Known& known) const {
        return "tenant " + quote(tenant.name) + " has no " + std::string(what) + " " + quote(name) +
               meant(name, known);
    }

    void require_tenant(const std::string& name, const std::string& path) {
        if (name.empty())
            error(path, "is missing: say which tenant it belongs to");
        else if (!tenants_.contains(name))
            error(path, "there is no tenant " + quote(name) + meant(name, tenants_));
    }

    void require_rule(const Tenant& tenant, const std::string& name, const std::string& path) {
        if (!name.empty() && !here_.rule.contains(name))
            error(path, lacks(tenant, "capacity rule", name, here_.rule));
    }

    void visit(const Tenant& tenant, const std::string& path) {
        if (!tenant.timezone.empty() && system_time_zones().find(tenant.timezone) == nullptr)
            error(path + ".timezone",
                  quote(tenant.timezone) +
                      " is no IANA time zone such as Europe/Berlin (package tzdata has the "
                      "names)");
        index(tenant);
        require_rule(tenant, tenant.capacity_rule, path + ".capacity_rule");
        check_options(tenant.options, path, findings_);
        for (const Skill& skill : tenant.skills) (void)claim(path + ".skills", skill.name, "name");
        for (const List& list : tenant.lists) (void)claim(path + ".lists", list.name, "name");
        for (const CapacityRule& rule : tenant.capacity_rules) {
            if (claim(path + ".capacity_rules", rule.name, "name"))
                visit(rule, path + ".capacity_rules[" + rule.name + "].script");
        }
        for (const Place& place : tenant.places) {
            if (claim(path + ".places", place.name, "name"))
                visit(tenant, place, path + ".places[" + place.name + "]");
        }
        for (const Person& person : tenant.persons) {
            if (claim(path + ".persons", person.user_name, "user_name"))
                visit(tenant, person, path + ".persons[" + person.user_name + "]");
        }
        check_employee_ids(tenant, path);
        for (const AgentGroup& group : tenant.agent_groups) {
            if (claim(path + ".agent_groups", group.name, "name"))
                visit(tenant, group, path + ".agent_groups[" + group.name + "]");
        }
        for (const PlaceGroup& group : tenant.place_groups) {
            if (!claim(path + ".place_groups", group.name, "name")) continue;
            for (const std::string& place : group.places)
                if (!here_.places.contains(place))
                    error(path + ".place_groups[" + group.name + "].places[" + place + "]",
                          lacks(tenant, "place", place, here_.places));
        }
    }

    void visit(const CapacityRule& rule, const std::string& path) {
        if (!is_name(rule.script))
            error(path, "is missing: name the file in scripts/capacity, without .lua");
        else if (scripts_.capacity_rules && !scripts_.capacity_rules->contains(rule.script))
            warning(path, "there is no capacity rule script " + quote(rule.script) + " (scripts/capacity/" +
                              rule.script +
                              ".lua); until there is, its agents get one voice interaction and nothing else");
    }

    void visit(const Tenant& tenant, const Place& place, const std::string& path) {
        require_rule(tenant, place.capacity_rule, path + ".capacity_rule");
        check_options(place.options, path, findings_);
        for (const std::string& number : place.dns) {
            const auto found = names_.dn(tenant.name, number);
            const std::string item = path + ".dns[" + number + "]";
            if (!resolved(found, tenant, number, "DN", item)) continue;
            if (const auto type = no_seat_.find(std::pair(found.sw, found.name)); type != no_seat_.end()) {
                error(item, quote(number) + " is a " + type->second +
                                ", where nobody can sit; a place has Extensions or ACDPositions");
                continue;
            }
            const auto [first, is_new] = place_of_dn_.emplace(std::pair(found.sw, found.name), place.name);
            if (!is_new)
                error(item, quote(number) + " is in place " + quote(first->second) +
                                " already; a DN is in one place at most");
        }
    }

    bool resolved(const SwitchNames::Found& found, const Tenant& tenant, const std::string& name,
                  std::string_view what, const std::string& path) {
        if (found.sw == nullptr)
            error(path, "no switch of tenant " + quote(tenant.name) + " has the " + std::string(what) + " " +
                            quote(name));
        else if (found.ambiguous)
            error(path, quote(name) + " is in several switches of the tenant; write " +
                            quote(name + "@" + found.sw->name));
        else
            return true;
        return false;
    }

    void visit(const Tenant& tenant, const Person& person, const std::string& path) {
        require_rule(tenant, person.capacity_rule, path + ".capacity_rule");
        check_options(person.options, path, findings_);
        if (!person.employee_id.empty() && !is_name(person.employee_id))
            error(path + ".employee_id",
                  "is no name: 1 to 255 bytes, no control characters, no blanks at the ends");
        for (const auto& [skill, level] : person.skills) {
            if (!here_.skills.contains(skill))
                error(path + ".skills." + skill, lacks(tenant, "skill", skill, here_.skills));
            if (level < 0 || level > highest_level)
                error(path + ".skills." + skill,
                      "a level is a number from 0 to " + std::to_string(highest_level));
        }
        for (const std::string& code : person.agent_logins) {
            const auto found = names_.login(tenant.name, code);
            const std::string item = path + ".agent_logins[" + code + "]";
            if (!resolved(found, tenant, code, "agent login", item)) continue;
            const auto [first, is_new] =
                person_of_login_.emplace(std::pair(found.sw, found.name), person.user_name);
            if (!is_new)
                error(item, quote(code) + " belongs to person " + quote(first->second) +
                                " already; a login belongs to one person at most");
        }
        if (!person.default_place.empty() && !here_.places.contains(person.default_place))
            error(path + ".default_place", lacks(tenant, "place", person.default_place, here_.places));
        if (person.is_agent && person.agent_logins.empty())
            warning(path + ".agent_logins", "an agent without an agent login cannot log in");
        check_capacity(tenant, person, path);
    }

    // With no rule the default of the field holds, one voice interaction and nothing else: such an agent
    // waits for chats that never come.
    void check_capacity(const Tenant& tenant, const Person& person, const std::string& path) {
        if (person.agent_logins.empty()) return;
        const std::string place_name = !person.default_place.empty() ? person.default_place
                                       : here_.first_multimedia_place != nullptr
                                           ? here_.first_multimedia_place->name
                                           : "";
        const auto number = here_.multimedia_dn.find(place_name);
        if (number == here_.multimedia_dn.end()) return;
        const Place& place = *here_.places.at(place_name);
        const std::string& rule = !person.capacity_rule.empty()  ? person.capacity_rule
                                  : !place.capacity_rule.empty() ? place.capacity_rule
                                                                 : tenant.capacity_rule;
        const std::string has_multimedia =
            "DN " + quote(number->second) + " of place " + quote(place_name) + " has multimedia, but ";
        if (rule.empty()) {
            warning(path + ".capacity_rule",
                    has_multimedia + "no capacity rule of the person, the place or the tenant allows a chat");
            return;
        }
        const auto found = here_.rule.find(rule);
        if (scripts_.chat_rules && found != here_.rule.end() &&
            !scripts_.chat_rules->contains(found->second->script))
            warning(path + ".capacity_rule", has_multimedia + "capacity rule " + quote(rule) + " (script " +
                                                 quote(found->second->script) + ") never allows a chat");
    }

    void check_employee_ids(const Tenant& tenant, const std::string& path) {
        std::map<std::string_view, std::string_view> owners;
        for (const Person& person : tenant.persons) {
            if (person.employee_id.empty()) continue;
            const auto [first, is_new] = owners.emplace(person.employee_id, person.user_name);
            if (!is_new && first->second != person.user_name)
                warning(path + ".persons[" + person.user_name + "].employee_id",
                        quote(person.employee_id) + " is that of " + quote(first->second) +
                            " too; reports cannot tell them apart and scripts must use the user_name");
        }
    }

    void visit(const Tenant& tenant, const AgentGroup& group, const std::string& path) {
        check_options(group.options, path, findings_);
        for (const std::string& agent : group.agents)
            if (!here_.persons.contains(agent))
                error(path + ".agents[" + agent + "]", lacks(tenant, "person", agent, here_.persons));
        if (group.script.empty()) return;
        if (!group.agents.empty()) error(path + ".script", "a group has either agents or a script, not both");
        const auto expression = SkillExpression::parse(group.script);
        if (!expression) {
            error(path + ".script", expression.error().message);
            return;
        }
        for (const std::string& skill : expression->skills())
            if (!here_.skills.contains(skill))
                error(path + ".script", lacks(tenant, "skill", skill, here_.skills));
    }

    void visit(const Switch& sw, const std::string& path) {
        require_tenant(sw.tenant, path + ".tenant");
        check_options(sw.options, path, findings_);
        for (const AgentLogin& login : sw.agent_logins) {
            refuse_at_sign(path + ".agent_logins[" + login.code + "].code", login.code, "code");
            if (claim(path + ".agent_logins", login.code, "code"))
                check_options(login.options, path + ".agent_logins[" + login.code + "]", findings_);
        }
        for (const Dn& dn : sw.dns) {
            refuse_at_sign(path + ".dns[" + dn.number + "].number", dn.number, "number");
            if (claim(path + ".dns", dn.number, "number")) visit(sw, dn, path + ".dns[" + dn.number + "]");
        }
    }

    void refuse_at_sign(const std::string& path, const std::string& name, const std::string& what) {
        if (name.find('@') != std::string::npos)
            error(path, quote(name) +
                            " has an @ in it, behind which the name of the switch stands wherever a " + what +
                            " is asked for; take it out");
    }

    // A SIP URI, or a number for one of the switch's trunks.
    static bool leads_out(const Switch& sw, const std::string& target) {
        if (has_sip_scheme(target)) return parse_sip_contact(target).has_value();
        const auto number = plain_number(target);
        return number && std::any_of(sw.dns.begin(), sw.dns.end(), [&](const Dn& dn) {
                   return dn.type == "Trunk" && !option(dn.options, "TServer", "contact").empty() &&
                          number->starts_with(option(dn.options, "TServer", "prefix"));
               });
    }

    void visit(const Switch& sw, const Dn& dn, const std::string& path) {
        check_options(dn.options, path, findings_);
        const auto type = dn_type(dn.type);
        if (!type) {
            error(path + ".type",
                  (dn.type.empty() ? std::string("is missing") : quote(dn.type) + " is no type of DN") +
                      "; the types are Extension, ACDPosition, ACDQueue, RoutingPoint, VirtualQueue, Trunk, "
                      "TrunkGroup, CommunicationDN, VoIPService");
            return;
        }
        const std::string& strategy = dn.strategy;
        if (!strategy.empty() && !is_name(strategy))
            error(path + ".strategy",
                  "is no name: 1 to 255 bytes, no control characters, no blanks at the ends");
        else if (!strategy.empty() && *type != DnType::routing_point)
            warning(path + ".strategy", "only a RoutingPoint runs a strategy; this is a " + dn.type);
        else if (!strategy.empty() && scripts_.strategies && !scripts_.strategies->contains(strategy))
            warning(path + ".strategy", "there is no strategy " + quote(strategy) + " (strategies/" +
                                            strategy +
                                            ".lua); until there is, what comes in goes to the default DN");
        const std::string target(option(dn.options, "TServer", "default-dn"));
        if (!target.empty() && names_.dn(sw.tenant, target).sw == nullptr && !leads_out(sw, target))
            warning(path + ".options.TServer.default-dn",
                    "no switch of tenant " + quote(sw.tenant) + " has the DN " + quote(target));
    }
};

}  // namespace

bool is_name(std::string_view name) {
    const auto blank = [](char c) { return c == ' '; };
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    return !name.empty() && name.size() <= 255 && !blank(name.front()) && !blank(name.back()) &&
           std::none_of(name.begin(), name.end(), control);
}

std::vector<Finding> check(const Site& site) { return check(site, KnownScripts{}); }

std::vector<Finding> check(const Site& site, const KnownScripts& scripts) {
    return Checker(site, scripts).run();
}

}  // namespace trunkline::model
