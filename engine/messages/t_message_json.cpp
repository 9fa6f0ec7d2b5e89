#include "engine/messages/t_message_json.hpp"

#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <stdexcept>
#include <variant>

namespace trunkline::messages {
namespace json = boost::json;
namespace {

using Member = std::variant<Integer TMessage::*, std::string TMessage::*, ConnId TMessage::*,
                            CallUuid TMessage::*, SharedKv TMessage::*>;

struct Attribute {
    std::string_view name;
    Member member;
};

const std::array attributes{
    Attribute{"ReferenceID", &TMessage::reference_id},
    Attribute{"ErrorCode", &TMessage::error_code},
    Attribute{"ErrorMessage", &TMessage::error_message},
    Attribute{"ThisDN", &TMessage::this_dn},
    Attribute{"ThisDNRole", &TMessage::this_dn_role},
    Attribute{"OtherDN", &TMessage::other_dn},
    Attribute{"OtherDNRole", &TMessage::other_dn_role},
    Attribute{"ThirdPartyDN", &TMessage::third_party_dn},
    Attribute{"ThirdPartyDNRole", &TMessage::third_party_dn_role},
    Attribute{"ThisQueue", &TMessage::this_queue},
    Attribute{"DNIS", &TMessage::dnis},
    Attribute{"ANI", &TMessage::ani},
    Attribute{"AgentID", &TMessage::agent_id},
    Attribute{"Place", &TMessage::place},
    Attribute{"ConnID", &TMessage::conn_id},
    Attribute{"PreviousConnID", &TMessage::previous_conn_id},
    Attribute{"TransferConnID", &TMessage::transfer_conn_id},
    Attribute{"ConferenceConnID", &TMessage::conference_conn_id},
    Attribute{"CallUUID", &TMessage::call_uuid},
    Attribute{"CallID", &TMessage::call_id},
    Attribute{"CallType", &TMessage::call_type},
    Attribute{"CallState", &TMessage::call_state},
    Attribute{"MediaType", &TMessage::media_type},
    Attribute{"AgentWorkMode", &TMessage::agent_work_mode},
    Attribute{"PrivateMsgID", &TMessage::private_msg_id},
    Attribute{"UserEvent", &TMessage::user_event},
    Attribute{"RouteType", &TMessage::route_type},
    Attribute{"MakeCallType", &TMessage::make_call_type},
    Attribute{"MonitorNextCallType", &TMessage::monitor_next_call_type},
    Attribute{"TreatmentType", &TMessage::treatment_type},
    Attribute{"TreatmentParms", &TMessage::treatment_parms},
    Attribute{"AddressType", &TMessage::address_type},
    Attribute{"AddressInfoType", &TMessage::address_info_type},
    Attribute{"RegisterMode", &TMessage::register_mode},
    Attribute{"ControlMode", &TMessage::control_mode},
    Attribute{"AddressInfoStatus", &TMessage::address_info_status},
    Attribute{"CallInfoType", &TMessage::call_info_type},
    Attribute{"Timeout", &TMessage::timeout},
    Attribute{"Priority", &TMessage::priority},
    Attribute{"Cause", &TMessage::cause},
    Attribute{"CollectedDigits", &TMessage::collected_digits},
    Attribute{"DataKey", &TMessage::data_key},
    Attribute{"Location", &TMessage::location},
    Attribute{"Reasons", &TMessage::reasons},
    Attribute{"UserData", &TMessage::user_data},
    Attribute{"Extensions", &TMessage::extensions},
};

void append_integer(std::string& out, std::int64_t number) {
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

// Writes the value where it is present; `start` puts the comma and the name before it.
struct Writer {
    std::string& out;
    const TMessage& message;
    std::string_view name;

    void start() const {
        out += ",\"";
        out += name;
        out += "\":";
    }
    void operator()(Integer TMessage::*member) const {
        if (const Integer& value = message.*member) {
            start();
            append_integer(out, *value);
        }
    }
    void operator()(std::string TMessage::*member) const {
        if (const std::string& value = message.*member; !value.empty()) {
            start();
            append_json_string(out, value);
        }
    }
    void operator()(ConnId TMessage::*member) const {
        if (const ConnId value = message.*member) {
            start();
            out += '"' + to_conn_id_text(value) + '"';
        }
    }
    void operator()(CallUuid TMessage::*member) const {
        if (const CallUuid& value = message.*member) {
            start();
            out += '"' + to_call_uuid_text(value) + '"';
        }
    }
    void operator()(SharedKv TMessage::*member) const {
        if (const SharedKv& value = message.*member) {
            start();
            trunkline::append_json(out, *value);
        }
    }
};

struct Reader {
    TMessage& message;
    const json::value& value;
    std::string_view name;

    // True where the value had the right type.
    bool operator()(Integer TMessage::*member) const {
        if (value.is_int64()) {
            message.*member = value.as_int64();
            return true;
        }
        if (value.is_uint64() && value.as_uint64() <= 0xffffffffU) {
            message.*member = static_cast<std::int64_t>(value.as_uint64());
            return true;
        }
        return false;
    }
    bool operator()(std::string TMessage::*member) const {
        if (!value.is_string()) return false;
        message.*member = std::string(value.as_string());
        return true;
    }
    bool operator()(ConnId TMessage::*member) const {
        if (!value.is_string()) return false;
        message.*member = parse_conn_id(value.as_string());
        return static_cast<bool>(message.*member);
    }
    bool operator()(CallUuid TMessage::*member) const {
        if (!value.is_string()) return false;
        message.*member = parse_call_uuid(value.as_string());
        return static_cast<bool>(message.*member);
    }
    bool operator()(SharedKv TMessage::*member) const {
        try {
            message.*member = std::make_shared<const KvList>(kv_from_json(value));
            return true;
        } catch (const std::invalid_argument&) {
            return false;
        }
    }
};

// No id of the field is anywhere near; what is beyond must not wrap round to one that is.
constexpr std::int64_t largest_message_id = 10'000;

const Attribute* attribute_named(std::string_view name) {
    for (const Attribute& a : attributes)
        if (a.name == name) return &a;
    return nullptr;
}

}  // namespace

void append_json(std::string& out, const TMessage& message, std::uint64_t sequence, TimePoint at) {
    out += "{\"message\":\"";
    out += name_of(message.message);
    out += '"';
    if (sequence != 0) {
        out += ",\"EventSequenceNumber\":";
        append_integer(out, static_cast<std::int64_t>(sequence));
        const auto since_epoch = at.time_since_epoch().count();
        out += ",\"Time\":{\"sec\":";
        append_integer(out, since_epoch / 1'000'000);
        out += ",\"usec\":";
        append_integer(out, since_epoch % 1'000'000);
        out += '}';
    }
    for (const Attribute& a : attributes) std::visit(Writer{out, message, a.name}, a.member);
    out += '}';
}

Result<MessageId> message_id_of(const json::object& object) {
    const json::value* id = object.if_contains("message");
    if (id == nullptr)
        return Error{ErrorCode::bad_attribute,
                     "attribute 'message' is missing: the name or the number of a T-Library request"};
    std::optional<MessageId> found;
    if (id->is_string())
        found = message_id(std::string_view(id->as_string()));
    else if (id->is_int64())
        found = id->as_int64() >= 0 && id->as_int64() <= largest_message_id
                    ? message_id(static_cast<int>(id->as_int64()))
                    : std::nullopt;
    else
        return Error{ErrorCode::bad_attribute, "attribute 'message' is neither a name nor a number"};
    if (!found) return Error{ErrorCode::unsupported, "attribute 'message' names no message of T-Library"};
    return *found;
}

Result<TMessage> from_json(const json::object& object) {
    const Result<MessageId> id = message_id_of(object);
    if (!id) return id.error();
    TMessage message;
    message.message = *id;
    for (const auto& [name, value] : object) {
        const Attribute* attribute = attribute_named(name);
        if (attribute == nullptr || value.is_null()) continue;
        if (!std::visit(Reader{message, value, attribute->name}, attribute->member))
            return Error{ErrorCode::bad_attribute,
                         "attribute '" + std::string(attribute->name) + "' has a value of the wrong type"};
    }
    return message;
}

void tag_invoke(const json::value_from_tag&, json::value& out, const TMessage& message) {
    std::string text;
    append_json(text, message, 0, {});
    out = json::parse(text);
}

TMessage tag_invoke(const json::value_to_tag<TMessage>&, const json::value& value) {
    Result<TMessage> message = from_json(value.as_object());
    if (!message) throw std::invalid_argument(message.error().message);
    return std::move(*message);
}

}  // namespace trunkline::messages
