// While a script may execute in a generation's state: whose it is, whom memory is charged to, what it may
// spend. Scopes nest: a function that is asked while a strategy runs gives everything back as it was.
#pragma once

#include "engine/scripting/generation.hpp"

namespace trunkline::scripting {

class Entered {
  public:
    Entered(BuiltGeneration& generation, RunState* run, Account account, EnginePort& port)
        : generation_(generation),
          former_run_(generation.run),
          former_account_(generation.allocator.charge_to(account)),
          former_budget_(generation.budget.save()) {
        generation_.run = run;
        generation_.port = &port;
    }
    ~Entered() {
        generation_.run = former_run_;
        generation_.allocator.charge_to(former_account_);
        // What has ended is still asked what it ended of: only a script that goes on needs its own back.
        if (former_run_ != nullptr) generation_.budget.restore(former_budget_);
    }
    Entered(const Entered&) = delete;
    Entered& operator=(const Entered&) = delete;

  private:
    BuiltGeneration& generation_;
    RunState* former_run_;
    Account former_account_;
    Budget::State former_budget_;
};

}  // namespace trunkline::scripting
