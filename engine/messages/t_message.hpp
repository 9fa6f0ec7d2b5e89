// One T-Library message, request or event: an id and its attributes, named as in T-Library without the
// prefix "Attribute" (contracts/t-library.md, Shape). Absent attributes are empty; enumerations are their
// integers.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "engine/base/ids.hpp"
#include "engine/base/kv_list.hpp"
#include "engine/messages/message_id.hpp"

namespace trunkline::messages {

using Integer = std::optional<std::int64_t>;

struct TMessage {
    MessageId message{};
    Integer reference_id;
    // Who and where.
    std::string this_dn, other_dn, third_party_dn, this_queue, dnis, ani, agent_id, place;
    Integer this_dn_role, other_dn_role, third_party_dn_role;
    // Which call.
    ConnId conn_id, previous_conn_id, transfer_conn_id, conference_conn_id;
    CallUuid call_uuid;
    Integer call_id, call_type, call_state, media_type;
    // Lists.
    SharedKv user_data, extensions, reasons, treatment_parms;
    // What about it.
    Integer agent_work_mode, private_msg_id, user_event, route_type, make_call_type, monitor_next_call_type;
    Integer treatment_type, address_type, address_info_type, register_mode, control_mode, cause;
    Integer timeout, priority, address_info_status, call_info_type;
    std::string collected_digits, data_key, location;
    Integer error_code;
    std::string error_message;
};

using SharedEvent = std::shared_ptr<const TMessage>;

/// CallState, CallType, DNRole, AgentWorkMode: facts.md 1.3.
enum class CallState : int {
    ok = 0,
    transferred = 1,
    conferenced = 2,
    no_answer = 7,
    cleared = 19,
    abandoned = 21,
    redirected = 22,
    dropped = 26
};
enum class CallType : int { unknown = 0, internal = 1, inbound = 2, outbound = 3, consult = 4 };
enum class DnRole : int {
    unknown = 0,
    origination = 1,
    destination = 2,
    conference_member = 3,
    observer = 10
};
enum class WorkMode : int {
    unknown = 0,
    manual_in = 1,
    auto_in = 2,
    after_call_work = 3,
    aux_work = 4,
    no_call_disconnect = 5,
    walk_away = 6,
    return_back = 7
};
inline constexpr int media_voice = 0;
inline constexpr int media_chat = 5;
inline constexpr int private_msg_im = 3001;  // RequestPrivateService and EventPrivateInfo of a text
inline constexpr int user_event_im = 2001;   // its shadow on the pseudo-DN below
inline constexpr const char* im_monitor_dn = "gcti::im";

}  // namespace trunkline::messages
