// Writes the command log of one run of the engine: each command before it is handled, so that a crash leaves
// the command that caused it. DIR/run-<start>/NNNNNN.jsonl are the segments, DIR/scripts/<hash>.json the
// scripts. Belongs to the engine thread. A disk that refuses throws std::runtime_error; the host then goes on
// without a log.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "db/replay/effects_hash.hpp"
#include "engine/engine.hpp"

namespace trunkline::replay {

inline constexpr int log_version = 1;
inline constexpr std::int64_t commands_between_hashes = 1000;

class Recorder {
  public:
    /// Starts a new run in `dir`. The oldest segments of all runs are removed so that `keep_mib` holds.
    Recorder(std::filesystem::path dir, std::int64_t keep_mib, const EngineSettings&);
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    /// Before Engine::handle() gets the command at the same `now`.
    void command(const messages::Command&, TimePoint now);
    /// After it: the effects of that command alone.
    void effects(std::span<const messages::Effect>);
    /// Writes the last hash; no command may follow.
    void close();

  private:
    std::filesystem::path dir_, run_;
    std::int64_t keep_bytes_, segment_bytes_;
    std::string header_;
    EffectsHash hash_;
    std::int64_t commands_ = 0, written_ = 0;
    int segment_ = 0, fd_ = -1;

    void open_segment();
    void write_line(std::string line);
    void keep_scripts(const scripting::ScriptSources&) const;
    void remove_oldest() const;
};

}  // namespace trunkline::replay
