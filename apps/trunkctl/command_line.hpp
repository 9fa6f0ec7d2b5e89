// From argv to one verb's call: finds the verb, parses common options and its own, prints --help that
// teaches, turns what goes wrong into one line on stderr and the exit status (0 done, 1 failed, 2 wrong
// usage).
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "apps/trunkctl/verb.hpp"

namespace trunkline::ctl {

[[nodiscard]] int run_command_line(const std::vector<Verb>&, std::vector<std::string> words,
                                   std::ostream& out, std::ostream& err);

}  // namespace trunkline::ctl
