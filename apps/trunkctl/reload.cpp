#include <boost/json.hpp>
#include <ostream>

#include "apps/trunkctl/server_call.hpp"
#include "apps/trunkctl/verbs.hpp"

namespace trunkline::ctl {

namespace {

namespace json = boost::json;

int run_reload(Call& call) {
    const auto reply = ask_server(call, http::Verb::post, "/api/v1/reload");
    if (call.json) call.out << json::serialize(json::array{reply.body}) << '\n';
    const auto& body = reply.body.as_object();
    if (reply.status == 200) {
        if (!call.json) call.out << "generation " << body.at("generation") << " is in force\n";
        return 0;
    }
    if (const auto* errors = body.if_contains("errors"))
        for (const auto& error : errors->as_array()) call.err << json::value_to<std::string>(error) << '\n';
    else
        throw Failure(json::value_to<std::string>(body.at("error")));
    return 1;
}

}  // namespace

Verb reload_verb() {
    Verb verb{
        "reload", "", "bring the scripts on disk into force",
        "Compiles and checks every script. One bad file and nothing changes: the errors are printed as\n"
        "file:line: message and the exit status is 1. Running interactions finish with the scripts they "
        "began with."};
    verb.add_options = add_server_options;
    verb.run = run_reload;
    return verb;
}

}  // namespace trunkline::ctl
