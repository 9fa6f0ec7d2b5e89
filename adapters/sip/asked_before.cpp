#include "adapters/sip/asked_before.hpp"

namespace trunkline::sip {
namespace {

constexpr AskedBefore::Time soon = std::chrono::minutes(10);

}  // namespace

bool AskedBefore::ask(const std::string& who, const TransactionKey& transaction, Time now) {
    if (asked_.size() >= capacity_)
        std::erase_if(asked_, [now](const auto& one) { return now - one.second.at > soon; });
    if (asked_.size() >= capacity_ && !asked_.contains(who)) return false;
    const auto [found, first] = asked_.try_emplace(who, Asked{transaction, now});
    if (first || found->second.first == transaction) return false;
    const bool again = now - found->second.at <= soon;
    found->second.at = now;
    return again;
}

}  // namespace trunkline::sip
