#include "db/replay/recorder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include "db/replay/command_json.hpp"

namespace trunkline::replay {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

json::value header_of(const EngineSettings& settings) {
    return {{"trunkline_command_log", log_version},
            {"seed", settings.seed},
            {"shard", settings.shard},
            {"started_at", settings.started_at.time_since_epoch().count()},
            {"explain_all", settings.explain_all},
            {"trace", static_cast<int>(settings.trace)},
            {"node", settings.node},
            {"budgets",
             {{"instructions", settings.budgets.instructions},
              {"load_instructions", settings.budgets.load_instructions},
              {"function_instructions", settings.budgets.function_instructions},
              {"close_instructions", settings.budgets.close_instructions},
              {"interaction_bytes", settings.budgets.interaction_bytes},
              {"generation_bytes", settings.budgets.generation_bytes}}}};
}

std::string numbered(int segment) {
    char name[32];
    std::snprintf(name, sizeof name, "%06d.jsonl", segment);
    return name;
}

[[noreturn]] void refused(const fs::path& file) {
    throw std::runtime_error("the command log " + file.string() + " cannot be written: " +
                             std::strerror(errno) + "; make room or set replay.dir: null");
}

}  // namespace

Recorder::Recorder(fs::path dir, std::int64_t keep_mib, const EngineSettings& settings)
    : dir_(std::move(dir)),
      keep_bytes_(keep_mib * 1024 * 1024),
      segment_bytes_(std::clamp<std::int64_t>(keep_bytes_ / 16, 256 * 1024, 64LL * 1024 * 1024)),
      header_(json::serialize(header_of(settings))) {
    // Twenty digits: the names order as the times do.
    char name[40];
    std::snprintf(name, sizeof name, "run-%020lld",
                  static_cast<long long>(settings.started_at.time_since_epoch().count()));
    run_ = dir_ / name;
    fs::create_directories(run_);
    fs::create_directories(dir_ / "scripts");
    // Texts of customers stand in it.
    fs::permissions(dir_, fs::perms::owner_all);
    open_segment();
}

Recorder::~Recorder() {
    if (fd_ >= 0) ::close(fd_);
}

void Recorder::open_segment() {
    if (fd_ >= 0) ::close(fd_);
    const auto file = run_ / numbered(++segment_);
    fd_ = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
    if (fd_ < 0) refused(file);
    written_ = 0;
    write_line(header_);
    remove_oldest();
}

void Recorder::write_line(std::string line) {
    line += '\n';
    for (std::size_t done = 0; done < line.size();) {
        const auto count = ::write(fd_, line.data() + done, line.size() - done);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) refused(run_ / numbered(segment_));
        done += static_cast<std::size_t>(count);
    }
    written_ += static_cast<std::int64_t>(line.size());
}

void Recorder::command(const messages::Command& command, TimePoint now) {
    if (const auto* loaded = std::get_if<messages::ScriptsLoaded>(&command)) keep_scripts(*loaded->sources);
    if (written_ > segment_bytes_) open_segment();
    // By hand, so that the order of the keys is one for reading too.
    std::string line = "{\"at\":" + std::to_string(now.time_since_epoch().count()) + ",\"before\":\"" +
                       hash_.short_text() + "\",\"command\":\"" + std::string(name_of(command)) +
                       "\",\"value\":";
    line += json::serialize(to_json(command));
    line += '}';
    write_line(std::move(line));
    ++commands_;
}

void Recorder::effects(std::span<const messages::Effect> effects) {
    hash_.add(effects);
    if (commands_ % commands_between_hashes == 0)
        write_line(json::serialize(json::value{{"commands", commands_}, {"effects", hash_.text()}}));
}

void Recorder::close() {
    if (fd_ < 0) return;
    write_line(
        json::serialize(json::value{{"commands", commands_}, {"effects", hash_.text()}, {"closed", true}}));
    ::close(fd_);
    fd_ = -1;
}

void Recorder::keep_scripts(const scripting::ScriptSources& sources) const {
    const auto file = dir_ / "scripts" / (sources.hash + ".json");
    if (fs::exists(file)) return;
    const auto part = fs::path(file).concat(".part");
    std::ofstream out(part, std::ios::binary);
    out << json::serialize(sources_to_json(sources)) << '\n';
    out.close();
    if (!out) refused(part);
    fs::rename(part, file);
}

void Recorder::remove_oldest() const {
    std::vector<fs::path> segments;
    std::int64_t total = 0;
    for (const auto& entry : fs::recursive_directory_iterator(dir_)) {
        if (entry.path().extension() != ".jsonl") continue;
        segments.push_back(entry.path());
        total += static_cast<std::int64_t>(entry.file_size());
    }
    std::sort(segments.begin(), segments.end());
    const auto current = run_ / numbered(segment_);
    for (const auto& segment : segments) {
        if (total + segment_bytes_ <= keep_bytes_ || segment == current) break;
        total -= static_cast<std::int64_t>(fs::file_size(segment));
        fs::remove(segment);
        if (fs::is_empty(segment.parent_path())) fs::remove(segment.parent_path());
    }
}

}  // namespace trunkline::replay
