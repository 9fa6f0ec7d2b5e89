// Which out-of-dialog requests were taken, and with what answer, for the 32 s in which retransmissions come
// (64*T1, RFC 3261 17.2.2). It stands in for stateful transactions at a hundredth of their memory.
// One thread; time is handed in; bounded: a full table takes nothing new, so no text is ever counted twice.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <unordered_map>

#include "adapters/sip/steady_time.hpp"

namespace trunkline::sip {

/// A digest of what makes two requests the same transaction (RFC 3261 17.2.3).
struct TransactionKey {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    friend bool operator==(const TransactionKey&, const TransactionKey&) = default;
};

class DuplicateTable {
  public:
    using Time = SteadyTime;

    enum class Seen { never, unanswered, answered };
    struct Lookup {
        Seen seen = Seen::never;
        int status = 0;  // of the answer, where there is one
    };

    /// `capacity`: entries; `lifetime`: how long an answer is remembered.
    explicit DuplicateTable(std::size_t capacity, Time lifetime = std::chrono::seconds(32));

    /// Whether this request came before. Forgets what is older than the lifetime.
    [[nodiscard]] Lookup find(const TransactionKey&, Time now);
    /// Remembers a new request. False when the table is full: the request must be refused.
    [[nodiscard]] bool insert(const TransactionKey&);
    /// Remembers its answer, and from now on forgets it after the lifetime. Unknown keys are ignored.
    void answer(const TransactionKey&, int status, Time now);
    /// Forgets a request that was refused before anything came of it.
    void erase(const TransactionKey& key) { entries_.erase(key); }

    [[nodiscard]] std::size_t size() const { return entries_.size(); }

  private:
    struct Hash {
        std::size_t operator()(const TransactionKey& key) const noexcept { return key.low; }
    };
    void forget_until(Time now);

    std::size_t capacity_;
    Time lifetime_;
    std::unordered_map<TransactionKey, std::int16_t, Hash> entries_;  // 0: unanswered
    std::deque<std::pair<Time, TransactionKey>> expiries_;            // in the order of their answers
};

}  // namespace trunkline::sip
