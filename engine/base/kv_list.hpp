// T-Library key-value list: user data, extensions and reasons. Order and repeated keys are kept
// (AttachUserData adds duplicates). Lists travel between rooms and threads as shared immutable values.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <boost/json/fwd.hpp>

namespace trunkline {

struct KvValue;

class KvList {
  public:
    using Pair = std::pair<std::string, KvValue>;

    /// Adds a pair and keeps earlier pairs of the same key.
    void add(std::string key, KvValue value);
    /// Replaces the first pair of `key`, drops its repetitions, or adds it. Returns true when the key was
    /// there.
    bool set(std::string_view key, KvValue value);
    /// Removes every pair of `key`; the number removed.
    std::size_t erase(std::string_view key);
    /// The last value of `key` (as Lua reads it), or null.
    [[nodiscard]] const KvValue* find(std::string_view key) const;
    /// The last value of `key` if it is a string, else "".
    [[nodiscard]] std::string_view text(std::string_view key) const;

    // Defined below, where a KvValue is complete.
    using const_iterator = std::vector<Pair>::const_iterator;
    [[nodiscard]] inline bool empty() const;
    [[nodiscard]] inline std::size_t size() const;
    [[nodiscard]] inline const_iterator begin() const;
    [[nodiscard]] inline const_iterator end() const;
    bool operator==(const KvList&) const;

  private:
    std::vector<Pair> pairs_;
};

/// A value is a string, an integer or a nested list (facts.md 1.9).
struct KvValue {
    std::variant<std::string, std::int64_t, KvList> is;
    KvValue() = default;
    KvValue(std::string text) : is(std::move(text)) {}    // NOLINT: reads as a literal
    KvValue(const char* text) : is(std::string(text)) {}  // NOLINT
    KvValue(std::int64_t number) : is(number) {}          // NOLINT
    KvValue(KvList list) : is(std::move(list)) {}         // NOLINT
    bool operator==(const KvValue&) const = default;
};

inline bool KvList::empty() const { return pairs_.empty(); }
inline std::size_t KvList::size() const { return pairs_.size(); }
inline KvList::const_iterator KvList::begin() const { return pairs_.begin(); }
inline KvList::const_iterator KvList::end() const { return pairs_.end(); }

using SharedKv = std::shared_ptr<const KvList>;

/// JSON: an object; where a key repeats, an array of [key, value] pairs (contract t-library.md, Shape).
[[nodiscard]] boost::json::value to_json(const KvList&);
/// Appends the same JSON text to `out` without building a tree (hot path of events).
void append_json(std::string& out, const KvList&);
/// Accepts both forms; throws std::invalid_argument naming the key whose value has no place in a list.
[[nodiscard]] KvList kv_from_json(const boost::json::value&);
/// Appends `text` as a JSON string with its quotes.
void append_json_string(std::string& out, std::string_view text);

void tag_invoke(const boost::json::value_from_tag&, boost::json::value&, const KvList&);
KvList tag_invoke(const boost::json::value_to_tag<KvList>&, const boost::json::value&);
void tag_invoke(const boost::json::value_from_tag&, boost::json::value&, const SharedKv&);
SharedKv tag_invoke(const boost::json::value_to_tag<SharedKv>&, const boost::json::value&);

}  // namespace trunkline
