#include "db/config/config_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <sstream>

#include "db/config/commands.hpp"
#include "db/config/secrets.hpp"
#include "db/postgres/connection.hpp"
#include "tests/support/postgres_cluster.hpp"

namespace trunkline::config {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using What = Change::What;

const std::string example = TRUNKLINE_SOURCE_DIR "/examples/support_desk/site.yaml";

class Store : public testing::Test {
  protected:
    test::TestDatabase database_;
    ConfigStore store_{database_.dsn()};

    ImportResult import(const std::string& yaml, Prune prune = Prune::no) {
        return store_.import(parse_site(yaml, "f.yaml"), prune);
    }
    void import_example() {
        const ImportResult result = store_.import(read_site_file(example), Prune::no);
        for (const auto& finding : result.findings) ADD_FAILURE() << finding.path << ": " << finding.message;
    }
    std::string revisions() { return database_.value("SELECT count(*) FROM config.change"); }
};

TEST_F(Store, ImportingTwiceChangesNothingAndMakesNoRevision) {
    import_example();
    EXPECT_EQ(revisions(), "1") << "one transaction, one revision";
    const ImportResult again = store_.import(read_site_file(example), Prune::yes);
    EXPECT_THAT(again.changes, IsEmpty());
    EXPECT_EQ(revisions(), "1");
}

TEST_F(Store, GivesBackWhatWasImported) {
    const SiteFile file = read_site_file(example);
    import_example();
    const model::Site loaded = store_.load();
    EXPECT_THAT(difference(loaded, file.site).changes, IsEmpty());
    EXPECT_EQ(loaded.revision, 1U);
    EXPECT_EQ(loaded.tenants[0].persons[0].user_name, "ann") << "in the order of the file";
    EXPECT_GT(loaded.tenants[0].persons[0].dbid, 0U);
}

TEST_F(Store, ExportReadsBackWithoutAChange) {
    import_example();
    database_.query(
        R"(UPDATE config.dn SET options = '{"TServer": {"multimedia": true, "after-routing-timeout": 20}}'
                       WHERE number = '1002')");
    const model::Site before = store_.load();
    EXPECT_THAT(import(to_yaml(before), Prune::yes).changes, IsEmpty());
    EXPECT_EQ(before.switches[0].dns[3].options.at("TServer").at("after-routing-timeout"), "20");
}

TEST_F(Store, ChangesNothingAndNamesAllErrorsWhereOneIsWrong) {
    import_example();
    const SiteFile file = parse_site(R"(tenants:
  - name: Resources
    skills: [dutch]
    timezone: Mars/Olympus
    persons:
      - {user_name: eve, agent_logins: ["77"], nick_name: e}
switches:
  - name: sip_switch
    dns:
      - {number: "1113", type: Routepoint}
)",
                                     "f.yaml");
    const ImportResult result = store_.import(file, Prune::no);
    EXPECT_TRUE(result.refused());
    std::vector<std::string> lines;
    for (const auto& finding : result.findings)
        if (finding.severity == model::Finding::Severity::error) lines.push_back(file.text(finding));
    EXPECT_THAT(
        lines, testing::ElementsAre(HasSubstr("f.yaml:4: tenants[Resources].timezone: "),
                                    HasSubstr("f.yaml:6: tenants[Resources].persons[eve].nick_name: "),
                                    HasSubstr("f.yaml:6: tenants[Resources].persons[eve].agent_logins[77]: "),
                                    HasSubstr("f.yaml:10: switches[sip_switch].dns[1113].type: ")));
    EXPECT_EQ(database_.value("SELECT count(*) FROM config.skill"), "2");
    EXPECT_EQ(revisions(), "1");
}

TEST_F(Store, KeepsIdentitiesAndWhatTheFileDoesNotSay) {
    import_example();
    const std::string dbid = database_.value("SELECT dbid FROM config.person WHERE user_name = 'ann'");
    const ImportResult result = import(R"(tenants:
  - name: Resources
    persons: [{user_name: ann, skills: {billing: 9}}]
)");
    EXPECT_THAT(result.changes,
                testing::UnorderedElementsAre(
                    Change{What::changed, "tenants[Resources].persons[ann].skills[billing].level", "7 -> 9"},
                    Change{What::removed, "tenants[Resources].persons[ann].skills[english]", ""}));
    EXPECT_EQ(result.revision, 2U);
    EXPECT_EQ(database_.value("SELECT dbid FROM config.person WHERE user_name = 'ann'"), dbid);
    const model::Site site = store_.load();
    EXPECT_EQ(site.tenants[0].persons[0].default_place, "P1001");
    EXPECT_TRUE(site.tenants[0].persons[0].is_agent);
    EXPECT_EQ(site.tenants[0].persons.size(), 2U);
}

TEST_F(Store, PruneRemovesWhatTheFileDoesNotNameAndSaysSo) {
    import_example();
    import("tenants: [{name: Other, skills: [dutch]}]");
    SiteFile file = read_site_file(example);
    auto& tenant = file.site.tenants[0];
    tenant.persons.pop_back();
    tenant.agent_groups[0].agents = {"ann"};
    file.site.switches[0].dns.pop_back();
    EXPECT_THAT(store_.import(file, Prune::no).changes,
                Contains(testing::Field(&Change::what, What::removed)).Times(1))
        << "only bob's place in a group, which the file says whole";
    const auto looked_at = store_.diff(file, Prune::yes).changes;
    const auto changes = store_.import(file, Prune::yes).changes;
    EXPECT_THAT(changes, testing::UnorderedElementsAre(
                             Change{What::removed, "tenants[Resources].persons[bob]", ""},
                             Change{What::removed, "switches[sip_switch].dns[VQ_billing]", ""}));
    EXPECT_EQ(changes, looked_at);
    EXPECT_EQ(database_.value("SELECT count(*) FROM config.skill WHERE tenant = 'Other'"), "1")
        << "not named, not touched";
    EXPECT_EQ(database_.value("SELECT count(*) FROM config.application"), "1");
    SiteFile without_applications = file;
    std::erase_if(without_applications.lines,
                  [](const auto& line) { return line.first.starts_with("applications"); });
    without_applications.site.applications.clear();
    EXPECT_THAT(store_.import(without_applications, Prune::yes).changes, IsEmpty());
}

TEST_F(Store, RefusesAFileThatHasAnObjectTwice) {
    import_example();
    const ImportResult result = import(R"(switches:
  - name: sip_switch
    dns: [{number: "1111", type: RoutingPoint, strategy: one}, {number: "1111", type: RoutingPoint, strategy: two}]
)");
    ASSERT_EQ(result.findings.size(), 1U);
    EXPECT_THAT(result.findings[0].message, HasSubstr("twice"));
}

TEST_F(Store, MovesAnAgentLoginFromOnePersonToAnother) {
    import_example();
    const ImportResult result = import(R"(tenants:
  - name: Resources
    persons:
      - {user_name: ann, agent_logins: ["1002"]}
      - {user_name: bob, agent_logins: ["1001"]}
)");
    EXPECT_FALSE(result.refused());
    EXPECT_EQ(store_.load().tenants[0].persons[0].agent_logins, std::vector<std::string>{"1002"});
}

TEST_F(Store, KeepsPasswordsHashedAndNeverGivesThemOut) {
    const std::string yaml = R"(tenants: [{name: T, persons: [{user_name: ann, password: "pass-word-1"}]}]
switches: [{name: s, tenant: T, dns: [{number: "1", type: Extension, options: {TServer: {password: pass-word-2}}}]}]
applications: [{name: desktop, password: "pass-word-3"}]
)";
    const ImportResult first = import(yaml);
    EXPECT_THAT(first.changes, Contains(Change{What::added, "tenants[T].persons[ann].password", "(secret)"}));
    EXPECT_EQ(revisions(), "1");
    EXPECT_THAT(import(yaml).changes, IsEmpty()) << "the same passwords change nothing";
    EXPECT_THAT(import("tenants: [{name: T, persons: [{user_name: ann}]}]", Prune::yes).changes, IsEmpty())
        << "a password that is left out stays";
    EXPECT_TRUE(store_.load().tenants[0].persons[0].has_password);
    for (const auto& row : database_.query("SELECT concat(hash, pending_plain) FROM config.secret"))
        EXPECT_THAT(row[0], testing::Not(HasSubstr("pass-word")));
    EXPECT_EQ(
        database_.value("SELECT hash::jsonb ->> 'MD5' = md5('1:trunkline:pass-word-2') FROM config.secret "
                        "WHERE kind = 'dn'"),
        "t");
    EXPECT_THAT(to_yaml(store_.load()),
                testing::AllOf(testing::Not(HasSubstr("pass")), testing::Not(HasSubstr("argon"))));
    const ImportResult other = import(R"(applications: [{name: desktop, password: "another"}])");
    EXPECT_THAT(other.changes,
                testing::ElementsAre(Change{What::changed, "applications[desktop].password", "(secret)"}));
    EXPECT_EQ(other.revision, 2U);
}

TEST_F(Store, HashesAPasswordThatWasWrittenBySql) {
    import_example();
    database_.query("UPDATE config.person SET password = 'by-hand' WHERE user_name = 'ann'");
    database_.query(
        R"(UPDATE config.dn SET options = jsonb_set(options, '{TServer,password}', '"by-hand"') WHERE number = '1001')");
    EXPECT_EQ(database_.value("SELECT count(*) FROM config.person WHERE password IS NOT NULL"), "0");
    EXPECT_EQ(database_.value("SELECT count(*) FROM config.dn WHERE options::text LIKE '%by-hand%'"), "0");
    EXPECT_EQ(revisions(), "3");
    db::Connection connection(database_.dsn());
    EXPECT_EQ(hash_pending_secrets(connection, "trunkline"), 2);
    EXPECT_EQ(revisions(), "3") << "hashing is no change";
    EXPECT_EQ(database_.value("SELECT count(*) FROM config.secret WHERE pending_plain IS NOT NULL"), "0");
    const std::string hash = database_.value("SELECT hash FROM config.secret WHERE kind = 'person'");
    EXPECT_TRUE(verify_password(hash, "by-hand"));
    EXPECT_FALSE(verify_password(hash, "by-han"));
    database_.query("UPDATE config.person SET password = '' WHERE user_name = 'ann'");
    EXPECT_FALSE(store_.load().tenants[0].persons[0].has_password) << "an empty text takes it away";
    database_.query("DELETE FROM config.dn WHERE number = '1001'");
    EXPECT_EQ(database_.value("SELECT count(*) FROM config.secret"), "0") << "secrets go with their object";
}

TEST_F(Store, RefusesNonsenseWrittenBySql) {
    import_example();
    const std::vector<std::string> nonsense{
        "UPDATE config.dn SET type = 'Routepoint' WHERE number = '1111'",
        "UPDATE config.dn SET strategy = ' ' WHERE number = '1111'",
        R"(UPDATE config.dn SET options = '{"TServer": {"multimedia": "maybe"}}')",
        R"(UPDATE config.dn SET options = '{"TServer": [1]}')",
        "UPDATE config.person_skill SET level = -1",
        "UPDATE config.person SET default_place = 'nowhere'",
        "UPDATE config.person SET user_name = ''",
        "UPDATE config.tenant SET timezone = 'Mars/Olympus'",
        "DELETE FROM config.capacity_rule",
        "INSERT INTO config.agent_group_member (tenant, agent_group, person) VALUES ('Resources', "
        "'All_Agents', 'eve')"};
    for (const std::string& sql : nonsense) EXPECT_THROW(database_.query(sql), db::PostgresError) << sql;
    EXPECT_EQ(revisions(), "1");
}

// Else revision 6 could be seen before 5 is committed, and 5 never be read.
TEST_F(Store, WritersFollowEachOther) {
    import_example();
    db::Connection first(database_.dsn()), second(database_.dsn());
    first.run("BEGIN; UPDATE config.dn SET strategy = 'a' WHERE number = '1111'");
    second.run("SET lock_timeout = '10ms'");
    EXPECT_THROW(second.run("UPDATE config.dn SET strategy = 'b' WHERE number = '1112'"), db::PostgresError);
    first.run("COMMIT");
    second.run("UPDATE config.dn SET strategy = 'b' WHERE number = '1112'");
    second.run("UPDATE config.dn SET strategy = 'c' WHERE number = 'none such'");
    EXPECT_EQ(revisions(), "3") << "a statement that touches no row makes no revision";
}

TEST_F(Store, FollowsRenamesMadeBySql) {
    import_example();
    const model::Site before = store_.load();
    database_.query("UPDATE config.tenant SET name = 'Support'");
    database_.query("UPDATE config.switch SET name = 'main_switch'");
    database_.query("UPDATE config.person SET user_name = 'anna' WHERE user_name = 'ann'");
    const model::Site after = store_.load();
    EXPECT_EQ(after.tenants[0].persons[0].user_name, "anna");
    EXPECT_EQ(after.tenants[0].persons[0].dbid, before.tenants[0].persons[0].dbid);
    EXPECT_EQ(after.tenants[0].persons[0].agent_logins, before.tenants[0].persons[0].agent_logins);
    EXPECT_EQ(after.tenants[0].agent_groups[0].agents, (std::vector<std::string>{"anna", "bob"}));
    EXPECT_EQ(after.switches[0].tenant, "Support");
    EXPECT_EQ(after.revision, before.revision + 3);
    EXPECT_THAT(model::check(after), IsEmpty());
}

TEST_F(Store, CommandsPrintForPeopleAndForPrograms) {
    std::ostringstream out, err;
    ImportOptions options{.dsn = database_.dsn(), .file = example};
    std::uint64_t awaited = 0;
    options.wait_until_in_force = [&](std::uint64_t revision) {
        awaited = revision;
        return std::string("in force");
    };
    EXPECT_EQ(diff_command(options, out, err), 0);
    EXPECT_EQ(revisions(), "0");
    EXPECT_EQ(import_command(options, out, err), 0) << err.str();
    EXPECT_EQ(awaited, 1U);
    EXPECT_THAT(out.str(), testing::AllOf(HasSubstr("added    tenants[Resources].persons[ann]\n"),
                                          HasSubstr("revision 1; in force")));
    out.str("");
    options.output = Output::json;
    EXPECT_EQ(import_command(options, out, err), 0);
    EXPECT_EQ(out.str(), "[]\n");
    out.str("");
    EXPECT_EQ(export_command({database_.dsn()}, out, err), 0);
    EXPECT_THAT(parse_site(out.str(), "f").problems, IsEmpty());
    EXPECT_EQ(err.str(), "");
    const test::TestDatabase unmigrated(test::TestDatabase::Schema::empty);
    EXPECT_EQ(export_command({unmigrated.dsn()}, out, err), 1);
    EXPECT_THAT(err.str(), HasSubstr("trunkctl migrate"));
    options.file = "/nowhere.yaml";
    EXPECT_EQ(import_command(options, out, err), 1);
    EXPECT_THAT(err.str(), HasSubstr("/nowhere.yaml"));
    options.file = example;
    options.dsn = "host=/nowhere";
    EXPECT_EQ(import_command(options, out, err), 1);
    EXPECT_EQ(check_site_command(example, {.strategies = std::set<std::string>{}}, Output::people, out, err),
              0);
    EXPECT_THAT(err.str(), HasSubstr("warning: site.yaml:"));
}

}  // namespace
}  // namespace trunkline::config
