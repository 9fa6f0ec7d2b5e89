// Keeps the configuration in force up to date: a thread with a connection of its own listens, loads what it
// has not seen and hands it on, whole transactions at a time. A database that goes away is tried again for
// ever, with growing pauses; what is in force stays in force meanwhile. It also hashes the passwords that SQL
// wrote in the clear.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "db/config/endpoint_secrets.hpp"
#include "engine/model/snapshot.hpp"

namespace trunkline::db {
class Connection;
}

namespace trunkline::config {

class ConfigWatcher {
  public:
    /// Called on the watcher's thread, in the order of the revisions; must not throw. The first call comes as
    /// soon as the database has been read.
    using OnChange = std::function<void(std::shared_ptr<const model::Snapshot>)>;
    /// True when the database has gone away, false when it is back; on the watcher's thread. May be empty.
    using OnOutage = std::function<void(bool away, const std::string& why)>;

    /// The digest secrets that belong to the snapshot which OnChange gets next. May be empty.
    using OnSecrets = std::function<void(EndpointSecrets)>;

    /// `realm`: that of the SIP digest, for passwords of DNs.
    ConfigWatcher(std::string dsn, std::string realm, OnChange on_change, OnOutage on_outage = {},
                  OnSecrets on_secrets = {});
    ~ConfigWatcher();
    ConfigWatcher(const ConfigWatcher&) = delete;
    ConfigWatcher& operator=(const ConfigWatcher&) = delete;

    /// Whether a snapshot of this revision or a newer one has been handed on within `timeout`. Any thread but
    /// the watcher's.
    [[nodiscard]] bool wait_for(std::uint64_t revision, std::chrono::milliseconds timeout);

    /// Of the snapshot that was handed on last; none before the first.
    [[nodiscard]] std::optional<std::uint64_t> revision() const;

  private:
    std::string dsn_, realm_;
    OnChange on_change_;
    OnOutage on_outage_;
    OnSecrets on_secrets_;
    int stop_event_;  // eventfd: readable once stopping
    mutable std::mutex mutex_;
    std::condition_variable handed_on_;
    std::optional<std::uint64_t> revision_;  // under mutex_
    std::thread thread_;

    void run();
    void watch(db::Connection& connection);
    void load(db::Connection& connection);
    [[nodiscard]] bool stopping(std::chrono::milliseconds after) const;
};

}  // namespace trunkline::config
