#include "adapters/http/client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <optional>

#include "adapters/http/router.hpp"
#include "adapters/http/stream.hpp"
#include "adapters/tls/files.hpp"
#include "engine/base/host_port.hpp"

namespace trunkline::http {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace {

constexpr std::uint64_t max_answer_bytes = 1024ULL * 1024ULL * 1024ULL;
using AnyEndpoint = asio::generic::stream_protocol::endpoint;
using HttpRequest = beast::http::request<beast::http::string_body>;

struct KeepError {
    beast::error_code* result;
    void operator()(beast::error_code error, const auto&...) const { *result = error; }
};

// Runs one step that `begin` starts, until it is done; the stream's own timeout bounds it.
template <class Begin>
beast::error_code run_step(asio::io_context& io, Begin begin) {
    beast::error_code result;
    begin(KeepError{&result});
    io.restart();
    io.run();
    return result;
}

Result<ClientResponse> exchange(asio::io_context& io, Stream& stream, const HttpRequest& request,
                                const std::string& where) {
    const auto failed = [&](const beast::error_code& error) {
        return Error{ErrorCode::no_link,
                     "the server at " + where + " broke off (" + error.message() + "): see its log"};
    };
    if (const auto error =
            run_step(io, [&](KeepError done) { beast::http::async_write(stream, request, done); }))
        return failed(error);
    beast::flat_buffer buffer;
    beast::http::response_parser<beast::http::string_body> parser;
    parser.body_limit(max_answer_bytes);
    if (const auto error =
            run_step(io, [&](KeepError done) { beast::http::async_read(stream, buffer, parser, done); }))
        return failed(error);
    return ClientResponse{static_cast<int>(parser.get().result_int()), std::move(parser.get().body())};
}

Error nobody_answers(const std::string& where, const beast::error_code& error) {
    std::string hint = ": start it with ./run";
    if (error == beast::errc::permission_denied)
        hint = ": its file belongs to another user; run this as that user";
    return {ErrorCode::no_link, "no server answers at " + where + " (" + error.message() + ")" + hint};
}

HttpRequest build(const ClientSettings& settings, Verb verb, const std::string& target, std::string body,
                  const std::string& content_type, const std::string& host) {
    HttpRequest request;
    request.version(11);
    request.method_string(std::string(to_text(verb)));
    request.target(target);
    request.set(beast::http::field::host, host);
    request.set(beast::http::field::connection, "close");
    if (!settings.token.empty()) request.set(beast::http::field::authorization, "Bearer " + settings.token);
    if (!body.empty()) request.set(beast::http::field::content_type, content_type);
    request.body() = std::move(body);
    request.prepare_payload();
    return request;
}

struct Place {
    HostPort at;
    bool tls = false;
};

Result<Place> parse_url(std::string_view url) {
    const bool tls = url.starts_with("https://");
    const std::string_view scheme = tls ? "https://" : "http://";
    const auto bad = [&] {
        return Error{
            ErrorCode::bad_attribute,
            "'" + std::string(url) + "' is no URL of a server: write http://host:port or https://host:port"};
    };
    if (!url.starts_with(scheme)) return bad();
    url.remove_prefix(scheme.size());
    if (url.ends_with('/')) url.remove_suffix(1);
    std::string authority(url);
    if (authority.rfind(':') == std::string::npos) authority += tls ? ":443" : ":80";
    const auto where = parse_host_port(authority);
    if (!where) return bad();
    return Place{*where, tls};
}

Result<tls::SharedContext> trusting(const std::string& ca) {
    auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
    try {
        tls::load_authorities(context->native_handle(), {"--ca", "", "", ca});
    } catch (const std::runtime_error& error) {
        return Error{ErrorCode::bad_attribute, error.what()};
    }
    tls::allow_strong_tls_only(context->native_handle());
    return context;
}

std::optional<Error> shake_hands(asio::io_context& io, Stream& connection, const std::string& host,
                                 const std::string& url) {
    auto& stream = connection.secure();
    SSL* ssl = stream.native_handle();
    boost::system::error_code numeric;
    asio::ip::make_address(host, numeric);
    if (numeric) SSL_set_tlsext_host_name(ssl, host.c_str());  // RFC 6066 3: no addresses
    stream.set_verify_mode(asio::ssl::verify_peer);
    stream.set_verify_callback(asio::ssl::host_name_verification(host));
    const auto error =
        run_step(io, [&](KeepError done) { stream.async_handshake(asio::ssl::stream_base::client, done); });
    if (!error) return std::nullopt;
    std::string why =
        "does not speak TLS as this program does (" + error.message() + "): is it http:// there?";
    // What the check of the name leaves behind, against what OpenSSL found in the chain.
    const long verified = SSL_get_verify_result(ssl);
    if (verified == X509_V_ERR_UNSPECIFIED)
        why = "has a certificate for another name than " + host;
    else if (verified != X509_V_OK)
        why = std::string("has a certificate that is not trusted here (") +
              X509_verify_cert_error_string(verified) + "): name its authority with --ca FILE";
    return Error{ErrorCode::no_link, "the server at " + url + " " + why};
}

}  // namespace

std::string ClientResponse::error_text() const {
    boost::json::error_code error;
    const boost::json::value parsed = boost::json::parse(body, error);
    if (!error && parsed.is_object())
        if (const auto* words = parsed.as_object().if_contains("error");
            words != nullptr && words->is_string())
            return std::string(words->as_string());
    return body.empty() ? "the server answered with status " + std::to_string(status) : body;
}

Result<ClientResponse> call(const ClientSettings& settings, Verb verb, const std::string& target,
                            std::string body, const std::string& content_type) {
    asio::io_context io;
    if (settings.url.empty()) {
        using Local = asio::local::stream_protocol;
        if (settings.control_socket.size() > 107)
            return Error{
                ErrorCode::bad_attribute,
                "the path of the control socket is longer than 107 bytes: " + settings.control_socket};
        Stream stream{PlainStream(io)};
        stream.plain().expires_after(settings.limit);
        const AnyEndpoint endpoint = Local::endpoint(settings.control_socket);
        if (const auto error =
                run_step(io, [&](KeepError done) { stream.plain().async_connect(endpoint, done); }))
            return nobody_answers(settings.control_socket, error);
        return exchange(io, stream, build(settings, verb, target, std::move(body), content_type, "localhost"),
                        settings.control_socket);
    }
    const Result<Place> place = parse_url(settings.url);
    if (!place) return place.error();
    const HostPort& where = place->at;
    using asio::ip::tcp;
    beast::error_code error;
    tcp::resolver resolver(io);
    const auto found = resolver.resolve(where.host, std::to_string(where.port), error);
    if (error) return nobody_answers(settings.url, error);
    std::vector<AnyEndpoint> endpoints;
    for (const auto& entry : found) endpoints.emplace_back(entry.endpoint());
    tls::SharedContext context;
    if (place->tls) {
        auto made = trusting(settings.ca);
        if (!made) return made.error();
        context = *std::move(made);
    }
    Stream stream(PlainStream(io), context);
    stream.plain().expires_after(settings.limit);
    if ((error = run_step(io, [&](KeepError done) { stream.plain().async_connect(endpoints, done); })))
        return nobody_answers(settings.url, error);
    if (stream.is_tls())
        if (auto refused = shake_hands(io, stream, where.host, settings.url)) return *std::move(refused);
    return exchange(io, stream, build(settings, verb, target, std::move(body), content_type, to_text(where)),
                    settings.url);
}

}  // namespace trunkline::http
