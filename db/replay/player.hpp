// Reads a command log and runs it through this build's engine in virtual time. Any thread; touches only the
// disk. A log that cannot be read, or of which the beginning is gone, throws std::runtime_error that says so
// in words.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "db/replay/command_json.hpp"
#include "engine/engine.hpp"

namespace trunkline::replay {

/// The first command after which the effects are not those that were recorded.
struct Difference {
    std::string where;         // run and segment
    std::int64_t command = 0;  // its number in the run, from 1
    TimePoint at;
    std::string name;
    std::string value;        // the command as JSON
    std::string effects_now;  // what this build did, one effect a line
};

struct Replay {
    std::int64_t runs = 0, commands = 0;
    SharedSources last_sources;  // what the log loaded last; null where it loaded none
    std::optional<Difference> difference;
    std::vector<std::string> notes;  // what a reader should know, e.g. a log cut off by a crash
};

/// Called after each command of the replay, with its effects: `explain` reads decision records this way.
using Watch = std::function<void(const messages::Command&, TimePoint, const messages::Effects&)>;

struct ReplayOptions {
    SharedSources scripts;     // in the place of every set of scripts that the log loaded; null: those
    bool explain_all = false;  // decisions name every agent; effects then differ, so no hash is compared
    Watch watch;
};

/// Every run in `dir`, in order, up to the first difference.
[[nodiscard]] Replay replay(const std::filesystem::path& dir, const ReplayOptions&);

}  // namespace trunkline::replay
