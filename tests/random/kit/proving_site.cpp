#include "tests/random/kit/proving_site.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>

namespace trunkline::random_test {
namespace {

const std::vector<ProvingAgent> agents_{
    {"ann", "3001", "E3001", {"3001", "3011"}, 2, 0, "", true},
    {"bob", "3002", "E3002", {"3002"}, 3, 0, "", true},
    {"eve", "3003", "E3003", {"3003"}, 2, 15, "", true, 6},
    {"dan", "3004", "E3004", {"3004"}, 2, 0, "notready", true},
    {"fay", "3005", "E3005", {"3005"}, 1, 0, "logout", true, 7},
    {"gus", "3006", "E3006", {"3006"}, 1, 8, "", false, 0, true},
    {"ann@east", "3001", "E3001", {"3001@east"}, 1, 0, "", true},
    {"bob@east", "3002", "E3002", {"3002@east"}, 2, 0, "", true},
    {"hal", "3007", "E3007", {"3007"}, 2, 0, "", true, 0, false, true},
};

const std::vector<std::string> virtual_queues_{"VQ_one", "VQ_two"};

const std::map<std::string, std::string> points_{
    {"2001", "greets"},
    {"2002", "by_skill"},
    {"2003", "by_priority"},
    {"2004", "waits_on"},
    {"2005", "fails"},
    {"2006", "recovers"},
    {"2007", "is_closed"},
    {"2008", "sleeps"},
    {"2009", "direct"},
    {"2010", "talks_on"},
    {"2011", ""},
    {"2012", "runs_away"},
    {"2013", "defaults"},
    {"2014", "is_not_there"},
    {"2015", "widens"},
    {"2016", "by_place"},
    {"2017", "by_dn"},
    {"2018", "nests"},
    {"2019", "hoards"},
    {"2020", "by_queue"},
    {"2021", "queues"},
    {"2022", "rises"},
    {"2023", "by_figure"},
    {"2024", "waits_busily"},
    {"2025", "asks"},
    {"2026", "suspends"},
    {"2027", "hands_over"},
    {"2028", "dawdles"},
    {"2029", "lingers"},
    {"2030", "by_own_figure"},
    {"2031", "by_share"},
    {"2032", "by_calm"},
    {"2033", "goes_out"},

    {"2001@east", "greets"},
    {"2002@east", "by_skill"},
    {"2016@east", "by_place"},
};

std::map<std::string, std::string> find_stock_points() {
    namespace fs = std::filesystem;
    std::vector<std::string> names;
    const fs::path folder = fs::path(TRUNKLINE_SOURCE_DIR) / "strategies";
    if (fs::exists(folder))
        for (const auto& entry : fs::directory_iterator(folder))
            if (entry.path().extension() == ".lua" &&
                entry.path().stem().string().find("spec") == std::string::npos)
                names.push_back(entry.path().stem());
    std::sort(names.begin(), names.end());
    std::map<std::string, std::string> points;
    for (const std::string& name : names) points[std::to_string(2101 + points.size())] = name;
    return points;
}

bool is_east(const std::string& name) { return name.ends_with(east); }

std::size_t tenant_index(const std::string& realm) { return realm.empty() ? 0 : 1; }

std::vector<std::string> parts_of(const std::string& asks) {
    std::vector<std::string> parts;
    std::stringstream in(asks);
    for (std::string one; std::getline(in, one, ',');) parts.push_back(one);
    return parts;
}

std::string place_of(const std::string& dn) {
    for (const ProvingAgent& owner : agents_)
        if (std::find(owner.dns.begin(), owner.dns.end(), dn) != owner.dns.end()) return "P" + owner.login;
    return {};
}

model::Person person_for(const ProvingAgent& agent, std::uint32_t number, const std::string& place) {
    model::Person person;
    person.dbid = number;  // its own, so that a person who leaves moves nobody else's
    person.user_name = without_realm(agent.user);
    person.employee_id = agent.employee;
    person.is_agent = true;
    person.skills = {{"billing", static_cast<int>(3 * number % 9)},
                     {"english", static_cast<int>(5 * number % 9)}};
    person.agent_logins = {agent.login};
    person.default_place = place;
    if (agent.capacity != 2) person.capacity_rule = agent.capacity == 1 ? "one" : "three";
    return person;
}

using Section = std::map<std::string, std::string>;

void add_rests(Section& options, const ProvingAgent& agent) {
    if (agent.wrap_up > 0) options["wrap-up-time"] = std::to_string(static_cast<int>(agent.wrap_up));
    if (agent.legal_guard > 0)
        options["legal-guard-time"] = std::to_string(static_cast<int>(agent.legal_guard));
}

model::AgentLogin login_for(const ProvingAgent& agent, std::uint32_t number) {
    model::AgentLogin login{number, agent.login, {}};
    auto& options = login.options["TServer"];
    if (!agent.rests_by_dn) add_rests(options, agent);
    if (!agent.no_answer.empty()) options["no-answer-action"] = agent.no_answer;
    if (agent.user == "dan") options["no-answer-timeout"] = "5";
    return login;
}

model::Dn routing_point_for(const std::string& number, const std::string& strategy, std::uint32_t dbid) {
    Section options{{"after-routing-timeout", "12"}, {"im-idle-timeout", "240"}};
    if (number != "2014") options["default-dn"] = number < "2008" || is_east(number) ? "3001" : "3003";
    if (number == "2002" || number == "2004" || number == "2027") options["divert-on-ringing"] = "false";
    if (number == "2004") options["im-idle-timeout"] = "900";
    return {dbid, without_realm(number), "RoutingPoint", strategy, {{"TServer", std::move(options)}}};
}

model::Tenant tenant_named(const std::string& name, std::uint32_t dbid) {
    model::Tenant tenant;
    tenant.dbid = dbid;
    tenant.name = name;
    tenant.skills = {{0, "billing"}, {0, "english"}};
    tenant.lists = {{0, "vip", {{"sip:p1@example.com", "gold"}}}};
    tenant.capacity_rules = {
        {0, "one", "random_one"}, {0, "two", "random_two"}, {0, "three", "random_three"}};
    tenant.capacity_rule = "two";
    tenant.agent_groups = {{0, "All_Agents", {}, "", {}}, {0, "Billing", {}, "billing >= 5", {}}};
    return tenant;
}

}  // namespace

std::string realm_of(const std::string& tenant_or_switch) {
    return tenant_or_switch.starts_with("east") ? east : "";
}
std::string realm_of(ClientId client) { return client.value() >= first_east_client ? east : ""; }
std::string realm_in(const std::string& name) { return is_east(name) ? east : ""; }
std::string without_realm(const std::string& name) { return name.substr(0, name.find(east)); }

const std::vector<ProvingAgent>& proving_agents() { return agents_; }

const ProvingAgent* proving_agent(const std::string& user) {
    for (const ProvingAgent& agent : agents_)
        if (agent.user == user) return &agent;
    return nullptr;
}

const ProvingAgent* agent_of_login(const std::string& login, const std::string& realm) {
    for (const ProvingAgent& agent : agents_)
        if (agent.login == login && realm_in(agent.user) == realm) return &agent;
    return nullptr;
}

bool on_sip(const std::string& dn) {
    return std::any_of(agents_.begin(), agents_.end(),
                       [&](const ProvingAgent& agent) { return agent.sip && agent.dns.front() == dn; });
}

const std::map<std::string, std::string>& routing_points() { return points_; }
const std::vector<std::string>& virtual_queues() { return virtual_queues_; }

const std::map<std::string, std::string>& stock_routing_points() {
    static const std::map<std::string, std::string> points = find_stock_points();
    return points;
}

model::Site proving_site() {
    model::Site site;
    site.tenants = {tenant_named("Resources", 1), tenant_named("east_tenant", 2)};
    for (const char* name : {"sip_switch", "east_switch"}) {
        model::Switch sw;
        sw.dbid = static_cast<std::uint32_t>(site.switches.size() + 1);
        sw.name = name;
        sw.tenant = site.tenants[site.switches.size()].name;
        site.switches.push_back(std::move(sw));
    }
    site.switches[1].options["TServer"]["sip-domain"] = east_host;
    std::uint32_t dbid = 0, dn_dbid = 100;
    for (const ProvingAgent& agent : agents_) {
        const std::size_t home = tenant_index(realm_in(agent.user));
        model::Tenant& tenant = site.tenants[home];
        model::Switch& sw = site.switches[home];
        const std::string place = "P" + agent.login;
        tenant.persons.push_back(person_for(agent, ++dbid, place));
        sw.agent_logins.push_back(login_for(agent, dbid));
        model::Place at{dbid, place, {}, "", {}};
        for (const std::string& number : agent.dns) {
            at.dns.push_back(without_realm(number));
            Section options{{"multimedia", "true"}, {"sip-signaling-chat", "false"}};
            if (agent.rests_by_dn) add_rests(options, agent);
            if (agent.sip) options["sip-signaling-chat"] = "true", options["contact"] = sip_endpoint;
            sw.dns.push_back(
                {++dn_dbid, without_realm(number), "Extension", "", {{"TServer", std::move(options)}}});
        }
        tenant.places.push_back(std::move(at));
        if (agent.in_all) tenant.agent_groups[0].agents.push_back(without_realm(agent.user));
    }
    site.tenants[0].place_groups = {{0, "First_Floor", {"P3001", "P3004", "P3006"}}};
    site.tenants[1].place_groups = {{0, "First_Floor", {"P3002"}}};
    std::uint32_t point_dbid = 1000;
    for (const auto& points : {points_, stock_routing_points()})
        for (const auto& [number, strategy] : points)
            site.switches[tenant_index(realm_in(number))].dns.push_back(
                routing_point_for(number, strategy, ++point_dbid));
    site.switches[0].dns.push_back({900, acd_queue, "ACDQueue", "", {}});
    site.switches[0].dns.push_back(
        {901, "trunk", "Trunk", "", {{"TServer", {{"contact", "sip:192.0.2.10"}, {"prefix", "+49"}}}}});
    for (const std::string& queue : virtual_queues_)
        site.switches[0].dns.push_back({++dn_dbid, queue, "VirtualQueue", "", {}});
    site.applications.push_back({0, "desktop", "AgentDesktop", "", false, {}});
    return site;
}

const model::Person* person_of(const model::Site& site, const std::string& user) {
    for (const model::Person& person : site.tenants.at(tenant_index(realm_in(user))).persons)
        if (person.user_name == without_realm(user)) return &person;
    return nullptr;
}

int level_of(const model::Site& site, const std::string& user, const std::string& skill) {
    const model::Person* person = person_of(site, user);
    if (person == nullptr) return 0;
    const auto found = person->skills.find(skill);
    return found == person->skills.end() ? 0 : found->second;
}

bool fits(const model::Site& site, const std::string& realm, const std::string& asks, const AtDn& at) {
    const auto& [user, dn, queue] = at;
    const ProvingAgent* agent = proving_agent(user);
    if (agent == nullptr || realm_in(user) != realm || person_of(site, user) == nullptr) return false;
    const std::string place = place_of(dn);  // where he sits, whoever's it is
    const auto in_group = [&](const std::string& group) {
        for (const model::PlaceGroup& one : site.tenants.at(tenant_index(realm)).place_groups)
            if (one.name == group)
                return std::find(one.places.begin(), one.places.end(), place) != one.places.end();
        return false;
    };
    for (const std::string& one : parts_of(asks)) {
        if (one == "group:All_Agents" && agent->in_all) return true;
        if ((one == "group:Billing" || one == "skill:billing >= 5") && level_of(site, user, "billing") >= 5)
            return true;
        if (one == "skill:english >= 5" && level_of(site, user, "english") >= 5) return true;
        if (one == "agent:" + without_realm(user)) return true;
        if (one == "dn:" + without_realm(dn) || one == "place:" + place) return true;
        if (!queue.empty() && one == "queue:" + queue) return true;
        if (one.starts_with("place_group:") && in_group(one.substr(one.find(':') + 1))) return true;
    }
    return false;
}

std::string known_part(const model::Site& site, const std::string& realm, const std::string& asks) {
    std::string known;
    for (const std::string& one : parts_of(asks)) {
        const bool there = !one.starts_with("agent:") || person_of(site, one.substr(6) + realm) != nullptr;
        if (there) known += (known.empty() ? "" : ",") + one;
    }
    return known;
}

}  // namespace trunkline::random_test
