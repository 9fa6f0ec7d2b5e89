// Endpoints of the older generation know MD5 only and give up where a challenge for another algorithm stands
// beside theirs, though RFC 8760 2.3 has them pass over it. One that asks again without credentials soon
// after it was given both is taken for such a one. One thread; bounded; nothing of it decides who gets in.
#pragma once

#include <chrono>
#include <string>
#include <unordered_map>

#include "adapters/sip/duplicate_table.hpp"
#include "adapters/sip/steady_time.hpp"

namespace trunkline::sip {

class AskedBefore {
  public:
    using Time = SteadyTime;

    explicit AskedBefore(std::size_t capacity = 10'000) : capacity_(capacity) {}

    /// Somebody asks without credentials; whether he did so before, in another transaction.
    [[nodiscard]] bool ask(const std::string& who, const TransactionKey& transaction, Time now);
    /// He knows the stronger algorithm.
    void forget(const std::string& who) { asked_.erase(who); }

  private:
    struct Asked {
        TransactionKey first;
        Time at;
    };
    std::size_t capacity_;
    std::unordered_map<std::string, Asked> asked_;
};

}  // namespace trunkline::sip
