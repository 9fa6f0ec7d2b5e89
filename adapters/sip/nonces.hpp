// The nonces of digest challenges: made without memory of them, so that a flood of requests costs none; each
// is good for some minutes, and once for each count (RFC 7616 3.4), which is remembered for those that were
// used. One thread; time is handed in.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "adapters/sip/steady_time.hpp"

namespace trunkline::sip {

class Nonces {
  public:
    using Time = SteadyTime;

    /// Throws std::runtime_error where the system gives no random numbers.
    explicit Nonces(Time lifetime = std::chrono::minutes(5), std::size_t capacity = 100'000);

    [[nodiscard]] std::string make(Time now);

    enum class Use { good, foreign, old };  // old: too late, or this count was used before
    /// Uses a nonce. Only for credentials that are right: a stranger must not use up the nonces of others.
    [[nodiscard]] Use use(std::string_view nonce, std::uint32_t count, Time now);
    /// Whether the nonce is one of ours and not too old, without using it.
    [[nodiscard]] Use look_at(std::string_view nonce, Time now) const;
    /// Nonces whose counts are remembered.
    [[nodiscard]] std::size_t size() const { return used_.size(); }

  private:
    [[nodiscard]] std::string seal(std::string_view text) const;

    Time lifetime_;
    std::size_t capacity_;
    std::string key_;
    std::uint64_t last_ = 0;
    std::unordered_map<std::string, std::uint32_t> used_;  // the highest count
    std::deque<std::pair<Time, std::string>> expiries_;    // in the order of their first use
};

}  // namespace trunkline::sip
