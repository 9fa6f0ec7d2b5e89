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

/// Carl writes; the agent at DN 1001, whom it rings, answers. The ConnID.
inline ConnId carl_talks_to(ClientId agent, World& world) {
    world.text("carl", "hello");
    const ConnId conn = world.ringing("1001");
    EXPECT_EQ(world.answer(agent, "1001", conn), 0);
    return conn;
}

class EngineTest : public ::testing::Test {
  protected:
    World& start(const std::string& main_strategy, model::Site site = small_site(), bool explain_all = false,
                 scripting::Budgets budgets = {}, scripting::TraceKept trace = scripting::TraceKept::all) {
        world_ = std::make_unique<World>(std::move(site),
                                         std::map<std::string, std::string>{{"main", main_strategy}}, 1,
                                         explain_all, budgets, trace);
        return *world_;
    }
    /// Ann at DN 1001 in one of her states, as the tables name them.
    struct AnnIn {
        World* world = nullptr;
        ClientId ann;
    };
    AnnIn ann_in(const std::string& state) {
        model::Site site = small_site();
        auto& options = site.switches[0].agent_logins[0].options["TServer"];
        if (state == "AfterCallWork") options["wrap-up-time"] = "15";
        if (state == "LegalGuard") options["legal-guard-time"] = "15";
        World& world = start(route_to_all, site);
        const ClientId ann = world.client();
        world.register_dn(ann, "1001");
        if (state != "LoggedOut") world.log_in(ann, "1001", "1001");
        if (state != "LoggedOut" && state != "NotReady") world.ready(ann, "1001");
        const bool rests = state == "AfterCallWork" || state == "LegalGuard";
        if (rests || state == "Busy") {
            world.text("carl", "hello");
            world.answer(ann, "1001", world.ringing("1001"));
        }
        if (rests) world.release(ann, "1001", world.ringing("1001"));
        EXPECT_TRUE(state == "LoggedOut" || world.engine.agents(world.now)[0].state == state) << state;
        return {&world, ann};
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

/// DN 1011: a second one at ann's place.
inline void add_second_dn(model::Site& site) {
    site.switches[0].dns.push_back(
        {0,
         "1011",
         "Extension",
         "",
         {{"TServer", {{"multimedia", "true"}, {"sip-signaling-chat", "false"}}}}});
    site.tenants[0].places[0].dns.push_back("1011");
}

}  // namespace trunkline::testing
