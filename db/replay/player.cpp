#include "db/replay/player.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <map>
#include <stdexcept>

#include "db/replay/effects_hash.hpp"
#include "db/replay/recorder.hpp"

namespace trunkline::replay {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

json::value read_json(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error(file.string() + ": cannot be read");
    return json::parse(std::string{std::istreambuf_iterator<char>(in), {}});
}

EngineSettings settings_from(const json::value& header, bool explain_all) {
    EngineSettings settings;
    settings.seed = json::value_to<std::uint64_t>(header.at("seed"));
    settings.shard = json::value_to<std::uint32_t>(header.at("shard"));
    settings.started_at = TimePoint(Duration(json::value_to<std::int64_t>(header.at("started_at"))));
    settings.explain_all = explain_all || header.at("explain_all").as_bool();
    const auto& budgets = header.at("budgets");
    const auto read = [&](const char* key) { return json::value_to<std::int64_t>(budgets.at(key)); };
    settings.budgets.instructions = read("instructions");
    settings.budgets.load_instructions = read("load_instructions");
    // Logs of before these two were settings have the defaults.
    if (const auto* trace = header.as_object().if_contains("trace"))
        settings.trace = static_cast<scripting::TraceKept>(json::value_to<int>(*trace));
    if (const auto* node = header.as_object().if_contains("node"))
        settings.node = json::value_to<std::string>(*node);
    if (budgets.as_object().contains("function_instructions"))
        settings.budgets.function_instructions = read("function_instructions");
    settings.budgets.close_instructions = read("close_instructions");
    settings.budgets.interaction_bytes = read("interaction_bytes");
    settings.budgets.generation_bytes = read("generation_bytes");
    return settings;
}

std::vector<fs::path> ordered(const fs::path& dir, bool (*wanted)(const fs::directory_entry&)) {
    std::vector<fs::path> found;
    if (!fs::is_directory(dir)) throw std::runtime_error(dir.string() + ": there is no such folder");
    for (const auto& entry : fs::directory_iterator(dir))
        if (wanted(entry)) found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
}

bool is_segment(const fs::directory_entry& entry) { return entry.path().extension() == ".jsonl"; }
bool is_run(const fs::directory_entry& entry) {
    return entry.is_directory() && entry.path().filename().string().starts_with("run-");
}

/// One run of an engine: a new one for each, as the process had a new one.
class RunPlayer {
  public:
    RunPlayer(const fs::path& dir, const fs::path& run, const ReplayOptions& options, Replay& result)
        : dir_(dir), run_(run), options_(options), result_(result) {}

    void play() {
        const auto segments = ordered(run_, is_segment);
        if (segments.empty() || segments.front().filename() != "000001.jsonl")
            throw std::runtime_error(
                run_.string() + ": the beginning of this run is gone (replay.keep_mib dropped its oldest " +
                "segments), and what follows depends on it; keep more with a larger replay.keep_mib");
        for (const auto& segment : segments) {
            play_segment(segment);
            if (result_.difference) return;
        }
        if (!closed_)
            result_.notes.push_back(
                run_.filename().string() +
                ": was not closed (a crash, or it still runs): the effects of its last command " +
                "are not compared");
    }

  private:
    struct Played {
        std::string name, value, where;
        TimePoint at;
        messages::Effects effects;
    };
    const fs::path& dir_;
    const fs::path& run_;
    const ReplayOptions& options_;
    Replay& result_;
    std::unique_ptr<Engine> engine_;
    EffectsHash hash_;
    std::map<std::string, SharedSources> sources_;
    Played last_;
    std::int64_t commands_ = 0;
    bool closed_ = false;

    void play_segment(const fs::path& segment) {
        std::ifstream in(segment, std::ios::binary);
        std::string line;
        for (int number = 1; std::getline(in, line) && !result_.difference; ++number) {
            const auto where =
                run_.filename().string() + "/" + segment.filename().string() + ":" + std::to_string(number);
            boost::system::error_code error;
            const auto parsed = json::parse(line, error);
            if (error && in.eof()) {
                result_.notes.push_back(where + ": the last line is cut off, as a crash leaves it");
                return;
            }
            if (error || !parsed.is_object())
                throw std::runtime_error(where + ": is no line of a command log");
            play_line(parsed.get_object(), where);
        }
    }

    void play_line(const json::object& line, const std::string& where) {
        if (line.contains("trunkline_command_log")) {
            if (json::value_to<int>(line.at("trunkline_command_log")) != log_version)
                throw std::runtime_error(where + ": was written by a build with another form of log");
            if (!engine_) engine_ = std::make_unique<Engine>(settings_from(line, options_.explain_all));
        } else if (line.contains("effects")) {
            if (json::value_to<std::string>(line.at("effects")) != hash_.text()) differ();
            closed_ = line.contains("closed");
        } else {
            if (json::value_to<std::string>(line.at("before")) != hash_.short_text()) differ();
            if (!result_.difference) play_command(line, where);
        }
    }

    void play_command(const json::object& line, const std::string& where) {
        if (!engine_) throw std::runtime_error(where + ": a command before the header");
        last_ = {json::value_to<std::string>(line.at("command")),
                 json::serialize(line.at("value")),
                 where,
                 TimePoint(Duration(json::value_to<std::int64_t>(line.at("at")))),
                 {}};
        auto command = command_from_json(last_.name, line.at("value"),
                                         [this](const std::string& hash) { return sources(hash); });
        const auto seen = command;
        engine_->handle(std::move(command), last_.at, last_.effects);
        hash_.add(last_.effects);
        ++commands_;
        ++result_.commands;
        if (options_.watch) options_.watch(seen, last_.at, last_.effects);
    }

    /// The hash before this line is not the recorded one: the command played last did something else.
    void differ() {
        if (options_.explain_all) return;
        result_.difference =
            Difference{last_.where, commands_, last_.at, last_.name, last_.value, to_lines(last_.effects)};
    }

    SharedSources sources(const std::string& hash) {
        auto& known = sources_[hash];
        if (!known)
            known = std::make_shared<const scripting::ScriptSources>(
                sources_from_json(read_json(dir_ / "scripts" / (hash + ".json"))));
        result_.last_sources = known;
        return options_.scripts ? options_.scripts : known;
    }
};

}  // namespace

Replay replay(const fs::path& dir, const ReplayOptions& options) {
    Replay result;
    const auto runs = ordered(dir, is_run);
    if (runs.empty())
        throw std::runtime_error(dir.string() +
                                 ": holds no command log; set replay.dir and restart trunklined");
    for (const auto& run : runs) {
        RunPlayer(dir, run, options, result).play();
        ++result.runs;
        if (result.difference) break;
    }
    return result;
}

}  // namespace trunkline::replay
