#include "apps/trunkctl/command_line.hpp"

#include <algorithm>
#include <array>
#include <iomanip>
#include <ostream>
#include <sstream>

#include "engine/base/printable.hpp"

namespace trunkline::ctl {

namespace {

// Of these the next word is the value, never the verb.
constexpr std::array options_with_value{"--config", "--dsn", "--url", "--token", "--ca"};

po::options_description common_options() {
    po::options_description common("Common options");
    common.add_options()("config",
                         po::value<std::string>()->default_value("trunkline.yaml")->value_name("FILE"),
                         "the process settings")("dsn", po::value<std::string>()->value_name("DSN"),
                                                 "the database, in the place of database.dsn")(
        "json", "print JSON for programs")("help,h", "this text");
    return common;
}

std::size_t position_of_verb(const std::vector<std::string>& words) {
    std::size_t i = 0;
    for (; i < words.size(); ++i) {
        if (std::find(options_with_value.begin(), options_with_value.end(), words[i]) !=
            options_with_value.end())
            ++i;
        else if (!words[i].starts_with("-"))
            break;
    }
    return std::min(i, words.size());
}

void print_overview(const std::vector<Verb>& verbs, std::ostream& out) {
    out << "usage: trunkctl VERB [OPTIONS]     (trunkctl VERB --help tells more)\n\n";
    for (const auto& verb : verbs)
        out << "  " << std::left << std::setw(14) << verb.name << verb.summary << '\n';
    out << '\n' << common_options() << "\nExit status: 0 done, 1 failed, 2 wrong usage.\n";
}

void print_help(const Verb& verb, const po::options_description& own, std::ostream& out) {
    out << "usage: trunkctl " << verb.name << (verb.arguments.empty() ? "" : " ") << verb.arguments
        << " [OPTIONS]\n\n"
        << verb.help << "\n\n";
    if (!own.options().empty()) out << own << '\n';
    out << common_options();
}

apps::Settings settings_of(const Verb& verb, const po::variables_map& options) {
    const auto file = options["config"].as<std::string>();
    const bool may_be_absent = options["config"].defaulted() &&
                               (!verb.needs_settings || options.count("dsn") > 0 || options.count("url") > 0);
    auto settings = apps::read_settings(file, apps::process_environment(), may_be_absent);
    if (options.count("dsn") > 0) settings.database.dsn = options["dsn"].as<std::string>();
    if (!apps::is_dsn(settings.database.dsn))
        throw UsageError(
            "--dsn: is no connection string; write keywords as in \"host=db1 dbname=trunkline\", "
            "or a postgresql:// address");
    return settings;
}

int run_verb(const Verb& verb, const std::vector<std::string>& words, std::ostream& out, std::ostream& err) {
    po::options_description own("Options");
    if (verb.add_options) verb.add_options(own);
    auto all = common_options();
    all.add(own);
    po::options_description hidden;
    hidden.add(all);
    hidden.add_options()("argument", po::value<std::vector<std::string>>());
    po::positional_options_description positions;
    positions.add("argument", -1);
    po::variables_map options;
    try {
        po::store(po::command_line_parser(words).options(hidden).positional(positions).run(), options);
    } catch (const po::error& error) {
        throw UsageError(std::string(error.what()) + "; see trunkctl " + verb.name + " --help");
    }
    if (options.count("help") > 0) {
        print_help(verb, own, out);
        return 0;
    }
    try {
        po::notify(options);
    } catch (const po::error& error) {
        throw UsageError(std::string(error.what()) + "; see trunkctl " + verb.name + " --help");
    }
    std::vector<std::string> arguments;
    if (options.count("argument") > 0) arguments = options["argument"].as<std::vector<std::string>>();
    if (arguments.size() < verb.fewest_arguments || arguments.size() > verb.most_arguments)
        throw UsageError("usage: trunkctl " + verb.name + (verb.arguments.empty() ? "" : " ") +
                         verb.arguments + "; see trunkctl " + verb.name + " --help");
    Call call{settings_of(verb, options),
              options["config"].as<std::string>(),
              options,
              std::move(arguments),
              options.count("json") > 0,
              out,
              err};
    return verb.run(call);
}

std::string one_line(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    return printable(text);
}

}  // namespace

const std::string& Call::only_argument(const char* name) const {
    if (arguments.size() != 1) throw UsageError(std::string("one ") + name + " is expected");
    return arguments.front();
}

int run_command_line(const std::vector<Verb>& verbs, std::vector<std::string> words, std::ostream& out,
                     std::ostream& err) {
    try {
        const auto at = position_of_verb(words);
        if (at == words.size()) {
            const bool asked = std::any_of(words.begin(), words.end(),
                                           [](const auto& w) { return w == "--help" || w == "-h"; });
            print_overview(verbs, asked ? out : err);
            return asked ? 0 : 2;
        }
        const auto name = words[at];
        words.erase(words.begin() + static_cast<std::ptrdiff_t>(at));
        const auto verb =
            std::find_if(verbs.begin(), verbs.end(), [&](const Verb& v) { return v.name == name; });
        if (verb == verbs.end()) throw UsageError("there is no verb '" + name + "'; see trunkctl --help");
        return run_verb(*verb, words, out, err);
    } catch (const UsageError& error) {
        err << "trunkctl: " << one_line(error.what()) << '\n';
        return 2;
    } catch (const std::exception& error) {
        err << "trunkctl: " << one_line(error.what()) << '\n';
        return 1;
    }
}

}  // namespace trunkline::ctl
