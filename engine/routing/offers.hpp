// Offers: an agent's slot reserved for one interaction, or an external number that is asked, with a deadline.
// An offer ends in exactly one way, and its end is where slot, timer and party are given back.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "engine/base/ids.hpp"
#include "engine/base/time.hpp"

namespace trunkline::routing {

/// `failed`: nothing is there that could answer.
enum class OfferEnd { answered, declined, no_answer, failed, redirected, abandoned, withdrawn };

struct Offer {
    OfferId id;
    CallUuid interaction;
    PersonId agent;      // none where a DN rings without a logged-in agent
    DnId dn;             // none where an external number is asked
    std::string number;  // of the DN, or the external one
    SlotId slot;
    TimerId deadline;
    TimePoint made_at;
    std::string target;       // canonical text of the target that won
    bool by_default = false;  // default routing or route_to: no entry in the router stands behind it
};

class Offers {
  public:
    OfferId add(Offer offer) {
        offer.id = OfferId(++last_);
        const OfferId id = offer.id;
        if (offer.dn) ++at_dn_[offer.dn];
        offers_.emplace(id, std::move(offer));
        return id;
    }
    [[nodiscard]] const Offer* find(OfferId id) const {
        const auto found = offers_.find(id);
        return found == offers_.end() ? nullptr : &found->second;
    }
    /// Ends it: the caller gets what has to be given back, once.
    std::optional<Offer> take(OfferId id) {
        auto node = offers_.extract(id);
        if (node.empty()) return std::nullopt;
        const auto at = at_dn_.find(node.mapped().dn);
        if (at != at_dn_.end() && --at->second == 0) at_dn_.erase(at);
        return std::move(node.mapped());
    }
    /// How many ring at this DN.
    [[nodiscard]] std::size_t ringing_at(DnId dn) const {
        const auto found = at_dn_.find(dn);
        return found == at_dn_.end() ? 0 : found->second;
    }
    /// Its entry in the router goes, the ringing stays.
    void make_direct(OfferId id) { offers_.at(id).by_default = true; }
    void set_deadline(OfferId id, TimerId timer) { offers_.at(id).deadline = timer; }
    [[nodiscard]] const std::map<OfferId, Offer>& all() const { return offers_; }

  private:
    std::uint64_t last_ = 0;
    std::map<OfferId, Offer> offers_;
    std::unordered_map<DnId, std::size_t> at_dn_;
};

}  // namespace trunkline::routing
