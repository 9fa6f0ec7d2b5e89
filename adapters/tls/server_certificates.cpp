#include "adapters/tls/server_certificates.hpp"

#include <spdlog/spdlog.h>

namespace trunkline::tls {
namespace {

SharedContext make_context(const Files& files) {
    auto context = std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls_server);
    SSL_CTX* handle = context->native_handle();
    allow_strong_tls_only(handle);
    for (const auto& warning : load_identity(handle, files)) spdlog::warn("{}", warning);
    if (!files.ca.empty()) {
        load_authorities(handle, files);
        SSL_CTX_set_verify(handle, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
        // A resumed session is only as good as the check that began it: it must come back to the same door.
        SSL_CTX_set_session_id_context(handle, reinterpret_cast<const unsigned char*>(files.setting.data()),
                                       static_cast<unsigned>(files.setting.size()));
    }
    return context;
}

}  // namespace

ServerCertificates::ServerCertificates(Files files)
    : files_(std::move(files)), context_(make_context(files_)) {}

SharedContext ServerCertificates::current() const {
    const std::lock_guard guard(mutex_);
    return context_;
}

void ServerCertificates::reload() {
    auto fresh = make_context(files_);
    const std::lock_guard guard(mutex_);
    context_ = std::move(fresh);
}

}  // namespace trunkline::tls
