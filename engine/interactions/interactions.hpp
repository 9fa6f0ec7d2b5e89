// All live interactions, by id, by ConnID and by the customer's leg; and for a while which interaction a
// closed leg had last, so that the next text on it names its parent.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include "engine/interactions/interaction.hpp"

namespace trunkline::interactions {

class Interactions {
  public:
    Interaction& add(Interaction);
    [[nodiscard]] Interaction* find(CallUuid);
    [[nodiscard]] const Interaction* find(CallUuid) const;
    [[nodiscard]] Interaction* find(ConnId);
    [[nodiscard]] const Interaction* find(ConnId) const;
    [[nodiscard]] Interaction* find_leg(const std::string& leg_key);
    /// Removes it and remembers its leg until `remember_until`.
    void remove(CallUuid, TimePoint now, TimePoint remember_until);
    /// As if the interaction had been removed now.
    void remember(const std::string& leg_key, CallUuid, TimePoint now, TimePoint until);
    /// The interaction that a closed leg had last; none where it is forgotten.
    [[nodiscard]] CallUuid last_of(const std::string& leg_key, TimePoint now) const;

    [[nodiscard]] std::size_t size() const { return by_id_.size(); }
    /// In order of id, which is the order of beginning (to the millisecond).
    [[nodiscard]] const std::map<CallUuid, std::unique_ptr<Interaction>>& all() const { return by_id_; }

  private:
    struct Closed {
        CallUuid last;
        TimePoint until;
    };
    static constexpr std::size_t max_closed = 100'000;
    void forget_closed(TimePoint now);

    std::map<CallUuid, std::unique_ptr<Interaction>> by_id_;
    std::unordered_map<ConnId, Interaction*> by_conn_;
    std::unordered_map<std::string, Interaction*> by_leg_;
    std::unordered_map<std::string, Closed> closed_;
    std::deque<std::pair<TimePoint, std::string>> closed_order_;
};

}  // namespace trunkline::interactions
