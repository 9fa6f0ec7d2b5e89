// The routes of the admin API, /healthz and /metrics on an HTTP server. Handlers run on the HTTP thread: what
// they need of the engine they ask for and answer when it comes; what needs the database runs on a worker of
// its own.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>

#include "adapters/http/server.hpp"
#include "apps/settings/settings.hpp"
#include "apps/trunklined/engine_loop.hpp"
#include "apps/trunklined/script_loader.hpp"
#include "apps/trunklined/status_view.hpp"
#include "db/report/report_writer.hpp"

namespace trunkline::apps {

class Api {
  public:
    /// Reads the certificates again; what went wrong in words. Any thread.
    using ReloadCertificates = std::function<std::vector<std::string>()>;
    /// Takes a reading; called on the engine thread.
    using TakeReading = std::function<Reading(const Engine&, TimePoint)>;
    /// Blocks until a revision of the configuration is in force; false where that took too long. Database
    /// worker.
    using WaitForRevision = std::function<bool(std::uint64_t revision)>;

    /// `io` is the engine thread's: for time limits.
    Api(boost::asio::io_context& io, const Settings&, EngineLoop&, ScriptLoader&, db::ReportWriter&,
        ReloadCertificates, TakeReading, WaitForRevision);
    ~Api();
    Api(const Api&) = delete;
    Api& operator=(const Api&) = delete;

    /// Before the server starts.
    void add_routes(http::HttpServer&);
    /// Ends the database worker; before the report writer ends.
    void stop();

  private:
    struct FlushWait;

    boost::asio::io_context& io_;
    const Settings& settings_;
    EngineLoop& loop_;
    ScriptLoader& scripts_;
    db::ReportWriter& reports_;
    ReloadCertificates reload_certificates_;
    TakeReading take_reading_;
    WaitForRevision wait_for_revision_;
    std::atomic<int> waiting_{0};  // for the database worker
    boost::asio::thread_pool database_{1};

    void reading(http::Reply, std::function<http::Response(const Reading&)>);
    void rows(http::Reply, std::function<boost::json::value(const Engine&, TimePoint)>);
    void statistic(const http::Request&, http::Reply);
    void on_database(http::Reply, std::function<http::Response()>);
    void flush(http::Reply);
    void watch(const std::shared_ptr<FlushWait>&);
    void trace(const std::string& id, http::Reply);
    void reload(http::Reply);
    void import(const std::string& yaml, bool prune, http::Reply);
};

}  // namespace trunkline::apps
