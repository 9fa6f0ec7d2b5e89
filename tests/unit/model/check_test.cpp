// What a person who wrote a mistake into the site is told: each row of the table makes one mistake in a site
// that is right, and must get that one finding.
#include "engine/model/check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace trunkline::model {
namespace {

using Severity = Finding::Severity;

Dn dn(std::string number, std::string type, Options options = {}) {
    return {.number = std::move(number), .type = std::move(type), .options = std::move(options)};
}

Site right_site() {
    Tenant tenant{.name = "Resources", .timezone = "Europe/Berlin"};
    tenant.skills = {{.name = "billing"}, {.name = "english"}};
    tenant.capacity_rules = {{.name = "two_chats", .script = "two_chats_or_one_call"}};
    tenant.persons = {{.user_name = "ann", .employee_id = "E1001", .is_agent = true},
                      {.user_name = "bob", .employee_id = "E1002", .is_agent = true}};
    tenant.persons[0].skills = {{"billing", 7}};
    tenant.persons[0].agent_logins = {"1001"};
    tenant.persons[0].default_place = "P1001";
    tenant.persons[0].capacity_rule = "two_chats";
    tenant.persons[1].agent_logins = {"1002"};
    tenant.agent_groups = {{.name = "All_Agents", .agents = {"ann", "bob"}},
                           {.name = "Billing", .script = "billing >= 5"}};
    tenant.places = {{.name = "P1001", .dns = {"1001"}, .capacity_rule = "two_chats"}};
    tenant.place_groups = {{.name = "Floor1", .places = {"P1001"}}};
    Switch sw{.name = "sip_switch", .tenant = "Resources"};
    sw.agent_logins = {{.code = "1001"}, {.code = "1002"}};
    sw.dns = {
        dn("1111", "RoutingPoint", {{"TServer", {{"default-dn", "1001"}, {"im-idle-timeout", "900"}}}}),
        dn("1001", "Extension", {{"TServer", {{"multimedia", "true"}, {"sip-signaling-chat", "none"}}}})};
    sw.dns[0].strategy = "im_support";
    return {
        .tenants = {tenant}, .switches = {sw}, .applications = {{.name = "desktop", .type = "AgentDesktop"}}};
}

struct Mistake {
    std::string name;
    std::function<void(Site&)> make;
    Severity severity;
    std::string path;
    std::string words;  // that stand in the message
};

class CheckOfOneMistake : public testing::TestWithParam<Mistake> {};

TEST_P(CheckOfOneMistake, SaysWhereItIsAndWhatWouldBeRight) {
    Site site = right_site();
    GetParam().make(site);
    const auto findings = check(site);
    ASSERT_EQ(findings.size(), 1U) << (findings.empty() ? "nothing was found"
                                                        : findings[1].path + findings[1].message);
    EXPECT_EQ(findings[0].severity, GetParam().severity);
    EXPECT_EQ(findings[0].path, GetParam().path);
    EXPECT_THAT(findings[0].message, testing::HasSubstr(GetParam().words));
}

const std::string rp = "switches[sip_switch].dns[1111]";
const std::string ann = "tenants[Resources].persons[ann]";

INSTANTIATE_TEST_SUITE_P(
    Table, CheckOfOneMistake,
    testing::Values(
        Mistake{"TypeOfDn", [](Site& s) { s.switches[0].dns[0].type = "Routepoint"; }, Severity::error,
                rp + ".type", "RoutingPoint"},
        Mistake{"StrategyOnAnExtension", [](Site& s) { s.switches[0].dns[1].strategy = "x"; },
                Severity::warning, "switches[sip_switch].dns[1001].strategy", "only a RoutingPoint"},
        Mistake{"DefaultDn", [](Site& s) { s.switches[0].dns[0].options["TServer"]["default-dn"] = "9"; },
                Severity::warning, rp + ".options.TServer.default-dn", "'9'"},
        Mistake{"FlagOfAnotherKind",
                [](Site& s) { s.switches[0].dns[1].options["TServer"]["voice"] = "maybe"; }, Severity::error,
                "switches[sip_switch].dns[1001].options.TServer.voice", "true or false"},
        Mistake{"NumberOfAnotherKind",
                [](Site& s) { s.switches[0].dns[0].options["TServer"]["im-idle-timeout"] = "-1"; },
                Severity::error, rp + ".options.TServer.im-idle-timeout", "seconds"},
        Mistake{"SecondsOfMoreThanAYear",
                [](Site& s) { s.switches[0].dns[0].options["TServer"]["im-idle-timeout"] = "31536001"; },
                Severity::error, rp + ".options.TServer.im-idle-timeout", "from 0 to 31536000 (a year)"},
        Mistake{"CountBeyondItsRange",
                [](Site& s) { s.switches[0].dns[0].options["TServer"]["max-sessions"] = "1000001"; },
                Severity::error, rp + ".options.TServer.max-sessions", "from 0 to 1000000"},
        Mistake{"OptionMisspelt",
                [](Site& s) { s.switches[0].dns[1].options["TServer"]["multi-media"] = "true"; },
                Severity::warning, "switches[sip_switch].dns[1001].options.TServer.multi-media",
                "did you mean multimedia?"},
        Mistake{"SectionMisspelt",
                [](Site& s) {
                    s.switches[0].options = {{"Tserver", {{"sip-domain", "cc.example.com"}}}};
                },
                Severity::warning, "switches[sip_switch].options.Tserver", "did you mean TServer?"},
        Mistake{"SipDomain",
                [](Site& s) {
                    s.switches[0].options = {{"TServer", {{"sip-domain", "cc example"}}}};
                },
                Severity::error, "switches[sip_switch].options.TServer.sip-domain", "name of a host"},
        Mistake{"PersonTwice", [](Site& s) { s.tenants[0].persons.push_back(s.tenants[0].persons[0]); },
                Severity::error, ann, "twice"},
        Mistake{"NameOfMoreThan255Bytes", [](Site& s) { s.applications[0].name = std::string(256, 'x'); },
                Severity::error, "applications[" + std::string(256, 'x') + "].name", "1 to 255 bytes"},
        Mistake{"DnTwice", [](Site& s) { s.switches[0].dns.push_back(dn("1111", "Extension")); },
                Severity::error, rp, "twice"},
        Mistake{"NoName", [](Site& s) { s.applications[0].name = ""; }, Severity::error,
                "applications[].name", "missing"},
        Mistake{"BlankAtTheEnd", [](Site& s) { s.applications[0].name = "desktop "; }, Severity::error,
                "applications[desktop ].name", "blanks"},
        Mistake{"TenantOfAnApplication", [](Site& s) { s.applications[0].tenant = "Other"; }, Severity::error,
                "applications[desktop].tenant", "no tenant 'Other'"},
        Mistake{"TimeZone", [](Site& s) { s.tenants[0].timezone = "Berlin"; }, Severity::error,
                "tenants[Resources].timezone", "'Berlin' is no IANA time zone such as Europe/Berlin"},
        Mistake{"CapacityRule", [](Site& s) { s.tenants[0].persons[0].capacity_rule = "three"; },
                Severity::error, ann + ".capacity_rule", "no capacity rule 'three'"},
        Mistake{"ScriptOfACapacityRule", [](Site& s) { s.tenants[0].capacity_rules[0].script = ""; },
                Severity::error, "tenants[Resources].capacity_rules[two_chats].script", "scripts/capacity"},
        Mistake{"Skill", [](Site& s) { s.tenants[0].persons[0].skills["dutch"] = 3; }, Severity::error,
                ann + ".skills.dutch", "no skill 'dutch'"},
        Mistake{"Level", [](Site& s) { s.tenants[0].persons[0].skills["billing"] = -1; }, Severity::error,
                ann + ".skills.billing", "from 0"},
        Mistake{"Login", [](Site& s) { s.tenants[0].persons[0].agent_logins.emplace_back("77"); },
                Severity::error, ann + ".agent_logins[77]", "'77'"},
        Mistake{"LoginOfTwoPersons", [](Site& s) { s.tenants[0].persons[1].agent_logins = {"1001"}; },
                Severity::error, "tenants[Resources].persons[bob].agent_logins[1001]", "'ann'"},
        Mistake{"AgentWithoutLogin", [](Site& s) { s.tenants[0].persons[1].agent_logins.clear(); },
                Severity::warning, "tenants[Resources].persons[bob].agent_logins", "cannot log in"},
        Mistake{"DefaultPlace", [](Site& s) { s.tenants[0].persons[0].default_place = "P7"; },
                Severity::error, ann + ".default_place", "'P7'"},
        Mistake{"EmployeeIdTwice", [](Site& s) { s.tenants[0].persons[1].employee_id = "E1001"; },
                Severity::warning, "tenants[Resources].persons[bob].employee_id", "'ann'"},
        Mistake{"MemberOfAGroup", [](Site& s) { s.tenants[0].agent_groups[0].agents.emplace_back("eve"); },
                Severity::error, "tenants[Resources].agent_groups[All_Agents].agents[eve]", "'eve'"},
        Mistake{"SkillExpression", [](Site& s) { s.tenants[0].agent_groups[1].script = "billing >="; },
                Severity::error, "tenants[Resources].agent_groups[Billing].script", "column"},
        Mistake{"SkillOfAnExpression", [](Site& s) { s.tenants[0].agent_groups[1].script = "dutch > 1"; },
                Severity::error, "tenants[Resources].agent_groups[Billing].script", "'dutch'"},
        Mistake{"GroupWithBoth", [](Site& s) { s.tenants[0].agent_groups[1].agents = {"ann"}; },
                Severity::error, "tenants[Resources].agent_groups[Billing].script", "not both"},
        Mistake{"DnOfAPlace", [](Site& s) { s.tenants[0].places[0].dns.emplace_back("1003"); },
                Severity::error, "tenants[Resources].places[P1001].dns[1003]", "'1003'"},
        Mistake{"DnOfTwoPlaces",
                [](Site& s) { s.tenants[0].places.push_back({.name = "P2", .dns = {"1001"}}); },
                Severity::error, "tenants[Resources].places[P2].dns[1001]", "'P1001'"},
        Mistake{"PlaceOfAGroup", [](Site& s) { s.tenants[0].place_groups[0].places = {"P9"}; },
                Severity::error, "tenants[Resources].place_groups[Floor1].places[P9]", "'P9'"},
        Mistake{"NoRuleForAChat",
                [](Site& s) {
                    s.tenants[0].places[0].capacity_rule = s.tenants[0].persons[0].capacity_rule = "";
                    s.tenants[0].persons[1].capacity_rule = "two_chats";
                },
                Severity::warning, ann + ".capacity_rule", "allows a chat"},
        Mistake{"SectionMisspeltBesideARealOne",
                [](Site& s) {
                    s.switches[0].options = {{"TServer", {{"sip-domain", "cc.example.com"}}},
                                             {"tserver", {{"default", "true"}}}};
                },
                Severity::warning, "switches[sip_switch].options.tserver", "did you mean TServer?"},
        Mistake{"DefaultOfTwoSwitches",
                [](Site& s) {
                    s.switches[0].options["TServer"]["default"] = "true";
                    s.switches.push_back({.name = "other",
                                          .tenant = "Resources",
                                          .options = {{"TServer", {{"default", "yes"}}}}});
                },
                Severity::error, "switches[other].options.TServer.default",
                "switch 'sip_switch' is the default of tenant 'Resources' already"},
        Mistake{"AtSignInANumber",
                [](Site& s) { s.switches[0].dns.push_back(dn("1003@sip_switch", "Extension")); },
                Severity::error, "switches[sip_switch].dns[1003@sip_switch].number", "has an @ in it"},
        Mistake{"AtSignInALogin",
                [](Site& s) { s.switches[0].agent_logins.push_back({.code = "ann@example.com"}); },
                Severity::error, "switches[sip_switch].agent_logins[ann@example.com].code", "has an @ in it"},
        Mistake{"RoutingPointInAPlace", [](Site& s) { s.tenants[0].places[0].dns.emplace_back("1111"); },
                Severity::error, "tenants[Resources].places[P1001].dns[1111]",
                "is a RoutingPoint, where nobody can sit"},
        Mistake{"TrunkInAPlace",
                [](Site& s) {
                    s.switches[0].dns.push_back(dn("out", "Trunk"));
                    s.tenants[0].places[0].dns.emplace_back("out");
                },
                Severity::error, "tenants[Resources].places[P1001].dns[out]", "is a Trunk"},
        Mistake{"DomainOfTwoSwitches",
                [](Site& s) {
                    s.switches[0].options["TServer"]["sip-domain"] = "cc.example.com";
                    s.switches.push_back(
                        {.name = "other", .tenant = "Resources", .options = s.switches[0].options});
                },
                Severity::error, "switches[other].options.TServer.sip-domain", "already"}),
    [](const auto& row) { return row.param.name; });

TEST(Check, FindsNothingInASiteThatIsRight) { EXPECT_THAT(check(right_site()), testing::IsEmpty()); }

TEST(Check, ListsAllMistakesAtOnce) {
    Site site = right_site();
    site.switches[0].dns[0].type = "x";
    site.tenants[0].persons[0].default_place = "P7";
    site.applications[0].tenant = "y";
    EXPECT_EQ(check(site).size(), 3U);
}

TEST(Check, WarnsOfScriptsThatAreNotThere) {
    KnownScripts scripts{.strategies = std::set<std::string>{"other"},
                         .capacity_rules = std::set<std::string>{}};
    const auto findings = check(right_site(), scripts);
    ASSERT_EQ(findings.size(), 2U);
    for (const Finding& finding : findings) EXPECT_EQ(finding.severity, Severity::warning);
    scripts = {.strategies = std::set<std::string>{"im_support"},
               .capacity_rules = std::set<std::string>{"two_chats_or_one_call"},
               .chat_rules = std::set<std::string>{}};
    EXPECT_EQ(check(right_site(), scripts).size(), 2U) << "ann and bob have a rule that never allows a chat";
}

TEST(Check, AsksForTheSwitchWhereANumberIsInTwo) {
    Site site = right_site();
    site.switches.push_back({.name = "second", .tenant = "Resources"});
    site.switches[1].dns.push_back(dn("1001", "Extension"));
    const auto findings = check(site);
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_THAT(findings[0].message, testing::HasSubstr("'1001@sip_switch'"));
    site.tenants[0].places[0].dns = {"1001@second"};
    EXPECT_THAT(check(site), testing::IsEmpty());
}

}  // namespace
}  // namespace trunkline::model
