#include "apps/trunkctl/agent_link.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>
#include <stdexcept>

namespace trunkline::ctl {
namespace asio = boost::asio;
namespace {

constexpr std::size_t longest_message = 16U * 1024U * 1024U;
constexpr std::chrono::seconds heartbeat{20};

tls::SharedContext client_context(const AgentTls& how) {
    auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
    SSL_CTX* handle = context->native_handle();
    tls::allow_strong_tls_only(handle);
    tls::load_authorities(handle, {"--ca", "", "", how.ca});
    // A server's own certificate in the file is trusted as it stands, whoever signed it.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(handle), X509_V_FLAG_PARTIAL_CHAIN);
    return context;
}

}  // namespace

AgentLink::AgentLink(asio::io_context& io, Received received, Lost lost)
    : io_(io), heart_(io), received_(std::move(received)), lost_(std::move(lost)) {}

void AgentLink::connect(const HostPort& server, const std::optional<AgentTls>& tls) {
    stream_.emplace(Socket(io_), tls ? client_context(*tls) : nullptr);
    try {
        asio::ip::tcp::resolver resolver(io_);
        asio::connect(socket(), resolver.resolve(server.host, std::to_string(server.port)));
        socket().set_option(asio::ip::tcp::no_delay(true));
    } catch (const boost::system::system_error& error) {
        throw std::runtime_error("no T-Library server answers at " + to_text(server) + " (" +
                                 error.code().message() +
                                 "): start it with ./run, or name another with --server HOST:PORT");
    }
    if (tls) shake_hands(server, tls->check_name);
    read();
    beat();
}

void AgentLink::shake_hands(const HostPort& server, bool check_name) {
    auto& stream = stream_->secure();
    stream.set_verify_mode(asio::ssl::verify_peer);
    if (check_name) stream.set_verify_callback(asio::ssl::host_name_verification(server.host));
    boost::system::error_code error;
    stream.handshake(asio::ssl::stream_base::client, error);
    if (!error) return;
    const long verified = SSL_get_verify_result(stream.native_handle());
    throw std::runtime_error(
        "the T-Library server at " + to_text(server) + " has no certificate that is trusted here (" +
        (verified != X509_V_OK ? X509_verify_cert_error_string(verified) : error.message()) +
        "): name its authority with --ca FILE");
}

void AgentLink::send(const boost::json::object& message) {
    boost::system::error_code error;  // a broken line is told by read()
    asio::write(*stream_, asio::buffer(boost::json::serialize(message) + "\n"), error);
}

void AgentLink::close() {
    boost::system::error_code ignored;
    heart_.cancel();
    if (stream_) socket().close(ignored);
}

void AgentLink::read() {
    asio::async_read_until(
        *stream_, asio::dynamic_buffer(input_, longest_message), '\n',
        [this](const boost::system::error_code& error, std::size_t size) {
            if (error == asio::error::operation_aborted) return;
            if (error) return lost_(error == asio::error::eof ? "it closed the connection" : error.message());
            boost::json::error_code broken;
            const auto message = boost::json::parse(std::string_view(input_).substr(0, size - 1), broken);
            input_.erase(0, size);
            if (broken || !message.is_object()) return lost_("it sent something that is no JSON object");
            received_(message.as_object());
            if (socket().is_open()) read();
        });
}

// Keeps a server with an idle limit from closing a quiet desktop.
void AgentLink::beat() {
    heart_.expires_after(heartbeat);
    heart_.async_wait([this](const boost::system::error_code& cancelled) {
        if (cancelled || !socket().is_open()) return;
        send({{"message", "Ping"}});
        beat();
    });
}

}  // namespace trunkline::ctl
