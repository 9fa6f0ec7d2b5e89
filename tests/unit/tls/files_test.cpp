#include "adapters/tls/files.hpp"

#include <gmock/gmock.h>
#include <openssl/ssl.h>

#include <filesystem>

#include "tests/support/certificates.hpp"

namespace trunkline::tls {
namespace {

using test::Authority;
using test::FilesFolder;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class FilesOfTls : public ::testing::Test {
  protected:
    FilesFolder folder;
    Authority authority{"Test Authority"};
    test::Pair pair = authority.issue("DNS:localhost");
    std::string cert = folder.write("cert.pem", pair.cert), key = folder.write("key.pem", pair.key);
    std::shared_ptr<SSL_CTX> context{SSL_CTX_new(TLS_server_method()), &SSL_CTX_free};

    std::vector<std::string> warnings(const std::string& cert_file, const std::string& key_file) {
        return load_identity(context.get(), {"http.tls", cert_file, key_file, ""});
    }
    std::string refusal(const std::string& cert_file, const std::string& key_file) {
        try {
            (void)warnings(cert_file, key_file);
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return "accepted";
    }
    std::string refusal_of_authorities(const std::string& ca) {
        try {
            load_authorities(context.get(), {"sip.tls", "", "", ca});
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return "accepted";
    }
};

TEST_F(FilesOfTls, OfAGoodPairAreTakenWithoutAWord) {
    EXPECT_THAT(warnings(cert, key), IsEmpty());
    EXPECT_THAT(warnings(folder.write("both.pem", pair.cert + pair.key), ""), IsEmpty());
}

TEST_F(FilesOfTls, BringTheChainAlong) {
    (void)warnings(folder.write("chain.pem", pair.cert + authority.cert()), key);
    STACK_OF(X509)* chain = nullptr;
    SSL_CTX_get0_chain_certs(context.get(), &chain);
    EXPECT_EQ(sk_X509_num(chain), 1);
}

TEST_F(FilesOfTls, ThatAreWrongAreNamedWithTheRemedy) {
    EXPECT_THAT(refusal("", key), HasSubstr("http.tls: needs cert and key"));
    EXPECT_THAT(refusal(folder.path("absent.pem"), key),
                AllOf(HasSubstr("http.tls.cert: "), HasSubstr("absent.pem: cannot be read (No such file")));
    EXPECT_THAT(refusal(folder.path("."), key), HasSubstr("cannot be read"));
    EXPECT_THAT(refusal(key, key), HasSubstr("key.pem: holds no certificate in PEM"));
    EXPECT_THAT(refusal(cert, cert), HasSubstr("http.tls.key: " + cert + ": holds no private key"));
    EXPECT_THAT(refusal(folder.write("empty.pem", ""), key), HasSubstr("holds no certificate"));
    const auto other = authority.issue("DNS:other.example");
    EXPECT_THAT(refusal(cert, folder.write("other.key", other.key)),
                HasSubstr("other.key: this key does not belong to the certificate in " + cert));
    EXPECT_THAT(refusal(cert, folder.write("locked.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n")),
                AllOf(HasSubstr("has a passphrase"), HasSubstr("openssl pkey")));
}

TEST_F(FilesOfTls, WarnOfAKeyThatEverybodyReadsAndOfACertificateOutOfDate) {
    std::filesystem::permissions(key, std::filesystem::perms::others_read,
                                 std::filesystem::perm_options::add);
    EXPECT_THAT(warnings(cert, key), ElementsAre(HasSubstr("key.pem: everybody on this machine can read")));
    const auto old = authority.issue("DNS:localhost", true);
    EXPECT_THAT(warnings(folder.write("old.pem", old.cert), folder.write("old.key", old.key)),
                ElementsAre(HasSubstr("old.pem: the certificate is out of date")));
}

TEST_F(FilesOfTls, OfAuthoritiesMustHoldOne) {
    EXPECT_EQ(refusal_of_authorities(folder.write("ca.pem", authority.cert())), "accepted");
    EXPECT_THAT(refusal_of_authorities(key), HasSubstr("sip.tls.ca: " + key + ": holds no certificate"));
    EXPECT_THAT(refusal_of_authorities(folder.path("absent")), HasSubstr("absent: cannot be read"));
}

}  // namespace
}  // namespace trunkline::tls
