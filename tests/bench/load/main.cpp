// bench_load: customers over SIP and agents over T-Library against a running server; prints one line of JSON
// with the figures. tests/bench/run_load makes the server and reads the line. Exit status 1 where the counts
// do not add up.
#include <unistd.h>

#include <boost/json.hpp>
#include <boost/program_options.hpp>
#include <iostream>
#include <stdexcept>

#include "tests/bench/load/modes.hpp"

namespace po = boost::program_options;
using namespace trunkline::bench;

namespace {

void read_address(const std::string& text, std::string& host, std::uint16_t& port) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos) throw std::runtime_error("not host:port: " + text);
    host = text.substr(0, colon);
    port = static_cast<std::uint16_t>(std::stoi(text.substr(colon + 1)));
    if (!host.starts_with("127.")) throw std::runtime_error("the load is for loopback only, not for " + host);
}

po::options_description options_of(Options& o, std::string& sip, std::string& tlib) {
    po::options_description all("bench_load: load for a running server on loopback\n\nOptions");
    auto add = all.add_options();
    add("mode", po::value(&o.mode)->required(), "texts or sessions");
    add("sip", po::value(&sip)->required(), "host:port of the server, UDP");
    add("tlib", po::value(&tlib)->default_value("127.0.0.1:0"), "host:port of its T-Library door");
    add("point", po::value(&o.point)->default_value("1111"), "routing point to write to");
    add("agents", po::value(&o.agents)->default_value(o.agents),
        "agents who log in; 0: the server is a relay, texts arrive at --endpoints-port");
    add("endpoints-port", po::value(&o.endpoints_port)->default_value(0),
        "mode texts: texts arrive over SIP at this port, not at the agents' desks");
    add("first-agent", po::value(&o.first_agent)->default_value(o.first_agent), "DN and login of the first");
    add("sessions", po::value(&o.sessions)->default_value(o.sessions), "mode texts: established sessions");
    add("window", po::value(&o.window)->default_value(o.window), "texts under way, or sessions at a time");
    add("rate", po::value(&o.rate)->default_value(o.rate),
        "mode texts: texts a second, open loop; 0: closed loop");
    add("seconds", po::value(&o.seconds)->default_value(o.seconds), "how long new ones begin");
    add("server-pid", po::value(&o.server_pid)->default_value(0), "process whose CPU is read");
    add("database-pid", po::value(&o.database_pid)->default_value(0),
        "the same for PostgreSQL's first process");
    add("settle", po::value(&o.settle)->default_value(""),
        "command to run before the CPU is read at the end");
    add("help", "this text");
    return all;
}

// A run whose counts do not add up is no measurement.
bool adds_up(const boost::json::object& figures) {
    for (const char* must_be_zero : {"refused", "lost", "doubled", "misdirected", "unexpected"}) {
        const auto* value = figures.if_contains(must_be_zero);
        if (value != nullptr && value->to_number<double>() != 0) return false;
    }
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        Options options;
        std::string sip, tlib;
        const auto described = options_of(options, sip, tlib);
        po::variables_map given;
        po::store(po::parse_command_line(argc, argv, described), given);
        if (given.count("help") > 0) {
            std::cout << described;
            return 0;
        }
        po::notify(given);
        read_address(sip, options.sip_host, options.sip_port);
        read_address(tlib, options.tlib_host, options.tlib_port);
        options.run = std::to_string(::getpid());
        if (options.mode != "texts" && options.mode != "sessions")
            throw std::runtime_error("no mode " + options.mode);
        const auto figures = options.mode == "texts" ? run_texts(options) : run_sessions(options);
        std::cout << boost::json::serialize(figures) << std::endl;
        return adds_up(figures) ? 0 : 1;
    } catch (const std::exception& error) {
        std::cerr << "bench_load: " << error.what() << '\n';
        return 1;
    }
}
