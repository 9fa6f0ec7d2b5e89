// Agents whom T-Library clients have reserved: each by one client at most, for a time. A reserved agent is
// offered nothing but what that client routes to him. What a request does is one table; whoever takes an
// entry out gives its timer back (flows/reserving.hpp).
#pragma once

#include <array>
#include <map>
#include <optional>

#include "engine/base/ids.hpp"
#include "engine/base/time.hpp"

namespace trunkline::agents {

/// Who holds the agent, as the client sees it who asks now.
enum class Holder { nobody, asker, lesser, peer };  // lesser: of lower priority than this request; peer: not
enum class Wish { hold, give_back };
enum class ReservationStep { begin, renew, take_over, end, nothing, refuse };

struct ReservationRule {
    Holder holder;
    Wish wish;
    ReservationStep step;
};

inline constexpr std::array reservation_rules{
    ReservationRule{Holder::nobody, Wish::hold, ReservationStep::begin},
    ReservationRule{Holder::asker, Wish::hold, ReservationStep::renew},
    ReservationRule{Holder::lesser, Wish::hold, ReservationStep::take_over},
    ReservationRule{Holder::peer, Wish::hold, ReservationStep::refuse},
    ReservationRule{Holder::nobody, Wish::give_back, ReservationStep::nothing},
    ReservationRule{Holder::asker, Wish::give_back, ReservationStep::end},
    ReservationRule{Holder::lesser, Wish::give_back, ReservationStep::refuse},
    ReservationRule{Holder::peer, Wish::give_back, ReservationStep::refuse},
};

[[nodiscard]] constexpr ReservationStep reservation_step(Holder holder, Wish wish) {
    for (const ReservationRule& rule : reservation_rules)
        if (rule.holder == holder && rule.wish == wish) return rule.step;
    return ReservationStep::refuse;
}

struct Reservation {
    ClientId client;
    DnId dn;  // by which it was asked for: the agent's log-out there ends it
    std::int64_t priority = 0;
    TimePoint ends;
    TimerId timer;
};

class Reservations {
  public:
    [[nodiscard]] const Reservation* of(PersonId agent) const {
        const auto found = held_.find(agent);
        return found == held_.end() ? nullptr : &found->second;
    }
    void put(PersonId agent, const Reservation& reservation) { held_.insert_or_assign(agent, reservation); }
    std::optional<Reservation> take(PersonId agent) {
        auto node = held_.extract(agent);
        if (node.empty()) return std::nullopt;
        return node.mapped();
    }
    /// At most one for each agent who is logged in.
    [[nodiscard]] const std::map<PersonId, Reservation>& all() const { return held_; }

  private:
    std::map<PersonId, Reservation> held_;
};

}  // namespace trunkline::agents
