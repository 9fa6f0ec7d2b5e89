// As much of SIP as the load needs: whole header lines of a message, and the answer to a request.
#pragma once

#include <string>
#include <string_view>

namespace trunkline::bench {

/// The first line of the header `name` ("\r\nVia: "), with its line end; "" where there is none. Names as
/// Sofia writes them, long.
[[nodiscard]] std::string_view header(std::string_view message, std::string_view name);
/// What stands behind the colon of such a line.
[[nodiscard]] std::string_view value(std::string_view line);
/// The answer to a request, every Via of it; `status_line` as "200 OK", `more` whole header lines.
void write_answer(std::string& answer, std::string_view request, std::string_view status_line,
                  std::string_view more = {});

}  // namespace trunkline::bench
