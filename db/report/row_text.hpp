// A record as one line of PostgreSQL's COPY text format, made from its described members; and what a reader
// must know to write such lines: table, key and columns of every kind of record. One object a thread; never
// fails: what PostgreSQL could not store (a NUL byte, broken UTF-8) is taken out or replaced here.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/records/records.hpp"

namespace trunkline::db {

/// How one kind of record is written. `kind` in a spool frame is an index into a list of these.
struct RowKind {
    std::string table;
    std::vector<std::string> key;  // empty: the record inserts; else it updates the row with this key
    std::vector<std::string> columns;
    bool operator==(const RowKind&) const = default;
};

/// The kinds of this build, in the order of records::Record's alternatives.
[[nodiscard]] const std::vector<RowKind>& row_kinds();

class RowText {
  public:
    /// Appends the record's line, without a line end.
    void append(std::string& out, const records::Record& record);

    void value(std::string& out, std::int64_t number);
    void value(std::string& out, double number);
    void value(std::string& out, const std::string& text);  // "" is NULL
    void value(std::string& out, const records::Text& text);
    void value(std::string& out, const records::Json& json);
    void value(std::string& out, const CallUuid& id);
    void value(std::string& out, TimePoint at);

  private:
    // Days change once a day: the date's digits are kept.
    std::int64_t cached_day_ = INT64_MIN;
    std::string day_text_;
};

}  // namespace trunkline::db
