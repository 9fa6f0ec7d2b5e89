// status, agents, queues, interactions: what is going on, as tables; --json for programs; --watch redraws.
#include <unistd.h>

#include <boost/json.hpp>
#include <chrono>
#include <ostream>
#include <thread>

#include "apps/trunkctl/server_call.hpp"
#include "apps/trunkctl/table.hpp"
#include "apps/trunkctl/verbs.hpp"

namespace trunkline::ctl {

namespace {

namespace json = boost::json;

void add_view_options(po::options_description& options) {
    add_server_options(options);
    options.add_options()("watch", "redraw every second until Ctrl-C");
}

void show(Call& call, const std::string& target, std::string_view none) {
    const auto rows = get_from_server(call, target);
    if (call.json) {
        call.out << json::serialize(rows) << '\n';
    } else if (target == "/api/v1/status") {
        print_record(call.out, rows.as_array().at(0).as_object());
    } else {
        print_table(call.out, rows.as_array(), none);
    }
}

int view(Call& call, const std::string& target, std::string_view none) {
    if (!call.has("watch")) {
        show(call, target, none);
        return 0;
    }
    for (;;) {
        if (isatty(STDOUT_FILENO) != 0) call.out << "\x1b[H\x1b[2J";
        show(call, target, none);
        call.out.flush();
        std::this_thread::sleep_for(std::chrono::seconds(1));
    }
}

Verb view_verb(const std::string& name, const std::string& summary, const std::string& help,
               const std::string& none) {
    Verb verb{name, "", summary, help};
    verb.add_options = add_view_options;
    verb.run = [name, none](Call& call) { return view(call, "/api/v1/" + name, none); };
    return verb;
}

}  // namespace

Verb status_verb() {
    return view_verb("status", "whether the server is whole, and what it has in hand",
                     "Shows figures of the running server and, under 'degraded', why it is not whole.", "");
}

Verb agents_verb() {
    return view_verb("agents", "who is logged in, in which state and since when",
                     "A row for each agent who is logged in. 'seconds' is the time in the state.",
                     "nobody is logged in");
}

Verb queues_verb() {
    return view_verb("queues", "which targets have waiting interactions",
                     "A row for each routing target that somebody waits for.", "nobody waits");
}

Verb interactions_verb() {
    return view_verb("interactions", "the live interactions",
                     "A row for each live interaction; its id is what `trunkctl trace` and `explain` take.",
                     "no live interactions");
}

}  // namespace trunkline::ctl
