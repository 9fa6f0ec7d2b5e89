// A check reads everything that goes into the engine and comes out of it, beside the ledger, and says what
// must not be. Each is an independent reading of one promise; the engine's own invariants are asked apart
// from them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/random/kit/ledger.hpp"
#include "tests/random/kit/proving_site.hpp"

namespace trunkline::random_test {

/// `kind` is the same for the same fault and holds no id: shrinking keeps it. `detail` is for the reader.
struct Finding {
    std::string kind, detail;
};
using Findings = std::vector<Finding>;

class Check {
  public:
    Check(Ledger& ledger, Findings& findings) : ledger_(ledger), findings_(findings) {}
    virtual ~Check() = default;
    Check(const Check&) = delete;
    Check& operator=(const Check&) = delete;

    /// The ledger knows the command, the engine has not had it yet.
    virtual void begin() {}
    /// The ledger has learned this effect.
    virtual void see(const messages::Effect&) {}
    /// All effects of the command were seen; what ended in it is still in the ledger, marked.
    virtual void end(const Engine&) {}
    /// Everybody has gone.
    virtual void finish() {}

  protected:
    void found(const char* kind, const std::string& detail);
    void expect(bool holds, const char* kind, const std::string& detail);
    Ledger& ledger_;
    Findings& findings_;
};

/// The word by which a strategy of ours knows its answer: the first parameter, the end of the address.
[[nodiscard]] std::string word_of(const messages::Query&);
[[nodiscard]] std::string word_of(const messages::HttpRequest&);

using Checks = std::vector<std::unique_ptr<Check>>;
/// All of them.
[[nodiscard]] Checks all_checks(Ledger&, Findings&);

[[nodiscard]] std::unique_ptr<Check> check_of_clients(Ledger&, Findings&);
[[nodiscard]] std::unique_ptr<Check> check_of_legs(Ledger&, Findings&);
/// Whether this is the name of a leg that the engine opened.
[[nodiscard]] inline bool is_ours(const std::string& leg_key) { return leg_key.starts_with("out-"); }

[[nodiscard]] std::unique_ptr<Check> check_of_party_legs(Ledger&, Findings&);
[[nodiscard]] std::unique_ptr<Check> check_of_texts(Ledger&, Findings&);
[[nodiscard]] std::unique_ptr<Check> check_of_parties(Ledger&, Findings&);
[[nodiscard]] std::unique_ptr<Check> check_of_routing_points(Ledger&, Findings&);
[[nodiscard]] std::unique_ptr<Check> check_of_agents(Ledger&, Findings&);
[[nodiscard]] std::unique_ptr<Check> check_of_routing(Ledger&, Findings&);
[[nodiscard]] std::unique_ptr<Check> check_of_rows(Ledger&, Findings&);
[[nodiscard]] std::unique_ptr<Check> check_of_waiting(Ledger&, Findings&);
[[nodiscard]] std::unique_ptr<Check> check_of_queues(Ledger&, Findings&);
[[nodiscard]] std::unique_ptr<Check> check_of_outside(Ledger&, Findings&);

}  // namespace trunkline::random_test
