#include "tests/unit/web/small_server.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <boost/beast/core.hpp>

namespace trunkline::web::testing {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

namespace {

template <class Write>
std::string pem(Write write) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
    write(out.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

}  // namespace

Identity make_identity(const std::string& name) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), &X509_free);
    X509* x = certificate.get();
    X509_set_version(x, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x), 24L * 3600);
    X509_set_pubkey(x, key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(x));
    const bool address = name.find_first_not_of("0123456789.") == std::string::npos;
    const std::string names = (address ? "IP:" : "DNS:") + name;
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, x, x, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, NID_subject_alt_name, names.c_str());
    X509_add_ext(x, extension, -1);
    X509_EXTENSION_free(extension);
    X509_sign(x, key.get(), EVP_sha256());
    return {pem([x](BIO* out) { PEM_write_bio_X509(out, x); }), pem([&key](BIO* out) {
                PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
            })};
}

SmallServer::SmallServer(Rule rule, std::optional<Identity> identity)
    : acceptor_(io_, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0)), rule_(std::move(rule)) {
    if (identity) {
        tls_ = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
        tls_->use_certificate_chain(asio::buffer(identity->certificate));
        tls_->use_private_key(asio::buffer(identity->key), asio::ssl::context::pem);
    }
    accept();
    thread_ = std::thread([this] { io_.run(); });
}

SmallServer::~SmallServer() {
    io_.stop();
    thread_.join();
}

void SmallServer::accept() {
    acceptor_.async_accept([this](const boost::system::error_code& error, tcp::socket socket) {
        if (error) return;
        try {
            serve(std::move(socket));
        } catch (const std::exception&) {  // the other side has gone: the next one
        }
        accept();
    });
}

void SmallServer::serve(tcp::socket socket) {
    if (!tls_) {
        if (!talk(socket)) kept_.push_back(std::move(socket));
        return;
    }
    asio::ssl::stream<tcp::socket> stream(std::move(socket), *tls_);
    stream.handshake(asio::ssl::stream_base::server);
    talk(stream);
    boost::system::error_code gone;
    stream.shutdown(gone);
}

template <class Stream>
bool SmallServer::talk(Stream& stream) {
    beast::flat_buffer buffer;
    Request request;
    beast::http::read(stream, buffer, request);
    {
        const std::lock_guard lock(mutex_);
        seen_.push_back(request);
    }
    const auto text = rule_(request);
    if (text) asio::write(stream, asio::buffer(*text));
    return text.has_value();
}

std::string SmallServer::port() const { return std::to_string(acceptor_.local_endpoint().port()); }

std::string SmallServer::at(const std::string& path, const std::string& host) const {
    return (tls_ ? "https://" : "http://") + host + ":" + port() + path;
}

std::vector<Request> SmallServer::seen() const {
    const std::lock_guard lock(mutex_);
    return seen_;
}

std::string reply(int status, const std::string& body, const std::string& headers) {
    return "HTTP/1.1 " + std::to_string(status) + " Whatever\r\n" + headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace trunkline::web::testing
