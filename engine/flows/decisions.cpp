#include "engine/flows/decisions.hpp"

#include <charconv>

namespace trunkline::flows {
namespace {

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
        if (other.figure)
            append_number(out, *other.figure);
        else
            out += "null";
        out += '}';
    }
    return out + "]";
}

std::string ruled_out_json(const routing::Choice& choice) {
    if (choice.ruled_out.empty() && choice.named.empty() && choice.inline_asked == 0) return {};
    KvList list;
    // A function of the request itself: it saw so many, the longest idle, and not the rest.
    if (choice.inline_asked > 0) {
        list.add("inline_asked", static_cast<std::int64_t>(choice.inline_asked));
        list.add("inline_not_asked", static_cast<std::int64_t>(choice.inline_not_asked));
    }
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
    row.figure = choice.figure;
    row.next_best.is = next_best_json(core, choice);
    row.ruled_out.is = ruled_out_json(choice);
    row.elapsed_us = (core.now - ix.route_requested).count();
    core.record(std::move(row));
}

}  // namespace trunkline::flows
