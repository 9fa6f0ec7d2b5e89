// Configuration objects as plain data: what the site file says, what schema `config` holds and what a
// command log replays are this one structure (contracts/configuration.md). Names are the field's; objects
// refer to each other by name. `dbid` is the identity that the database gave; 0 before it has one.
// Nothing here is checked: engine/model/check.hpp lists what is wrong, engine/model/snapshot.hpp resolves
// names.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace trunkline::model {

/// The Annex: section, then key, then value (booleans and numbers as they were written).
using Options = std::map<std::string, std::map<std::string, std::string>>;

struct List {
    std::uint32_t dbid = 0;
    std::string name;
    std::map<std::string, std::string> entries;
    bool operator==(const List&) const = default;
};

struct CapacityRule {
    std::uint32_t dbid = 0;
    std::string name;
    std::string script;  // scripts/capacity/<script>.lua
    bool operator==(const CapacityRule&) const = default;
};

struct Skill {
    std::uint32_t dbid = 0;
    std::string name;
    bool operator==(const Skill&) const = default;
};

struct Person {
    std::uint32_t dbid = 0;
    std::string user_name;
    std::string employee_id;  // user_name where the file leaves it out
    std::string first_name;
    std::string last_name;
    bool is_agent = false;
    bool has_password = false;  // the hash lives in config.secret and never comes here
    std::map<std::string, int> skills;
    std::vector<std::string> agent_logins;  // codes, `code@switch` where the tenant has several switches
    std::string default_place;
    std::string capacity_rule;
    Options options;
    bool operator==(const Person&) const = default;
};

struct AgentGroup {
    std::uint32_t dbid = 0;
    std::string name;
    std::vector<std::string> agents;  // user names
    std::string script;               // a skill expression makes a virtual group
    Options options;
    bool operator==(const AgentGroup&) const = default;
};

struct Place {
    std::uint32_t dbid = 0;
    std::string name;
    std::vector<std::string> dns;  // numbers, `number@switch` where the tenant has several switches
    std::string capacity_rule;
    Options options;
    bool operator==(const Place&) const = default;
};

struct PlaceGroup {
    std::uint32_t dbid = 0;
    std::string name;
    std::vector<std::string> places;
    bool operator==(const PlaceGroup&) const = default;
};

struct Tenant {
    std::uint32_t dbid = 0;
    std::string name;
    std::string timezone;  // IANA name; UTC where empty
    std::string capacity_rule;
    Options options;
    std::vector<Skill> skills;
    std::vector<List> lists;
    std::vector<CapacityRule> capacity_rules;
    std::vector<Person> persons;
    std::vector<AgentGroup> agent_groups;
    std::vector<Place> places;
    std::vector<PlaceGroup> place_groups;
    bool operator==(const Tenant&) const = default;
};

struct AgentLogin {
    std::uint32_t dbid = 0;
    std::string code;
    Options options;
    bool operator==(const AgentLogin&) const = default;
};

struct Dn {
    std::uint32_t dbid = 0;
    std::string number;
    std::string type;  // Extension, ACDPosition, ACDQueue, RoutingPoint, VirtualQueue, Trunk, TrunkGroup,
                       // CommunicationDN, VoIPService
    std::string strategy;
    Options options;
    bool operator==(const Dn&) const = default;
};

struct Switch {
    std::uint32_t dbid = 0;
    std::string name;
    std::string tenant;
    Options options;
    std::vector<AgentLogin> agent_logins;
    std::vector<Dn> dns;
    bool operator==(const Switch&) const = default;
};

struct Application {
    std::uint32_t dbid = 0;
    std::string name;
    std::string type;
    std::string tenant;
    bool has_password = false;
    Options options;
    bool operator==(const Application&) const = default;
};

/// Everything that is configured. `revision` is that of config.change (0 for a file).
struct Site {
    std::uint64_t revision = 0;
    std::vector<Tenant> tenants;
    std::vector<Switch> switches;
    std::vector<Application> applications;
};

BOOST_DESCRIBE_STRUCT(List, (), (dbid, name, entries))
BOOST_DESCRIBE_STRUCT(CapacityRule, (), (dbid, name, script))
BOOST_DESCRIBE_STRUCT(Skill, (), (dbid, name))
BOOST_DESCRIBE_STRUCT(Person, (),
                      (dbid, user_name, employee_id, first_name, last_name, is_agent, has_password, skills,
                       agent_logins, default_place, capacity_rule, options))
BOOST_DESCRIBE_STRUCT(AgentGroup, (), (dbid, name, agents, script, options))
BOOST_DESCRIBE_STRUCT(Place, (), (dbid, name, dns, capacity_rule, options))
BOOST_DESCRIBE_STRUCT(PlaceGroup, (), (dbid, name, places))
BOOST_DESCRIBE_STRUCT(Tenant, (),
                      (dbid, name, timezone, capacity_rule, options, skills, lists, capacity_rules, persons,
                       agent_groups, places, place_groups))
BOOST_DESCRIBE_STRUCT(AgentLogin, (), (dbid, code, options))
BOOST_DESCRIBE_STRUCT(Dn, (), (dbid, number, type, strategy, options))
BOOST_DESCRIBE_STRUCT(Switch, (), (dbid, name, tenant, options, agent_logins, dns))
BOOST_DESCRIBE_STRUCT(Application, (), (dbid, name, type, tenant, has_password, options))
BOOST_DESCRIBE_STRUCT(Site, (), (revision, tenants, switches, applications))

}  // namespace trunkline::model
