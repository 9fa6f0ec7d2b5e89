// trunklined: the server. Reads its settings, makes the parts, runs until a signal.
#include <spdlog/spdlog.h>

#include <boost/program_options.hpp>
#include <csignal>
#include <iostream>

#include "apps/trunklined/log_setup.hpp"
#include "apps/trunklined/process_limits.hpp"
#include "apps/trunklined/process_owner.hpp"
#include "apps/trunklined/server.hpp"

namespace po = boost::program_options;
using namespace trunkline::apps;

namespace {

int usage_error(const std::string& what) {
    std::cerr << "trunklined: " << what << "; see trunklined --help\n";
    return 2;
}

/// `user` "": whoever started it.
int serve(const std::string& config, bool may_be_absent, const std::string& user) {
    try {
        auto settings = read_settings(config, process_environment(), may_be_absent);
        refuse_open_doors(settings);
        if (!user.empty()) become(user);
        set_up_log(settings.log);
        if (is_root())
            spdlog::warn(
                "running as root, whose rights it does not need: start it with --user NAME or as a service "
                "(docs/operation.md)");
        Server(std::move(settings)).run();
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "trunklined: " << error.what() << '\n';
        return 1;
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);  // a client that went away is an error of the write
    po::options_description options("trunklined: the Trunkline server\n\nOptions");
    options.add_options()("config",
                          po::value<std::string>()->default_value("trunkline.yaml")->value_name("FILE"),
                          "process settings; each key can be overridden by TRUNKLINE_<SECTION>_<KEY>")(
        "user", po::value<std::string>()->default_value("")->value_name("NAME"),
        "where root starts it: become this user before anything is opened")(
        "core-dumps", "let a crash leave its memory behind: it holds passwords and customers' texts")(
        "help,h", "this text");
    po::variables_map given;
    try {
        po::store(po::command_line_parser(argc, argv).options(options).positional({}).run(), given);
    } catch (const po::error& error) {
        return usage_error(error.what());
    }
    if (given.count("help") > 0) {
        std::cout << options;
        return 0;
    }
    keep_to_ourselves(given.count("core-dumps") > 0 ? CoreDumps::allowed : CoreDumps::none);
    return serve(given["config"].as<std::string>(), given["config"].defaulted(),
                 given["user"].as<std::string>());
}
