#include <boost/json.hpp>
#include <ostream>

#include "apps/trunkctl/server_call.hpp"
#include "apps/trunkctl/verbs.hpp"

namespace trunkline::ctl {

Verb flush_verb() {
    Verb verb{"flush", "", "return when everything up to now is in PostgreSQL",
              "Rows reach the reports within a fraction of a second by themselves; a script that reads them "
              "at once flushes first."};
    verb.add_options = add_server_options;
    verb.run = [](Call& call) {
        const auto reply = ask_server(call, http::Verb::post, "/api/v1/flush");
        if (reply.status != 200) throw Failure(boost::json::value_to<std::string>(reply.body.at("error")));
        return 0;
    };
    return verb;
}

}  // namespace trunkline::ctl
