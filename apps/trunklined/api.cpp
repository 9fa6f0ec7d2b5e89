#include "apps/trunklined/api.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json.hpp>

#include "apps/trunklined/openapi.hpp"
#include "apps/trunklined/site_api.hpp"
#include "db/report/trace.hpp"

namespace trunkline::apps {

namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using http::Access;
using http::Reply;
using http::Request;
using http::Response;

// What the one worker has before it; each may take seconds.
constexpr int most_waiting = 64;

// Below what clients wait for an answer.
constexpr std::chrono::seconds longest_flush{30};
constexpr std::chrono::milliseconds between_looks{100};

Response json_response(const json::value& body, int status = 200) { return {status, json::serialize(body)}; }

}  // namespace

/// One who waits for a flush: answered once, by whoever comes first.
struct Api::FlushWait {
    FlushWait(asio::io_context& io, Reply answer_to) : timer(io), reply(std::move(answer_to)) {}
    void answer(Response response) {
        if (!answered.exchange(true)) reply(std::move(response));
    }
    asio::steady_timer timer;  // engine thread
    std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();
    std::atomic<bool> answered{false};
    Reply reply;
};

Api::Api(asio::io_context& io, const Settings& settings, EngineLoop& loop, ScriptLoader& scripts,
         db::ReportWriter& reports, ReloadCertificates reload_certificates, TakeReading take_reading,
         WaitForRevision wait_for_revision)
    : io_(io),
      settings_(settings),
      loop_(loop),
      scripts_(scripts),
      reports_(reports),
      reload_certificates_(std::move(reload_certificates)),
      take_reading_(std::move(take_reading)),
      wait_for_revision_(std::move(wait_for_revision)) {}

Api::~Api() { stop(); }

void Api::stop() { database_.join(); }

void Api::add_routes(http::HttpServer& server) {
    std::vector<ApiRoute> routes{
        {http::Verb::get, "/api/v1/status", Access::read,
         "Whether the server is whole, and what it has in hand",
         [this](const Request&, Reply reply) {
             reading(std::move(reply), [](const Reading& now) { return json_response(status_rows(now)); });
         }},
        {http::Verb::get, "/api/v1/agents", Access::read, "Agents who are logged in",
         [this](const Request&, Reply reply) {
             rows(std::move(reply),
                  [](const Engine& engine, TimePoint now) { return json::value_from(engine.agents(now)); });
         }},
        {http::Verb::get, "/api/v1/queues", Access::read, "Targets with waiting interactions",
         [this](const Request&, Reply reply) {
             rows(std::move(reply),
                  [](const Engine& engine, TimePoint now) { return json::value_from(engine.queues(now)); });
         }},
        {http::Verb::get, "/api/v1/interactions", Access::read, "Live interactions",
         [this](const Request&, Reply reply) {
             rows(std::move(reply), [](const Engine& engine, TimePoint now) {
                 return json::value_from(engine.interactions(now));
             });
         }},
        {http::Verb::get,
         "/api/v1/stat",
         Access::read,
         "One live statistic of one object",
         [this](const Request& request, Reply reply) { statistic(request, std::move(reply)); },
         {{"object", "a name, or type:name (dn, queue, agent, group, place, place_group, skill, tenant)"},
          {"statistic", "its Stat Server name, such as CurrNumberWaitingCalls"},
          {"tenant", "where several have such an object"}}},
        {http::Verb::get, "/api/v1/trace/{id}", Access::read,
         "One interaction's life; the id is its uuid, CallUUID or ConnID",
         [this](const Request& request, Reply reply) { trace(request.param("id"), std::move(reply)); }},
        {http::Verb::post, "/api/v1/reload", Access::change,
         "Bring the scripts and certificates on disk into force",
         [this](const Request&, Reply reply) { reload(std::move(reply)); }},
        {http::Verb::post, "/api/v1/flush", Access::change,
         "Answer when everything up to now is in PostgreSQL",
         [this](const Request&, Reply reply) { flush(std::move(reply)); }},
        {http::Verb::get,
         "/api/v1/export",
         Access::read,
         "The configuration as a site file",
         [this](const Request&, Reply reply) {
             on_database(std::move(reply), [this] { return export_site(settings_); });
         },
         {},
         {},
         "application/yaml"},
        {http::Verb::post,
         "/api/v1/import",
         Access::change,
         "Bring a site file (the body) into the configuration; answers when it is in force",
         [this](const Request& request, Reply reply) {
             import(request.body, request.query_or("prune", "false") == "true", std::move(reply));
         },
         {{"prune", "true also removes what the file does not name"}},
         "application/yaml"},
    };
    routes.push_back({http::Verb::get, "/api/v1/openapi.json", Access::read, "This description", nullptr});
    const auto description = openapi_json(routes, settings_.auth.required);
    routes.back().handler = [description](const Request&, const Reply& reply) { reply({200, description}); };
    for (auto& route : routes)
        server.route(route.verb, route.pattern, route.access, std::move(route.handler));
    server.route(http::Verb::get, "/healthz", Access::open, [this](const Request&, Reply reply) {
        reading(std::move(reply), [](const Reading& now) { return Response{200, health_json(now)}; });
    });
    server.route(http::Verb::get, "/metrics", Access::open, [this](const Request&, Reply reply) {
        reading(std::move(reply), [](const Reading& now) {
            return Response{200, metrics_text(now), "text/plain; version=0.0.4; charset=utf-8"};
        });
    });
}

void Api::reading(Reply reply, std::function<Response(const Reading&)> show) {
    loop_.ask([this, reply = std::move(reply), show = std::move(show)](const Engine& engine, TimePoint now) {
        reply(show(take_reading_(engine, now)));
    });
}

void Api::rows(Reply reply, std::function<json::value(const Engine&, TimePoint)> read) {
    loop_.ask([reply = std::move(reply), read = std::move(read)](const Engine& engine, TimePoint now) {
        reply(json_response(read(engine, now)));
    });
}

void Api::statistic(const Request& request, Reply reply) {
    const std::string object = request.query_or("object", ""), name = request.query_or("statistic", "");
    if (object.empty() || name.empty())
        return reply(http::error_response(
            400, "both are needed: /api/v1/stat?object=queue:VQ_billing&statistic=CurrNumberWaitingCalls"));
    loop_.ask([object, name, tenant = request.query_or("tenant", ""), reply = std::move(reply)](
                  const Engine& engine, TimePoint now) {
        const auto answer = engine.statistic(tenant, object, name, now);
        reply(answer ? json_response(statistic_rows(*answer))
                     : http::error_response(404, answer.error().message));
    });
}

void Api::on_database(Reply reply, std::function<Response()> work) {
    if (++waiting_ > most_waiting) {
        --waiting_;
        return reply(http::error_response(503, "too many requests wait for the database: try again"));
    }
    asio::post(database_, [this, reply = std::move(reply), work = std::move(work)] {
        --waiting_;
        try {
            reply(work());
        } catch (const std::exception& error) {
            reply(http::error_response(503, error.what()));
        }
    });
}

/// Behind the engine's work first: what was accepted before the call is in the spool then.
void Api::flush(Reply reply) {
    const auto wait = std::make_shared<FlushWait>(io_, std::move(reply));
    asio::post(io_, [this, wait] { watch(wait); });
    loop_.post_behind([this, wait] {
        if (wait->answered) return;
        reports_.flush([wait](bool written) {
            wait->answer(written
                             ? json_response(json::object{{"flushed", true}})
                             : http::error_response(
                                   503, "the server ends; the rows wait in the spool for its next start"));
        });
    });
}

/// Says why nothing is flushed as soon as that is known, instead of leaving the client to its own patience.
void Api::watch(const std::shared_ptr<FlushWait>& wait) {
    if (wait->answered) return;
    const auto waited = std::chrono::steady_clock::now() - wait->since;
    if (const auto why = why_not_flushed(reports_.metrics(), waited >= longest_flush); !why.empty())
        return wait->answer(http::error_response(503, why));
    wait->timer.expires_after(between_looks);
    wait->timer.async_wait([this, wait](const boost::system::error_code& cancelled) {
        if (!cancelled) watch(wait);
    });
}

void Api::trace(const std::string& id, Reply reply) {
    on_database(std::move(reply), [this, id]() -> Response {
        // Rows are on their way for a fraction of a second; one who asks at once wants them all.
        (void)reports_.flush_and_wait(std::chrono::seconds(2));
        const auto steps = db::read_trace(settings_.database.dsn, id);
        if (steps.empty())
            return http::error_response(
                404, "no interaction has the id " + id + "; `trunkctl sql interactions_today` lists them");
        return json_response(json::value_from(steps));
    });
}

/// Answers when the revision is in force, as the verb does: the watcher has handed it to the engine's thread,
/// and the answer leaves behind it.
void Api::import(const std::string& yaml, bool prune, Reply reply) {
    Reply behind_the_change = [this, reply = std::move(reply)](Response response) {
        if (response.status != 200) return reply(std::move(response));
        asio::post(io_, [this, reply, response = std::move(response)]() mutable {
            loop_.post_behind([reply, response = std::move(response)] { reply(response); });
        });
    };
    on_database(std::move(behind_the_change), [this, yaml, prune] {
        auto answer = import_site(settings_, yaml, prune);
        if (answer.revision != 0) (void)wait_for_revision_(answer.revision);
        return answer.response;
    });
}

void Api::reload(Reply reply) {
    auto refused = reload_certificates_();
    scripts_.reload([reply = std::move(reply),
                     refused = std::move(refused)](const ScriptLoader::Outcome& outcome) {
        auto errors = outcome.errors;
        errors.insert(errors.end(), refused.begin(), refused.end());
        json::object body{
            {"generation", outcome.generation}, {"hash", outcome.hash}, {"errors", json::value_from(errors)}};
        reply(json_response(std::move(body), errors.empty() ? 200 : 422));
    });
}

}  // namespace trunkline::apps
