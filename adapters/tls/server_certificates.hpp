// What a listener shows its clients: one OpenSSL context made of the files of a `tls` setting, and another in
// its place when the files were renewed. Connections keep the one that they began with. Any thread. Failures
// are std::runtime_error of one line (files.hpp); a failed reload() leaves what was.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <mutex>

#include "adapters/tls/files.hpp"

namespace trunkline::tls {

using SharedContext = std::shared_ptr<boost::asio::ssl::context>;

class ServerCertificates {
  public:
    /// With `ca` a client must show a certificate that it signed; without, clients show none.
    explicit ServerCertificates(Files files);

    [[nodiscard]] SharedContext current() const;
    /// Reads the files again.
    void reload();

  private:
    const Files files_;
    mutable std::mutex mutex_;
    SharedContext context_;
};

}  // namespace trunkline::tls
