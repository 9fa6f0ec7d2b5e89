// What Sofia leaves behind of each TLS connection. Its tls_free lets go of everything but OpenSSL's object of
// the connection (60 KB), lets go of the context once too often, leaves OpenSSL's errors on the thread, where
// the next connection would take them for its own, and loses its copy of the names in a peer's certificate.
// All of that is put right here, by OpenSSL's callbacks at the moment when Sofia lets go. SIP thread.
#pragma once

#include <openssl/ssl.h>

namespace trunkline::sip {

/// For a context that Sofia has made and that has no connection yet.
void tidy_connections_of(SSL_CTX* context);

}  // namespace trunkline::sip
