#include "adapters/sip/dns_records.hpp"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>

#include <algorithm>
#include <array>

#include "engine/base/words.hpp"

namespace trunkline::sip {
namespace {

using std::chrono::seconds;

constexpr std::size_t most_records = 32;  // of one kind, for one name
constexpr seconds lifetime_of_host_files{60};

/// Reads the data of one record; out of its bounds it reads nothing.
class Reader {
  public:
    Reader(const ns_msg& message, const ns_rr& record)
        : message_(message), at_(ns_rr_rdata(record)), end_(at_ + ns_rr_rdlen(record)) {}

    std::optional<int> number() {
        if (end_ - at_ < 2) return std::nullopt;
        const int value = (at_[0] << 8) | at_[1];
        at_ += 2;
        return value;
    }
    std::optional<std::string> text() {
        if (at_ >= end_ || end_ - at_ - 1 < *at_) return std::nullopt;
        std::string value(reinterpret_cast<const char*>(at_ + 1), *at_);
        at_ += 1 + *at_;
        return value;
    }
    std::optional<std::string> name() {
        std::array<char, NS_MAXDNAME> value{};
        const int size =
            dn_expand(ns_msg_base(message_), ns_msg_end(message_), at_, value.data(), value.size());
        if (size < 0) return std::nullopt;
        at_ += size;
        return std::string(value.data());
    }

  private:
    const ns_msg& message_;
    const unsigned char* at_;
    const unsigned char* end_;
};

std::optional<sockaddr_in> server_address(const std::string& text) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos) return std::nullopt;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    const auto port = number_in<std::uint16_t>(std::string_view(text).substr(colon + 1));
    if (!port) return std::nullopt;
    address.sin_port = htons(*port);
    if (inet_pton(AF_INET, text.substr(0, colon).c_str(), &address.sin_addr) != 1) return std::nullopt;
    return address;
}

std::string number_of(int family, const void* address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    return inet_ntop(family, address, text.data(), text.size()) == nullptr ? "" : text.data();
}

}  // namespace

DnsRecords::DnsRecords(const std::vector<std::string>& name_servers) : own_servers_(!name_servers.empty()) {
    res_ninit(&state_);
    state_.retrans = 2;  // seconds
    state_.retry = 2;
    if (!own_servers_) return;
    state_.nscount = 0;
    for (const std::string& text : name_servers) {
        const auto address = server_address(text);
        if (address && state_.nscount < MAXNS) state_.nsaddr_list[state_.nscount++] = *address;
    }
}

DnsRecords::~DnsRecords() { res_nclose(&state_); }

template <class Take>
void DnsRecords::each(const std::string& name, int type, Take take) {
    if (silent_) return;
    std::vector<unsigned char> answer(16 * 1024);
    const int size =
        res_nquery(&state_, name.c_str(), ns_c_in, type, answer.data(), static_cast<int>(answer.size()));
    if (size < 0) {
        silent_ = state_.res_h_errno == TRY_AGAIN;
        return;
    }
    ns_msg message;
    if (ns_initparse(answer.data(), std::min(size, static_cast<int>(answer.size())), &message) != 0) return;
    const std::size_t count = std::min<std::size_t>(ns_msg_count(message, ns_s_an), most_records);
    for (std::size_t at = 0; at < count; ++at) {
        ns_rr record;
        if (ns_parserr(&message, ns_s_an, static_cast<int>(at), &record) != 0) return;
        if (ns_rr_type(record) != type) continue;  // a CNAME on the way
        lifetime_ = std::min(lifetime_, seconds(ns_rr_ttl(record)));
        Reader reader(message, record);
        take(record, reader);
    }
}

std::vector<NaptrRecord> DnsRecords::naptr(const std::string& name) {
    std::vector<NaptrRecord> found;
    each(name, ns_t_naptr, [&found](const ns_rr&, Reader& reader) {
        const auto order = reader.number(), preference = reader.number();
        const auto flags = reader.text(), service = reader.text(), pattern = reader.text();
        const auto replacement = pattern ? reader.name() : std::nullopt;
        if (preference && replacement) found.push_back({*order, *preference, *flags, *service, *replacement});
    });
    return found;
}

std::vector<SrvRecord> DnsRecords::srv(const std::string& name) {
    std::vector<SrvRecord> found;
    each(name, ns_t_srv, [&found](const ns_rr&, Reader& reader) {
        const auto priority = reader.number(), weight = reader.number(), port = reader.number();
        const auto target = port ? reader.name() : std::nullopt;
        // "." says that the service is not there (RFC 2782).
        if (target && !target->empty() && *target != ".")
            found.push_back({*priority, *weight, *port, *target});
    });
    return found;
}

std::vector<std::string> DnsRecords::addresses(const std::string& name) {
    std::vector<std::string> found;
    if (!own_servers_) {
        of_this_machine(name, found);
        return found;
    }
    each(name, ns_t_a, [&found](const ns_rr& record, Reader&) {
        if (ns_rr_rdlen(record) == 4) found.push_back(number_of(AF_INET, ns_rr_rdata(record)));
    });
    each(name, ns_t_aaaa, [&found](const ns_rr& record, Reader&) {
        if (ns_rr_rdlen(record) == 16) found.push_back(number_of(AF_INET6, ns_rr_rdata(record)));
    });
    return found;
}

void DnsRecords::of_this_machine(const std::string& name, std::vector<std::string>& found) {
    lifetime_ = std::min(lifetime_, lifetime_of_host_files);  // it tells no lifetimes
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_DGRAM;
    addrinfo* all = nullptr;
    if (::getaddrinfo(name.c_str(), nullptr, &wanted, &all) != 0) return;
    for (const int family : {AF_INET, AF_INET6}) {
        for (const addrinfo* one = all; one != nullptr && found.size() < most_records; one = one->ai_next) {
            if (one->ai_family != family) continue;
            const void* address =
                family == AF_INET
                    ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in*>(one->ai_addr)->sin_addr)
                    : &reinterpret_cast<const sockaddr_in6*>(one->ai_addr)->sin6_addr;
            found.push_back(number_of(family, address));
        }
    }
    ::freeaddrinfo(all);
}

}  // namespace trunkline::sip
