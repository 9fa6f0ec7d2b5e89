// The verbs, in the order in which --help shows them. Each function stands in the file of its name.
#pragma once

#include "apps/trunkctl/verb.hpp"

namespace trunkline::ctl {

Verb status_verb();
Verb agents_verb();
Verb queues_verb();
Verb interactions_verb();
Verb stat_verb();
Verb trace_verb();
Verb explain_verb();
Verb reload_verb();
Verb flush_verb();
Verb check_verb();
Verb migrate_verb();
Verb import_verb();
Verb export_verb();
Verb diff_verb();
Verb replay_verb();
Verb sql_verb();
Verb chat_verb();
Verb agent_verb();

[[nodiscard]] inline std::vector<Verb> all_verbs() {
    return {status_verb(),  agents_verb(), queues_verb(), interactions_verb(), stat_verb(),    trace_verb(),
            explain_verb(), reload_verb(), flush_verb(),  check_verb(),        migrate_verb(), import_verb(),
            export_verb(),  diff_verb(),   replay_verb(), sql_verb(),          chat_verb(),    agent_verb()};
}

}  // namespace trunkline::ctl
