// The text format of COPY: escaping on the way in, and taking one column out of a line again. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace trunkline::db {

/// Appends `text` escaped for one column. NUL bytes are left out; a sequence that is not UTF-8 becomes
/// U+FFFD.
void append_copy_text(std::string& out, std::string_view text);

/// jsonb has no place for the escape \u0000: each becomes \ufffd. Gives `json` itself back where there is
/// none.
[[nodiscard]] std::string without_null_escapes(const std::string& json);

/// Appends what is escaped for one column as an element of an array's text.
void append_array_element(std::string& out, std::string_view copy_text);

/// The escaped text of column `index` (from 0) of a line; "" where the line has fewer.
[[nodiscard]] std::string_view column_of(std::string_view line, std::size_t index);

}  // namespace trunkline::db
