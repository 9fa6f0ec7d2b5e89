// Records of the domain name system, as the system's resolver gets them. Blocks; one thread an object.
#pragma once

#include <netinet/in.h>
#include <resolv.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace trunkline::sip {

struct SrvRecord {
    int priority = 0, weight = 0, port = 0;
    std::string target;
};

struct NaptrRecord {
    int order = 0, preference = 0;
    std::string flags, service, replacement;
};

class DnsRecords {
  public:
    explicit DnsRecords(const std::vector<std::string>& name_servers);
    ~DnsRecords();
    DnsRecords(const DnsRecords&) = delete;
    DnsRecords& operator=(const DnsRecords&) = delete;

    [[nodiscard]] std::vector<NaptrRecord> naptr(const std::string& name);
    [[nodiscard]] std::vector<SrvRecord> srv(const std::string& name);
    /// A, then AAAA, as numbers.
    [[nodiscard]] std::vector<std::string> addresses(const std::string& name);

    /// No server answered: whatever is asked now would take as long again.
    [[nodiscard]] bool silent() const { return silent_; }
    /// How long the shortest-lived of the records may be kept.
    [[nodiscard]] std::chrono::seconds lifetime() const { return lifetime_; }

  private:
    template <class Take>
    void each(const std::string& name, int type, Take take);
    void of_this_machine(const std::string& name, std::vector<std::string>& found);

    bool own_servers_;
    bool silent_ = false;
    std::chrono::seconds lifetime_{3600};
    struct __res_state state_ {};
};

}  // namespace trunkline::sip
