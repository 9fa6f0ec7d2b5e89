// TLS of SIP: the doors that listen, and one door for each name that we call and check. Sofia carries the
// bytes; certificates, protocols, ciphers and the check of the other side are set on OpenSSL's own contexts,
// so that they are the same as at the other doors of this server, and can be renewed while connections live.
// A handshake that does not end is closed. SIP thread. What cannot be loaded or bound is a std::runtime_error
// in words; renew() changes nothing then.
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/sip/address.hpp"
#include "adapters/sip/sofia.hpp"
#include "adapters/tls/files.hpp"

namespace trunkline::sip {

/// Where Sofia looks for certificates of its own: nowhere. TlsDoors gives them to OpenSSL.
inline constexpr const char* no_certificate_folder = "/nonexistent";

class TlsDoors final : TimerListener {
  public:
    /// `handshake_limit`: what a handshake may take. Names beyond `names_limit` are not called.
    TlsDoors(su_root_t* root, nta_agent_t* agent, tls::Files files, std::chrono::milliseconds handshake_limit,
             std::size_t names_limit = 256);

    /// Sets up the listening door that Sofia opens when `open` is called.
    void listen(const std::function<void()>& open);
    /// The door through which a peer is called whose certificate must be valid for `name` (a host name or an
    /// address), or anybody's for "". Opened at first use; "" where it cannot be.
    [[nodiscard]] std::string door_to(const std::string& name);
    /// Reads the files again, for connections that begin from now on.
    void renew();

  private:
    struct Door {
        std::vector<std::shared_ptr<SSL_CTX>> contexts;
        bool calls = false;  // ours are the connections
        std::string name;    // whom it checks; "" for nobody
    };

    void keep(Door door);
    void set_up(SSL_CTX* context, const Door& door) const;
    void on_timer() override;
    void wait();

    nta_agent_t* agent_;
    tls::Files files_;
    std::chrono::milliseconds handshake_limit_;
    std::size_t names_limit_;
    std::vector<Door> doors_;
    std::map<std::string, std::string> calling_;  // name -> door
    std::unordered_map<const tport_t*, std::chrono::steady_clock::time_point> shaking_hands_;
    TimerHandle timer_;
};

}  // namespace trunkline::sip
