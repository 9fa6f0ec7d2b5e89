#include "tests/support/certificates.hpp"

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include <fstream>

namespace trunkline::test {
namespace {

constexpr long hour = 3600;

template <class Write>
std::string pem(Write write) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
    write(out.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* cert) {
    return pem([cert](BIO* out) { PEM_write_bio_X509(out, cert); });
}

std::shared_ptr<EVP_PKEY> new_key() { return {EVP_EC_gen("P-256"), &EVP_PKEY_free}; }

void extend(X509* cert, X509* issuer, int what, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str());
    X509_add_ext(cert, extension, -1);
    X509_EXTENSION_free(extension);
}

std::shared_ptr<X509> new_cert(const std::string& name, EVP_PKEY* key, long from, long until) {
    std::shared_ptr<X509> cert(X509_new(), &X509_free);
    X509_set_version(cert.get(), X509_VERSION_3);
    std::uint32_t serial = 0;
    RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(cert.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(cert.get()), from);
    X509_gmtime_adj(X509_getm_notAfter(cert.get()), until);
    X509_set_pubkey(cert.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(cert.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    return cert;
}

}  // namespace

Authority::Authority(const std::string& name)
    : key_(new_key()), cert_(new_cert(name, key_.get(), -hour, hour)) {
    X509_set_issuer_name(cert_.get(), X509_get_subject_name(cert_.get()));
    extend(cert_.get(), cert_.get(), NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(cert_.get(), key_.get(), EVP_sha256());
}

Pair Authority::issue(const std::string& names, bool out_of_date) const {
    const auto key = new_key();
    const auto cert =
        new_cert("server", key.get(), out_of_date ? -2 * hour : -hour, out_of_date ? -hour : hour);
    X509_set_issuer_name(cert.get(), X509_get_subject_name(cert_.get()));
    extend(cert.get(), cert_.get(), NID_subject_alt_name, names);
    X509_sign(cert.get(), key_.get(), EVP_sha256());
    return {pem_of(cert.get()), pem([&key](BIO* out) {
                PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
            })};
}

std::string Authority::cert() const { return pem_of(cert_.get()); }

FilesFolder::FilesFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "trunkline-tls-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
}

FilesFolder::~FilesFolder() { std::filesystem::remove_all(folder_); }

std::string FilesFolder::write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    using std::filesystem::perms;
    std::filesystem::permissions(folder_ / name, perms::owner_read | perms::owner_write);
    return path(name);
}

}  // namespace trunkline::test
