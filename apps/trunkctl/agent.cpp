// agent: an agent at the terminal, over T-Library.
#include "apps/trunkctl/agent.hpp"

#include <unistd.h>

#include <boost/json.hpp>
#include <cstdlib>

#include "apps/trunkctl/server_call.hpp"
#include "apps/trunkctl/verbs.hpp"

namespace trunkline::ctl {
namespace {

/// --server, else where the running server listens, else where its settings let it.
HostPort find_server(const Call& call) {
    std::string where = call.settings.tlib.listen;
    if (call.has("server")) {
        where = call.text("server");
    } else {
        try {
            where = get_from_server(call, "/api/v1/status").at(0).at("tlib").as_string();
        } catch (const std::exception&) {  // not over HTTP: then by the settings
        }
    }
    auto at = parse_host_port(where);
    if (!at) throw UsageError("--server: " + at.error().message);
    if (at->host == "0.0.0.0") at->host = "127.0.0.1";
    if (at->host == "::") at->host = "::1";
    return *at;
}

/// By --tls or --ca; else as the settings of this machine's own server say, whose certificate is at hand.
std::optional<AgentTls> tls_to_server(const Call& call) {
    if (call.has("tls") || call.has("ca")) return AgentTls{call.text("ca")};
    if (!call.settings.tlib.tls || call.has("server") || call.has("url")) return std::nullopt;
    return AgentTls{call.settings.tlib.tls->cert.string(), false};
}

int run_agent_verb(Call& call) {
    AgentOptions options;
    options.server = find_server(call);
    options.tls = tls_to_server(call);
    options.login = call.text("login");
    options.dn = call.text("dn");
    const char* password = std::getenv("TRUNKLINE_AGENT_PASSWORD");
    options.password = call.text("password", password == nullptr ? "" : password);
    options.application = call.text("application", options.application);
    options.application_password = call.text("application-password");
    options.switch_name = call.text("switch");
    options.by_itself = isatty(STDIN_FILENO) == 0;
    return run_agent(options, STDIN_FILENO, call.out, call.err);
}

}  // namespace

Verb agent_verb() {
    Verb verb{"agent", "--login CODE --dn NUMBER",
              "be an agent over T-Library: log in, go ready, answer chats in the terminal",
              "Lines are texts to the current chat; /answer, /release, /chat N, /ready, /notready [REASON], "
              "/logout and /quit\n"
              "are commands. Off a terminal it answers each ringing by itself, and a text waits for a chat.\n"
              "   Example: trunkctl agent --login 1001 --dn 1001"};
    verb.add_options = [](po::options_description& options) {
        add_server_options(options);
        const auto text = [](const char* form) { return po::value<std::string>()->value_name(form); };
        options.add_options()("login", text("CODE")->required(), "the Agent Login code, e.g. 1001")(
            "dn", text("NUMBER")->required(), "the DN to sit at, e.g. 1001")(
            "password", text("WORD"),
            "the person's password (or TRUNKLINE_AGENT_PASSWORD, which no process list shows)")(
            "application", text("NAME"), "the Application object, desktop where left out")(
            "application-password", text("WORD"), "its password")("switch", text("NAME"),
                                                                  "where there are several switches")(
            "tls", "the server speaks TLS (see --ca)")("server", text("HOST:PORT"),
                                                       "a T-Library server elsewhere");
    };
    verb.run = run_agent_verb;
    verb.needs_settings = false;
    return verb;
}

}  // namespace trunkline::ctl
