// Where a SIP URI leads (RFC 3263): NAPTR and SRV records, then addresses, asked through the system's
// resolver. Its calls block for seconds where a name server is silent: workers make them, never the SIP
// thread. An object serves one thread; nothing throws; what is not found is an empty answer.
#pragma once

#include <chrono>
#include <random>
#include <string>
#include <vector>

namespace trunkline::sip {

/// What a URI says of its host.
struct DnsQuestion {
    std::string host;       // a name
    int port = 0;           // 0: none written
    std::string transport;  // "": none written
    friend bool operator==(const DnsQuestion&, const DnsQuestion&) = default;
    friend auto operator<=>(const DnsQuestion&, const DnsQuestion&) = default;
};

struct DnsTarget {
    std::string address;  // numeric
    int port = 0;
    std::string transport;
    friend bool operator==(const DnsTarget&, const DnsTarget&) = default;
};

struct DnsAnswer {
    std::vector<DnsTarget> targets;  // in the order in which they are to be tried
    std::chrono::seconds good_for{0};
};

class Dns {
  public:
    /// `name_servers`: "127.0.0.1:53"; empty: as the machine is configured, its hosts file included.
    explicit Dns(std::vector<std::string> name_servers) : name_servers_(std::move(name_servers)) {}

    [[nodiscard]] DnsAnswer look_up(const DnsQuestion& question);

  private:
    std::vector<std::string> name_servers_;
    std::minstd_rand dice_{std::random_device{}()};
};

}  // namespace trunkline::sip
