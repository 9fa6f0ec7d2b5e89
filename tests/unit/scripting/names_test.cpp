// Names that a script writes as constants: looked up when the file loads.
#include "engine/scripting/source_scan.hpp"
#include "tests/unit/scripting/scripts.hpp"

namespace trunkline::scripting::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

model::Site site_of_two_tenants() {
    model::Site site;
    model::Tenant first{.name = "First"}, second{.name = "Second"};
    first.skills = {{0, "billing"}};
    first.agent_groups = {{.name = "All_Agents"}};
    first.lists = {{0, "vip", {}}};
    first.persons = {{.user_name = "ann"}};
    second.agent_groups = {{.name = "Night_Shift"}};
    site.tenants = {first, second};
    model::Switch sw{.name = "sip", .tenant = "First"};
    sw.dns = {{0, "1111", "RoutingPoint", "main", {}}, {0, "VQ_1", "VirtualQueue", "", {}}};
    site.switches = {sw};
    return site;
}

std::vector<std::string> errors_of(const Files& files, bool every_strategy = false) {
    const model::Snapshot config(site_of_two_tenants());
    std::vector<std::string> messages;
    Files all = files;
    all.merge(stock_files());
    for (const ScriptError& error : build(sources(all), Budgets{}, {&config, every_strategy}).errors)
        messages.push_back(error.message);
    return messages;
}

std::vector<std::string> errors_in(const std::string& body) {
    return errors_of({{"strategies/main.lua", "return function(ix)\n" + body + "\nend"}});
}

TEST(ConstantNames, AreFoundInEveryWayToWriteThem) {
    using Kind = ConstantName::Kind;
    EXPECT_THAT(constant_names("local a = {target.group \"A\", target.agent('b'), target.skill [[c > 1]],\n"
                               "target . dn(\"1\", {weight = 2})}\n"
                               "ix:route{targets = a, queue = 'VQ', statistic = 'lua:best',\n"
                               "on_wait = function(ix) local queue = {queue = 'no'} ix:treat('t') end}"),
                ElementsAre(ConstantName{Kind::group, "A", 1}, ConstantName{Kind::agent, "b", 1},
                            ConstantName{Kind::skill_expression, "c > 1", 1}, ConstantName{Kind::dn, "1", 2},
                            ConstantName{Kind::virtual_queue, "VQ", 3},
                            ConstantName{Kind::statistic, "best", 3}, ConstantName{Kind::treatment, "t", 4}));
}

TEST(ConstantNames, AreNotWhatStandsInCommentsAndTextsOrIsPutTogether) {
    EXPECT_THAT(constant_names(
                    "-- target.group 'A'\n--[==[ target.group 'A'\n]] ]==] local t = \"target.group 'A'\"\n"
                    "my.target.group 'A' target.group('A' .. b) target.group(a) target.group('\\65')"),
                IsEmpty());
}

TEST(Names, ThatATenantHasPass) {
    EXPECT_THAT(
        errors_in(
            "ix:route{targets = {target.group 'All_Agents', target.group 'Night_Shift', target.agent 'ann', "
            "target.skill 'billing >= 5', target.dn '1111'}, queue = 'VQ_1'}\n"
            "config.list('vip', 'x') config.option('dn:1111', 'a', 'b') config.option('ann', 'a', 'b')"),
        IsEmpty());
}

TEST(Names, ThatNoTenantHasRefuseTheGenerationAtTheirLine) {
    EXPECT_THAT(
        errors_in("ix:route{targets = {target.group 'All_Agent',\ntarget.agent 'nobody'}, queue = 'VQ_2'}\n"
                  "config.list('vop', 'x')\nconfig.option('9999', 'a', 'b')\nix:route{targets = "
                  "{target.skill 'biling > 1'}}"),
        ElementsAre("strategies/main.lua:2: no tenant has agent group 'All_Agent'; did you mean All_Agents?",
                    "strategies/main.lua:3: no tenant has agent 'nobody'",
                    "strategies/main.lua:3: no tenant has virtual queue 'VQ_2'; check the name, or add it to "
                    "the configuration",
                    "strategies/main.lua:4: no tenant has list 'vop'; did you mean vip?",
                    "strategies/main.lua:5: no tenant has object '9999'; check the name, or add it to the "
                    "configuration",
                    "strategies/main.lua:6: no tenant has the skill 'biling'; did you mean billing?"));
}

TEST(Names, OfAStrategyThatNoRoutingPointRunsAreLookedUpOnlyWhereAsked) {
    const Files files{
        {"strategies/other.lua", "return function(ix) ix:route{targets = {target.group 'X'}} end"}};
    EXPECT_THAT(errors_of(files), IsEmpty());
    EXPECT_EQ(errors_of(files, true).size(), 1U);
}

TEST(Names, BadExpressionsHoursTreatmentsAndStatisticsAreErrorsWithoutAConfigurationToo) {
    const BuildResult built = build(
        sources({{"statistics/best.lua", "return function(agent) return 1 end"},
                 {"strategies/main.lua",
                  "return function(ix)\nif ix.ani then ix:route{targets = {target.skill 'billing =>'}} end\n"
                  "time.in_hours 'Mon 25:00-26:00'\nix:treat 'play'\n"
                  "ix:route{targets = {}, statistic = 'lua:bets'}\nend"}}),
        Budgets{});
    std::vector<std::string> messages;
    for (const ScriptError& error : built.errors) messages.push_back(error.message);
    EXPECT_THAT(
        messages,
        ElementsAre(::testing::StartsWith("strategies/main.lua:2: target.skill: skill expression"),
                    "strategies/main.lua:3: time.in_hours: '25:00' is no time; times are 00:00 to 24:00",
                    "strategies/main.lua:4: there is no file treatments/play.lua in scripts.paths",
                    "strategies/main.lua:5: there is no file statistics/bets.lua in scripts.paths; did you "
                    "mean best?"));
}

}  // namespace
}  // namespace trunkline::scripting::testing
