#include "db/config/site_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "db/config/site_rows.hpp"

namespace trunkline::config {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> told(const SiteFile& file) {
    std::vector<std::string> lines;
    for (const auto& problem : file.problems) lines.push_back(file.text(problem));
    return lines;
}

TEST(SiteFile, ReadsTheExampleOfTheSupportDesk) {
    const SiteFile file = read_site_file(TRUNKLINE_SOURCE_DIR "/examples/support_desk/site.yaml");
    EXPECT_THAT(told(file), IsEmpty());
    for (const auto& finding : model::check(file.site)) ADD_FAILURE() << file.text(finding);
    ASSERT_EQ(file.site.tenants.size(), 1U);
    const auto& tenant = file.site.tenants[0];
    EXPECT_EQ(tenant.persons.at(1).skills.at("english"), 8);
    EXPECT_EQ(tenant.agent_groups.at(1).script, "billing >= 5");
    EXPECT_EQ(tenant.lists.at(0).entries.size(), 1U);
    const auto& sw = file.site.switches.at(0);
    EXPECT_EQ(sw.dns.at(0).strategy, "im_support");
    EXPECT_EQ(sw.dns.at(2).options.at("TServer").at("sip-signaling-chat"), "false");
    EXPECT_EQ(file.lines.at("switches[sip_switch].dns[1111].strategy"),
              file.lines.at("switches[sip_switch].dns[1111]"));
}

TEST(SiteFile, NamesEveryMistakeAtOnceWithItsPathAndLine) {
    const SiteFile file = parse_site(R"(tenants:
  - name: Resources
    timzone: UTC
    persons:
      - user_name: ann
        skills: {billing: much}
        is_agent: perhaps
        agent_logins: "1001"
      - first_name: Bob
switches:
  - name: sip_switch
    tenant: Resources
    tenant: Others
    dns:
      - {number: "1111", type: [RoutingPoint]}
      - 7
    options: {TServer: 5}
)",
                                     "site.yaml");
    EXPECT_THAT(
        told(file),
        testing::UnorderedElementsAre(
            HasSubstr("site.yaml:3: tenants[Resources].timzone: is an unknown key; known here: name,"),
            HasSubstr("site.yaml:6: tenants[Resources].persons[ann].skills.billing: must be a whole"),
            HasSubstr("site.yaml:7: tenants[Resources].persons[ann].is_agent: must be true or false"),
            HasSubstr("site.yaml:8: tenants[Resources].persons[ann].agent_logins: must be a list"),
            HasSubstr("site.yaml:9: tenants[Resources].persons[1].user_name: is missing"),
            HasSubstr("switches[sip_switch].tenant: is there twice"),
            HasSubstr("site.yaml:15: switches[sip_switch].dns[1111].type: must be a single value"),
            HasSubstr("site.yaml:16: switches[sip_switch].dns[1]: must be a map"),
            HasSubstr("site.yaml:17: switches[sip_switch].options.TServer: must be a map")));
}

TEST(SiteFile, RefusesWhatWouldUnfoldOrOverflow) {
    EXPECT_THAT(told(parse_site("a: &x [1]\nb: *x\n", "f")),
                testing::ElementsAre(HasSubstr("f:2: cannot be read as YAML")));
    EXPECT_THAT(told(parse_site(std::string(400, '['), "f")), testing::ElementsAre(HasSubstr("16 levels")));
    EXPECT_THAT(told(parse_site("tenants: [\xff]", "f")), testing::ElementsAre(HasSubstr("UTF-8")));
    EXPECT_THAT(told(parse_site("a: \xed\xa0\x80", "f")), testing::ElementsAre(HasSubstr("UTF-8")))
        << "half a pair";
    EXPECT_THAT(told(parse_site("a: 1\n---\nb: 2\n", "f")), testing::ElementsAre(HasSubstr("one")));
    EXPECT_THAT(told(parse_site("tenants:\n  - name: {\n", "f")),
                testing::ElementsAre(HasSubstr("cannot be read as YAML")));
    EXPECT_THAT(told(parse_site("- a\n- b\n", "f")), testing::ElementsAre(HasSubstr("must be a map")));
    EXPECT_THROW((void)read_site_file("/nowhere/site.yaml"), std::runtime_error);
}

TEST(SiteFile, SaysThatItIsEmptyOrAFolder) {
    for (const auto* nothing : {"", "\n", "# tenants: []\n", "---\n"})
        EXPECT_THAT(told(parse_site(nothing, "f")),
                    testing::ElementsAre(HasSubstr("is empty; write tenants")))
            << nothing;
    EXPECT_THAT(told(parse_site(to_yaml({}), "f")), IsEmpty()) << "what export writes of an empty site";
    try {
        (void)read_site_file("/tmp");
        FAIL() << "read a folder";
    } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), HasSubstr("/tmp: is a folder, and no site file"));
    }
    EXPECT_THAT(told(read_site_file("/dev/null")), testing::ElementsAre(HasSubstr("is empty")));
}

TEST(SiteFile, KeepsPasswordsApartFromTheSite) {
    const SiteFile file =
        parse_site(R"(tenants: [{name: T, persons: [{user_name: ann, password: "secret-1"}]}]
switches: [{name: s, tenant: T, dns: [{number: "1", type: Extension, options: {TServer: {password: secret-2, voice: true}}}]}]
applications: [{name: desktop, password: "secret-3"}]
)",
                   "f");
    EXPECT_THAT(told(file), IsEmpty());
    ASSERT_EQ(file.secrets.size(), 3U);
    EXPECT_EQ(file.secrets[0].plain, "secret-1");
    EXPECT_EQ(file.secrets[1].path, "switches[s].dns[1].options.TServer.password");
    EXPECT_EQ(file.secrets[2].name, "desktop");
    EXPECT_THAT(to_yaml(file.site), testing::Not(HasSubstr("secret")));
    EXPECT_EQ(file.site.switches[0].dns[0].options.at("TServer").size(), 1U);
}

// Texts that YAML would like to take for something else.
TEST(SiteFile, WritesWhatItCanReadBack) {
    model::Site site;
    model::Tenant& tenant = site.tenants.emplace_back();
    tenant.name = "true";
    tenant.options = {
        {"0x1F", {{"yes", "no"}, {"null", "~"}, {"a: b", "# no comment"}, {"n", "007"}, {"m", "12"}}}};
    tenant.skills = {{.name = "10"}, {.name = "Überblick"}};
    tenant.lists = {
        {.name = "holidays", .entries = {{"2026-12-25", "Christmas \"Day\"\nand night"}, {"e", ""}}}};
    tenant.persons = {{.user_name = "ann", .employee_id = "ann", .is_agent = true, .skills = {{"10", 3}}},
                      {.user_name = "-bob", .employee_id = "E 2", .last_name = "O'Neill"}};
    tenant.agent_groups = {{.name = "g", .script = "billing >= 5 & english > 2"}};
    site.switches = {{.name = "s", .tenant = "true", .dns = {{.number = "0800", .type = "RoutingPoint"}}}};
    site.applications = {{.name = "desktop"}};
    const std::string text = to_yaml(site);
    const SiteFile file = parse_site(text, "f");
    EXPECT_THAT(told(file), IsEmpty()) << text;
    EXPECT_EQ(file.site.tenants, site.tenants) << text;
    EXPECT_EQ(file.site.switches, site.switches) << text;
    EXPECT_EQ(file.site.applications, site.applications) << text;
    EXPECT_THAT(difference(site, file.site).changes, IsEmpty());
}

}  // namespace
}  // namespace trunkline::config
