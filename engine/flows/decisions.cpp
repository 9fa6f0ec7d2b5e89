#include "engine/flows/decisions.hpp"

#include <charconv>

namespace trunkline::flows {
namespace {

// Longest idle first: an agent with work in hand is in no ready state and has the figure 0.
double idle_seconds(const Core& core, bool busy, TimePoint idle_since) {
    return busy ? 0 : to_seconds(core.now - idle_since);
}

void append_number(std::string& out, double value) {
    char digits[32];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed, 3).ptr);
}

std::string next_best_json(const Core& core, const routing::Choice& choice) {
    if (choice.next_best.empty()) return {};
    std::string out = "[";
    for (const auto& other : choice.next_best) {
        if (out.size() > 1) out += ',';
        out += "{\"agent\":";
        append_json_string(out, core.user_name(other.agent));
        out += ",\"figure\":";
        append_number(out, idle_seconds(core, other.busy, other.idle_since));
        out += '}';
    }
    return out + "]";
}

std::string ruled_out_json(const routing::Choice& choice) {
    if (choice.ruled_out.empty() && choice.named.empty()) return {};
    KvList list;
    for (const auto& [reason, count] : choice.ruled_out) list.add(reason, static_cast<std::int64_t>(count));
    if (!choice.named.empty()) {
        KvList names;
        for (const auto& [name, reason] : choice.named) names.add(name, reason);
        list.add("agents", std::move(names));
    }
    std::string out;
    append_json(out, list);
    return out;
}

}  // namespace

void record_decision(Core& core, const interactions::Interaction& ix, const routing::RouteRequest& request,
                     const routing::Choice& choice) {
    records::Decision row;
    row.seq = core.ids.next_seq();
    row.interaction_id = ix.id;
    row.tenant = core.tenant_name(ix.tenant);
    row.at = core.now;
    row.strategy = ix.strategy;
    if (ix.generation) row.generation = ix.generation.value();
    if (request.line > 0) row.line = request.line;
    row.candidates = static_cast<std::int64_t>(choice.candidates);
    row.winner = core.user_name(choice.agent);
    row.figure = idle_seconds(core, choice.busy, choice.idle_since);
    row.next_best.is = next_best_json(core, choice);
    row.ruled_out.is = ruled_out_json(choice);
    row.elapsed_us = (core.now - ix.route_requested).count();
    core.record(std::move(row));
}

}  // namespace trunkline::flows
