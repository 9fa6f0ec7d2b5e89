// An agent at the terminal: a T-Library client over TCP that opens, registers its DN, logs in, goes ready and
// talks. Blocks until the agent quits, the server closes or a signal ends it; one thread.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "engine/base/host_port.hpp"

namespace trunkline::ctl {

/// How the server's certificate is checked.
struct AgentTls {
    std::string ca;          // PEM file: who is trusted; "": the system's authorities
    bool check_name = true;  // false: `ca` holds the server's own certificate
};

struct AgentOptions {
    HostPort server{"127.0.0.1", 8100};
    std::optional<AgentTls> tls;  // none: plain
    std::string login;            // Agent Login code
    std::string dn;               // number of the DN
    std::string password;         // the person's; "" for none
    std::string application = "desktop";
    std::string application_password;
    std::string switch_name;
    bool by_itself = false;  // answers each ringing; a text waits until there is a chat to take it
};

/// Lines of `input` (a file descriptor) are texts to the current chat, or commands that begin with a slash.
/// What happens is printed to `out`, refusals to `err`. 0 after /quit or a signal; 1 where the server cannot
/// be reached, refuses the log-in, or goes away.
[[nodiscard]] int run_agent(const AgentOptions&, int input, std::ostream& out, std::ostream& err);

}  // namespace trunkline::ctl
