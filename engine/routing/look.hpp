// What one decision sees of a pool: its able seats, the best first, and how many others fit it. Either of a
// kept order, or of keys gathered for this decision, which are sorted no further than somebody looks: the
// best and the twenty after him of many. Good until the next change of a seat.
#pragma once

#include <algorithm>
#include <vector>

#include "engine/routing/pool.hpp"

namespace trunkline::routing {

class Look {
  public:
    void at_kept(const Ordering& kept, const Abilities& counted) {
        kept_ = &kept;
        counted_ = counted;
        ruled_out_ = kept.ruled_out;
    }
    /// The start of one whose seats are given by `add` and `add_unable`.
    void at_nothing() {
        kept_ = nullptr;
        counted_ = {};
        ruled_out_ = sorted_ = 0;
        keys_.clear();
    }
    void add(const SeatKey& key) {
        keys_.push_back(key);
        ++counted_[static_cast<std::size_t>(Ability::able)];
        if (key.rank == SeatKey::rules_out) ++ruled_out_;
    }
    void add_unable(Ability why) { ++counted_[static_cast<std::size_t>(why)]; }

    [[nodiscard]] std::size_t able() const { return counted_[static_cast<std::size_t>(Ability::able)]; }
    /// Of the able ones: the statistic gave no figure. They are the last.
    [[nodiscard]] std::size_t ruled_out() const { return ruled_out_; }
    [[nodiscard]] const Abilities& counted() const { return counted_; }
    [[nodiscard]] SeatKey nth(std::size_t n) const {
        if (kept_ != nullptr) return *kept_->able.nth(n);
        sort_up_to(n);
        return keys_[n];
    }
    /// The best first, until `visit` returns false.
    template <class Visit>
    void in_order(Visit&& visit) const {
        if (kept_ != nullptr) {
            for (const SeatKey& key : kept_->able)
                if (!visit(key)) return;
            return;
        }
        for (std::size_t n = 0; n < keys_.size(); ++n) {
            sort_up_to(n);
            if (!visit(keys_[n])) return;
        }
    }

  private:
    static constexpr std::size_t first_sorted = 24;  // most decisions look at no more
    void sort_up_to(std::size_t n) const {
        const auto at = [&](std::size_t place) { return keys_.begin() + static_cast<std::ptrdiff_t>(place); };
        while (n >= sorted_) {
            const std::size_t next = std::min(keys_.size(), std::max(first_sorted, 4 * sorted_));
            if (next < keys_.size()) std::nth_element(at(sorted_), at(next), keys_.end(), std::less<>());
            std::sort(at(sorted_), at(next), std::less<>());
            sorted_ = next;
        }
    }

    const Ordering* kept_ = nullptr;
    Abilities counted_{};
    std::size_t ruled_out_ = 0;
    // Sorting is all that changes under a const look.
    mutable std::vector<SeatKey> keys_;
    mutable std::size_t sorted_ = 0;
};

}  // namespace trunkline::routing
