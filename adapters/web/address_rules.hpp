// Which addresses a script may reach. The public Internet, and besides only what scripts.http_allow lists: a
// host, an address or a CIDR block, each with an optional :port. Asked after a name was resolved and for
// every redirect, with the very address that is connected to next: a name that resolves differently the
// second time gains nothing. Immutable; any thread.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkline::web {

/// False for what is not the public Internet: loopback, private, shared, link-local, multicast, reserved, and
/// IPv6 forms that lead to such an IPv4 address.
[[nodiscard]] bool is_public(const boost::asio::ip::address&);

class AddressRules {
  public:
    /// Throws std::runtime_error that names the entry and says what is right.
    explicit AddressRules(const std::vector<std::string>& allowed);
    [[nodiscard]] bool allows(std::string_view host, std::uint16_t port,
                              const boost::asio::ip::address&) const;

  private:
    struct Entry {
        std::string host;  // "" for a block
        boost::asio::ip::address network;
        unsigned bits = 0;
        std::optional<std::uint16_t> port;  // none: any
    };
    std::vector<Entry> entries_;
    static Entry read(const std::string& text);
};

}  // namespace trunkline::web
