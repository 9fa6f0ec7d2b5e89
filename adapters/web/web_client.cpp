#include "adapters/web/web_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <deque>
#include <thread>

#include "adapters/web/exchange.hpp"

namespace trunkline::web {

namespace asio = boost::asio;

struct WebClient::Inner {
    using Clock = std::chrono::steady_clock;
    struct Waiting {
        messages::SendHttp request;
        Clock::time_point until;
    };

    WebSettings settings;
    Answer answer;
    AddressRules rules{settings.allow};
    tls::SharedContext tls = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
    asio::io_context io{1};
    asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
    // Of the web thread.
    std::size_t under_way = 0;
    std::deque<Waiting> waiting;
    std::thread thread;

    Inner(WebSettings given, Answer then) : settings(std::move(given)), answer(std::move(then)) {
        tls->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                         asio::ssl::context::no_tlsv1_1);
        tls->set_default_verify_paths();
        if (!settings.ca_file.empty()) tls->load_verify_file(settings.ca_file);
        thread = std::thread([this] { io.run(); });
    }
    ~Inner() {
        io.stop();
        thread.join();
    }
    Inner(const Inner&) = delete;
    Inner& operator=(const Inner&) = delete;

    void fail(OutsideId id, const char* why) { answer(messages::HttpAnswered{id, {0, {}, {}, why}}); }

    void take(Waiting one) {
        if (under_way < settings.most_at_once) return begin(std::move(one));
        if (waiting.size() >= settings.most_waiting) return fail(one.request.id, "busy");
        waiting.push_back(std::move(one));
    }

    void begin(Waiting one) {
        if (Clock::now() >= one.until) return fail(one.request.id, "timeout");
        ++under_way;
        const OutsideId id = one.request.id;
        asio::co_spawn(io,
                       exchange({rules, tls, settings.user_agent}, std::move(one.request.request), one.until),
                       [this, id](const std::exception_ptr& lost, messages::HttpResult result) {
                           --under_way;
                           if (lost) result.error = "the request failed";
                           answer(messages::HttpAnswered{id, std::move(result)});
                           next();
                       });
    }

    void next() {
        while (under_way < settings.most_at_once && !waiting.empty()) {
            Waiting one = std::move(waiting.front());
            waiting.pop_front();
            begin(std::move(one));
        }
    }
};

WebClient::WebClient(WebSettings settings, Answer answer)
    : inner_(std::make_unique<Inner>(std::move(settings), std::move(answer))) {}

WebClient::~WebClient() = default;

void WebClient::post(messages::SendHttp request) {
    const auto until = Inner::Clock::now() + request.request.timeout;
    asio::post(inner_->io, [inner = inner_.get(), request = std::move(request), until]() mutable {
        inner->take({std::move(request), until});
    });
}

}  // namespace trunkline::web
