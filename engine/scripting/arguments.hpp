// Reading what a script passed to a binding: every mistake is one error that names the function, the argument
// and what was expected. Throws std::runtime_error; the trampoline adds the script's file and line.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/time.hpp"
#include "engine/scripting/binding.hpp"

namespace trunkline::scripting {

/// The longest wait a script may ask for; longer is a slip of units.
constexpr double longest_seconds = 30.0 * 24 * 3600;

/// A string (or number) at `index`; `what` names it in the message, for example "text".
[[nodiscard]] std::string text_argument(const Call&, int index, std::string_view what);
[[nodiscard]] std::int64_t integer_argument(const Call&, int index, std::string_view what);
/// Seconds, 0 to longest_seconds; a wait of 0 is over at the next moment.
[[nodiscard]] Duration seconds_argument(const Call&, int index, std::string_view what);

/// A table of named values at `index`, as in ix:route{timeout = 30}.
class NamedArguments {
  public:
    /// Refuses anything but a table, and keys that are not in `known`.
    NamedArguments(const Call& call, int index, std::initializer_list<std::string_view> known);
    [[nodiscard]] std::optional<std::string> text(const char* key) const;
    [[nodiscard]] std::optional<std::int64_t> integer(const char* key) const;
    [[nodiscard]] std::optional<Duration> seconds(const char* key) const;
    [[nodiscard]] std::optional<bool> boolean(const char* key) const;
    /// Key `timeout` of what asks outside: at most 60 s; `outside_wait` where it is not given.
    [[nodiscard]] Duration timeout() const;
    [[nodiscard]] int index() const { return index_; }

  private:
    /// Pushes the value; false (and nothing pushed) where there is none.
    [[nodiscard]] bool push(const char* key) const;
    const Call& call_;
    int index_;
};

/// How long what asks outside waits where the script does not say.
inline constexpr Duration outside_wait = std::chrono::seconds(5);

[[noreturn]] void refuse(const Call&, const std::string& why);

}  // namespace trunkline::scripting
