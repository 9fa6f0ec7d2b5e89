// Records for the tests of this room: every kind once, and the life of one interaction.
#pragma once

#include <string>
#include <vector>

#include "engine/records/records.hpp"

namespace trunkline::test {

/// 2025-03-04 05:06:07.000001 UTC and `later` microseconds.
inline TimePoint at(std::int64_t later = 0) { return TimePoint(Duration(1'741'064'767'000'001 + later)); }
inline CallUuid uuid(std::uint64_t n) { return {0x0123456789abcdefU, n}; }
/// A seq of shard 1.
inline Seq seq(std::int64_t n) { return Seq((std::int64_t{1} << 53U) + n); }

inline records::InteractionStarted started(std::uint64_t n) {
    records::InteractionStarted row;
    row.seq = seq(static_cast<std::int64_t>(n));
    row.id = uuid(n);
    row.conn_id = to_conn_id_text(ConnId(n));
    row.media = "chat";
    row.tenant = "Resources";
    row.switch_ = "sip_switch";
    row.customer = "sip:erin@example.com";
    row.started_at = at(static_cast<std::int64_t>(n));
    return row;
}

inline records::InteractionEnded ended(std::uint64_t n, std::string outcome = "handled") {
    return {seq(static_cast<std::int64_t>(n) + 1), uuid(n), at(static_cast<std::int64_t>(n)), at(5'000'000),
            std::move(outcome)};
}

inline records::Message message(std::uint64_t n, std::string text) {
    records::Message row;
    row.seq = seq(static_cast<std::int64_t>(n));
    row.id = TextId(static_cast<std::int64_t>(n));
    row.interaction_id = uuid(1);
    row.tenant = "Resources";
    row.at = at(static_cast<std::int64_t>(n));
    row.direction = "in";
    row.text = {std::move(text)};
    row.status = "pending";
    return row;
}

}  // namespace trunkline::test
