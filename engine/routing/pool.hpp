// A pool: one distinct target of one tenant in use, with the seats that fit it, their orders by the
// statistics that are often asked for there, and the interactions that wait for it. Plain data of the floor
// (floor.hpp); nobody else holds one.
#pragma once

#include <array>
#include <boost/multi_index/identity.hpp>
#include <boost/multi_index/ranked_index.hpp>
#include <boost/multi_index_container.hpp>
#include <limits>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/agents/load.hpp"
#include "engine/routing/statistic.hpp"
#include "engine/routing/target_match.hpp"

namespace trunkline::routing {

/// An ordered set that also knows its n-th element and the place of each: O(log n).
template <class Key>
using RankedSet = boost::multi_index_container<
    Key,
    boost::multi_index::indexed_by<boost::multi_index::ranked_unique<boost::multi_index::identity<Key>>>>;

/// Whether an agent at a DN may be offered an interaction now, and if not, why.
enum class Ability { able, not_ready, at_capacity, unreachable, wrong_media, reserved, do_not_disturb };
inline constexpr std::size_t abilities = 7;
[[nodiscard]] std::string_view to_text(Ability);

/// The best agent has the least key.
struct SeatKey {
    double rank = 0;  // the statistic, turned so that less is better; infinite: rules him out
    std::int64_t idle_order =
        0;  // then longest idle; who has work in hand is in no ready state: after the rest
    PersonId agent;
    DnId dn;
    friend auto operator<=>(const SeatKey&, const SeatKey&) = default;

    static constexpr double rules_out = std::numeric_limits<double>::infinity();
    static constexpr std::int64_t after_the_idle = std::int64_t{1} << 61;
    [[nodiscard]] bool busy() const { return idle_order >= after_the_idle; }
    [[nodiscard]] TimePoint idle_since() const {
        return TimePoint(Duration(busy() ? idle_order - after_the_idle : idle_order));
    }
};

/// The most urgent interaction has the least key.
struct WaitKey {
    int lower_first = 0;  // minus the priority
    TimePoint entered;
    CallUuid id;
    friend auto operator<=>(const WaitKey&, const WaitKey&) = default;
};

/// Of the seats that fit a pool, how many are able and how many are not, and why.
using Abilities = std::array<std::size_t, abilities>;

/// The able seats of a pool by one statistic, kept in order while it is asked for often.
struct Ordering {
    Statistic statistic;
    RankedSet<SeatKey> able;
    std::size_t ruled_out = 0;  // of them: the statistic gave no figure
    std::uint64_t used = 0;
};

/// How fast a line moves: the mean time between its last 32 leaves.
class Leaves {
  public:
    void add(TimePoint at) {
        if (at_.size() == most) at_.erase(at_.begin());
        at_.push_back(at);
    }
    [[nodiscard]] std::optional<Duration> mean_interval() const {
        if (at_.size() < 2) return std::nullopt;
        return (at_.back() - at_.front()) / static_cast<std::int64_t>(at_.size() - 1);
    }

  private:
    static constexpr std::size_t most = 33;  // 32 intervals
    std::vector<TimePoint> at_;
};

/// Where seats and pools look for each other.
struct IndexKey {
    enum class Kind : std::uint8_t { nobody, everybody, agent, place, dn, queue, skill };
    Kind kind = Kind::nobody;
    std::uint64_t id = 0;
    friend auto operator<=>(const IndexKey&, const IndexKey&) = default;
};

struct Pool {
    TenantId tenant;
    Target target;
    std::string text;
    std::optional<TargetMatch> match;  // none once the configuration has lost the object
    std::size_t configured = 0;
    std::vector<std::uint32_t> members;  // the seats that fit, by their place in the floor's index, ascending
    // Kept orders and what they count; none while the pool is seldom asked, and then nothing is counted.
    std::vector<std::unique_ptr<Ordering>> orderings;
    Abilities counted{};
    std::uint64_t asked_at = 0;  // in changes of seats
    std::uint32_t often = 0;     // asked so many times in a row with few changes in between
    RankedSet<WaitKey> waiting;
    Leaves leaves;
    struct Turn {
        std::uint64_t number = 0;
        TimePoint at;
    };
    bool in_turn = false;                      // RStatRoundRobin was asked for:
    std::unordered_map<PersonId, Turn> turns;  // when each was offered something last
    std::size_t users = 0;                     // interactions that name it, those with a ringing agent too
    // The floor's own bookkeeping.
    std::optional<std::list<std::uint32_t>::iterator> idle;  // its place there, while nobody uses it
    std::size_t kept = 0;                                    // seats when its last user left
    std::uint32_t slot = 0;
    IndexKey filed;
};

}  // namespace trunkline::routing
