// trunkctl: the command line of Trunkline. The verbs are listed in verbs.hpp.
#include <clocale>
#include <csignal>
#include <iostream>

#include "apps/trunkctl/command_line.hpp"
#include "apps/trunkctl/verbs.hpp"

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error of the write, not the end of the process
    return trunkline::ctl::run_command_line(trunkline::ctl::all_verbs(), {argv + 1, argv + argc}, std::cout,
                                            std::cerr);
}
