// Statistic "Percentage": which of the targets that have an able agent gets the next interaction, so that
// each gets its share of the traffic. A smooth weighted turn: no dice, the same order every time, and a
// target that could take nothing for a while does not catch up.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace trunkline::routing {

class Shares {
  public:
    /// Of the targets marked `able`, the one whose turn it is; a weight of 0 only where no other is able.
    /// `key` names the list of targets with their weights. None where none is able. Nothing moves yet.
    [[nodiscard]] std::optional<std::size_t> next(const std::string& key, const std::vector<int>& weights,
                                                  const std::vector<bool>& able) const;
    /// The turn was used.
    void used(const std::string& key, const std::vector<int>& weights, const std::vector<bool>& able,
              std::size_t chosen);
    /// The target's share in percent.
    [[nodiscard]] static double share(const std::vector<int>& weights, std::size_t target);

  private:
    static constexpr std::size_t most_lists = 10'000;
    std::unordered_map<std::string, std::vector<double>> credit_;
};

}  // namespace trunkline::routing
