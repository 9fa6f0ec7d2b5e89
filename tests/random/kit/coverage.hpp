// Which rows of the state tables a run has taken, and in which phase of a session which command came.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/random/kit/ledger.hpp"

namespace trunkline::random_test {

class Coverage {
  public:
    using Counts = std::map<std::string, std::int64_t>;
    /// "party", "agent", "phase" -> row -> times.
    std::map<std::string, Counts> tables;

    Coverage();
    void begin(const Ledger&);
    void see(const messages::Effect&);
    void end(const Ledger&, const Engine&);
    void add(const Coverage&);
    [[nodiscard]] std::string text() const;
    /// Rows that could be taken today and were not: all but those of a party on hold.
    [[nodiscard]] std::vector<std::string> missing() const;
    /// Of those that could be, how many were.
    [[nodiscard]] double share() const;

  private:
    std::map<PartyId, std::string> parties_;
    std::map<ConnId, std::string> phases_;
};

}  // namespace trunkline::random_test
