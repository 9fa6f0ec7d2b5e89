#include "apps/trunklined/script_loader.hpp"

#include <spdlog/spdlog.h>
#include <sys/inotify.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

#include "apps/settings/script_folders.hpp"

namespace trunkline::apps {

namespace {

constexpr auto quiet_time = std::chrono::milliseconds(300);

}  // namespace

ScriptLoader::ScriptLoader(boost::asio::io_context& io, EngineLoop& loop, const Settings& settings)
    : loop_(loop), settings_(settings), notices_(io), quiet_(io) {}

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
    const int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd < 0) {
        spdlog::warn(
            "scripts.watch: the system gives no inotify handle; use `trunkctl reload` after a change");
        return;
    }
    notices_.assign(fd);
    add_watches();
    read_notices();
}

/// Folders may come later (a first treatments/ below scripts/), so this runs again after each change.
void ScriptLoader::add_watches() {
    constexpr auto changes = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE;
    for (const auto& folder : script_folders(settings_))
        if (inotify_add_watch(notices_.native_handle(), folder.c_str(), changes) < 0)
            spdlog::warn("scripts.watch: {} is not followed; use `trunkctl reload` after a change in it",
                         folder.string());
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
    quiet_.expires_after(quiet_time);
    quiet_.async_wait([this](const boost::system::error_code& again) {
        if (again) return;
        add_watches();
        boost::asio::post(worker_, [this] { build_and_post(true, nullptr); });
    });
}

void ScriptLoader::stop() {
    boost::system::error_code ignored;
    notices_.close(ignored);
    quiet_.cancel();
    worker_.join();
}

}  // namespace trunkline::apps
