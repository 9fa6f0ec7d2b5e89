// The way out to the SIP thread: values put in by other threads, taken in batches by the one that owns it.
// Any thread may put; only the owner takes. Bounded by the caller, who sees the size before he puts.
#pragma once

#include <mutex>
#include <utility>
#include <vector>

namespace trunkline::sip {

template <class Value>
class Outbox {
  public:
    /// Puts the value in. False, and nothing is taken from `value`, while `limit` values wait already.
    [[nodiscard]] bool put(Value&& value, std::size_t limit) {
        const std::lock_guard lock(mutex_);
        if (waiting_.size() >= limit) return false;
        waiting_.push_back(std::move(value));
        return true;
    }
    /// Everything that waits, in the order in which it was put.
    [[nodiscard]] std::vector<Value> take() {
        std::vector<Value> batch;
        const std::lock_guard lock(mutex_);
        batch.swap(waiting_);
        return batch;
    }

  private:
    std::mutex mutex_;
    std::vector<Value> waiting_;
};

}  // namespace trunkline::sip
