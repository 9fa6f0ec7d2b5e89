// The certificates of T-Library and HTTP as the settings name them, the check of those of SIP, and their
// reload. Made at start (errors are std::runtime_error in words); reload() from any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/tls/server_certificates.hpp"
#include "apps/settings/settings.hpp"

namespace trunkline::apps {

class Certificates {
  public:
    explicit Certificates(const Settings&);

    /// Null where the door is plain.
    [[nodiscard]] std::shared_ptr<const tls::ServerCertificates> tlib() const { return tlib_; }
    [[nodiscard]] std::shared_ptr<const tls::ServerCertificates> http() const { return http_; }
    /// None where SIP has no `tls`. SipServer loads them itself.
    [[nodiscard]] const std::optional<tls::Files>& sip() const { return sip_; }

    /// Reads the files again, for the connections that begin from now on. What cannot be read comes back in
    /// words, and what was stays in force. Those of SIP are only checked.
    [[nodiscard]] std::vector<std::string> reload() const;

  private:
    std::optional<tls::Files> sip_;
    std::shared_ptr<tls::ServerCertificates> tlib_, http_;
};

}  // namespace trunkline::apps
