#include "engine/messages/outside.hpp"

#include <boost/algorithm/hex.hpp>
#include <boost/json.hpp>
#include <cmath>
#include <stdexcept>

#include "engine/base/utf8.hpp"

namespace trunkline::messages {
namespace json = boost::json;
namespace {

std::string from_hex(const std::string& hex) try {
    return boost::algorithm::unhex(hex);
} catch (const boost::algorithm::hex_decode_error&) {
    throw std::runtime_error("bytes in a command log must be pairs of hexadecimal digits");
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
        out = json::object{{"hex", boost::algorithm::hex_lower(bytes.is)}};
}

Bytes tag_invoke(const json::value_to_tag<Bytes>&, const json::value& value) {
    if (value.is_object()) return {from_hex(json::value_to<std::string>(value.at("hex")))};
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
