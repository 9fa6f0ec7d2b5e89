// What every test of the engine ends with: no invariant was ever broken, and once everybody has gone nothing
// is left.
#pragma once

#include <gmock/gmock.h>

#include "tests/support/world.hpp"

namespace trunkline::testing {

inline const std::string route_to_all = R"(
return function(ix)
  ix:route{targets = {target.group "All_Agents"}, timeout = 60}
end)";

class EngineTest : public ::testing::Test {
  protected:
    World& start(const std::string& main_strategy, model::Site site = small_site(), bool explain_all = false,
                 scripting::Budgets budgets = {}, scripting::TraceKept trace = scripting::TraceKept::all) {
        world_ = std::make_unique<World>(std::move(site),
                                         std::map<std::string, std::string>{{"main", main_strategy}}, 1,
                                         explain_all, budgets, trace);
        return *world_;
    }
    void TearDown() override {
        if (!world_) return;
        EXPECT_THAT(world_->broken, ::testing::IsEmpty());
        world_->end_everything();
        EXPECT_THAT(world_->broken, ::testing::IsEmpty());
        EXPECT_THAT(world_->engine.residue(), ::testing::IsEmpty());
    }

  private:
    std::unique_ptr<World> world_;
};

/// What scripts said with log.info, joined by "|".
inline std::string said(const World& world) {
    std::string all;
    for (const messages::WriteLog& line : world.left.logs)
        if (line.level == messages::LogLevel::info && line.text.starts_with("script: "))
            all += (all.empty() ? "" : "|") + line.text.substr(8);
    return all;
}

inline model::Dn& dn_of(model::Site& site, const std::string& number) {
    for (model::Dn& dn : site.switches[0].dns)
        if (dn.number == number) return dn;
    throw std::out_of_range(number);
}

}  // namespace trunkline::testing
