// Brings scripts from disk into force: reads the folders, builds a generation on a worker thread and posts it
// to the engine, at start, on `reload` and when files have changed and 300 ms passed without another change.
// Folders are followed by their path: one that was replaced (a rename, a symbolic link that points elsewhere)
// is a change as well. reload() may be called from any thread; the rest on the engine thread. Bad scripts
// change nothing but the error list.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "apps/settings/settings.hpp"
#include "apps/trunklined/engine_loop.hpp"
#include "engine/model/snapshot.hpp"

namespace trunkline::apps {

/// How patient scripts.watch is.
struct WatchPace {
    std::chrono::milliseconds quiet{300};  // without another change, before the scripts are read
    // No notice comes when a symbolic link in a folder's path points elsewhere, nor when a folder that went
    // comes back: then it is looked whether the paths still lead to the same folders.
    std::chrono::milliseconds look{2000};
};

class ScriptLoader {
  public:
    struct Outcome {
        std::int64_t generation = 0;      // in force after it
        std::string hash;                 // of what was read
        std::vector<std::string> errors;  // file:line: message; empty where the reload took effect
    };
    using Done = std::function<void(Outcome)>;

    ScriptLoader(boost::asio::io_context&, EngineLoop&, const Settings&, WatchPace = {});
    ~ScriptLoader();
    ScriptLoader(const ScriptLoader&) = delete;
    ScriptLoader& operator=(const ScriptLoader&) = delete;

    /// `done` runs on the engine thread when the outcome is in force.
    void reload(Done done);
    /// From now on the names that scripts write as constants are looked up here. Any thread.
    void look_names_up_in(model::SharedSnapshot);
    /// Starts to follow changes of the files, unless setting scripts.watch is off.
    void watch();
    void stop();

    /// The errors of the last reload; empty where it took effect. Engine thread.
    [[nodiscard]] const std::vector<std::string>& last_errors() const { return last_errors_; }

  private:
    EngineLoop& loop_;
    const Settings& settings_;
    boost::asio::posix::stream_descriptor notices_;
    boost::asio::steady_timer quiet_, look_;
    WatchPace pace_;
    std::map<fs::path, int> followed_;  // the folders and their watches; -1: not there
    std::array<char, 4096> buffer_{};
    std::vector<std::string> last_errors_;
    std::string last_hash_;                // the worker's
    model::SharedSnapshot configuration_;  // the worker's
    boost::asio::thread_pool worker_{1};   // last: its thread ends before what it uses

    void build_and_post(bool only_if_changed, const Done&);
    void finish(Outcome, const Done&);
    [[nodiscard]] bool follow_folders();
    void look_again();
    void read_notices();
    void wait_for_quiet();
};

}  // namespace trunkline::apps
