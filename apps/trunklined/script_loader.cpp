#include "apps/trunklined/script_loader.hpp"

#include <spdlog/spdlog.h>
#include <sys/inotify.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>
#include <set>

#include "apps/settings/script_folders.hpp"

namespace trunkline::apps {

ScriptLoader::ScriptLoader(boost::asio::io_context& io, EngineLoop& loop, const Settings& settings,
                           WatchPace pace)
    : loop_(loop), settings_(settings), notices_(io), quiet_(io), look_(io), pace_(pace) {}

ScriptLoader::~ScriptLoader() { stop(); }

void ScriptLoader::reload(Done done) {
    boost::asio::post(worker_, [this, done = std::move(done)] { build_and_post(false, done); });
}

void ScriptLoader::look_names_up_in(model::SharedSnapshot configuration) {
    boost::asio::post(worker_, [this, configuration = std::move(configuration)]() mutable {
        configuration_ = std::move(configuration);
    });
}

/// On the worker: nothing here touches what the engine thread owns.
void ScriptLoader::build_and_post(bool only_if_changed, const Done& done) {
    Outcome outcome;
    try {
        auto sources = std::make_shared<scripting::ScriptSources>(read_scripts(settings_));
        outcome.hash = sources->hash;
        if (only_if_changed && sources->hash == last_hash_) return;
        last_hash_ = sources->hash;
        auto built = scripting::build(*sources, script_budgets(settings_), {configuration_.get()});
        for (const auto& error : built.errors) outcome.errors.push_back(error.message);
        if (built.errors.empty()) {
            loop_.post(messages::ScriptsLoaded{std::move(sources), std::move(built.generation)});
        } else {
            loop_.post(messages::ScriptsRefused{outcome.hash, outcome.errors});
        }
    } catch (const std::exception& error) {
        last_hash_.clear();  // the same files, once they can be read again, end this error
        outcome.errors.emplace_back(error.what());
        loop_.post(messages::ScriptsRefused{outcome.hash, outcome.errors});
    }
    loop_.post_behind(
        [this, outcome = std::move(outcome), done]() mutable { finish(std::move(outcome), done); });
}

void ScriptLoader::finish(Outcome outcome, const Done& done) {
    outcome.generation = loop_.engine().status(loop_.now()).generation;
    last_errors_ = outcome.errors;
    if (done) done(std::move(outcome));
}

void ScriptLoader::watch() {
    if (!settings_.scripts.watch) return;
    const int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd < 0) {
        spdlog::warn(
            "scripts.watch: the system gives no inotify handle; use `trunkctl reload` after a change");
        return;
    }
    notices_.assign(fd);
    (void)follow_folders();
    read_notices();
    look_again();
}

/// True where a path leads to another folder than before. A folder that is followed already keeps its watch:
/// the system gives the same number again.
bool ScriptLoader::follow_folders() {
    constexpr auto changes = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE |
                             IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
    const int fd = notices_.native_handle();
    std::map<fs::path, int> now;
    std::set<int> used;
    for (const auto& folder : script_folders(settings_)) {
        const int watch = inotify_add_watch(fd, folder.c_str(), changes);
        now[folder] = watch;
        used.insert(watch);
        const auto before = followed_.find(folder);
        if (watch < 0 && (before == followed_.end() || before->second >= 0))
            spdlog::warn("scripts.watch: {} cannot be followed: {}; it is tried again", folder.string(),
                         std::strerror(errno));
    }
    for (const auto& [folder, watch] : followed_)
        if (watch >= 0 && !used.contains(watch)) inotify_rm_watch(fd, watch);
    const bool changed = now != followed_;
    followed_ = std::move(now);
    return changed;
}

void ScriptLoader::look_again() {
    look_.expires_after(pace_.look);
    look_.async_wait([this](const boost::system::error_code& stopped) {
        if (stopped || !notices_.is_open()) return;
        if (follow_folders()) wait_for_quiet();
        look_again();
    });
}

void ScriptLoader::read_notices() {
    notices_.async_read_some(boost::asio::buffer(buffer_),
                             [this](const boost::system::error_code& error, std::size_t) {
                                 if (error) return;
                                 wait_for_quiet();
                                 read_notices();
                             });
}

void ScriptLoader::wait_for_quiet() {
    quiet_.expires_after(pace_.quiet);
    quiet_.async_wait([this](const boost::system::error_code& again) {
        if (again || !notices_.is_open()) return;
        (void)follow_folders();  // a first treatments/ below scripts/ may have come
        boost::asio::post(worker_, [this] { build_and_post(true, nullptr); });
    });
}

void ScriptLoader::stop() {
    boost::system::error_code ignored;
    notices_.close(ignored);
    quiet_.cancel();
    look_.cancel();
    worker_.join();
}

}  // namespace trunkline::apps
