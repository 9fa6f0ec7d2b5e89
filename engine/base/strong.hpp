// A value with a name of its own: a DnId is never passed where a PersonId is meant.
// Costs what its representation costs; ordered, hashable, printable through value().
#pragma once

#include <boost/json/fwd.hpp>
#include <boost/json/value_from.hpp>
#include <boost/json/value_to.hpp>
#include <compare>
#include <cstddef>
#include <functional>

namespace trunkline {

template <class Tag, class Rep>
class Strong {
  public:
    using rep = Rep;
    constexpr Strong() = default;
    constexpr explicit Strong(Rep value) : value_(value) {}
    [[nodiscard]] constexpr const Rep& value() const { return value_; }
    /// False for the value that stands for "none" (zero).
    [[nodiscard]] constexpr explicit operator bool() const { return value_ != Rep{}; }
    friend constexpr auto operator<=>(const Strong&, const Strong&) = default;

  private:
    Rep value_{};
};

template <class Tag, class Rep>
void tag_invoke(const boost::json::value_from_tag&, boost::json::value& json,
                const Strong<Tag, Rep>& strong) {
    json = boost::json::value_from(strong.value());
}

template <class Tag, class Rep>
Strong<Tag, Rep> tag_invoke(const boost::json::value_to_tag<Strong<Tag, Rep>>&,
                            const boost::json::value& json) {
    return Strong<Tag, Rep>(boost::json::value_to<Rep>(json));
}

}  // namespace trunkline

template <class Tag, class Rep>
struct std::hash<trunkline::Strong<Tag, Rep>> {
    std::size_t operator()(const trunkline::Strong<Tag, Rep>& strong) const noexcept {
        return std::hash<Rep>{}(strong.value());
    }
};
