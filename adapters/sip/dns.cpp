#include "adapters/sip/dns.hpp"

#include <algorithm>

#include "adapters/sip/dns_records.hpp"
#include "engine/base/words.hpp"

namespace trunkline::sip {
namespace {

using std::chrono::seconds;

constexpr std::size_t most_targets = 16;
constexpr seconds not_found_for{10};

struct Service {
    std::string transport;
    std::string name;  // of its SRV records
};

Service service_of(const std::string& transport, const std::string& host) {
    return {transport, transport == "tls" ? "_sips._tcp." + host : "_sip._" + transport + "." + host};
}

/// The transports that the domain itself wants, best first (RFC 3263 4.1); those that we do not have are left
/// out.
std::vector<Service> preferred(DnsRecords& records, const std::string& host) {
    auto all = records.naptr(host);
    std::stable_sort(all.begin(), all.end(), [](const NaptrRecord& a, const NaptrRecord& b) {
        return std::pair(a.order, a.preference) < std::pair(b.order, b.preference);
    });
    std::vector<Service> services;
    for (const NaptrRecord& one : all) {
        const std::string service = lower_case(one.service);
        if (lower_case(one.flags) != "s" || one.replacement.empty()) continue;
        if (service == "sip+d2u") services.push_back({"udp", one.replacement});
        if (service == "sip+d2t") services.push_back({"tcp", one.replacement});
    }
    return services;
}

/// RFC 2782: lower priorities first; among equals by lot, the heavier the likelier.
std::vector<SrvRecord> in_order(std::vector<SrvRecord> records, std::minstd_rand& dice) {
    std::stable_sort(records.begin(), records.end(), [](const SrvRecord& a, const SrvRecord& b) {
        return std::pair(a.priority, a.weight) < std::pair(b.priority, b.weight);
    });
    for (auto at = records.begin(); at != records.end(); ++at) {
        const auto end = std::find_if(at, records.end(),
                                      [&](const SrvRecord& one) { return one.priority != at->priority; });
        int sum = 0;
        for (auto one = at; one != end; ++one) sum += one->weight;
        int lot = std::uniform_int_distribution<int>(0, sum)(dice);
        const auto drawn =
            std::find_if(at, end, [&lot](const SrvRecord& one) { return (lot -= one.weight) <= 0; });
        if (drawn != end) std::rotate(at, drawn, drawn + 1);
    }
    return records;
}

class LookUp {
  public:
    LookUp(DnsRecords& records, std::minstd_rand& dice) : records_(records), dice_(dice) {}

    /// False: the domain has no such records.
    bool by_service(const Service& service) {
        const auto found = in_order(records_.srv(service.name), dice_);
        for (const SrvRecord& one : found) add(one.target, one.port, service.transport);
        return !found.empty();
    }
    void add(const std::string& name, int port, const std::string& transport) {
        for (std::string& address : records_.addresses(name))
            if (targets.size() < most_targets) targets.push_back({std::move(address), port, transport});
    }

    std::vector<DnsTarget> targets;

  private:
    DnsRecords& records_;
    std::minstd_rand& dice_;
};

}  // namespace

DnsAnswer Dns::look_up(const DnsQuestion& asked) {
    DnsRecords records(name_servers_);
    LookUp look_up(records, dice_);
    const std::string transport = asked.transport.empty() ? "udp" : asked.transport;
    bool found = false;
    if (asked.port == 0) {
        std::vector<Service> services;
        if (asked.transport.empty()) services = preferred(records, asked.host);
        if (services.empty() && asked.transport.empty())
            services = {service_of("udp", asked.host), service_of("tcp", asked.host)};
        if (!asked.transport.empty()) services = {service_of(transport, asked.host)};
        for (const Service& service : services) found = look_up.by_service(service) || found;
    }
    if (!found)
        look_up.add(asked.host, asked.port != 0 ? asked.port : transport == "tls" ? 5061 : 5060, transport);
    const seconds kept = std::max(records.lifetime(), seconds(1));
    return {look_up.targets, look_up.targets.empty() ? not_found_for : kept};
}

}  // namespace trunkline::sip
