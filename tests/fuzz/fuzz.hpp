// What every fuzz target has: the input as text, and a promise that must hold whatever the bytes are. Without
// clang's libFuzzer the targets run over their corpus and over mutations of it (run_corpus.cpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace trunkline::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

/// Ends the process where a promise is broken: the fuzzer keeps the input.
inline void promise(bool holds, const char* words) {
    if (holds) return;
    std::fprintf(stderr, "broken promise: %s\n", words);
    std::abort();
}

/// A selector from the first byte, so that one input says which of a few shapes it means.
inline std::uint8_t take_byte(std::string_view& input) {
    if (input.empty()) return 0;
    const auto first = static_cast<std::uint8_t>(input.front());
    input.remove_prefix(1);
    return first;
}

/// What comes before the first line end; the rest stays in `input`.
inline std::string_view take_line(std::string_view& input) {
    const std::size_t end = input.find('\n');
    const std::string_view line = input.substr(0, end);
    input.remove_prefix(end == std::string_view::npos ? input.size() : end + 1);
    return line;
}

}  // namespace trunkline::fuzz
