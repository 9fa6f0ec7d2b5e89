#include "db/scripts/row_values.hpp"

#include <array>
#include <cmath>

#include "engine/base/words.hpp"

namespace trunkline::db {
namespace {

using messages::SqlNull;
using messages::SqlValue;

// pg_type.oid of built-in types: fixed for all versions of PostgreSQL.
enum TypeOid : Oid {
    type_bool = 16,
    type_int8 = 20,
    type_int2 = 21,
    type_int4 = 23,
    type_oid = 26,
    type_float4 = 700,
    type_float8 = 701,
    type_timestamp = 1114,
    type_timestamptz = 1184,
    type_numeric = 1700,
};

SqlValue number_or_text(std::string_view text, bool whole_first) {
    if (whole_first)
        if (const auto whole = number_in<std::int64_t>(text)) return {*whole};
    if (const auto number = number_in<double>(text)) return {*number};
    return {std::string(text)};
}

// "2026-11-20 15:04:05.5+00" as "2026-11-20T15:04:05.5Z"; "infinity" and years before Christ stay as they
// are.
SqlValue time_value(std::string_view text, bool with_zone) {
    std::string time(text);
    const auto blank = time.find(' ');
    if (blank == std::string::npos || time.ends_with("BC")) return {time};
    time[blank] = 'T';
    if (with_zone && time.ends_with("+00")) time.replace(time.size() - 3, 3, "Z");
    return {time};
}

struct ParameterText {
    std::optional<std::string> operator()(SqlNull) const { return std::nullopt; }
    std::optional<std::string> operator()(bool is) const { return is ? "true" : "false"; }
    std::optional<std::string> operator()(std::int64_t is) const { return std::to_string(is); }
    std::optional<std::string> operator()(double is) const {
        if (std::isnan(is)) return "NaN";
        if (std::isinf(is)) return is > 0 ? "Infinity" : "-Infinity";
        std::array<char, 32> digits{};
        return std::string(digits.data(), std::to_chars(digits.begin(), digits.end(), is).ptr);
    }
    std::optional<std::string> operator()(const std::string& is) const { return is; }
};

}  // namespace

SqlValue sql_value(const PGresult* rows, int row, int column) {
    if (PQgetisnull(rows, row, column) != 0) return {SqlNull{}};
    const std::string_view text(PQgetvalue(rows, row, column),
                                static_cast<std::size_t>(PQgetlength(rows, row, column)));
    switch (PQftype(rows, column)) {
        case type_bool:
            return {text == "t"};
        case type_int2:
        case type_int4:
        case type_int8:
        case type_oid:
        case type_numeric:  // sum() of bigint, for one, is numeric
            return number_or_text(text, true);
        case type_float4:
        case type_float8:
            return number_or_text(text, false);
        case type_timestamp:
            return time_value(text, false);
        case type_timestamptz:
            return time_value(text, true);
        default:
            return {std::string(text)};
    }
}

std::optional<std::string> parameter_text(const SqlValue& value) {
    return std::visit(ParameterText{}, value.is);
}

}  // namespace trunkline::db
