#include "apps/trunkctl/table.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <ostream>
#include <string>
#include <vector>

#include "engine/base/printable.hpp"

namespace trunkline::ctl {

namespace {

namespace json = boost::json;

/// Places on the screen: a UTF-8 sequence counts once (wide glyphs are rare in names and not worth a table).
std::size_t width(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

void pad(std::ostream& out, const std::string& text, std::size_t to, bool right, bool last) {
    const auto blanks = to - std::min(to, width(text));
    if (right) out << std::string(blanks, ' ') << text;
    if (!right) out << text << (last ? std::string() : std::string(blanks, ' '));
    out << (last ? "\n" : "  ");
}

struct Column {
    std::string key, heading;
    std::size_t width = 0;
    bool number = true, empty = true;
};

std::string heading_of(std::string_view key) {
    std::string heading(key);
    std::replace(heading.begin(), heading.end(), '_', ' ');
    std::transform(heading.begin(), heading.end(), heading.begin(),
                   [](unsigned char c) { return std::toupper(c); });
    return heading;
}

std::string number_text(double number) {
    char text[40];
    std::snprintf(text, sizeof text, std::floor(number) == number ? "%.0f" : "%.1f", number);
    return text;
}

}  // namespace

std::string cell_text(const json::value& value) {
    if (value.is_null()) return {};
    if (value.is_double()) return number_text(value.get_double());
    std::string text = value.is_string() ? std::string(value.get_string()) : json::serialize(value);
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\t' || c == '\r'; }, ' ');
    return printable(text);  // a customer's text must not steer the terminal
}

void print_table(std::ostream& out, const json::array& rows, std::string_view none) {
    if (rows.empty()) {
        out << none << '\n';
        return;
    }
    std::vector<Column> columns;
    for (const auto& [key, value] : rows.front().as_object())
        columns.push_back({key, heading_of(key), heading_of(key).size()});
    for (const auto& row : rows) {
        for (auto& column : columns) {
            const auto* value = row.as_object().if_contains(column.key);
            const auto text = value != nullptr ? cell_text(*value) : std::string();
            column.width = std::max(column.width, width(text));
            if (text.empty()) continue;
            column.empty = false;
            column.number = column.number && value->is_number();
        }
    }
    std::erase_if(columns, [](const Column& column) { return column.empty; });
    const auto last = [&](const Column& column) { return &column == &columns.back(); };
    for (const auto& column : columns) pad(out, column.heading, column.width, column.number, last(column));
    for (const auto& row : rows)
        for (const auto& column : columns) {
            const auto* value = row.as_object().if_contains(column.key);
            pad(out, value != nullptr ? cell_text(*value) : std::string(), column.width, column.number,
                last(column));
        }
}

void print_record(std::ostream& out, const json::object& record) {
    std::size_t widest = 0;
    for (const auto& item : record) widest = std::max(widest, item.key().size());
    for (const auto& item : record) {
        std::string name(item.key());
        std::replace(name.begin(), name.end(), '_', ' ');
        out << name << std::string(widest - name.size() + 2, ' ') << cell_text(item.value()) << '\n';
    }
}

}  // namespace trunkline::ctl
