// A strategy's spec (strategies/spec/*.lua): conversations in which strings are what the strategy does and
// tables what it is answered (text, routed, rows, response..; spec.cpp lists them), played against a host
// with the engine that remembers.
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "tests/unit/scripting/scripts.hpp"

namespace trunkline::scripting::testing {

struct Conversation {
    std::string name;
    std::map<std::string, std::string> lists;
    KvList user_data;
    std::string now;   // "2026-12-24 23:30", UTC; some moment where empty
    std::string zone;  // of the tenant; UTC where empty
    std::vector<std::variant<std::string, Answer>> steps;
};

[[nodiscard]] std::vector<Conversation> read_spec(const std::string& text);

/// Plays it with this strategy text: "" where all went as written, else the first difference.
[[nodiscard]] std::string play(const Conversation& conversation, const std::string& strategy);

/// All that the port and the engine saw, one line each: for comparing two processes.
[[nodiscard]] std::string transcript(const std::vector<Conversation>& spec, const std::string& strategy);

}  // namespace trunkline::scripting::testing
