// trunklined: the server. Reads its settings, makes the parts, runs until a signal.
#include <boost/program_options.hpp>
#include <csignal>
#include <iostream>

#include "apps/trunklined/log_setup.hpp"
#include "apps/trunklined/process_limits.hpp"
#include "apps/trunklined/server.hpp"

namespace po = boost::program_options;
using namespace trunkline::apps;

namespace {

int usage_error(const std::string& what) {
    std::cerr << "trunklined: " << what << "; see trunklined --help\n";
    return 2;
}

int serve(const std::string& config, bool may_be_absent) {
    try {
        auto settings = read_settings(config, process_environment(), may_be_absent);
        refuse_open_doors(settings);
        set_up_log(settings.log);
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
    options.add_options()(
        "config", po::value<std::string>()->default_value("trunkline.yaml")->value_name("FILE"),
        "process settings; each key can be overridden by TRUNKLINE_<SECTION>_<KEY>")("help,h", "this text")(
        "core-dumps", "let a crash leave its memory behind: it holds passwords and customers' texts");
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
    return serve(given["config"].as<std::string>(), given["config"].defaulted());
}
