#include "db/config/config_watcher.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "db/config/load_site.hpp"
#include "db/config/secrets.hpp"
#include "db/postgres/connection.hpp"

namespace trunkline::config {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause{100}, longest_pause{5000};
// A connection that died without a word is noticed by asking now and then.
constexpr milliseconds sign_of_life{10'000};
// Beyond it a server that says nothing counts as lost, and another connection is tried.
constexpr milliseconds answer_limit{15'000};
constexpr int hashes_at_once = 8;

}  // namespace

ConfigWatcher::ConfigWatcher(std::string dsn, std::string realm, OnChange on_change, OnOutage on_outage,
                             OnSecrets on_secrets)
    : dsn_(std::move(dsn)),
      realm_(std::move(realm)),
      on_change_(std::move(on_change)),
      on_outage_(std::move(on_outage)),
      on_secrets_(std::move(on_secrets)),
      stop_event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (stop_event_ < 0)
        throw std::runtime_error("the configuration's watcher has no eventfd: too many open files");
    thread_ = std::thread([this] { run(); });
}

ConfigWatcher::~ConfigWatcher() {
    ::eventfd_write(stop_event_, 1);
    thread_.join();
    ::close(stop_event_);
}

bool ConfigWatcher::stopping(milliseconds after) const {
    pollfd event{stop_event_, POLLIN, 0};
    return ::poll(&event, 1, static_cast<int>(after.count())) > 0;
}

bool ConfigWatcher::wait_for(std::uint64_t wanted, milliseconds timeout) {
    std::unique_lock lock(mutex_);
    return handed_on_.wait_for(lock, timeout, [&] { return revision_ && *revision_ >= wanted; });
}

std::optional<std::uint64_t> ConfigWatcher::revision() const {
    const std::lock_guard lock(mutex_);
    return revision_;
}

void ConfigWatcher::run() {
    milliseconds pause = first_pause;
    bool away = false;
    do {
        try {
            db::Connection connection(dsn_, answer_limit);
            // Before the first load: what is committed after it wakes us, what was before it is loaded.
            connection.run("LISTEN trunkline_config");
            load(connection);
            if (away && on_outage_) on_outage_(false, "the configuration database is back");
            away = false;
            pause = first_pause;
            watch(connection);
            return;
        } catch (const std::exception& error) {
            // One word for an outage, not one for each attempt.
            if (!away && on_outage_) on_outage_(true, error.what());
            away = true;
        }
        if (stopping(pause)) return;
        pause = std::min(pause * 2, longest_pause);
    } while (!stopping(milliseconds(0)));
}

void ConfigWatcher::watch(db::Connection& connection) {
    for (;;) {
        // After the load: hashes are slow, and a change must not wait for those of the one before it.
        const bool more = hash_pending_secrets(connection, realm_, hashes_at_once) == hashes_at_once;
        const bool notified =
            connection.wait_for_notification(more ? milliseconds(0) : sign_of_life, stop_event_);
        if (stopping(milliseconds(0))) return;
        if (notified || newest_revision(connection) != revision().value_or(0)) load(connection);
    }
}

void ConfigWatcher::load(db::Connection& connection) {
    std::shared_ptr<const model::Snapshot> snapshot;
    EndpointSecrets secrets;
    {
        db::Transaction transaction(connection);
        connection.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        const std::uint64_t newest = newest_revision(connection);
        if (revision() == newest) return;
        snapshot = std::make_shared<const model::Snapshot>(load_site(connection));
        if (on_secrets_) secrets = load_endpoint_secrets(connection, realm_);
    }
    if (on_secrets_) on_secrets_(std::move(secrets));
    on_change_(snapshot);
    {
        const std::lock_guard lock(mutex_);
        revision_ = snapshot->site().revision;
    }
    handed_on_.notify_all();
}

}  // namespace trunkline::config
