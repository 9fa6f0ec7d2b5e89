#include "db/report/row_text.hpp"

#include <boost/mp11.hpp>
#include <charconv>
#include <cmath>

#include "db/report/copy_text.hpp"

namespace trunkline::db {

namespace {

constexpr std::string_view null = "\\N";

template <class T>
using Members = boost::describe::describe_members<T, boost::describe::mod_public>;

std::vector<std::string> split(std::string_view names) {
    std::vector<std::string> parts;
    while (!names.empty()) {
        const auto comma = names.find(',');
        parts.emplace_back(names.substr(0, comma));
        names.remove_prefix(comma == std::string_view::npos ? names.size() : comma + 1);
    }
    return parts;
}

template <class R>
RowKind kind_of() {
    RowKind kind{std::string(R::table), split(R::key), {}};
    boost::mp11::mp_for_each<Members<R>>([&](auto member) {
        std::string name = member.name;
        if (name.back() == '_') name.pop_back();
        kind.columns.push_back(std::move(name));
    });
    return kind;
}

template <class T>
void write(RowText& text, std::string& out, const T& what) {
    text.value(out, what);
}

// Zero stands for "none" in every id.
template <class Tag, class Rep>
void write(RowText& text, std::string& out, const Strong<Tag, Rep>& id) {
    if (id)
        text.value(out, static_cast<std::int64_t>(id.value()));
    else
        out += null;
}

template <class T>
void write(RowText& text, std::string& out, const std::optional<T>& maybe) {
    if (maybe)
        write(text, out, *maybe);
    else
        out += null;
}

void append_two_digits(std::string& out, std::int64_t number) {
    out += static_cast<char>('0' + number / 10);
    out += static_cast<char>('0' + number % 10);
}

}  // namespace

const std::vector<RowKind>& row_kinds() {
    static const std::vector<RowKind> kinds = [] {
        std::vector<RowKind> all;
        boost::mp11::mp_for_each<boost::mp11::mp_transform<boost::mp11::mp_identity, records::Record>>(
            [&](auto identity) { all.push_back(kind_of<typename decltype(identity)::type>()); });
        return all;
    }();
    return kinds;
}

void RowText::append(std::string& out, const records::Record& record) {
    std::visit(
        [&]<class R>(const R& row) {
            bool first = true;
            boost::mp11::mp_for_each<Members<R>>([&](auto member) {
                if (!first) out += '\t';
                first = false;
                write(*this, out, row.*member.pointer);
            });
        },
        record);
}

void RowText::value(std::string& out, std::int64_t number) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void RowText::value(std::string& out, double number) {
    if (!std::isfinite(number)) {
        out += null;  // a report's sum must not become NaN
        return;
    }
    std::array<char, 40> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void RowText::value(std::string& out, const std::string& text) {
    if (text.empty())
        out += null;
    else
        append_copy_text(out, text);
}

void RowText::value(std::string& out, const records::Text& text) { append_copy_text(out, text.is); }

void RowText::value(std::string& out, const records::Json& json) {
    if (json.is.empty())
        out += null;
    else
        append_copy_text(out, without_null_escapes(json.is));
}

void RowText::value(std::string& out, const CallUuid& id) {
    if (id)
        out += to_uuid_text(id);
    else
        out += null;
}

void RowText::value(std::string& out, TimePoint at) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    if (day.time_since_epoch().count() != cached_day_) {
        cached_day_ = day.time_since_epoch().count();
        const std::chrono::year_month_day date(day);
        std::string text;
        const int year = std::clamp(static_cast<int>(date.year()), 1, 9999);
        append_two_digits(text, year / 100);
        append_two_digits(text, year % 100);
        text += '-';
        append_two_digits(text, static_cast<unsigned>(date.month()));
        text += '-';
        append_two_digits(text, static_cast<unsigned>(date.day()));
        day_text_ = text;
    }
    const std::int64_t in_day = (at - day).count();
    const std::int64_t seconds_in_day = in_day / 1'000'000;
    out += day_text_;
    out += ' ';
    append_two_digits(out, seconds_in_day / 3600);
    out += ':';
    append_two_digits(out, seconds_in_day / 60 % 60);
    out += ':';
    append_two_digits(out, seconds_in_day % 60);
    out += '.';
    const std::int64_t fraction = in_day % 1'000'000;
    append_two_digits(out, fraction / 10'000);
    append_two_digits(out, fraction / 100 % 100);
    append_two_digits(out, fraction % 100);
    out += "+00";
}

}  // namespace trunkline::db
