// The identities of the domain. Configuration objects are known by the integer that PostgreSQL gave
// them (stable over renames and over every reload of the configuration); what lives at run time by
// numbers that the engine gives. Zero always means "none".
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/strong.hpp"

namespace trunkline {

// Configuration objects (column dbid of schema config).
using TenantId = Strong<struct TenantTag, std::uint32_t>;
using SwitchId = Strong<struct SwitchTag, std::uint32_t>;
using DnId = Strong<struct DnTag, std::uint32_t>;
using PersonId = Strong<struct PersonTag, std::uint32_t>;
using PlaceId = Strong<struct PlaceTag, std::uint32_t>;
using LoginId = Strong<struct LoginTag, std::uint32_t>;  // an Agent Login object
using GroupId = Strong<struct GroupTag, std::uint32_t>;  // an Agent Group object

// Run time.
using ConnId = Strong<struct ConnTag, std::uint64_t>;        // printed as 16 lower-case hex digits
using Seq = Strong<struct SeqTag, std::int64_t>;             // 63 bits, rising per shard, orders rows
using ClientId = Strong<struct ClientTag, std::uint64_t>;    // a T-Library connection
using SipTxnId = Strong<struct SipTxnTag, std::uint64_t>;    // a SIP request that waits for our answer
using TextId = Strong<struct TextTag, std::int64_t>;         // one text; also message.id in reporting
using OfferId = Strong<struct OfferTag, std::uint64_t>;      // one reservation of one agent's slot
using SlotId = Strong<struct SlotTag, std::uint64_t>;        // one unit of one agent's capacity
using PartyId = Strong<struct PartyTag, std::int64_t>;       // also party.id in reporting
using OutsideId = Strong<struct OutsideTag, std::uint64_t>;  // a query or web request of a script
using TimerId = Strong<struct TimerTag, std::uint64_t>;
using Generation = Strong<struct GenerationTag, std::uint32_t>;  // of scripts; 1 is the first

/// CallUUID: 128 bits; 32 upper-case hex digits towards T-Library, a uuid in reporting.
struct CallUuid {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    friend auto operator<=>(const CallUuid&, const CallUuid&) = default;
    explicit operator bool() const { return high != 0 || low != 0; }
};

/// 32 upper-case hexadecimal digits.
[[nodiscard]] std::string to_call_uuid_text(const CallUuid&);
/// 8-4-4-4-12, lower case, as PostgreSQL prints it.
[[nodiscard]] std::string to_uuid_text(const CallUuid&);
/// Either form; an empty id when `text` is neither.
[[nodiscard]] CallUuid parse_call_uuid(std::string_view text);
/// 16 lower-case hexadecimal digits.
[[nodiscard]] std::string to_conn_id_text(ConnId);
/// An empty id when `text` is not 1 to 16 hexadecimal digits.
[[nodiscard]] ConnId parse_conn_id(std::string_view text);

void tag_invoke(const boost::json::value_from_tag&, boost::json::value&, const CallUuid&);
CallUuid tag_invoke(const boost::json::value_to_tag<CallUuid>&, const boost::json::value&);

}  // namespace trunkline

template <>
struct std::hash<trunkline::CallUuid> {
    std::size_t operator()(const trunkline::CallUuid& id) const noexcept {
        return id.high * 0x9e3779b97f4a7c15U ^ id.low;
    }
};
