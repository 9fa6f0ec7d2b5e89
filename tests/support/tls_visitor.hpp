// A client of a TLS door that does what the test says and nothing else: blocking, on the thread that calls
// it.
#pragma once

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <functional>
#include <optional>
#include <string>

namespace trunkline::test {

class TlsVisitor {
  public:
    using Socket = boost::asio::ip::tcp::socket;

    /// `address` is "127.0.0.1:port". Nobody is checked until trust().
    explicit TlsVisitor(const std::string& address) : address_(address) {
        SSL_CTX_set_security_level(context_.native_handle(), 0);  // offers what is asked for, however weak
    }
    /// Only the protocol given, e.g. TLS1_1_VERSION.
    TlsVisitor& only(int version) {
        SSL_CTX_set_min_proto_version(context_.native_handle(), version);
        SSL_CTX_set_max_proto_version(context_.native_handle(), version);
        return *this;
    }
    TlsVisitor& ciphers(const char* list) {
        SSL_CTX_set_cipher_list(context_.native_handle(), list);
        return *this;
    }
    TlsVisitor& trust(const std::string& ca) {
        context_.add_certificate_authority(boost::asio::buffer(ca));
        context_.set_verify_mode(boost::asio::ssl::verify_peer);
        return *this;
    }
    TlsVisitor& show(const std::string& cert, const std::string& key) {
        context_.use_certificate_chain(boost::asio::buffer(cert));
        context_.use_private_key(boost::asio::buffer(key), boost::asio::ssl::context::pem);
        return *this;
    }

    /// Connects and shakes hands; what went wrong, or "".
    std::string come() {
        stream_.emplace(io_, context_);
        connect(stream_->next_layer());
        boost::system::error_code error;
        stream_->handshake(boost::asio::ssl::stream_base::client, error);
        return error ? error.message() : "";
    }
    void say(const std::string& words) {
        boost::system::error_code ignored;
        boost::asio::write(*stream_, boost::asio::buffer(words), ignored);
    }
    /// What comes up to `end` (that included), or all there was when the connection ended.
    std::string hear(const std::string& end) {
        boost::system::error_code error;
        const auto size = boost::asio::read_until(*stream_, boost::asio::dynamic_buffer(heard_), end, error);
        std::string words = heard_.substr(0, error ? heard_.size() : size);
        heard_.erase(0, words.size());
        return words;
    }
    [[nodiscard]] const char* protocol() { return SSL_get_version(stream_->native_handle()); }
    /// Of the server's certificate, to tell one from another.
    [[nodiscard]] std::uint64_t serial() {
        X509* cert = SSL_get0_peer_certificate(stream_->native_handle());
        std::uint64_t number = 0;
        ASN1_INTEGER_get_uint64(&number, X509_get0_serialNumber(cert));
        return number;
    }

    /// Without TLS: sends the bytes and gives back what comes until the connection ends.
    std::string say_plainly(const std::string& bytes) {
        Socket socket(io_);
        connect(socket);
        boost::asio::write(socket, boost::asio::buffer(bytes));
        std::string all;
        boost::system::error_code end;
        boost::asio::read(socket, boost::asio::dynamic_buffer(all), end);
        return all;
    }

  private:
    void connect(Socket& socket) {
        const auto colon = address_.rfind(':');
        socket.connect({boost::asio::ip::make_address(address_.substr(0, colon)),
                        static_cast<std::uint16_t>(std::stoi(address_.substr(colon + 1)))});
    }

    std::string address_;
    boost::asio::io_context io_;
    boost::asio::ssl::context context_{boost::asio::ssl::context::tls_client};
    std::optional<boost::asio::ssl::stream<Socket>> stream_;
    std::string heard_;
};

}  // namespace trunkline::test
