#include "tests/random/kit/coverage.hpp"

#include <array>
#include <boost/core/demangle.hpp>
#include <set>
#include <typeinfo>

#include "engine/interactions/party_state.hpp"

namespace trunkline::random_test {
namespace {

constexpr std::array party_events{"queue", "ring", "connect", "answer", "hold", "retrieve", "release"};
constexpr std::array agent_states{"logged_out", "not_ready", "ready", "after_call_work", "legal_guard"};
constexpr std::array agent_events{"log_in",          "log_in_ready", "log_out",      "ready", "not_ready",
                                  "after_call_work", "wrap_up",      "wrap_up_over", "rest"};
constexpr std::array phases{"none", "treatment", "waiting", "ringing", "established"};

std::string party_row(const interactions::PartyTransition& t) {
    return std::string(to_text(t.from)) + " --" + party_events.at(static_cast<std::size_t>(t.event)) +
           "--> " + std::string(to_text(t.to));
}
std::string agent_row(agents::AgentState from, agents::AgentEvent event) {
    return std::string(agent_states.at(static_cast<std::size_t>(from))) + " --" +
           agent_events.at(static_cast<std::size_t>(event)) + "-->";
}

std::string name_of(const messages::Command& command) {
    if (const auto* asked = std::get_if<messages::ClientRequest>(&command))
        return std::string(messages::name_of(asked->request.message));
    return std::visit(
        [](const auto& one) {
            const std::string name = boost::core::demangle(typeid(one).name());
            return name.substr(name.rfind(':') + 1);
        },
        command);
}

// No request of this server holds a party: that comes with call control. A party outside has a leg only while
// it rings or serves.
bool out_of_reach(const std::string& row) {
    return row.find("held") != std::string::npos || row == "treatment x LegText" ||
           row == "waiting x LegText";
}

}  // namespace

Coverage::Coverage() {
    for (const auto& t : interactions::party_transitions) tables["party"][party_row(t)] = 0;
    for (const auto& t : agents::agent_transitions) tables["agent"][agent_row(t.from, t.event)] = 0;
    for (const char* command : {"LegAnswered", "LegFailed"})
        tables["phase"][std::string("ringing x ") + command] = 0;
    for (const char* phase : {"treatment", "waiting", "ringing", "established"}) {
        for (const char* command :
             {"TextReceived", "SessionOffered", "LegEnded", "TextAnswered", "LegText", "EndpointProbed",
              "ClientOpened", "ClientClosed", "QueryAnswered", "HttpAnswered", "ConfigChanged",
              "ScriptsLoaded", "ScriptsRefused", "TimersDue", "Drain"})
            tables["phase"][std::string(phase) + " x " + command] = 0;
        for (const char* request :
             {"RegisterAddress", "UnregisterAddress", "AgentLogin", "AgentLogout", "AgentReady",
              "AgentNotReady", "AnswerCall", "ReleaseCall", "RedirectCall", "RouteCall", "PrivateService",
              "AttachUserData", "UpdateUserData", "DeletePair", "DeleteUserData", "DistributeUserEvent",
              "ReserveAgent", "SetDNDOn", "SetDNDOff"})
            tables["phase"][std::string(phase) + " x Request" + request] = 0;
    }
}

void Coverage::begin(const Ledger& ledger) {
    const messages::Command& command = *ledger.command;
    const auto leg_phase = [&](const std::string& leg) -> std::string {
        const auto conn = ledger.conn_of_leg.find(leg);
        const auto phase = conn == ledger.conn_of_leg.end() ? phases_.end() : phases_.find(conn->second);
        return phase == phases_.end() ? phases.front() : phase->second;
    };
    std::set<std::string> met;
    if (const auto* text = std::get_if<messages::TextReceived>(&command))
        met = {leg_phase(text->leg.key)};
    else if (const auto* ended = std::get_if<messages::LegEnded>(&command))
        met = {leg_phase(ended->leg_key)};
    else if (const auto* said = std::get_if<messages::LegText>(&command)) {
        met = {phases.front()};
        for (const auto& [id, session] : ledger.sessions)
            if (session.out_leg == said->leg_key) met = {leg_phase(session.leg)};
    } else if (const auto* asked = ledger.request(); asked != nullptr && asked->conn_id) {
        const auto phase = phases_.find(asked->conn_id);
        met = {phase == phases_.end() ? phases.front() : phase->second};
    } else
        for (const auto& [conn, phase] : phases_) met.insert(phase);
    for (const std::string& phase : met) ++tables["phase"][phase + " x " + name_of(command)];
}

void Coverage::see(const messages::Effect& effect) {
    const auto* write = std::get_if<messages::WriteRecord>(&effect);
    const auto* row = write == nullptr ? nullptr : std::get_if<records::PartyState>(&write->record);
    if (row == nullptr) return;
    const auto at = parties_.try_emplace(row->party_id, "none").first;
    for (const auto& t : interactions::party_transitions)
        if (to_text(t.from) == at->second && to_text(t.to) == row->state) ++tables["party"][party_row(t)];
    at->second = row->state;
    if (row->state == "released") parties_.erase(at);
}

void Coverage::end(const Ledger& ledger, const Engine& engine) {
    for (const AgentMove& move : ledger.moves) ++tables["agent"][agent_row(move.from, move.event)];
    phases_.clear();
    for (const InteractionRow& row : engine.interactions(ledger.now))
        phases_[parse_conn_id(row.conn_id)] = row.state;
}

void Coverage::add(const Coverage& other) {
    for (const auto& [table, counts] : other.tables)
        for (const auto& [row, count] : counts) tables[table][row] += count;
}

std::string Coverage::text() const {
    std::string out;
    for (const auto& [table, counts] : tables) {
        out += table == "phase" ? "session phase x command\n" : table + ": state --event-->\n";
        for (const auto& [row, count] : counts) {
            const std::string number = std::to_string(count);
            out += std::string(number.size() < 10 ? 10 - number.size() : 1, ' ') + number + "  " + row + '\n';
        }
    }
    return out;
}

std::vector<std::string> Coverage::missing() const {
    std::vector<std::string> rows;
    for (const auto& [table, counts] : Coverage().tables)
        for (const auto& [row, none] : counts)
            if (tables.at(table).at(row) == 0 && !out_of_reach(row)) rows.push_back(table + ": " + row);
    return rows;
}

double Coverage::share() const {
    std::size_t all = 0;
    for (const auto& [table, counts] : Coverage().tables)
        for (const auto& [row, none] : counts)
            if (!out_of_reach(row)) ++all;
    return 1 - static_cast<double>(missing().size()) / static_cast<double>(all);
}

}  // namespace trunkline::random_test
