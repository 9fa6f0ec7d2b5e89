// A site file with twenty different mistakes gets one report with all of them, as `trunkctl import` and
// `trunkctl check` print it: file, line, object, what is wrong and what would be right.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "db/config/commands.hpp"
#include "tests/support/postgres_cluster.hpp"

namespace trunkline::config {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view site = R"(tenants:
  - name: Resources
    timezone: Europe/Berln
    skills: [billing, english, billing]
    capacity_rules:
      - {name: two_chats}
    persons:
      - user_name: ann
        skills: {biling: 7}
        agent_logins: ["1001"]
        default_place: P1001
        capacity_rule: two_chats
      - user_name: bob
        skills: {english: -5}
        agent_logins: ["1001"]
        default_place: P1002
        firstname: Bob
        is_agent: perhaps
      - user_name: eve
        agent_logins:
          - "1003"
          - "1004"
        password: ""
      - user_name: ann
        last_name: Lee
    agent_groups:
      - {name: Billing, script: "billing >="}
      - {name: All_Agents, agents: [ann, bbo]}
    places:
      - {name: P1001, dns: ["1001"], capacity_rule: three_chats}
      - {name: P1003, dns: ["1001"]}
    place_groups:
      - {name: Floor1, places: P1001}
switches:
  - name: sip_switch
    tenant: Resource
    agent_logins: [{code: "1001"}, {code: "1003"}]
    dns:
      - {number: "1111", type: Routepoint}
      - {number: "1001", type: Extension, options: {TServer: {multimedia: maybe}}}
      - number: "1112"
        type: RoutingPoint
        options: {TServer: {im-idle-timeout: 15min}}
      - {type: Extension}
applications:
  - {name: "desktop ", type: AgentDesktop}
)";

struct Told {
    std::string where;  // site.yaml:LINE: PATH:
    std::string what;   // and what is right
};

// By line.
const std::vector<Told> expected{
    {"site.yaml:3: tenants[Resources].timezone: ", "such as Europe/Berlin"},
    {"site.yaml:4: tenants[Resources].skills[billing]: ", "twice in the same list (it is in line 4 already)"},
    {"site.yaml:6: tenants[Resources].capacity_rules[two_chats].script: ",
     "name the file in scripts/capacity"},
    {"site.yaml:9: tenants[Resources].persons[ann].skills.biling: ", "did you mean billing?"},
    {"site.yaml:14: tenants[Resources].persons[bob].skills.english: ", "from 0 to 1000000"},
    {"site.yaml:15: tenants[Resources].persons[bob].agent_logins[1001]: ", "belongs to person 'ann' already"},
    {"site.yaml:16: tenants[Resources].persons[bob].default_place: ", "did you mean P1001 or P1003?"},
    {"site.yaml:17: tenants[Resources].persons[bob].firstname: ", "did you mean first_name?"},
    {"site.yaml:18: tenants[Resources].persons[bob].is_agent: ", "must be true or false"},
    {"site.yaml:22: tenants[Resources].persons[eve].agent_logins[1004]: ", "has the agent login '1004'"},
    {"site.yaml:23: tenants[Resources].persons[eve].password: ", "leave the key out to keep the one that is"},
    {"site.yaml:24: tenants[Resources].persons[ann]: ",
     "is there twice; names are unique in their list (it is in line 8"},
    {"site.yaml:27: tenants[Resources].agent_groups[Billing].script: ", "column 11: expected an integer"},
    {"site.yaml:28: tenants[Resources].agent_groups[All_Agents].agents[bbo]: ", "did you mean bob?"},
    {"site.yaml:30: tenants[Resources].places[P1001].capacity_rule: ", "has no capacity rule 'three_chats'"},
    {"site.yaml:31: tenants[Resources].places[P1003].dns[1001]: ", "a DN is in one place at most"},
    {"site.yaml:33: tenants[Resources].place_groups[Floor1].places: ", "must be a list: [one, two]"},
    {"site.yaml:39: switches[sip_switch].dns[1111].type: ", "the types are Extension, ACDPosition"},
    {"site.yaml:40: switches[sip_switch].dns[1001].options.TServer.multimedia: ",
     "'maybe' is not true or false"},
    {"site.yaml:43: switches[sip_switch].dns[1112].options.TServer.im-idle-timeout: ", "a number of seconds"},
    {"site.yaml:44: switches[sip_switch].dns[3].number: ", "is missing: every object needs one"},
    {"site.yaml:46: applications[desktop ].name: ", "no blanks at the ends"},
};

class TwentyMistakes : public testing::Test {
  protected:
    TwentyMistakes() {
        std::string name = (fs::temp_directory_path() / "trunkline-site-XXXXXX").string();
        folder_ = mkdtemp(name.data());
    }
    ~TwentyMistakes() override { fs::remove_all(folder_); }
    fs::path written(std::string text) const {
        std::ofstream(folder_ / "site.yaml") << text;
        return folder_ / "site.yaml";
    }
    static std::string with_its_tenant(std::string text) {
        return text.replace(text.find("tenant: Resource\n"), 17, "tenant: Resources\n");
    }
    static std::vector<std::string> lines_of(const std::string& text) {
        std::vector<std::string> lines;
        std::istringstream stream(text);
        for (std::string line; std::getline(stream, line);) lines.push_back(line);
        return lines;
    }
    static void expect_all(const std::string& told) {
        const auto lines = lines_of(told);
        for (std::size_t i = 0; i < expected.size(); ++i) {
            ASSERT_LT(i, lines.size()) << told;
            EXPECT_THAT(lines[i], StartsWith(expected[i].where));
            EXPECT_THAT(lines[i], HasSubstr(expected[i].what));
        }
    }

    fs::path folder_;
    std::ostringstream out_, err_;
};

TEST_F(TwentyMistakes, AreToldInOneReportAndNothingIsChanged) {
    const test::TestDatabase database;
    const auto file = written(with_its_tenant(std::string(site)));
    EXPECT_EQ(import_command({.dsn = database.dsn(), .file = file}, out_, err_), 1);
    expect_all(err_.str());
    EXPECT_EQ(lines_of(err_.str()).size(), expected.size() + 1) << err_.str();
    EXPECT_THAT(err_.str(), testing::EndsWith("\n22 errors; nothing was changed\n"));
    EXPECT_EQ(out_.str(), "");
    EXPECT_EQ(database.value("SELECT count(*) FROM config.change"), "0");
}

TEST_F(TwentyMistakes, AreToldByTheCheckWithoutADatabaseToo) {
    const auto file = written(with_its_tenant(std::string(site)));
    EXPECT_EQ(check_site_command(file, {}, Output::people, out_, err_), 1);
    expect_all(err_.str());
    EXPECT_EQ(lines_of(err_.str()).size(), expected.size()) << err_.str();
}

TEST_F(TwentyMistakes, OfTheTenantOfASwitchSayWhichOneWasMeant) {
    const auto file = written(std::string(site));
    EXPECT_EQ(check_site_command(file, {}, Output::people, out_, err_), 1);
    EXPECT_THAT(err_.str(), HasSubstr("site.yaml:36: switches[sip_switch].tenant: there is no tenant "
                                      "'Resource'; did you mean Resources?"));
}

}  // namespace
}  // namespace trunkline::config
