#include "engine/base/ids.hpp"

#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

#include "engine/base/words.hpp"

namespace trunkline {
namespace {

template <std::size_t N>
void put_hex(std::string& out, std::uint64_t value, const char (&digits)[N], int count) {
    for (int shift = (count - 1) * 4; shift >= 0; shift -= 4) out += digits[(value >> shift) & 15U];
}

constexpr char upper_digits[] = "0123456789ABCDEF";
constexpr char lower_digits[] = "0123456789abcdef";

}  // namespace

std::string to_call_uuid_text(const CallUuid& id) {
    std::string out;
    out.reserve(32);
    put_hex(out, id.high, upper_digits, 16);
    put_hex(out, id.low, upper_digits, 16);
    return out;
}

std::string to_uuid_text(const CallUuid& id) {
    std::string out;
    out.reserve(36);
    put_hex(out, id.high >> 32U, lower_digits, 8);
    out += '-';
    put_hex(out, id.high >> 16U, lower_digits, 4);
    out += '-';
    put_hex(out, id.high, lower_digits, 4);
    out += '-';
    put_hex(out, id.low >> 48U, lower_digits, 4);
    out += '-';
    put_hex(out, id.low, lower_digits, 12);
    return out;
}

CallUuid parse_call_uuid(std::string_view text) {
    std::string digits;
    digits.reserve(32);
    for (char c : text)
        if (c != '-') digits += c;
    if (digits.size() != 32) return {};
    const auto high = number_in<std::uint64_t>(std::string_view(digits).substr(0, 16), 16);
    const auto low = number_in<std::uint64_t>(std::string_view(digits).substr(16), 16);
    return high && low ? CallUuid{*high, *low} : CallUuid{};
}

std::string to_conn_id_text(ConnId id) {
    std::string out;
    out.reserve(16);
    put_hex(out, id.value(), lower_digits, 16);
    return out;
}

ConnId parse_conn_id(std::string_view text) {
    if (text.size() > 16) return {};
    return ConnId(number_in<std::uint64_t>(text, 16).value_or(0));
}

void tag_invoke(const boost::json::value_from_tag&, boost::json::value& json, const CallUuid& id) {
    json = to_uuid_text(id);
}

CallUuid tag_invoke(const boost::json::value_to_tag<CallUuid>&, const boost::json::value& json) {
    return parse_call_uuid(json.as_string());
}

}  // namespace trunkline
