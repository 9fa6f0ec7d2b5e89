// What a random run happens on: two tenants whose agents, numbers and groups have the same names, agents of
// every option that routing looks at, and a routing point for each strategy of tests/random/scripts/. The
// strategies say in user data which text they heard and what they ask routing for, so that a checker can tell
// from outside what must follow.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/ids.hpp"
#include "engine/model/site.hpp"
#include "engine/scripting/script_sources.hpp"

namespace trunkline::random_test {

// The kit writes a name of the second tenant with this behind it: agent "ann@east", DN "2001@east". One of
// the first tenant stands as it is.
inline constexpr const char* east = "@east";
/// "@east" or "", by the tenant's or the switch's name as rows have it.
[[nodiscard]] std::string realm_of(const std::string& tenant_or_switch);
/// By the client: those of the second tenant begin at 10'000'000.
[[nodiscard]] std::string realm_of(ClientId);
inline constexpr std::uint64_t first_east_client = 10'000'000, first_watcher = 1'000'000;
/// A client of the stage itself, that has registered every routing point of its tenant from the beginning.
[[nodiscard]] inline bool is_watcher(ClientId client) {
    return client.value() % first_east_client >= first_watcher;
}
[[nodiscard]] std::string without_realm(const std::string& name);
[[nodiscard]] std::string realm_in(const std::string& name);

struct ProvingAgent {
    std::string user;  // with its realm, as its DNs
    std::string login, employee;
    std::vector<std::string> dns;
    int capacity = 2;          // chats at once
    double wrap_up = 0;        // seconds of after-call work
    std::string no_answer;     // no-answer-action
    bool in_all = true;        // of the group All_Agents
    double legal_guard = 0;    // seconds of rest after work
    bool rests_by_dn = false;  // both are options of his DN, not of his login
    bool sip = false;          // his texts go over SIP, to sip_endpoint
};
/// In order of their dbids.
[[nodiscard]] const std::vector<ProvingAgent>& proving_agents();
[[nodiscard]] const ProvingAgent* proving_agent(const std::string& user);
/// Where the texts of the one agent on SIP go.
inline constexpr const char* sip_endpoint = "sip:3007@192.0.2.70";
/// Whether this DN, with its realm, has a SIP endpoint.
[[nodiscard]] bool on_sip(const std::string& dn);
/// Who logs in with this code in a realm.
[[nodiscard]] const ProvingAgent* agent_of_login(const std::string& login, const std::string& realm);

/// Number with its realm -> strategy.
[[nodiscard]] const std::map<std::string, std::string>& routing_points();
/// Virtual queues of the first tenant.
[[nodiscard]] const std::vector<std::string>& virtual_queues();
inline constexpr const char* acd_queue = "Q_one";
/// Routing points of the stock strategies in the project's folder strategies/, from 2101 on.
[[nodiscard]] const std::map<std::string, std::string>& stock_routing_points();

[[nodiscard]] model::Site proving_site();
/// Each `version` makes another generation. A negative one does not compile.
[[nodiscard]] std::shared_ptr<const scripting::ScriptSources> proving_scripts(std::int64_t version);

/// The person, where the site has one.
[[nodiscard]] const model::Person* person_of(const model::Site&, const std::string& user);
[[nodiscard]] int level_of(const model::Site&, const std::string& user, const std::string& skill);
/// Whether an agent at a DN belongs to what a session of a realm asks for, e.g. "agent:ann,group:Billing".
struct AtDn {
    std::string user, dn, queue;  // who sits where, and for which ACD queue he logged in
};
[[nodiscard]] bool fits(const model::Site&, const std::string& realm, const std::string& asks, const AtDn&);
/// The part of it whose objects the site has: a name that is not there when routing begins is left out for
/// good.
[[nodiscard]] std::string known_part(const model::Site&, const std::string& realm, const std::string& asks);

inline constexpr const char* host = "cc.example.com";
inline constexpr const char* east_host = "east.example.com";
inline constexpr const char* automatic = "auto ";  // how every text of our strategies begins
inline constexpr const char* sorry = "We are sorry";

}  // namespace trunkline::random_test
