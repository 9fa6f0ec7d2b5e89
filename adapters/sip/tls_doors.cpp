#include "adapters/sip/tls_doors.hpp"

#include <openssl/x509v3.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <mutex>
#include <stdexcept>

#include "adapters/sip/callbacks.hpp"
#include "adapters/sip/tls_connections.hpp"

namespace trunkline::sip {
namespace {

using Contexts = std::vector<std::shared_ptr<SSL_CTX>>;

thread_local Contexts* collected = nullptr;

void collect_context(void* made, void*, CRYPTO_EX_DATA*, int, long, void*) {
    auto* context = static_cast<SSL_CTX*>(made);
    if (collected != nullptr && SSL_CTX_up_ref(context) == 1) collected->emplace_back(context, &SSL_CTX_free);
}

/// Sofia gives its contexts to nobody; OpenSSL tells of each that is made, on the thread that makes it. One
/// door may have several, for IPv4 and IPv6.
template <class Open>
Contexts contexts_made_by(Open open) {
    static std::once_flag once;
    std::call_once(once, [] { SSL_CTX_get_ex_new_index(0, nullptr, &collect_context, nullptr, nullptr); });
    struct Collecting {
        explicit Collecting(Contexts& into) { collected = &into; }
        ~Collecting() { collected = nullptr; }
    };
    Contexts made;
    const Collecting now(made);
    open();
    for (const auto& context : made) tidy_connections_of(context.get());
    return made;
}

/// Connections of ours only: nothing listens.
bool open_calling_door(nta_agent_t* agent, const std::string& door) {
    return nta_agent_add_tport(agent, as_url("sips:*:*;transport=tls"), TPTAG_SERVER(0),
                               TPTAG_IDENT(door.c_str()), TPTAG_CERTIFICATE(no_certificate_folder),
                               TPTAG_TLS_VERIFY_POLICY(TPTLS_VERIFY_NONE), TAG_END()) == 0;
}

/// Sofia tells nobody why a handshake failed.
int say_why_not(int fits, X509_STORE_CTX* store) {
    if (fits == 1) return fits;
    char subject[256] = "";
    if (X509* cert = X509_STORE_CTX_get_current_cert(store))
        X509_NAME_oneline(X509_get_subject_name(cert), subject, sizeof subject);
    spdlog::warn(
        "SIP: the certificate {} of a peer is refused ({}): see sip.tls.ca, and the name in its address",
        subject, X509_verify_cert_error_string(X509_STORE_CTX_get_error(store)));
    return fits;
}

/// OpenSSL compares the certificate with it in the handshake (RFC 5922 7.2 without its wildcards).
void expect_name(SSL_CTX* context, const std::string& name) {
    X509_VERIFY_PARAM* check = SSL_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_hostflags(check, X509_CHECK_FLAG_NO_WILDCARDS);
    const std::string plain = plain_host(name);
    if (X509_VERIFY_PARAM_set1_ip_asc(check, plain.c_str()) != 1)
        X509_VERIFY_PARAM_set1_host(check, plain.c_str(), 0);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, &say_why_not);
}

}  // namespace

TlsDoors::TlsDoors(su_root_t* root, nta_agent_t* agent, tls::Files files,
                   std::chrono::milliseconds handshake_limit, std::size_t names_limit)
    : agent_(agent), files_(std::move(files)), handshake_limit_(handshake_limit), names_limit_(names_limit) {
    const auto look_every =
        std::clamp(handshake_limit_ / 4, std::chrono::milliseconds(10), std::chrono::milliseconds(1000));
    timer_.reset(su_timer_create(su_root_task(root), static_cast<su_duration_t>(look_every.count())));
}

void TlsDoors::set_up(SSL_CTX* context, const Door& door) const {
    tls::allow_strong_tls_only(context);
    const bool checks = door.calls && !door.name.empty();
    // Before anything that may throw: what is half set up must not trust everybody.
    if (checks)
        expect_name(context, door.name);
    else
        SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
    // Without a certificate of our own we can still call others.
    if (!door.calls || !files_.cert.empty()) (void)tls::load_identity(context, files_);
    if (checks) tls::load_authorities(context, files_);
}

void TlsDoors::listen(const std::function<void()>& open) {
    Door door{contexts_made_by(open)};
    if (door.contexts.empty()) throw std::runtime_error("SIP cannot start: Sofia made no TLS context");
    for (const auto& context : door.contexts) set_up(context.get(), door);
    keep(std::move(door));
}

void TlsDoors::keep(Door door) {
    if (doors_.empty()) wait();
    doors_.push_back(std::move(door));
}

std::string TlsDoors::door_to(const std::string& name) {
    if (const auto known = calling_.find(name); known != calling_.end()) return known->second;
    const std::string ident = name.empty() ? "tls" : "tls:" + name;
    bool open = calling_.size() <= names_limit_;
    Door door{contexts_made_by([&] { open = open && open_calling_door(agent_, ident); }), true, name};
    if (!open || door.contexts.empty()) {
        spdlog::error("SIP: no TLS door to '{}' can be opened, {} are open", name, calling_.size());
        return {};
    }
    for (const auto& context : door.contexts) {
        try {
            set_up(context.get(), door);
        } catch (const std::runtime_error& error) {
            // Trusts nobody, so that every call through it fails, until the files are renewed.
            spdlog::error("SIP: {}", error.what());
            SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
        }
    }
    keep(std::move(door));
    return calling_.emplace(name, ident).first->second;
}

void TlsDoors::renew() {
    for (const auto& warning : tls::check_files(files_)) spdlog::warn("{}", warning);
    for (const Door& door : doors_)
        for (const auto& context : door.contexts) set_up(context.get(), door);
}

void TlsDoors::wait() { su_timer_set(timer_.get(), callbacks::timer, static_cast<TimerListener*>(this)); }

/// Sofia waits for a handshake without end.
void TlsDoors::on_timer() {
    const auto now = std::chrono::steady_clock::now();
    decltype(shaking_hands_) still;
    std::vector<tport_t*> late;
    for (tport_t* door = tport_primaries(nta_agent_tports(agent_)); door != nullptr;
         door = tport_next(door)) {
        if (!tport_has_tls(door)) continue;
        for (tport_t* one = tport_secondary(door); one != nullptr; one = tport_next(one)) {
            if (tport_is_connected(one) || tport_is_closed(one)) continue;
            const auto known = shaking_hands_.find(one);
            const auto since = known == shaking_hands_.end() ? now : known->second;
            if (now - since < handshake_limit_)
                still.emplace(one, since);
            else
                late.push_back(one);
        }
    }
    shaking_hands_ = std::move(still);
    for (tport_t* one : late) tport_shutdown(one, 2);
    wait();
}

}  // namespace trunkline::sip
