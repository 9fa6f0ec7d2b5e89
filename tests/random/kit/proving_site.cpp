#include "tests/random/kit/proving_site.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include "tests/support/world.hpp"

namespace trunkline::random_test {
namespace {

const std::vector<ProvingAgent> agents_{
    {"ann", "3001", "E3001", {"3001", "3011"}, 2, 0, "", true},
    {"bob", "3002", "E3002", {"3002"}, 3, 0, "", true},
    {"eve", "3003", "E3003", {"3003"}, 2, 15, "", true},
    {"dan", "3004", "E3004", {"3004"}, 2, 0, "notready", true},
    {"fay", "3005", "E3005", {"3005"}, 1, 0, "logout", true},
    {"gus", "3006", "E3006", {"3006"}, 1, 8, "", false},
};

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
};

const char* const proof_library = R"lua(
-- What the random test's strategies share: they tell user data what they heard and what they ask for.
local proof = {}

function proof.collect(ix, seconds)
  local text, why = ix:collect_digits{total_timeout = seconds}
  if text then ix.userdata.heard = text end
  return text, why
end

function proof.say(ix, words)
  local who = ix.ani
  if who then ix:play_announcement{text = "auto " .. who .. ": " .. words} end
end

function proof.route(ix, asks, request)
  ix.userdata.asks = asks
  request.targets = {}
  for kind, name in asks:gmatch("(%a+):([^,]+)") do
    request.targets[#request.targets + 1] = target[kind](name)
  end
  return ix:route(request)
end

return proof
)lua";

const std::map<std::string, std::string> strategies_{
    {"greets", R"lua(
return function(ix)
  proof.say(ix, "welcome")
  local topic = proof.collect(ix, 20)
  if topic then ix:attach{topic = topic, length = #topic} end
  proof.say(ix, "one moment")
  if not proof.route(ix, "group:All_Agents", {timeout = 45}) then proof.say(ix, "nobody is free") end
end)lua"},
    {"by_skill", R"lua(
return function(ix)
  local routed, why = proof.route(ix, "skill:billing >= 5", {timeout = 25})
  while not routed and why ~= "abandoned" and why ~= "no_target" do
    proof.say(ix, "still looking: " .. why)
    routed, why = proof.route(ix, "group:All_Agents", {timeout = 30})
  end
end)lua"},
    {"by_priority", R"lua(
return function(ix)
  local text = proof.collect(ix, 15)
  local priority = text and tonumber(text:match("(%d)$")) or 0
  proof.route(ix, "group:All_Agents", {timeout = 120, priority = priority})
end)lua"},
    {"waits_on", R"lua(
return function(ix)
  local routed, why = proof.route(ix, "agent:ann,group:Billing", {})
  if why == "rejected" then proof.route(ix, "group:All_Agents", {}) end
end)lua"},
    {"fails", R"lua(
return function(ix)
  proof.collect(ix, 10)
  local nothing = nil
  nothing.call()
end)lua"},
    {"recovers", R"lua(
return {
  run = function(ix)
    ix:attach{step = "run"}
    error("on purpose")
  end,
  default = function(ix, err)
    proof.say(ix, "a moment")
    proof.route(ix, "group:Billing", {timeout = 20})
  end,
})lua"},
    {"is_closed", R"lua(
return function(ix)
  proof.collect(ix, 5)
  proof.say(ix, "we are closed")
  ix:disconnect("closed")
end)lua"},
    {"sleeps", R"lua(
return function(ix)
  ix:sleep(3)
  ix:set_priority(math.random(0, 3))
  proof.route(ix, "skill:english >= 5", {timeout = 60})
  ix:sleep(1)
end)lua"},
    {"direct", R"lua(
return function(ix)
  local routed, why = ix:route_to("3003")
  if not routed and why ~= "abandoned" then proof.route(ix, "group:All_Agents", {timeout = 40}) end
end)lua"},
    {"talks_on", R"lua(
return function(ix)
  if not proof.route(ix, "group:All_Agents", {timeout = 50}) then return end
  proof.say(ix, "you talk to " .. (ix.agent or "somebody"))
  for n = 1, 3 do
    local text = proof.collect(ix, 60)
    if not text then return end
    ix:attach{["said_" .. n] = text}
  end
end)lua"},
    {"runs_away", R"lua(
return function(ix)
  proof.say(ix, "wait")
  while true do end
end)lua"},
    {"defaults", R"lua(
return function(ix)
  local routed, why = ix:default_route()
  if not routed and why ~= "abandoned" then proof.say(ix, "sorry: " .. why) end
end)lua"},
};

std::string read(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

}  // namespace

const std::vector<ProvingAgent>& proving_agents() { return agents_; }

const ProvingAgent* proving_agent(const std::string& user) {
    for (const ProvingAgent& agent : agents_)
        if (agent.user == user) return &agent;
    return nullptr;
}

const ProvingAgent* agent_of_login(const std::string& login) {
    for (const ProvingAgent& agent : agents_)
        if (agent.login == login) return &agent;
    return nullptr;
}

const std::map<std::string, std::string>& routing_points() { return points_; }

std::map<std::string, std::string> stock_routing_points() {
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

model::Site proving_site() {
    model::Site site;
    model::Tenant tenant;
    tenant.dbid = 1;
    tenant.name = "Resources";
    tenant.skills = {{0, "billing"}, {0, "english"}};
    tenant.lists = {{0, "vip", {{"sip:p1@example.com", "gold"}}}};
    tenant.capacity_rules = {
        {0, "one", "random_one"}, {0, "two", "random_two"}, {0, "three", "random_three"}};
    tenant.capacity_rule = "two";
    model::Switch sw;
    sw.dbid = 1;
    sw.name = "sip_switch";
    sw.tenant = "Resources";
    std::uint32_t dbid = 0, dn_dbid = 100;
    model::AgentGroup all{0, "All_Agents", {}, "", {}};
    for (const ProvingAgent& agent : agents_) {
        model::Person person;
        person.dbid = ++dbid;  // their own, so that a person who leaves moves nobody else's
        person.user_name = agent.user;
        person.employee_id = agent.employee;
        person.is_agent = true;
        person.skills = {{"billing", static_cast<int>(3 * dbid % 9)},
                         {"english", static_cast<int>(5 * dbid % 9)}};
        person.agent_logins = {agent.login};
        person.default_place = "P" + agent.login;
        if (agent.capacity != 2) person.capacity_rule = agent.capacity == 1 ? "one" : "three";
        tenant.persons.push_back(person);
        tenant.places.push_back({dbid, "P" + agent.login, agent.dns, "", {}});
        model::AgentLogin login{dbid, agent.login, {}};
        if (agent.wrap_up > 0)
            login.options["TServer"]["wrap-up-time"] = std::to_string(static_cast<int>(agent.wrap_up));
        if (!agent.no_answer.empty()) login.options["TServer"]["no-answer-action"] = agent.no_answer;
        if (agent.user == "dan") login.options["TServer"]["no-answer-timeout"] = "5";
        sw.agent_logins.push_back(std::move(login));
        for (const std::string& number : agent.dns)
            sw.dns.push_back({++dn_dbid,
                              number,
                              "Extension",
                              "",
                              {{"TServer", {{"multimedia", "true"}, {"sip-signaling-chat", "false"}}}}});
        if (agent.in_all) all.agents.push_back(agent.user);
    }
    tenant.agent_groups = {std::move(all), {0, "Billing", {}, "billing >= 5", {}}};
    std::uint32_t point_dbid = 1000;
    const auto point = [&](const std::string& number, const std::string& strategy) {
        std::map<std::string, std::string> options{{"after-routing-timeout", "12"},
                                                   {"im-idle-timeout", "240"}};
        if (number != "2014") options["default-dn"] = number < "2008" ? "3001" : "3003";
        if (number == "2002" || number == "2004") options["divert-on-ringing"] = "false";
        if (number == "2004") options["im-idle-timeout"] = "900";
        sw.dns.push_back({++point_dbid, number, "RoutingPoint", strategy, {{"TServer", std::move(options)}}});
    };
    for (const auto& [number, strategy] : points_) point(number, strategy);
    for (const auto& [number, strategy] : stock_routing_points()) point(number, strategy);
    site.tenants.push_back(std::move(tenant));
    site.switches.push_back(std::move(sw));
    site.applications.push_back({0, "desktop", "AgentDesktop", "", false, {}});
    return site;
}

std::shared_ptr<const scripting::ScriptSources> proving_scripts(std::int64_t version) {
    auto sources = std::make_shared<scripting::ScriptSources>(*testing::scripts_with({}));
    const auto add = [&](const std::string& path, std::string text) {
        const std::string hash = std::to_string(std::hash<std::string>{}(text));
        sources->files.push_back({path, path, std::move(text), hash});
    };
    for (const auto& [name, body] : strategies_) {
        std::string text =
            "-- version " + std::to_string(version) + "\nlocal proof = require \"lib.proof\"\n" + body;
        if (version < 0 && name == "greets") text += "\nend end";
        add("strategies/" + name + ".lua", std::move(text));
    }
    for (const auto& [number, name] : stock_routing_points())
        add("strategies/" + name + ".lua",
            read(std::filesystem::path(TRUNKLINE_SOURCE_DIR) / "strategies" / (name + ".lua")));
    add("lib/proof.lua", proof_library);
    for (const auto& [name, most] : {std::pair{"one", 1}, {"two", 2}, {"three", 3}})
        add(std::string("capacity/random_") + name + ".lua",
            "return function(load, media) return media == \"chat\" and load.chat < " + std::to_string(most) +
                " end\n");
    std::sort(sources->files.begin(), sources->files.end(),
              [](const auto& a, const auto& b) { return a.path < b.path; });
    sources->hash.clear();
    for (const auto& file : sources->files) sources->hash += file.hash;
    sources->hash = std::to_string(std::hash<std::string>{}(sources->hash));
    return sources;
}

bool fits(const model::Site& site, const std::string& asks, const std::string& user) {
    const auto& persons = site.tenants.at(0).persons;
    const auto person =
        std::find_if(persons.begin(), persons.end(), [&](const auto& p) { return p.user_name == user; });
    if (person == persons.end()) return false;
    const auto level = [&](const std::string& skill) {
        const auto found = person->skills.find(skill);
        return found == person->skills.end() ? 0 : found->second;
    };
    std::stringstream parts(asks);
    std::string one;
    while (std::getline(parts, one, ',')) {
        if (one == "group:All_Agents" && proving_agent(user)->in_all) return true;
        if ((one == "group:Billing" || one == "skill:billing >= 5") && level("billing") >= 5) return true;
        if (one == "skill:english >= 5" && level("english") >= 5) return true;
        if (one == "agent:" + user) return true;
    }
    return false;
}

std::string known_part(const model::Site& site, const std::string& asks) {
    const auto& persons = site.tenants.at(0).persons;
    std::stringstream parts(asks);
    std::string one, known;
    while (std::getline(parts, one, ',')) {
        const bool there = !one.starts_with("agent:") ||
                           std::any_of(persons.begin(), persons.end(),
                                       [&](const auto& p) { return "agent:" + p.user_name == one; });
        if (there) known += (known.empty() ? "" : ",") + one;
    }
    return known;
}

}  // namespace trunkline::random_test
