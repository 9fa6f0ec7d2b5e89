#include "engine/routing/shares.hpp"

#include <algorithm>
#include <numeric>

namespace trunkline::routing {
namespace {

double total(const std::vector<int>& weights) { return std::accumulate(weights.begin(), weights.end(), 0.0); }

// Where every weight is 0 the shares are equal.
double weight_of(const std::vector<int>& weights, std::size_t target) {
    return total(weights) > 0 ? weights[target] : 1;
}

}  // namespace

std::optional<std::size_t> Shares::next(const std::string& key, const std::vector<int>& weights,
                                        const std::vector<bool>& able) const {
    const auto known = credit_.find(key);
    std::optional<std::size_t> best;
    double most = 0;
    for (const bool weighted : {true, false}) {
        for (std::size_t i = 0; i < able.size(); ++i) {
            const double weight = weight_of(weights, i);
            if (!able[i] || (weight > 0) != weighted) continue;
            const double credit = (known == credit_.end() ? 0 : known->second[i]) + weight;
            if (!best || credit > most) {
                best = i;
                most = credit;
            }
        }
        if (best) break;
    }
    return best;
}

void Shares::used(const std::string& key, const std::vector<int>& weights, const std::vector<bool>& able,
                  std::size_t chosen) {
    if (credit_.size() >= most_lists && !credit_.contains(key)) credit_.clear();
    std::vector<double>& credit = credit_[key];
    credit.resize(able.size());
    double given = 0;
    for (std::size_t i = 0; i < able.size(); ++i) {
        if (!able[i]) continue;
        credit[i] += weight_of(weights, i);
        given += weight_of(weights, i);
    }
    credit[chosen] -= given;
}

double Shares::share(const std::vector<int>& weights, std::size_t target) {
    const double all = total(weights);
    return all > 0 ? 100 * weights[target] / all : 100.0 / static_cast<double>(weights.size());
}

}  // namespace trunkline::routing
