// What a verb of trunkctl is: a row with its name, its words for --help, its options and the function that
// carries it out. Each verb has a file of its own; verbs.hpp lists them. One thread.
#pragma once

#include <boost/program_options.hpp>
#include <functional>
#include <iosfwd>
#include <stdexcept>
#include <string>
#include <vector>

#include "apps/settings/settings.hpp"

namespace trunkline::ctl {

namespace po = boost::program_options;

/// Wrong usage: exit 2. The text is one line that says what is right.
struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};
/// The command failed: exit 1.
struct Failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct Call {
    apps::Settings settings;
    std::string config;  // the settings file as it was named
    po::variables_map options;
    std::vector<std::string> arguments;  // after the verb
    bool json = false;
    std::ostream& out;
    std::ostream& err;

    [[nodiscard]] bool has(const char* option) const { return options.count(option) > 0; }
    [[nodiscard]] std::string text(const char* option, const std::string& otherwise = {}) const {
        return has(option) ? options[option].as<std::string>() : otherwise;
    }
    /// The only argument; UsageError where there is another number of them.
    [[nodiscard]] const std::string& only_argument(const char* name) const;
};

struct Verb {
    std::string name;
    std::string arguments;  // as --help shows them: "FILE"
    std::string summary;    // one line
    std::string help;       // what a newcomer needs to know, with an example
    std::size_t fewest_arguments = 0, most_arguments = 0;
    std::function<void(po::options_description&)> add_options;  // may be empty
    std::function<int(Call&)> run;                              // the exit status
    bool needs_settings = true;  // false: a settings file that is not there is no error
};

}  // namespace trunkline::ctl
