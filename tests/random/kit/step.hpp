// One step of a random run as a plain value, so that a list of steps is a replay file: JSON, one a line.
// Steps name everything by labels that stay the same when other steps are taken out: a customer "p3", a
// session-mode dialog "s17", a T-Library client "c5", a session by its leg "p3@2001". Never a ConnID: those
// shift.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trunkline::random_test {

enum class StepKind {
    pager_text,       // who, dn, text
    session_open,     // who, dn
    session_text,     // who, text
    customer_leaves,  // session, number: messages::LegEnd
    party_says,       // session, text: the party outside; on a leg that is over where number is 1
    leg_answers,      // session, number: 200, a failure, or 1 where the party hangs up
    probe_answers,    // number: 1 where the endpoint is there
    text_answered,    // number: SIP status, at: which of those that wait for one
    client_opens,     // who
    client_closes,    // who
    registers,        // who, dn
    unregisters,      // who, dn
    logs_in,          // who, dn, text: Agent Login, number: AgentWorkMode, other: ACD queue
    ready,            // who, dn
    not_ready,        // who, dn, text: reason, number: AgentWorkMode
    logs_out,         // who, dn
    reserves,         // who, dn, number: milliseconds, at: priority
    disturbs_not,     // who, dn, number: 1 begins, 0 ends it
    answers,          // who, dn, session
    releases,         // who, dn, session
    says,             // who, dn, session, text
    attaches,         // who, dn, session, text
    updates,          // who, dn, session, text
    deletes_pair,     // who, dn, session, text: key
    deletes_all,      // who, dn, session
    redirects,        // who, dn, session, other: where to
    routes,           // who, dn: a routing point, session, other: where to
    distributes,      // who, dn, session, other: whose clients read it, text
    unsupported,      // who, dn, session: a request that this server does not know
    outside_answers,  // number: OutsideAnswer, at: which of the requests that scripts have made
    time_passes,      // number: milliseconds
    skill_changes,    // who: user name, text: skill, number: level
    person_toggles,   // who: user name; leaves the configuration, or comes back
    scripts_load,     // number: version of the texts
    scripts_break,    // a version that does not compile, refused by the engine
    scripts_refused,  // one that the host refused
    drains,           // SIGTERM; another one ends what is live
};
/// How a query or web request of a script ends: as wished, with an error, with the last one's answer once
/// more, or with an answer to what nobody asked.
enum class OutsideAnswer { fine, error, again, unknown };
BOOST_DESCRIBE_ENUM(StepKind, pager_text, session_open, session_text, customer_leaves, party_says,
                    leg_answers, probe_answers, text_answered, client_opens, client_closes, registers,
                    unregisters, logs_in, ready, not_ready, logs_out, reserves, disturbs_not, answers,
                    releases, says, attaches, updates, deletes_pair, deletes_all, redirects, routes,
                    distributes, unsupported, outside_answers, time_passes, skill_changes, person_toggles,
                    scripts_load, scripts_break, scripts_refused, drains)

struct Step {
    StepKind kind = StepKind::time_passes;
    std::string who, dn, session, text;
    std::int64_t number = 0, at = 0;
    std::string other;
};
using Steps = std::vector<Step>;

/// One JSON object without a line end; empty members are left out.
[[nodiscard]] std::string to_line(const Step&);
/// Throws std::runtime_error that says what is wrong with the line.
[[nodiscard]] Step step_from_line(std::string_view line);

/// Writes the seed's line and one line a step.
void write_steps(const std::string& file, std::uint64_t seed, const Steps&);
struct StepsFile {
    std::uint64_t seed = 1;
    Steps steps;
};
/// Throws std::runtime_error naming file and line.
[[nodiscard]] StepsFile read_steps(const std::string& file);

}  // namespace trunkline::random_test
