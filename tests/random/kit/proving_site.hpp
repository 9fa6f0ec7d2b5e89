// What a random run happens on: agents of every option that routing looks at, a routing point for each
// strategy, and the strategies themselves. They say in user data which text they heard and what they ask
// routing for, so that a checker can tell from outside what must follow.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/model/site.hpp"
#include "engine/scripting/script_sources.hpp"

namespace trunkline::random_test {

struct ProvingAgent {
    std::string user, login, employee;
    std::vector<std::string> dns;
    int capacity = 2;       // chats at once
    double wrap_up = 0;     // seconds of after-call work
    std::string no_answer;  // no-answer-action
    bool in_all = true;     // of the group All_Agents
};
/// In order of their dbids.
[[nodiscard]] const std::vector<ProvingAgent>& proving_agents();
[[nodiscard]] const ProvingAgent* proving_agent(const std::string& user);
[[nodiscard]] const ProvingAgent* agent_of_login(const std::string& login);

/// Number -> strategy.
[[nodiscard]] const std::map<std::string, std::string>& routing_points();
/// Routing points of the stock strategies in the project's folder strategies/, from 2101 on.
[[nodiscard]] std::map<std::string, std::string> stock_routing_points();

[[nodiscard]] model::Site proving_site();
/// `version` goes into what the strategies say: each makes another generation. A negative one does not
/// compile.
[[nodiscard]] std::shared_ptr<const scripting::ScriptSources> proving_scripts(std::int64_t version);

/// Whether an agent belongs to what a strategy asks for, e.g. "agent:ann,group:Billing".
[[nodiscard]] bool fits(const model::Site&, const std::string& asks, const std::string& user);
/// The part of it whose objects the site has: a name that is not there when routing begins is left out for
/// good.
[[nodiscard]] std::string known_part(const model::Site&, const std::string& asks);

inline constexpr const char* host = "cc.example.com";
inline constexpr const char* automatic = "auto ";  // how every text of our strategies begins
inline constexpr const char* sorry = "We are sorry";

}  // namespace trunkline::random_test
