#include "adapters/web/exchange.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "adapters/tls/maybe_tls.hpp"
#include "adapters/web/target.hpp"
#include "engine/base/words.hpp"

namespace trunkline::web {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::use_awaitable;
using asio::ip::tcp;
using messages::HttpMethod;
using messages::HttpRequest;
using messages::HttpResult;
using Clock = std::chrono::steady_clock;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;
using Stream = tls::MaybeTls<beast::tcp_stream>;

constexpr int most_interim_answers = 5;

struct Failed {
    std::string why;
};

// What a header holds of other bytes is of no use to a script, and would not fit a log in JSON.
std::string printable(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) c = '?';
    return out;
}

std::string words_of(const boost::system::error_code& error, const Target& target) {
    if (error == beast::error::timeout || error == asio::error::operation_aborted) return "timeout";
    if (error == http::error::body_limit) return "the answer is longer than 1048576 bytes";
    if (error == http::error::header_limit) return "the headers of the answer are longer than 16384 bytes";
    if (error.category() == http::make_error_code(http::error::end_of_stream).category())
        return target.host + " gave an answer that is no HTTP: " + error.message();
    return target.host + " broke the connection: " + error.message();
}

/// One request to one place.
class Visit {
  public:
    Visit(const Surroundings& around, const Target& target, const HttpRequest& request,
          Clock::time_point until)
        : around_(around), target_(target), request_(request), until_(until) {}

    asio::awaitable<Response> run() {
        const auto endpoints = co_await resolve();
        // Two statements: GCC 12 destroys the temporary of ?: twice where it stands beside a co_await.
        const auto executor = co_await asio::this_coro::executor;
        Stream stream(beast::tcp_stream(executor), target_.https ? around_.tls : nullptr);
        stream.next_layer().expires_at(until_);
        try {
            co_await stream.next_layer().async_connect(endpoints, use_awaitable);
        } catch (const boost::system::system_error& error) {
            if (error.code() == beast::error::timeout) throw Failed{"timeout"};
            throw Failed{target_.host + " cannot be reached: " + error.code().message()};
        }
        if (target_.https) co_await shake_hands(stream.secure());
        co_return co_await talk(stream);
    }

  private:
    const Surroundings& around_;
    const Target& target_;
    const HttpRequest& request_;
    Clock::time_point until_;

    /// The addresses that may be connected to; nothing else is connected to.
    asio::awaitable<std::vector<tcp::endpoint>> resolve() {
        tcp::resolver resolver(co_await asio::this_coro::executor);
        tcp::resolver::results_type found;
        try {
            found =
                co_await resolver.async_resolve(target_.host, std::to_string(target_.port), use_awaitable);
        } catch (const boost::system::system_error& error) {
            throw Failed{target_.host + " cannot be found: " + error.code().message()};
        }
        if (Clock::now() >= until_) throw Failed{"timeout"};
        std::vector<tcp::endpoint> allowed;
        for (const auto& entry : found)
            if (around_.rules.allows(target_.host, target_.port, entry.endpoint().address()))
                allowed.push_back(entry.endpoint());
        if (allowed.empty())
            throw Failed{target_.host +
                         " is at an address that is not public; list it in scripts.http_allow if scripts may "
                         "reach it"};
        co_return allowed;
    }

    asio::awaitable<void> shake_hands(asio::ssl::stream<beast::tcp_stream&>& stream) {
        SSL* ssl = stream.native_handle();
        boost::system::error_code numeric;
        asio::ip::make_address(target_.host, numeric);
        if (numeric && SSL_set_tlsext_host_name(ssl, target_.host.c_str()) != 1)  // RFC 6066 3: no addresses
            throw Failed{target_.host + " is no name that TLS can ask for"};
        stream.set_verify_mode(asio::ssl::verify_peer);
        stream.set_verify_callback(asio::ssl::host_name_verification(target_.host));
        try {
            co_await stream.async_handshake(asio::ssl::stream_base::client, use_awaitable);
        } catch (const boost::system::system_error& error) {
            if (error.code() == beast::error::timeout) throw Failed{"timeout"};
            const long verified = SSL_get_verify_result(ssl);
            if (verified != X509_V_OK)
                throw Failed{"the certificate of " + target_.host +
                             " is not valid: " + X509_verify_cert_error_string(verified)};
            throw Failed{target_.host + " speaks no TLS that we trust: " + error.code().message()};
        }
    }

    [[nodiscard]] Request message() const {
        Request out(request_.method == HttpMethod::get ? http::verb::get : http::verb::post, target_.path,
                    11);
        for (const auto& header : request_.headers) out.set(header.name, header.value);
        out.set(http::field::host, target_.authority());
        if (!out.count(http::field::user_agent)) out.set(http::field::user_agent, around_.user_agent);
        out.set(http::field::connection, "close");
        if (request_.method == HttpMethod::post) {
            out.body() = request_.body;
            out.prepare_payload();
        }
        return out;
    }

    asio::awaitable<Response> talk(Stream& stream) {
        try {
            const Request out = message();
            co_await http::async_write(stream, out, use_awaitable);
            beast::flat_buffer buffer(most_header_bytes + most_body_bytes);
            for (int interim = 0;; ++interim) {
                http::response_parser<http::string_body> parser;
                parser.header_limit(most_header_bytes);
                parser.body_limit(most_body_bytes);
                co_await http::async_read(stream, buffer, parser, use_awaitable);
                // 100 and 103 come before the answer (RFC 9110 15.2).
                if (parser.get().result_int() >= 200) co_return parser.release();
                if (interim == most_interim_answers) throw Failed{target_.host + " never gives an answer"};
            }
        } catch (const boost::system::system_error& error) {
            throw Failed{words_of(error.code(), target_)};
        }
    }
};

bool leads_on(const Response& response) {
    switch (response.result_int()) {
        case 301:
        case 302:
        case 303:
        case 307:
        case 308:
            return response.count(http::field::location) != 0;
        default:
            return false;
    }
}

// What the request is at the next place (RFC 9110 15.4): 301 to 303 ask there with GET; credentials stay
// here.
void turn_to(HttpRequest& request, const Target& from, const Target& to, unsigned status) {
    if (status <= 303 && request.method == HttpMethod::post) {
        request.method = HttpMethod::get;
        request.body.clear();
        std::erase_if(request.headers,
                      [](const auto& h) { return lower_case(h.name).starts_with("content-"); });
    }
    if (!from.same_place(to))
        std::erase_if(request.headers, [](const auto& h) {
            const std::string name = lower_case(h.name);
            return name == "authorization" || name == "cookie";
        });
}

Target checked(Result<Target> target) {
    if (!target) throw Failed{target.error().message};
    return *std::move(target);
}

HttpResult result_of(Response&& response) {
    HttpResult result;
    result.status = static_cast<int>(response.result_int());
    for (const auto& field : response)
        result.headers.push_back({lower_case(printable(field.name_string())), printable(field.value())});
    result.body.is = std::move(response.body());
    return result;
}

asio::awaitable<HttpResult> follow(Surroundings around, HttpRequest request, Clock::time_point until) {
    Target target = checked(read_target(request.url));
    for (int redirects = 0;; ++redirects) {
        Visit visit(around, target, request, until);
        Response response = co_await visit.run();
        if (!leads_on(response)) co_return result_of(std::move(response));
        if (redirects == most_redirects) throw Failed{"the answer leads on more than 5 times"};
        Target next = checked(redirected(target, std::string(response[http::field::location])));
        if (target.https && !next.https) throw Failed{"the answer leads from https to http"};
        turn_to(request, target, next, response.result_int());
        target = std::move(next);
    }
}

}  // namespace

asio::awaitable<HttpResult> exchange(Surroundings around, HttpRequest request, Clock::time_point until) {
    std::string why;
    try {
        co_return co_await follow(around, std::move(request), until);
    } catch (const Failed& failed) {
        why = failed.why;
    } catch (const std::exception& error) {
        why = std::string("the request failed: ") + error.what();
    }
    co_return HttpResult{0, {}, {}, why};
}

}  // namespace trunkline::web
