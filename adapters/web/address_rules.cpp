#include "adapters/web/address_rules.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "engine/base/words.hpp"

namespace trunkline::web {
namespace {

using boost::asio::ip::address;
using boost::asio::ip::address_v4;
using boost::asio::ip::address_v6;
using boost::asio::ip::make_address;

struct Block {
    const char* network;
    unsigned bits;
};

// IANA's special-purpose registries (RFC 6890), and multicast.
constexpr std::array<Block, 16> not_public_v4{{{"0.0.0.0", 8},
                                               {"10.0.0.0", 8},
                                               {"100.64.0.0", 10},
                                               {"127.0.0.0", 8},
                                               {"169.254.0.0", 16},
                                               {"172.16.0.0", 12},
                                               {"192.0.0.0", 24},
                                               {"192.0.2.0", 24},
                                               {"192.88.99.0", 24},
                                               {"192.168.0.0", 16},
                                               {"198.18.0.0", 15},
                                               {"198.51.100.0", 24},
                                               {"203.0.113.0", 24},
                                               {"224.0.0.0", 4},
                                               {"240.0.0.0", 4},
                                               {"255.255.255.255", 32}}};
// Only 2000::/3 is given out as global unicast (RFC 4291 2.4); these parts of it are not for hosts.
constexpr std::array<Block, 3> not_public_v6{{{"2001::", 23}, {"2001:db8::", 32}, {"3fff::", 20}}};

template <class Bytes>
bool same_start(const Bytes& a, const Bytes& b, unsigned bits) {
    for (unsigned n = 0; n < bits; ++n) {
        const auto mask = static_cast<unsigned char>(0x80U >> (n % 8));
        if ((a[n / 8] & mask) != (b[n / 8] & mask)) return false;
    }
    return true;
}

bool in_block(const address& ip, const address& network, unsigned bits) {
    if (ip.is_v4() != network.is_v4()) return false;
    return ip.is_v4() ? same_start(ip.to_v4().to_bytes(), network.to_v4().to_bytes(), bits)
                      : same_start(ip.to_v6().to_bytes(), network.to_v6().to_bytes(), bits);
}

template <class Blocks>
bool in_any(const address& ip, const Blocks& blocks) {
    return std::any_of(blocks.begin(), blocks.end(), [&](const Block& block) {
        return in_block(ip, make_address(block.network), block.bits);
    });
}

address_v4 v4_at(const address_v6& ip, std::size_t at) {
    const auto bytes = ip.to_bytes();
    return address_v4({bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]});
}

// The IPv4 address that an IPv6 one stands for: mapped, NAT64 (RFC 6052), 6to4 (RFC 3056).
std::optional<address_v4> inner_v4(const address_v6& ip) {
    if (ip.is_v4_mapped() || in_block(ip, make_address("64:ff9b::"), 96)) return v4_at(ip, 12);
    if (in_block(ip, make_address("2002::"), 16)) return v4_at(ip, 2);
    return std::nullopt;
}

address plain(const address& ip) {
    if (ip.is_v6() && ip.to_v6().is_v4_mapped()) return v4_at(ip.to_v6(), 12);
    return ip;
}

bool is_host(std::string_view text) {
    return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    }) && text.find_first_not_of("0123456789.") != std::string_view::npos;
}

[[noreturn]] void refuse(const std::string& text) {
    throw std::runtime_error("scripts.http_allow: '" + text +
                             "' is no host, address or CIDR block with an optional :port, as in "
                             "crm.example.com, 10.1.2.3:8080, 10.1.0.0/16 or [fd00::5]:443");
}

}  // namespace

bool is_public(const address& given) {
    const address ip = plain(given);
    if (ip.is_v4()) return !in_any(ip, not_public_v4);
    if (const auto inner = inner_v4(ip.to_v6())) return is_public(*inner);
    return in_block(ip, make_address("2000::"), 3) && !in_any(ip, not_public_v6);
}

AddressRules::AddressRules(const std::vector<std::string>& allowed) {
    for (const std::string& text : allowed) entries_.push_back(read(text));
}

AddressRules::Entry AddressRules::read(const std::string& text) {
    Entry entry;
    std::string_view rest = text;
    std::string_view port;
    if (rest.starts_with('[')) {
        const auto end = rest.find(']');
        if (end == std::string_view::npos) refuse(text);
        port = rest.substr(end + 1);
        rest = rest.substr(1, end - 1);
    } else if (std::count(rest.begin(), rest.end(), ':') == 1) {
        port = rest.substr(rest.find(':'));
        rest = rest.substr(0, rest.find(':'));
    }
    if (!port.empty()) {
        entry.port = number_in<std::uint16_t>(port.substr(1));
        if (port[0] != ':' || !entry.port || *entry.port == 0) refuse(text);
    }
    const auto slash = rest.find('/');
    boost::system::error_code error;
    entry.network = make_address(rest.substr(0, slash), error);
    if (!error) {
        const unsigned most = entry.network.is_v4() ? 32 : 128;
        const auto bits =
            slash == std::string_view::npos ? most : number_in<unsigned>(rest.substr(slash + 1));
        if (!bits || *bits > most) refuse(text);
        entry.bits = *bits;
        return entry;
    }
    entry.host = lower_case(rest);
    if (!is_host(entry.host)) refuse(text);
    return entry;
}

bool AddressRules::allows(std::string_view host, std::uint16_t port, const address& given) const {
    const address ip = plain(given);
    if (is_public(ip)) return true;
    const std::string name = lower_case(host);
    return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
        if (entry.port && *entry.port != port) return false;
        return entry.host.empty() ? in_block(ip, entry.network, entry.bits) : entry.host == name;
    });
}

}  // namespace trunkline::web
