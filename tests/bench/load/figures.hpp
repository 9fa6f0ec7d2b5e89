// What a run measured: latencies, CPU of the processes that it watches, and the line that it prints. One
// thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace trunkline::bench {

using Nanoseconds = std::chrono::nanoseconds;

class Latencies {
  public:
    void add(Nanoseconds latency) { all_.push_back(latency.count()); }
    [[nodiscard]] std::size_t count() const { return all_.size(); }
    /// In microseconds; `share` from 0 to 1. 0 where nothing was added.
    [[nodiscard]] double at(double share);

  private:
    std::vector<std::int64_t> all_;
    std::size_t sorted_ = 0;
};

/// User and system time that a process and its children have used so far, ended children included, in
/// microseconds. The threads of a process are all in it. 0 for pid 0; throws std::runtime_error where /proc
/// does not tell.
[[nodiscard]] double cpu_us(int pid);

}  // namespace trunkline::bench
