#include "apps/trunklined/server.hpp"

#include <sodium.h>
#include <spdlog/spdlog.h>

#include <boost/asio/signal_set.hpp>
#include <future>

#include "adapters/http/server.hpp"
#include "adapters/sip/binding_file.hpp"
#include "adapters/sip/sip_server.hpp"
#include "adapters/tlib/server.hpp"
#include "apps/settings/script_folders.hpp"
#include "apps/trunklined/adapter_outlets.hpp"
#include "apps/trunklined/api.hpp"
#include "apps/trunklined/before_start.hpp"
#include "apps/trunklined/certificates.hpp"
#include "apps/trunklined/endpoint_accounts.hpp"
#include "apps/trunklined/password_door.hpp"
#include "apps/trunklined/process_limits.hpp"
#include "apps/trunklined/service_notice.hpp"
#include "apps/trunklined/sip_trunks.hpp"
#include "apps/trunklined/token.hpp"
#include "db/config/config_watcher.hpp"
#include "db/migrate/migrate.hpp"
#include "db/report/taken_texts.hpp"

namespace trunkline::apps {

namespace {

namespace asio = boost::asio;

constexpr auto version = "Trunkline 0.1.0";
constexpr auto change_in_force = std::chrono::seconds(10);
constexpr auto first_configuration = std::chrono::seconds(20);
constexpr auto cut_off_patience = std::chrono::seconds(5);
// What customers have to answer for the last texts that they get.
constexpr auto last_answers = std::chrono::seconds(5);
// 64*T1 (RFC 3261 17.2.2), and what a clock may differ.
constexpr auto repetitions_come = std::chrono::seconds(35);

std::uint64_t random_seed() {
    std::uint64_t seed = 0;
    randombytes_buf(&seed, sizeof seed);
    return seed;
}

scripting::TraceKept trace_kept(const Settings& settings) {
    if (settings.reporting.trace == "off") return scripting::TraceKept::off;
    return settings.reporting.trace == "decisions" ? scripting::TraceKept::decisions
                                                   : scripting::TraceKept::all;
}

EngineSettings engine_settings(const Settings& settings, TimePoint now) {
    EngineSettings engine;
    engine.seed = random_seed();
    engine.shard = settings.node.shard;
    engine.started_at = now;
    engine.budgets = script_budgets(settings);
    engine.trace = trace_kept(settings);
    if (!settings.node.name.empty()) engine.node = settings.node.name;
    return engine;
}

db::SpoolSettings spool_settings(const Settings& settings) {
    db::SpoolSettings spool;
    spool.folder = settings.reporting.spool;
    spool.max_bytes = static_cast<std::uint64_t>(settings.reporting.spool_max_mib) << 20U;
    spool.durability =
        settings.reporting.machine_durability ? db::Durability::machine : db::Durability::process;
    return spool;
}

db::ReportWriterSettings writer_settings(
    const Settings& settings, std::function<void(std::vector<messages::CutOffSession>)> on_cut_off) {
    return {settings.database.dsn,
            settings.node.shard,
            static_cast<std::size_t>(settings.reporting.batch),
            std::chrono::milliseconds(settings.reporting.flush_ms),
            std::move(on_cut_off),
            settings.reporting.keep_months};
}

/// The bindings are kept beside the spool: both are what a restart must find again.
sip::RegistrarSettings registrar_settings(const Settings& settings, const EndpointAccounts& accounts,
                                          EngineLoop& loop) {
    sip::RegistrarSettings registrar;
    registrar.realm = settings.sip.realm;
    registrar.account_of = [&accounts](const std::string& host, const std::string& number) {
        return accounts.find(host, number);
    };
    registrar.secret_of = [&accounts](const std::string& name) { return accounts.secret_of(name); };
    registrar.bound = [&loop](const std::string& name, const std::string& contact, const std::string& route) {
        auto [sw, number] = EndpointAccounts::dn_of(name);
        loop.post(messages::EndpointBound{std::move(sw), std::move(number), contact, route});
    };
    registrar.store = std::make_shared<sip::BindingFile>(settings.reporting.spool / "endpoints");
    return registrar;
}

/// The secret belongs to the spool: the rows there are known by it.
sip::SipSettings sip_settings(const Settings& settings, std::vector<std::string> taken_before,
                              sip::RegistrarSettings registrar, const Certificates& certificates,
                              const DoorLimits& doors) {
    sip::SipSettings sip;
    sip.tls = certificates.sip();
    sip.connections_limit = doors.sip;
    sip.transaction_secret = read_or_make_token(settings.reporting.spool / "transactions.secret");
    sip.taken_before = std::move(taken_before);
    sip.listen = settings.sip.listen;
    sip.user_agent = version;
    sip.peer_sessions = settings.sip.peer_sessions;
    sip.peer_new_per_second = settings.sip.peer_new_per_second;
    sip.registrar = std::move(registrar);
    return sip;
}

tlib::TlibSettings tlib_settings(const Settings& settings, const Certificates& certificates,
                                 const DoorLimits& doors) {
    tlib::TlibSettings tlib;
    tlib.certificates = certificates.tlib();
    tlib.max_clients = doors.tlib;
    tlib.max_unopened = std::min(tlib.max_unopened, doors.tlib / 2);
    tlib.listen = settings.tlib.listen;
    tlib.client_queue_bytes = static_cast<std::size_t>(settings.tlib.client_queue_mib) << 20U;
    tlib.idle_limit = std::chrono::seconds(settings.tlib.idle_limit);
    tlib.auth_required = settings.auth.required;
    tlib.server_version = version;
    tlib.log_messages = settings.log.messages;
    return tlib;
}

http::HttpSettings http_settings(const Settings& settings, const Certificates& certificates,
                                 const DoorLimits& doors) {
    http::HttpSettings http;
    http.certificates = certificates.http();
    http.max_connections = doors.http;
    http.max_waiting = std::min(http.max_waiting, doors.http / 2);
    http.listen = settings.http.listen;
    http.control_socket = settings.control.socket.string();
    http.token = read_or_make_token(settings.token_path());
    http.token_for_reads = settings.auth.required;
    return http;
}

db::ScriptDatabasesSettings script_databases(const Settings& settings) {
    return {settings.database.dsn, settings.scripts.databases, settings.database.pool};
}

web::WebSettings web_settings(const Settings& settings) {
    web::WebSettings web;
    web.allow = settings.scripts.http_allow;
    web.user_agent = version;
    return web;
}

std::unique_ptr<replay::Recorder> recorder(const Settings& settings, const EngineSettings& engine) {
    if (!settings.replay.dir) return nullptr;
    return std::make_unique<replay::Recorder>(*settings.replay.dir, settings.replay.keep_mib, engine);
}

std::unique_ptr<db::Spool> open_spool(const Settings& settings) {
    auto spool = db::Spool::open(spool_settings(settings));
    if (!spool) throw std::runtime_error(spool.error().message);
    return std::move(*spool);
}

}  // namespace

/// The parts, in the order in which they are made; they end in the opposite one.
struct Server::Inner {
    Settings settings;
    DoorLimits doors = door_limits(raise_file_limit());
    Clock clock = steady_wall_clock();
    TimePoint started_at = clock();
    EngineSettings engine = engine_settings(settings, started_at);
    Certificates certificates;
    asio::io_context io{1};
    std::unique_ptr<db::Spool> spool = open_spool(settings);
    // Before the report writer, which removes what PostgreSQL has.
    std::vector<std::string> taken_before =
        db::read_taken_texts(settings.database.dsn, *spool, started_at - repetitions_come);
    std::promise<void> cut_off_is_known;
    db::ReportWriter reports{writer_settings(settings,
                                             [this](std::vector<messages::CutOffSession> sessions) {
                                                 asio::post(io, [this, told = std::move(sessions)]() mutable {
                                                     cut_off = messages::SessionsCutOff{std::move(told)};
                                                     tell_cut_off();
                                                 });
                                                 cut_off_is_known.set_value();
                                             }),
                             *spool};
    AdapterOutlets outlets{*spool, [this] { return reports.metrics().connected; }};
    EngineLoop loop{io, engine, outlets, clock, recorder(settings, engine)};
    ScriptLoader scripts{io, loop, settings};
    model::SharedSnapshot configuration;  // engine thread
    PasswordDoor passwords{
        settings.database.dsn,
        settings.auth.required ? config::PasswordRequired::yes : config::PasswordRequired::no,
        [this] { return configuration; }};
    tlib::TlibServer tlib{io,
                          tlib_settings(settings, certificates, doors),
                          [this](messages::Command command) { loop.post(std::move(command)); },
                          passwords,
                          [this] { return configuration; },
                          [this](std::function<void()> then) { loop.post_behind(std::move(then)); }};
    EndpointAccounts accounts;
    config::EndpointSecrets secrets;  // of the snapshot that comes next; engine thread
    sip::SipServer sip{sip_settings(settings, std::move(taken_before),
                                    registrar_settings(settings, accounts, loop), certificates, doors),
                       [this](messages::Command command) { loop.post(std::move(command)); }};
    db::ScriptDatabases databases{script_databases(settings),
                                  [this](messages::Command command) { loop.post(std::move(command)); }};
    web::WebClient web{web_settings(settings),
                       [this](messages::Command command) { loop.post(std::move(command)); }};
    http::HttpServer http{http_settings(settings, certificates, doors)};
    Api api{io,
            settings,
            loop,
            scripts,
            reports,
            [this] { return reload_certificates(); },
            [this](const Engine& now_in, TimePoint now) { return reading(now_in, now); },
            [this](std::uint64_t revision) { return watcher->wait_for(revision, change_in_force); }};
    std::unique_ptr<config::ConfigWatcher> watcher;
    asio::signal_set signals{io, SIGTERM, SIGINT, SIGHUP};
    asio::steady_timer patience{io};
    std::optional<messages::SessionsCutOff> cut_off;  // until the engine has a configuration to tell them by
    std::vector<std::string> lost_passwords;          // of endpoints, because of another realm
    std::string passwordless;                         // who was warned of last
    std::string outage;  // why changes of the configuration are not followed; empty while they are
    bool stopping = false, ended = false;

    Inner(Settings given, Certificates read) : settings(std::move(given)), certificates(std::move(read)) {}

    void start();
    void take(model::SharedSnapshot);
    void take(config::EndpointSecrets);
    void warn_of_missing_passwords();
    void tell_cut_off();
    void configuration_outage(bool away, const std::string& why);
    std::vector<std::string> reload_certificates();
    void wait_for_signal();
    void begin_to_stop();
    void end(std::string_view why);
    [[nodiscard]] Reading reading(const Engine&, TimePoint) const;
};

Server::Server(Settings settings) {
    if (sodium_init() < 0)
        throw std::runtime_error("libsodium cannot start; the system gives no random numbers");
    check_before_start(settings);
    Certificates certificates(settings);
    db::require_newest(settings.database.dsn);
    inner_ = std::make_unique<Inner>(std::move(settings), std::move(certificates));
}

Server::~Server() = default;

void Server::run() {
    inner_->start();
    inner_->io.run();
}

/// The configuration before the scripts, both before the doors open.
void Server::Inner::start() {
    outlets.connect(sip, tlib, databases, web);
    watcher = std::make_unique<config::ConfigWatcher>(
        settings.database.dsn, settings.sip.realm,
        [this](model::SharedSnapshot snapshot) { asio::post(io, [this, snapshot] { take(snapshot); }); },
        [this](bool away, const std::string& why) {
            asio::post(io, [this, away, why] { configuration_outage(away, why); });
        },
        [this](config::EndpointSecrets of_endpoints) {
            asio::post(io, [this, found = std::move(of_endpoints)]() mutable { take(std::move(found)); });
        });
    if (!watcher->wait_for(0, first_configuration))
        throw std::runtime_error(
            "the configuration could not be read from the database; is it there? (database.dsn)");
    // So that a customer's first text finds its parent. Where much waits in the spool, customers go first.
    cut_off_is_known.get_future().wait_for(cut_off_patience);
    scripts.reload([this](const ScriptLoader::Outcome&) {
        tlib.start();
        sip.start();
        api.add_routes(http);
        http.web_socket("/tlib", [this](const std::shared_ptr<http::WebSocket>& socket) {
            const auto client = tlib.open(socket);
            return http::WebSocketReceiver{[client](std::string text) { client->received(std::move(text)); },
                                           [client] { client->closed(); }};
        });
        http.start();
        scripts.watch();
        for (const auto& address : sip.listening()) spdlog::info("SIP listens on {}", address);
        spdlog::info("T-Library listens on {}, HTTP on {}", tlib.listening(), http.listening());
        spdlog::info("{} is ready", version);
        tell_service_manager("READY=1");
    });
    wait_for_signal();
}

void Server::Inner::take(model::SharedSnapshot snapshot) {
    spdlog::info("configuration: revision {} is in force", snapshot->site().revision);
    configuration = snapshot;
    warn_of_missing_passwords();
    scripts.look_names_up_in(snapshot);
    loop.post(messages::ConfigChanged{snapshot});
    // Behind it: the engine knows the DN of every endpoint that can register.
    accounts.put(snapshot, std::exchange(secrets, {}));
    sip.accounts_changed();
    sip.set_trunks(trunks_of(*snapshot));
    tell_cut_off();
}

void Server::Inner::warn_of_missing_passwords() {
    if (!settings.auth.required) return;
    auto who = who_has_no_password(configuration->site());
    if (!who.empty() && who != passwordless)
        spdlog::warn("auth.required: these have no password and cannot log in: {}; import gives them one",
                     who);
    passwordless = std::move(who);
}

void Server::Inner::take(config::EndpointSecrets found) {
    if (!found.of_another_realm.empty() && found.of_another_realm != lost_passwords)
        spdlog::warn(
            "the passwords of {} endpoints ({} the first) were made for another realm than sip.realm: {}. "
            "They cannot register until their passwords are given again.",
            found.of_another_realm.size(), found.of_another_realm.front(), settings.sip.realm);
    lost_passwords = found.of_another_realm;
    secrets = std::move(found);
}

void Server::Inner::tell_cut_off() {
    if (!configuration || !cut_off) return;
    loop.post(*std::exchange(cut_off, std::nullopt));
}

void Server::Inner::configuration_outage(bool away, const std::string& why) {
    outage = away ? why : std::string();
    if (away)
        spdlog::error("changes of the configuration are not followed, what is in force stays: {}", why);
    else
        spdlog::info("changes of the configuration are followed again");
}

/// The log tells what each reload did; who asked for it gets the errors too. Any thread.
std::vector<std::string> Server::Inner::reload_certificates() {
    auto errors = certificates.reload();
    if (certificates.sip()) sip.renew_certificates();
    for (const auto& error : errors) spdlog::error("the certificate in force stays: {}", error);
    return errors;
}

void Server::Inner::wait_for_signal() {
    signals.async_wait([this](const boost::system::error_code& error, int signal) {
        if (error) return;
        if (signal == SIGHUP) {
            (void)reload_certificates();
            scripts.reload(nullptr);
        } else if (stopping) {
            end("told twice");
            return;
        } else {
            begin_to_stop();
        }
        wait_for_signal();
    });
}

void Server::Inner::begin_to_stop() {
    stopping = true;
    tell_service_manager("STOPPING=1");
    const auto live = loop.engine().status(clock()).interactions;
    spdlog::info("stopping: no new interactions, {} live ones may go on for {} s", live,
                 settings.drain_timeout);
    patience.expires_after(std::chrono::seconds(settings.drain_timeout));
    patience.async_wait([this](const boost::system::error_code& cancelled) {
        if (cancelled) return;
        spdlog::info("stopping: drain_timeout is over, the live interactions end now");
        loop.drain([this] { end("drain_timeout is over"); });
        patience.expires_after(last_answers);
        patience.async_wait([this](const boost::system::error_code& no) {
            if (!no) end("not every customer has answered for the last text");
        });
    });
    loop.drain([this] { end("nothing is left to do"); });
}

void Server::Inner::end(std::string_view why) {
    if (ended) return;
    ended = true;
    spdlog::info("stopping: {}", why);
    loop.post(messages::Stop{});
    // Behind the batch that is being carried out.
    asio::post(io, [this] {
        loop.close();
        signals.cancel();
        patience.cancel();
        scripts.stop();
        sip.stop();
        tlib.stop();
        http.stop();
        api.stop();
        watcher.reset();
        spdlog::info("stopped; what PostgreSQL has not taken yet waits in the spool");
        asio::post(io, [this] { io.stop(); });
    });
}

Reading Server::Inner::reading(const Engine& engine_now, TimePoint now) const {
    Reading reading;
    reading.node = engine.node;
    reading.engine = engine_now.status(now);
    reading.agents = engine_now.agents(now);
    reading.connections = tlib.clients();
    reading.sip = sip.listening();
    reading.tlib = tlib.listening();
    reading.http = http.listening();
    reading.spool = spool->health();
    reading.reports = reports.metrics();
    reading.uptime = to_seconds(now - started_at);
    reading.degraded = reading.engine.degraded;
    for (auto& reason : loop.degraded()) reading.degraded.push_back(std::move(reason));
    if (!scripts.last_errors().empty())
        reading.degraded.push_back("scripts were refused: " + scripts.last_errors().front());
    if (!reading.reports.error.empty())
        reading.degraded.push_back("reports wait in the spool: " + reading.reports.error);
    if (!outage.empty())
        reading.degraded.push_back("changes of the configuration are not followed: " + outage);
    if (stopping) reading.degraded.emplace_back("the server is stopping");
    return reading;
}

}  // namespace trunkline::apps
