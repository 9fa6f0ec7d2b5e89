// The SIP legs of ours, by key, and under which names the customers are shown to whom: two customers are
// never one name towards the same party, for the party's replies are told apart by it. Each leg belongs to a
// party of a live interaction.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "engine/interactions/interaction.hpp"

namespace trunkline::interactions {

class PartyLegs {
  public:
    struct Owner {
        CallUuid interaction;
        PartyId party;
    };
    /// Of no other leg, before or after.
    [[nodiscard]] std::string next_key() { return "out-" + std::to_string(++last_); }
    /// The first of the customer's names under which this target sees nobody: his number, his address, his
    /// address and a count.
    [[nodiscard]] std::string free_name(const std::string& target, const std::string& number,
                                        const std::string& address) const {
        const auto free = [&](const std::string& name) { return !shown_.contains({target, name}); };
        if (!number.empty() && free(number)) return number;
        if (free(address)) return address;
        for (int count = 2;; ++count)
            if (std::string name = address + "#" + std::to_string(count); free(name)) return name;
    }
    void add(const PartyLeg& leg, Owner owner) {
        owners_.emplace(leg.address.key, owner);
        shown_.emplace(leg.target, leg.from_user);
    }
    void remove(const PartyLeg& leg) {
        owners_.erase(leg.address.key);
        shown_.erase({leg.target, leg.from_user});
    }
    [[nodiscard]] std::optional<Owner> find(const std::string& key) const {
        const auto found = owners_.find(key);
        return found == owners_.end() ? std::nullopt : std::optional(found->second);
    }
    [[nodiscard]] std::size_t size() const { return owners_.size(); }
    /// Names in use; as many as legs.
    [[nodiscard]] std::size_t names() const { return shown_.size(); }

  private:
    std::uint64_t last_ = 0;
    std::unordered_map<std::string, Owner> owners_;
    std::set<std::pair<std::string, std::string>> shown_;  // target, name
};

}  // namespace trunkline::interactions
