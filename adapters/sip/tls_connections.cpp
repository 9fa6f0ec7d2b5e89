#include "adapters/sip/tls_connections.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <utility>

// Sofia's tls_init_secondary: BIO_new_socket, SSL_new, SSL_set_bio(ssl, bio, bio), which takes over Sofia's
// reference and adds a second. Its tls_free: SSL_shutdown, SSL_CTX_free although it holds no reference, and
// BIO_free although it gave its reference away; no SSL_free. Nothing of Sofia's names the SSL after that.
//
// So the SSL is given its BIO earlier, by us, without the second reference: SSL_set_bio then finds nothing to
// do, and Sofia's BIO_free is the end of the BIO, of which OpenSSL tells us. There the SSL goes first, and
// the BIO with it. Should a Sofia free the SSL itself, its references are complete there too (forget_bio).

namespace trunkline::sip {
namespace {

thread_local BIO* latest_socket = nullptr;  // that no SSL has

void remember_socket(void* made, void*, CRYPTO_EX_DATA*, int, long, void*) {
    auto* bio = static_cast<BIO*>(made);
    if (BIO_method_type(bio) == BIO_TYPE_SOCKET) latest_socket = bio;
}

void forget_socket(void* freed, void*, CRYPTO_EX_DATA*, int, long, void*) {
    if (latest_socket == freed) latest_socket = nullptr;
}

long free_with_its_ssl(BIO* bio, int what, const char*, std::size_t, int, long, int result, std::size_t*) {
    if (what != BIO_CB_FREE) return result;
    auto* ssl = reinterpret_cast<SSL*>(BIO_get_callback_arg(bio));
    BIO_up_ref(bio);  // what Sofia has just taken was the SSL's
    SSL_free(ssl);
    ERR_clear_error();
    return 0;  // it is gone
}

void lend_bio(void* made, void*, CRYPTO_EX_DATA* data, int index, long mark_of_contexts, void*) {
    auto* ssl = static_cast<SSL*>(made);
    SSL_CTX* context = SSL_get_SSL_CTX(ssl);
    const bool marked = SSL_CTX_get_ex_data(context, static_cast<int>(mark_of_contexts)) != nullptr;
    if (!marked || latest_socket == nullptr) return;
    BIO* bio = std::exchange(latest_socket, nullptr);
    SSL_set_bio(ssl, bio, bio);
    BIO_free(bio);  // the second reference
    CRYPTO_set_ex_data(data, index, bio);
    BIO_set_callback_arg(bio, reinterpret_cast<char*>(ssl));
    BIO_set_callback_ex(bio, &free_with_its_ssl);
    SSL_CTX_up_ref(context);  // for Sofia's SSL_CTX_free
}

void forget_bio(void*, void* lent, CRYPTO_EX_DATA*, int, long, void*) {
    if (lent == nullptr) return;
    auto* bio = static_cast<BIO*>(lent);
    BIO_set_callback_ex(bio, nullptr);
    BIO_up_ref(bio);  // the second reference
}

/// The index of the mark on contexts; the callbacks are there once it is.
int mark_of_contexts() {
    static const int index = [] {
        const int mark = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
        BIO_get_ex_new_index(0, nullptr, &remember_socket, nullptr, &forget_socket);
        SSL_get_ex_new_index(mark, nullptr, &lend_bio, nullptr, &forget_bio);
        return mark;
    }();
    return index;
}

/// OpenSSL has compared them. Sofia would list them for nobody, and not free the list.
void forget_names(const SSL* ssl, int where, int) {
    X509* cert = where == SSL_CB_HANDSHAKE_DONE ? SSL_get0_peer_certificate(ssl) : nullptr;
    if (cert == nullptr) return;
    for (int at = 0; (at = X509_get_ext_by_NID(cert, NID_subject_alt_name, -1)) >= 0;)
        X509_EXTENSION_free(X509_delete_ext(cert, at));
}

}  // namespace

void tidy_connections_of(SSL_CTX* context) {
    static char mark = 0;
    SSL_CTX_set_ex_data(context, mark_of_contexts(), &mark);
    SSL_CTX_set_info_callback(context, &forget_names);
}

}  // namespace trunkline::sip
