#include "engine/messages/outside.hpp"

#include <boost/json.hpp>
#include <cmath>
#include <stdexcept>

namespace trunkline::messages {
namespace json = boost::json;
namespace {

constexpr std::string_view digits = "0123456789abcdef";

// Boost.JSON reads back exactly what it takes for UTF-8.
bool is_utf8(const std::string& bytes) {
    json::stream_parser parser;
    json::error_code error;
    parser.write(json::serialize(json::value(bytes)), error);
    return !error;
}

std::string to_hex(const std::string& bytes) {
    std::string hex;
    hex.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        hex += digits[byte >> 4U];
        hex += digits[byte & 15U];
    }
    return hex;
}

std::string from_hex(std::string_view hex) {
    std::string bytes;
    for (std::size_t at = 0; at + 1 < hex.size(); at += 2) {
        const auto high = digits.find(hex[at]);
        const auto low = digits.find(hex[at + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos)
            throw std::runtime_error("bytes in a command log must be hexadecimal digits");
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

// JSON has no word for these, and both numbers and texts are taken.
json::value float_json(double number) {
    if (std::isfinite(number)) return number;
    return json::object{{"float", std::isnan(number) ? "nan" : number > 0 ? "inf" : "-inf"}};
}

double float_from(const json::value& name) {
    if (name.as_string() == "nan") return std::nan("");
    return name.as_string() == "inf" ? HUGE_VAL : -HUGE_VAL;
}

struct ToJson {
    json::value operator()(SqlNull) const { return nullptr; }
    json::value operator()(double number) const { return float_json(number); }
    json::value operator()(const std::string& text) const { return json::value_from(Bytes{text}); }
    template <class Plain>
    json::value operator()(const Plain& plain) const {
        return plain;
    }
};

}  // namespace

void tag_invoke(const json::value_from_tag&, json::value& out, const Bytes& bytes) {
    if (is_utf8(bytes.is))
        out = bytes.is;
    else
        out = json::object{{"hex", to_hex(bytes.is)}};
}

Bytes tag_invoke(const json::value_to_tag<Bytes>&, const json::value& value) {
    if (value.is_object()) return {from_hex(value.at("hex").as_string())};
    return {json::value_to<std::string>(value)};
}

void tag_invoke(const json::value_from_tag&, json::value& out, const SqlValue& value) {
    out = std::visit(ToJson{}, value.is);
}

SqlValue tag_invoke(const json::value_to_tag<SqlValue>&, const json::value& value) {
    if (value.is_null()) return {SqlNull{}};
    if (value.is_bool()) return {value.get_bool()};
    if (value.is_double()) return {value.get_double()};
    if (value.is_number()) return {json::value_to<std::int64_t>(value)};
    if (value.is_object() && value.get_object().contains("float")) return {float_from(value.at("float"))};
    return {json::value_to<Bytes>(value).is};
}

}  // namespace trunkline::messages
