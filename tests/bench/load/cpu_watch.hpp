// The CPU that server and database used for the measured part of a run, reports included: the closing figure
// is read after the settling command (trunkctl flush), so that rows which follow later are paid for too.
#pragma once

#include <boost/json/object.hpp>
#include <cstdlib>
#include <stdexcept>

#include "tests/bench/load/figures.hpp"
#include "tests/bench/load/floor.hpp"

namespace trunkline::bench {

class CpuWatch {
  public:
    explicit CpuWatch(const Options& options)
        : options_(options), server_(cpu_us(options.server_pid)), database_(cpu_us(options.database_pid)) {}

    /// Settles and adds the figures, an item being a text or a session.
    void close(boost::json::object& figures, double items) const {
        if (!options_.settle.empty() && std::system(options_.settle.c_str()) != 0)
            throw std::runtime_error("the settling command failed: " + options_.settle);
        if (items <= 0) return;
        figures["server_cpu_us"] = (cpu_us(options_.server_pid) - server_) / items;
        figures["database_cpu_us"] = (cpu_us(options_.database_pid) - database_) / items;
    }

  private:
    const Options& options_;
    double server_, database_;
};

}  // namespace trunkline::bench
