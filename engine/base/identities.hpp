// Makes the ids that leave the process. All count up from the start time in microseconds, behind the shard,
// so that they are unique across shards and restarts as long as fewer than a million a second are made on
// average.
#pragma once

#include "engine/base/ids.hpp"
#include "engine/base/random.hpp"
#include "engine/base/time.hpp"

namespace trunkline {

class Identities {
  public:
    Identities(std::uint32_t shard, TimePoint started_at, std::uint64_t seed)
        : shard_(shard), dice_(seed), seq_(first(started_at)), conn_(first(started_at)) {}

    /// 63 bits: 10 of shard, 53 of counter.
    Seq next_seq() {
        return Seq(static_cast<std::int64_t>((std::uint64_t{shard_} << counter_bits) | ++seq_));
    }
    ConnId next_conn_id() { return ConnId((std::uint64_t{shard_} << counter_bits) | ++conn_); }
    /// CallID of T-Library: small, per process.
    std::int64_t next_call_id() { return ++call_; }

    /// UUID version 8 (RFC 9562 5.8): 48 bits of milliseconds, 12 of shard, 62 of dice; sorts by time.
    CallUuid next_uuid(TimePoint now) {
        const auto ms = static_cast<std::uint64_t>(now.time_since_epoch().count() / 1000);
        return {(ms << 16U) | (std::uint64_t{8} << 12U) | (shard_ & 0xfffU),
                (std::uint64_t{2} << 62U) | (dice_() >> 2U)};
    }
    Random& dice() { return dice_; }

  private:
    static constexpr unsigned counter_bits = 53;
    static std::uint64_t first(TimePoint t) {
        return static_cast<std::uint64_t>(t.time_since_epoch().count()) &
               ((std::uint64_t{1} << counter_bits) - 1);
    }
    std::uint32_t shard_;
    Random dice_;
    std::uint64_t seq_, conn_;
    std::int64_t call_ = 0;
};

}  // namespace trunkline
