#include "tests/random/kit/generator.hpp"

#include <array>

#include "tests/random/kit/proving_site.hpp"

namespace trunkline::random_test {
namespace {

using agents::AgentState;

constexpr std::size_t most_sessions = 14, most_clients = 9;

std::string numbered(char letter, std::uint64_t number) {
    std::string label(1, letter);
    return label.append(std::to_string(number));
}

std::vector<std::string> client_points(const std::string& realm) {
    return realm.empty() ? std::vector<std::string>{"2011", "2027", "2001", "2018"}
                         : std::vector<std::string>{"2001@east"};
}

std::vector<std::string> agent_dns(const std::string& realm) {
    std::vector<std::string> dns;
    for (const ProvingAgent& agent : proving_agents())
        if (realm_in(agent.user) == realm) dns.insert(dns.end(), agent.dns.begin(), agent.dns.end());
    return dns;
}

const ProvingAgent* owner_of(const std::string& dn) {
    for (const ProvingAgent& agent : proving_agents())
        for (const std::string& own : agent.dns)
            if (own == dn) return &agent;
    return nullptr;
}

}  // namespace

Generator::Generator(std::uint64_t seed, bool stock) : dice_(seed) {
    for (const auto& [number, strategy] : routing_points()) {
        // A script that eats its budget is slow: one in a while is enough.
        const bool slow = strategy == "runs_away" || strategy == "hoards";
        const int times = slow ? 1 : strategy == "is_closed" || strategy.empty() ? 2 : 4;
        for (int i = 0; i < times; ++i) points_.push_back(number);
    }
    if (stock)
        for (const auto& [number, strategy] : stock_routing_points())
            points_.insert(points_.end(), 8, number);
}

std::string Generator::words() {
    return "text " + std::to_string(++texts_) + " of " + std::to_string(dice_.below(6));
}

// Each generation is kept by a session that lingers in it, until the ninth.
void Generator::plan_many_generations() {
    for (int i = 0; i < 10; ++i) {
        planned_.push_back({StepKind::session_open, numbered('s', ++sessions_), "2029", "", ""});
        planned_.push_back({StepKind::scripts_load, "", "", "", "", ++version_});
    }
}

Step Generator::next(Stage& stage) {
    if (planned_.empty() && dice_.below(6000) == 0) plan_many_generations();
    if (!planned_.empty()) {
        const Step step = planned_.front();
        planned_.pop_front();
        return step;
    }
    Choices choices;
    customers(stage, choices);
    clients(stage, choices);
    outside(stage, choices);
    wrong(stage, choices);
    std::uint64_t sum = 0;
    for (const Choice& choice : choices) sum += choice.weight;
    std::uint64_t at = dice_.below(sum);
    for (const Choice& choice : choices) {
        if (at < choice.weight) return choice.step;
        at -= choice.weight;
    }
    return {};
}

void Generator::customers(Stage& stage, Choices& choices) {
    const Ledger& ledger = stage.ledger();
    for (const auto& [id, session] : ledger.sessions) {
        const std::string label = Stage::label_of(session);
        if (session.kind == messages::LegKind::pager)
            choices.push_back(
                {6, {StepKind::pager_text, session.ani, session.point + session.realm, "", words()}});
        else if (session.accepted)
            choices.push_back({6, {StepKind::session_text, label, "", "", words()}});
        if (!session.out_leg.empty() && session.out_kind == messages::LegKind::session) {
            static constexpr std::array failures{488, 415, 405, 486, 603, 408, 500};
            const auto answers = [&](std::uint64_t weight, std::int64_t how) {
                choices.push_back({weight, {StepKind::leg_answers, "", "", label, "", how}});
            };
            if (session.out_answered) {
                answers(1, 1);
            } else {
                answers(10, 200);
                answers(4, one_of(failures));
            }
        }
        if (!session.out_leg.empty() &&
            (session.out_kind == messages::LegKind::pager || session.out_answered)) {
            const std::int64_t stale = dice_.below(12) == 0;
            choices.push_back({6, {StepKind::party_says, "", "", label, words(), stale}});
        }
        choices.push_back({1,
                           {StepKind::customer_leaves, "", "", label, "",
                            static_cast<std::int64_t>(session.kind == messages::LegKind::pager ? 2
                                                      : session.accepted                       ? 0
                                                                                               : 1)}});
    }
    if (ledger.sessions.size() >= most_sessions || (stage.draining() && dice_.below(4) != 0)) return;
    const std::string customer = numbered('p', 1 + dice_.below(9));
    choices.push_back({14, {StepKind::pager_text, customer, one_of(points_), "", words()}});
    choices.push_back({8, {StepKind::session_open, numbered('s', ++sessions_), one_of(points_), "", ""}});
}

void Generator::clients(Stage& stage, Choices& choices) {
    const Ledger& ledger = stage.ledger();
    if (ledger.clients.size() < most_clients)
        choices.push_back(
            {6, {StepKind::client_opens, numbered(dice_.below(4) == 0 ? 'e' : 'c', ++clients_), "", "", ""}});
    for (const ClientId client : ledger.clients) {
        if (is_watcher(client)) continue;
        const std::string label = Stage::label_of(client);
        std::vector<std::string> own;
        bool monitor = false;
        for (const auto& [dn, at_dn] : ledger.registered)
            if (at_dn.contains(client))
                (without_realm(dn) == messages::im_monitor_dn ? monitor = true : (own.push_back(dn), true));
        const std::string realm = realm_of(client);
        const std::vector<std::string> dns = agent_dns(realm);
        choices.push_back({1, {StepKind::client_closes, label, "", "", ""}});
        if (monitor) continue;  // it only listens
        if (own.empty()) choices.push_back({8, {StepKind::registers, label, one_of(dns), "", ""}});
        if (own.empty())
            choices.push_back({1, {StepKind::registers, label, messages::im_monitor_dn, "", ""}});
        if (own.empty())
            choices.push_back({1, {StepKind::registers, label, one_of(client_points(realm)), "", ""}});
        if (own.size() == 1) choices.push_back({1, {StepKind::registers, label, one_of(dns), "", ""}});
        for (const std::string& dn : own) {
            choices.push_back({1, {StepKind::unregisters, label, dn, "", ""}});
            agents_at(stage, label, dn, choices);
            parties_at(stage, label, dn, choices);
            routers_at(stage, label, dn, choices);
        }
    }
}

void Generator::agents_at(Stage& stage, const std::string& client, const std::string& dn, Choices& choices) {
    const Ledger& ledger = stage.ledger();
    const auto seat = ledger.seats.find(dn);
    if (seat == ledger.seats.end()) {
        const ProvingAgent* agent = owner_of(dn);
        if (agent == nullptr || !stage.knows_person(agent->user)) return;
        const std::string queue = dice_.below(3) == 0 && realm_in(dn).empty() ? acd_queue : "";
        choices.push_back({8, {StepKind::logs_in, client, dn, "", agent->login, 0, 0, queue}});
        choices.push_back({2, {StepKind::logs_in, client, dn, "", agent->login, 2}});
        return;
    }
    const bool ready = seat->second.state == AgentState::ready;
    const bool resting = seat->second.state == AgentState::after_call_work;
    choices.push_back({std::uint64_t(ready || resting ? 1 : 8), {StepKind::ready, client, dn, "", ""}});
    choices.push_back({1, {StepKind::not_ready, client, dn, "", dice_.below(2) == 0 ? "lunch" : ""}});
    if (dice_.below(3) == 0) choices.push_back({1, {StepKind::not_ready, client, dn, "", "", 3}});
    static constexpr std::array<std::int64_t, 4> times{0, 1'500, 20'000, 700'000};
    choices.push_back(
        {1,
         {StepKind::reserves, client, dn, "", "", one_of(times), static_cast<std::int64_t>(dice_.below(3))}});
    if (seat->second.undisturbed)
        choices.push_back({4, {StepKind::disturbs_not, client, dn, "", "", 0}});
    else if (dice_.below(4) == 0)
        choices.push_back({1, {StepKind::disturbs_not, client, dn, "", "", 1}});
    bool free = true;
    for (const auto& [id, party] : ledger.parties) free = free && (party.role != "agent" || party.dn != dn);
    if (free) choices.push_back({1, {StepKind::logs_out, client, dn, "", ""}});
}

void Generator::parties_at(Stage& stage, const std::string& client, const std::string& dn, Choices& choices) {
    for (const auto& [id, party] : stage.ledger().parties) {
        if (party.role != "agent" || party.dn != dn) continue;
        const SessionFacts* session = stage.ledger().session(party.session);
        if (session == nullptr) continue;
        const std::string label = Stage::label_of(*session);
        choices.push_back({party.answered ? 3U : 2U, {StepKind::releases, client, dn, label, ""}});
        choices.push_back({1, {StepKind::attaches, client, dn, label, "one"}});
        choices.push_back({1, {StepKind::updates, client, dn, label, "two"}});
        choices.push_back({1, {StepKind::deletes_pair, client, dn, label, "topic"}});
        if (dice_.below(8) == 0) choices.push_back({1, {StepKind::deletes_all, client, dn, label, ""}});
        if (party.answered)
            choices.push_back({8, {StepKind::says, client, dn, label, words()}});
        else if (!on_sip(dn) || dice_.below(12) == 0)
            choices.push_back({10, {StepKind::answers, client, dn, label, ""}});
        if (dice_.below(4) == 0) {
            const std::vector<std::string> dns = agent_dns(realm_in(dn));
            const std::string to = dice_.below(4) == 0 ? session->point : one_of(dns);
            choices.push_back({1, {StepKind::redirects, client, dn, label, "", 0, 0, to}});
        }
    }
}

// A client that registered a routing point routes what is there; anybody tells anybody about a session.
void Generator::routers_at(Stage& stage, const std::string& client, const std::string& dn, Choices& choices) {
    if (stage.ledger().sessions.empty()) return;
    const SessionFacts& some = one_of(stage.ledger().sessions).second;
    const std::vector<std::string> dns = agent_dns(realm_in(dn));
    choices.push_back(
        {1, {StepKind::distributes, client, dn, Stage::label_of(some), words(), 0, 0, one_of(dns)}});
    if (!routing_points().contains(dn)) return;
    // To the agent whom it has reserved, or another client.
    for (const auto& [agent, held] : stage.ledger().reserved)
        for (const auto& [id, session] : stage.ledger().sessions)
            if (session.point + session.realm == dn && realm_in(held.dn) == session.realm)
                choices.push_back(
                    {Stage::label_of(held.client) == client ? 8U : 4U,
                     {StepKind::routes, client, dn, Stage::label_of(session), "", 0, 0, held.dn}});
    for (const auto& [id, session] : stage.ledger().sessions)
        if (session.point + session.realm == dn)
            choices.push_back({5,
                               {StepKind::routes, client, dn, Stage::label_of(session), "", 0, 0,
                                dice_.below(4) == 0 ? "+4930110" : one_of(dns)}});
}

void Generator::outside(Stage& stage, Choices& choices) {
    const std::size_t texts = stage.unanswered_texts();
    if (texts > 0) {
        const std::int64_t status = dice_.below(6) == 0 ? 480 : 200;
        choices.push_back({4 + texts,
                           {StepKind::text_answered, "", "", "", "", status,
                            static_cast<std::int64_t>(dice_.below(texts))}});
    }
    if (stage.probes() > 0)
        choices.push_back({8, {StepKind::probe_answers, "", "", "", "", dice_.below(8) != 0}});
    if (const std::size_t asked = stage.outside_requests(); asked > 0) {
        const auto how =
            static_cast<std::int64_t>(dice_.below(8) == 0 ? OutsideAnswer::error : OutsideAnswer::fine);
        const auto which = static_cast<std::int64_t>(dice_.below(asked));
        choices.push_back({3 + asked, {StepKind::outside_answers, "", "", "", "", how, which}});
    }
    if (dice_.below(12) == 0)
        choices.push_back({3,
                           {StepKind::outside_answers, "", "", "", "",
                            static_cast<std::int64_t>(dice_.below(2) == 0 ? OutsideAnswer::again
                                                                          : OutsideAnswer::unknown)}});
    const auto time = [&](std::uint64_t weight, std::uint64_t most) {
        choices.push_back(
            {weight,
             {StepKind::time_passes, "", "", "", "", static_cast<std::int64_t>(1 + dice_.below(most))}});
    };
    time(12, 2'000);
    time(8, 15'000);
    time(1, 300'000);
    if (dice_.below(200) == 0) time(20, 4'500'000);
    const std::string user = one_of(proving_agents()).user;
    if (dice_.below(4) == 0)
        choices.push_back(
            {3,
             {StepKind::skill_changes, user, "", "", dice_.below(2) == 0 ? "billing" : "english",
              static_cast<std::int64_t>(dice_.below(10))}});
    if (dice_.below(10) == 0) choices.push_back({3, {StepKind::person_toggles, user, "", "", ""}});
    // Building a generation costs milliseconds.
    if (dice_.below(24) == 0) choices.push_back({4, {StepKind::scripts_load, "", "", "", "", ++version_}});
    if (dice_.below(40) == 0) choices.push_back({4, {StepKind::scripts_break, "", "", "", ""}});
    if (dice_.below(20) == 0) choices.push_back({4, {StepKind::scripts_refused, "", "", "", ""}});
}

void Generator::wrong(Stage& stage, Choices& choices) {
    const Ledger& ledger = stage.ledger();
    if (dice_.below(3) != 0) return;
    choices.push_back({2, {StepKind::pager_text, "p1", dice_.below(2) == 0 ? "9999" : "3001", "", words()}});
    if (!ledger.conn_of_leg.empty()) {
        const auto& [leg, conn] = one_of(ledger.conn_of_leg);
        if (leg.starts_with("dialog ") && ledger.sessions.size() < most_sessions &&
            std::none_of(ledger.sessions.begin(), ledger.sessions.end(),
                         [&](const auto& entry) { return entry.second.leg == leg; }))
            choices.push_back({1, {StepKind::session_text, leg.substr(7), "", "", words()}});
    }
    for (const ClientId client : ledger.clients) {
        if (is_watcher(client)) continue;
        const std::string label = Stage::label_of(client);
        const std::string dn = one_of(agent_dns(realm_of(client)));
        switch (dice_.below(8)) {
            case 0:
                choices.push_back({1, {StepKind::registers, label, "7777", "", ""}});
                break;
            case 1:
                choices.push_back({1, {StepKind::ready, label, dn, "", ""}});
                break;
            case 2:
                choices.push_back({1, {StepKind::logs_in, label, dn, "", "9999"}});
                break;
            case 3:
                choices.push_back({1, {StepKind::logs_in, label, dn, "", one_of(proving_agents()).login}});
                break;
            case 4:
                choices.push_back({1, {StepKind::logs_out, label, dn, "", ""}});
                break;
            case 5:
                choices.push_back({1, {StepKind::answers, label, dn, "p0@2001", ""}});
                break;
            default: {
                // A session of somebody: ended, of another agent, or in the wrong state for it.
                if (ledger.sessions.empty()) break;
                const std::string session = Stage::label_of(one_of(ledger.sessions).second);
                static constexpr std::array kinds{
                    StepKind::answers,      StepKind::releases,    StepKind::says,     StepKind::redirects,
                    StepKind::routes,       StepKind::unsupported, StepKind::attaches, StepKind::updates,
                    StepKind::deletes_pair, StepKind::deletes_all};
                choices.push_back({1, {one_of(kinds), label, dn, session, words(), 0, 0, dn}});
            }
        }
    }
}

}  // namespace trunkline::random_test
