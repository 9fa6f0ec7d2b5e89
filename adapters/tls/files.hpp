// The files that a `tls` setting names, brought into OpenSSL: certificate with its chain, private key,
// authorities. Every failure is a std::runtime_error of one line: the setting, the file, what is wrong, what
// to do. Any thread; no state.
#pragma once

#include <openssl/ssl.h>

#include <string>
#include <vector>

namespace trunkline::tls {

struct Files {
    std::string setting;  // "http.tls": errors begin with it
    std::string cert;     // PEM: the server's own first, then those that lead to the authority
    std::string key;      // PEM, no passphrase; "": it stands in the file of `cert`
    std::string ca;       // PEM: who is trusted; "": nobody named
};

/// TLS 1.2 and 1.3 and nothing older (RFC 8996), no renegotiation, no compression; of 1.2 only what keeps its
/// secrets when the key is stolen later (ECDHE with an AEAD, RFC 9325 4.2).
void allow_strong_tls_only(SSL_CTX*);

/// Loads certificate, chain and key. What is not wrong but will be trouble (a key that others may read, a
/// certificate out of its time) comes back as words for the log.
std::vector<std::string> load_identity(SSL_CTX*, const Files&);

/// Loads what the setting names and lets it go again: throws as the two others do; the same words for the
/// log.
std::vector<std::string> check_files(const Files&);

/// Whom the other side's certificate is checked against: `ca`, where it is "" the system's authorities.
void load_authorities(SSL_CTX*, const Files&);

}  // namespace trunkline::tls
