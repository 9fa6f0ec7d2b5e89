// What makes no sense is refused by SQL as the import refuses it, and who reads reports or runs scripts reads
// no secret.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "db/config/config_store.hpp"
#include "db/postgres/connection.hpp"
#include "engine/model/check.hpp"
#include "engine/model/skill_expression.hpp"
#include "tests/support/postgres_cluster.hpp"

namespace trunkline::config {
namespace {

class SenseBySql : public testing::Test {
  protected:
    test::TestDatabase database_;

    void SetUp() override {
        const auto file = read_site_file(TRUNKLINE_SOURCE_DIR "/examples/support_desk/site.yaml");
        ASSERT_FALSE(ConfigStore(database_.dsn()).import(file, Prune::no).refused());
    }
    [[nodiscard]] std::string answer(const std::string& sql, const std::vector<db::Parameter>& parameters) {
        if (!connection_) connection_ = std::make_unique<db::Connection>(database_.dsn());
        return std::string(connection_->run(sql, parameters).at(0, 0));
    }

  private:
    std::unique_ptr<db::Connection> connection_;
};

const std::vector<std::string> keys{"multimedia",
                                    "voice",
                                    "divert-on-ringing",
                                    "sip-enable-call-info",
                                    "default",
                                    "timed-acw-in-idle",
                                    "acw-in-idle-force-ready",
                                    "capacity-treat-acw-as-interaction",
                                    "sip-signaling-chat",
                                    "im-idle-timeout",
                                    "no-answer-timeout",
                                    "after-routing-timeout",
                                    "router-timeout",
                                    "unreachable-timeout",
                                    "legal-guard-time",
                                    "wrap-up-time",
                                    "max-sessions",
                                    "max-new-per-second",
                                    "no-answer-action",
                                    "contact",
                                    "sip-domain",
                                    "prefix",
                                    "default-dn",
                                    "im-hold-text",
                                    "im-failed-text",
                                    "im-restart-text",
                                    "an-option-of-a-script"};

const std::vector<std::string> values{"true",
                                      "no",
                                      "1",
                                      "0",
                                      "none",
                                      "maybe",
                                      "untimed",
                                      "logout",
                                      "900",
                                      "0.5",
                                      "1.",
                                      ".5",
                                      "-1",
                                      "+1",
                                      "1e3",
                                      "31536000",
                                      "31536000.5",
                                      "31536001",
                                      "1000000",
                                      "1000001",
                                      "9999999999",
                                      "15min",
                                      "12 34",
                                      "+49",
                                      "*1#",
                                      "sip:10.0.0.5:5060",
                                      "SIPS:ann@example.com",
                                      "sip:",
                                      "sip:@host",
                                      "@",
                                      "a@",
                                      "10.0.0.5",
                                      "cc.example.com",
                                      "[::1]",
                                      "a b",
                                      "<sip:a@b>",
                                      "sip:a@b;transport=tcp",
                                      "1001@sip_switch",
                                      "Please\nhold",
                                      "\xc3\xbc"};

TEST_F(SenseBySql, IsThatOfTheImportForEveryOption) {
    for (const std::string& key : keys)
        for (const std::string& value : values) {
            model::Site site;
            site.tenants = {{.name = "T", .options = {{"TServer", {{key, value}}}}}};
            const bool refused = std::ranges::any_of(model::check(site), [](const model::Finding& finding) {
                return finding.severity == model::Finding::Severity::error;
            });
            EXPECT_EQ(answer("SELECT config.option_makes_sense($1, $2)", {key, value}), refused ? "f" : "t")
                << key << " = '" << value << "'";
        }
}

TEST_F(SenseBySql, ReadsSkillExpressionsAsTheServerDoes) {
    const std::vector<std::string> expressions{"a > 1",
                                               "a>=5",
                                               "a >= 5 and b > 2",
                                               "not a > 5",
                                               "not (a > 5 and b = 2) | b <> 3",
                                               "a >",
                                               "(a > 1",
                                               "a > 1)",
                                               "a > 5 b",
                                               "5 > a",
                                               "a >= -3",
                                               "and > 1",
                                               "\xc3\xbc"
                                               "ber = 0",
                                               "a = 5 & b != 2 or not b ~= 2",
                                               "a > 99999999999",
                                               "a > 1 and not not b == 2",
                                               "a>5and b>1",
                                               "not > 1",
                                               "a > 1 or b > 1 and b > 5",
                                               "(a > 1 or b > 1) and b > 5",
                                               "not a > 1 and b > 1",
                                               "not a > 9 and b > 1",
                                               "a\t=\n5",
                                               "a..b > 1",
                                               "-a > -1",
                                               "a > 1 && b > 1",
                                               "a => 1",
                                               "()",
                                               "not",
                                               "a > 1 or",
                                               "a < 2147483647",
                                               "a < 2147483648",
                                               "a > -2147483648",
                                               "a - 1 > 1",
                                               "a ; b",
                                               "a > '1'"};
    for (const std::string& text : expressions) {
        const auto parsed = model::SkillExpression::parse(text);
        EXPECT_EQ(answer("SELECT config.is_skill_expression($1)", {text}), parsed ? "t" : "f") << text;
        if (!parsed) continue;
        for (const int a : {0, 1, 2, 5, 9})
            for (const int b : {0, 2, 3, 7}) {
                const bool holds = parsed->matches([&](std::string_view skill) {
                    return skill == "a" ? a : skill == "b" ? b : 0;
                });
                const std::string levels =
                    R"({"a": )" + std::to_string(a) + R"(, "b": )" + std::to_string(b) + "}";
                EXPECT_EQ(answer("SELECT config.skill_expression_holds($1, $2::jsonb)", {text, levels}),
                          holds ? "t" : "f")
                    << text << " " << levels;
            }
    }
}

TEST_F(SenseBySql, RefusesGroupsAndDomainsThatTheImportRefuses) {
    database_.query("INSERT INTO config.switch (name, tenant) VALUES ('second', 'Resources')");
    const std::vector<std::string> nonsense{
        "UPDATE config.agent_group SET script = 'billing >' WHERE name = 'Billing'",
        "UPDATE config.agent_group SET script = 'dutch > 1' WHERE name = 'Billing'",
        "UPDATE config.agent_group SET script = 'billing > 1' WHERE name = 'All_Agents'",
        "INSERT INTO config.agent_group_member (tenant, agent_group, person) VALUES ('Resources', 'Billing', "
        "'ann')",
        "DELETE FROM config.person_skill; DELETE FROM config.skill WHERE name = 'billing'",
        "UPDATE config.skill SET name = 'invoices' WHERE name = 'billing'",
        R"(UPDATE config.switch SET options = '{"TServer": {"sip-domain": "cc.example.com"}}')",
        R"(UPDATE config.agent_login SET options = '{"TServer": {"legal-guard-time": "soon"}}')",
        "UPDATE config.person SET first_name = 'x', employee_id = repeat('\xc3\xbc', 200)"};
    const std::string before = database_.value("SELECT count(*) FROM config.change");
    for (const std::string& sql : nonsense) EXPECT_THROW(database_.query(sql), db::PostgresError) << sql;
    EXPECT_EQ(database_.value("SELECT count(*) FROM config.change"), before);
}

TEST_F(SenseBySql, RefusesWhatTheImportRefusesAndSaysWhatIsWrong) {
    const std::string by_default = R"(UPDATE config.switch SET options = '{"TServer": {"default": "yes"}}')";
    database_.query("INSERT INTO config.switch (name, tenant) VALUES ('second', 'Resources'); " + by_default +
                    " WHERE name = 'sip_switch'");
    const std::vector<std::pair<std::string, std::string>> nonsense{
        {by_default + " WHERE name = 'second'",
         "switch sip_switch is the default of tenant Resources already; a tenant has one"},
        {"UPDATE config.dn SET number = '1001@second' WHERE number = '1001'", "1001@second has an @ in it"},
        {"INSERT INTO config.agent_login (code, switch) VALUES ('7@8', 'second')",
         "wherever a code is asked for"},
        {"UPDATE config.dn SET type = 'RoutingPoint' WHERE number = '1001'",
         "place P1001: 1001 is a RoutingPoint, where nobody can sit"},
        {"INSERT INTO config.dn (number, switch, type) VALUES ('T', 'second', 'Trunk'); INSERT INTO "
         "config.place_dn (tenant, place, switch, number) VALUES ('Resources', 'P1001', 'second', 'T')",
         "place P1001: T is a Trunk"},
        {R"(UPDATE config.dn SET options = '{"TServer": {"im-idle-timeout": "soon"}}' WHERE number = '1001')",
         "options.TServer.im-idle-timeout: 'soon' makes no sense"}};
    for (const auto& [sql, wanted] : nonsense) {
        std::string said;
        try {
            database_.query(sql);
        } catch (const db::PostgresError& error) {
            said = error.what();
        }
        EXPECT_THAT(said, testing::HasSubstr(wanted)) << sql;
    }
    database_.query("BEGIN; " + by_default +
                    R"( WHERE name = 'second'; UPDATE config.switch SET options = '{}' WHERE
        name = 'sip_switch'; COMMIT)");
    EXPECT_THAT(model::check(ConfigStore(database_.dsn()).load()), testing::IsEmpty());
}

TEST_F(SenseBySql, LooksAtWholeTransactions) {
    database_.query(R"(BEGIN; UPDATE config.agent_group SET script = 'invoices > 1' WHERE name = 'Billing';
        UPDATE config.skill SET name = 'invoices' WHERE name = 'billing';
        UPDATE config.agent_group SET script = 'invoices > 1' WHERE name = 'All_Agents';
        DELETE FROM config.agent_group_member WHERE agent_group = 'All_Agents'; COMMIT)");
    EXPECT_THAT(model::check(ConfigStore(database_.dsn()).load()), testing::IsEmpty());
}

// Whoever may write a password by SQL sees it in no table afterwards; who only reads sees nothing of config.
TEST_F(SenseBySql, ShowsNoSecretToScriptsAndReports) {
    database_.query("UPDATE config.person SET password = 'by-hand' WHERE user_name = 'ann'");
    for (const std::string role : {"trunkline_script", "trunkline_report"}) {
        database_.query("GRANT " + role + " TO CURRENT_USER");
        EXPECT_EQ(database_.value("SELECT has_schema_privilege('" + role + "', 'config', 'USAGE')"), "f");
        EXPECT_EQ(
            database_.value("SELECT string_agg(c.oid::regclass::text, ' ') FROM pg_class AS c WHERE "
                            "c.relnamespace = 'config'::regnamespace AND c.relkind IN ('r', 'v', 'p') AND "
                            "has_table_privilege('" +
                            role + "', c.oid, 'SELECT, INSERT, UPDATE, DELETE')"),
            "")
            << role;
        EXPECT_THROW(database_.query("SET ROLE " + role + "; SELECT * FROM config.secret"),
                     db::PostgresError);
        EXPECT_THROW(database_.query("SET ROLE " + role +
                                     "; SELECT config.put_pending_secret('person', 1, 'password', 'x')"),
                     db::PostgresError);
    }
    EXPECT_EQ(
        database_.value("SELECT has_function_privilege('public', 'config.put_pending_secret(text, integer, "
                        "text, text)', 'EXECUTE')"),
        "f");
}

TEST_F(SenseBySql, LetsTheReportRoleReadReportsAndWriteNothing) {
    EXPECT_EQ(
        database_.value("SELECT bool_and(has_table_privilege('trunkline_report', c.oid, 'SELECT') AND NOT "
                        "has_table_privilege('trunkline_report', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')) "
                        "FROM pg_class AS c WHERE c.relnamespace = 'reporting'::regnamespace AND c.relkind "
                        "IN ('r', 'v', 'p')"),
        "t");
    EXPECT_EQ(
        database_.query("SET ROLE trunkline_report; SELECT count(*) FROM reporting.message").at(0).at(0),
        "0");
    EXPECT_THROW(database_.query("SET ROLE trunkline_report; SELECT reporting.close_cut_off(1, now())"),
                 db::PostgresError);
}

}  // namespace
}  // namespace trunkline::config
