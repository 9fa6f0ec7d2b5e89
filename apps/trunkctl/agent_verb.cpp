#include <unistd.h>

#include <boost/json.hpp>
#include <ostream>

#include "apps/trunkctl/agent.hpp"
#include "apps/trunkctl/server_call.hpp"
#include "apps/trunkctl/verbs.hpp"

namespace trunkline::ctl {

namespace {

/// --server, else where the running server listens (its port may be one that the system chose), else the
/// settings.
HostPort find_server(const Call& call) {
    auto address = call.text("server", call.settings.tlib.listen);
    if (!call.has("server")) {
        try {
            address =
                boost::json::value_to<std::string>(get_from_server(call, "/api/v1/status").at(0).at("tlib"));
        } catch (const std::exception&) {  // not over HTTP: then by the settings
        }
    }
    auto at = parse_host_port(address);
    if (!at) throw UsageError("--server: " + at.error().message);
    return *std::move(at);
}

int run(Call& call) {
    AgentOptions options;
    options.server = find_server(call);
    options.login = call.text("login");
    options.dn = call.text("dn");
    options.password = call.text("password");
    options.application = call.text("application", options.application);
    options.application_password = call.text("application-password");
    options.switch_name = call.text("switch");
    options.by_itself = isatty(STDIN_FILENO) == 0;
    return run_agent(options, STDIN_FILENO, call.out, call.err);
}

}  // namespace

Verb agent_verb() {
    Verb verb{"agent", "--login CODE --dn NUMBER", "be an agent over T-Library in the terminal",
              "Logs in, goes ready and shows what rings. Lines are texts to the current chat; /answer, "
              "/release, /ready,\n"
              "/notready, /logout and /quit are commands. Off a terminal it answers by itself.\n"
              "Example: trunkctl agent --login 1001 --dn 1001"};
    verb.add_options = [](po::options_description& options) {
        add_server_options(options);
        const auto text = [](const char* shown) { return po::value<std::string>()->value_name(shown); };
        options.add_options()("login", text("CODE")->required(), "the Agent Login code")(
            "dn", text("NUMBER")->required(), "the DN of the agent's place")("password", text("WORD"),
                                                                             "where the person has one")(
            "application", text("NAME"), "the Application object, 'desktop' where left out")(
            "application-password", text("WORD"), "where it has one")(
            "switch", text("NAME"), "where the tenant has several")("server", text("HOST:PORT"),
                                                                    "a T-Library server elsewhere");
    };
    verb.run = run;
    verb.needs_settings = false;
    return verb;
}

}  // namespace trunkline::ctl
