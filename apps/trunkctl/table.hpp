// Prints rows for people: aligned columns from an array of flat JSON objects, the headings from the keys of
// the first. Numbers stand to the right; control characters never reach the terminal.
#pragma once

#include <boost/json/array.hpp>
#include <iosfwd>

namespace trunkline::ctl {

/// `none` is what an empty array prints. Columns with no value in any row are left out.
void print_table(std::ostream&, const boost::json::array& rows, std::string_view none);
/// One object, a line a key.
void print_record(std::ostream&, const boost::json::object&);
/// What a cell shows.
[[nodiscard]] std::string cell_text(const boost::json::value&);

}  // namespace trunkline::ctl
