#include "adapters/sip/duplicate_table.hpp"

namespace trunkline::sip {

DuplicateTable::DuplicateTable(std::size_t capacity, Time lifetime)
    : capacity_(capacity), lifetime_(lifetime) {}

DuplicateTable::Lookup DuplicateTable::find(const TransactionKey& key, Time now) {
    forget_until(now);
    const auto found = entries_.find(key);
    if (found == entries_.end()) return {};
    if (found->second == 0) return {Seen::unanswered, 0};
    return {Seen::answered, found->second};
}

bool DuplicateTable::insert(const TransactionKey& key) {
    if (entries_.size() >= capacity_) return false;
    entries_.emplace(key, std::int16_t{0});
    return true;
}

void DuplicateTable::answer(const TransactionKey& key, int status, Time now) {
    const auto found = entries_.find(key);
    if (found == entries_.end() || found->second != 0) return;
    found->second = static_cast<std::int16_t>(status);
    expiries_.emplace_back(now + lifetime_, key);
}

void DuplicateTable::forget_until(Time now) {
    while (!expiries_.empty() && expiries_.front().first <= now) {
        entries_.erase(expiries_.front().second);
        expiries_.pop_front();
    }
}

}  // namespace trunkline::sip
