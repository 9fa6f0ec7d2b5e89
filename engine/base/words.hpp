// Words and numbers as protocols and files write them. Pure functions.
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace trunkline {

/// ASCII letters in lower case; all other bytes as they are.
[[nodiscard]] std::string lower_case(std::string_view text);

/// The number that is all of `text`; nothing where it is none, or does not fit.
template <class Number>
requires std::integral<Number> || std::floating_point<Number>
[[nodiscard]] std::optional<Number> number_in(std::string_view text, int base = 10) {
    Number number{};
    std::from_chars_result read{};
    if constexpr (std::integral<Number>)
        read = std::from_chars(text.data(), text.data() + text.size(), number, base);
    else
        read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
    return number;
}

}  // namespace trunkline
