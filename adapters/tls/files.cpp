#include "adapters/tls/files.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <stdexcept>

namespace trunkline::tls {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

/// OpenSSL's own last word on what went wrong; clears its queue.
std::string last_reason() {
    const char* words = ERR_reason_error_string(ERR_peek_last_error());
    std::string text = words == nullptr ? "unknown" : words;
    ERR_clear_error();
    return text;
}

/// One file of the setting, and how its errors begin.
class File {
  public:
    File(const Files& files, const char* key, std::string path)
        : name_(files.setting + "." + key + ": " + path), path_(std::move(path)) {
        std::ifstream in(path_, std::ios::binary);
        for (char chunk[4096]; in.read(chunk, sizeof chunk) || in.gcount() > 0;)
            text_.append(chunk, static_cast<std::size_t>(in.gcount()));
        if (!in.is_open() || in.bad())
            throw std::runtime_error(name_ + ": cannot be read (" + std::strerror(errno) +
                                     "); name a file that the server's user may read");
    }
    [[noreturn]] void refuse(const std::string& why) const { throw std::runtime_error(name_ + ": " + why); }
    [[nodiscard]] Bio bio() const {
        return {BIO_new_mem_buf(text_.data(), static_cast<int>(text_.size())), &BIO_free};
    }
    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] const std::string& name() const { return name_; }

  private:
    std::string name_, path_, text_;
};

/// Never asks a terminal.
int no_passphrase(char*, int, int, void*) { return 0; }

Certificate next_certificate(BIO* bio) {
    return {PEM_read_bio_X509(bio, nullptr, &no_passphrase, nullptr), &X509_free};
}

void use_certificates(SSL_CTX* context, const File& file, std::vector<std::string>& warnings) {
    const Bio bio = file.bio();
    const Certificate own = next_certificate(bio.get());
    if (!own) {
        ERR_clear_error();
        file.refuse("holds no certificate in PEM (-----BEGIN CERTIFICATE-----); name the file that does");
    }
    if (SSL_CTX_use_certificate(context, own.get()) != 1)
        file.refuse("cannot be used (" + last_reason() + "); make a certificate with a stronger key or hash");
    if (X509_cmp_current_time(X509_get0_notAfter(own.get())) < 0)
        warnings.push_back(file.name() +
                           ": the certificate is out of date; clients will refuse it: renew it");
    else if (X509_cmp_current_time(X509_get0_notBefore(own.get())) > 0)
        warnings.push_back(file.name() +
                           ": the certificate is not valid yet; is the clock of this machine right?");
    SSL_CTX_clear_chain_certs(context);
    while (const Certificate more = next_certificate(bio.get()))
        if (SSL_CTX_add1_chain_cert(context, more.get()) != 1)
            file.refuse("a certificate of its chain cannot be used (" + last_reason() + ")");
    ERR_clear_error();  // the end of the file is OpenSSL's last error
}

void use_key(SSL_CTX* context, const File& file, const std::string& cert,
             std::vector<std::string>& warnings) {
    const Bio bio = file.bio();
    const Key key{PEM_read_bio_PrivateKey(bio.get(), nullptr, &no_passphrase, nullptr), &EVP_PKEY_free};
    if (!key) {
        ERR_clear_error();
        if (file.text().find("ENCRYPTED") != std::string::npos)
            file.refuse("the key has a passphrase; take it off: openssl pkey -in " + file.path() +
                        " -out FILE");
        file.refuse("holds no private key in PEM (-----BEGIN PRIVATE KEY-----); name the file that does");
    }
    if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1) {
        ERR_clear_error();
        file.refuse("this key does not belong to the certificate in " + cert + "; name the pair");
    }
    struct stat found {};
    if (::stat(file.path().c_str(), &found) == 0 && (found.st_mode & S_IROTH) != 0)
        warnings.push_back(file.name() + ": everybody on this machine can read the key; chmod 600 it");
}

}  // namespace

void allow_strong_tls_only(SSL_CTX* context) {
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
    SSL_CTX_set_options(context,
                        SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
}

std::vector<std::string> load_identity(SSL_CTX* context, const Files& files) {
    if (files.cert.empty())
        throw std::runtime_error(files.setting + ": needs cert and key; write tls: {cert: FILE, key: FILE}");
    std::vector<std::string> warnings;
    use_certificates(context, File(files, "cert", files.cert), warnings);
    const bool together = files.key.empty();
    use_key(context, File(files, together ? "cert" : "key", together ? files.cert : files.key), files.cert,
            warnings);
    return warnings;
}

void load_authorities(SSL_CTX* context, const Files& files) {
    if (files.ca.empty()) {
        SSL_CTX_set_default_verify_paths(context);
        return;
    }
    const File file(files, "ca", files.ca);
    const Bio bio = file.bio();
    const std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> store(X509_STORE_new(), &X509_STORE_free);
    int found = 0;
    for (; const Certificate one = next_certificate(bio.get()); ++found)
        if (X509_STORE_add_cert(store.get(), one.get()) != 1)
            file.refuse("a certificate in it cannot be used (" + last_reason() + ")");
    ERR_clear_error();
    if (found == 0)
        file.refuse("holds no certificate in PEM (-----BEGIN CERTIFICATE-----); name the authority's");
    SSL_CTX_set1_cert_store(context, store.get());
}

std::vector<std::string> check_files(const Files& files) {
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> trial(SSL_CTX_new(TLS_method()), &SSL_CTX_free);
    std::vector<std::string> warnings;
    if (!files.cert.empty()) warnings = load_identity(trial.get(), files);
    if (!files.ca.empty()) load_authorities(trial.get(), files);
    return warnings;
}

}  // namespace trunkline::tls
