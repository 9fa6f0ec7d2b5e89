// What the server shows of itself: status, health, metrics, the description of its API, and the token that
// guards it.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "apps/trunklined/openapi.hpp"
#include "apps/trunklined/password_door.hpp"
#include "apps/trunklined/status_view.hpp"
#include "apps/trunklined/token.hpp"

namespace trunkline::apps {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using testing::HasSubstr;

Reading some_reading() {
    Reading reading;
    reading.node = "north";
    reading.engine.interactions_total = 12;
    reading.engine.degraded = {"inside"};
    reading.agents = {{.agent = "ann", .state = "Ready"}, {.agent = "bob", .state = "Ready"}};
    reading.sip = {"udp:127.0.0.1:5060", "tcp:127.0.0.1:5060"};
    reading.degraded = {"inside", "the disk is full"};
    return reading;
}

TEST(StatusView, IsAnArrayOfOneFlatObjectWithEveryReason) {
    const auto rows = status_rows(some_reading());
    ASSERT_EQ(rows.as_array().size(), 1U);
    const auto& row = rows.at(0).as_object();
    EXPECT_EQ(row.at("node"), "north");
    EXPECT_EQ(row.at("status"), "degraded");
    EXPECT_EQ(row.at("degraded"), "inside; the disk is full");
    EXPECT_EQ(row.at("interactions_total"), 12);
    EXPECT_EQ(row.at("sip"), "udp:127.0.0.1:5060, tcp:127.0.0.1:5060");
    for (const auto& item : row) EXPECT_FALSE(item.value().is_structured()) << item.key();
}

TEST(StatusView, GivesAStatisticAsOneFlatRow) {
    const auto row = [](statistics::Figure value) {
        return json::serialize(
            statistic_rows({"VQ", "queue", "Resources", statistics::statistic_named("CurrMaxCallWaitingTime"),
                            std::move(value)}));
    };
    EXPECT_EQ(row(12.3456),
              R"([{"object":"VQ","type":"queue","tenant":"Resources","statistic":"CurrMaxCallWaitingTime",)"
              R"("value":1.2346E1,"unit":"seconds"}])");
    EXPECT_THAT(row({}), HasSubstr(R"("value":null)"));
    EXPECT_THAT(row(std::int64_t{4}), HasSubstr(R"("value":4,)"));
    EXPECT_THAT(row(std::string("LoggedOut")), HasSubstr(R"("value":"LoggedOut")"));
}

TEST(StatusView, SaysWhyAFlushComesToNothing) {
    db::ReportWriterMetrics reports;
    reports.connected = true;
    reports.rows_waiting = 7;
    EXPECT_EQ(why_not_flushed(reports, false), "");
    EXPECT_THAT(why_not_flushed(reports, true), testing::HasSubstr("7 rows wait in the spool"));
    reports.connected = false;
    EXPECT_EQ(why_not_flushed(reports, false), "") << "it is just being reached";
    reports.error = "PostgreSQL cannot be reached: no such socket. Start it";
    EXPECT_EQ(why_not_flushed(reports, false),
              "PostgreSQL is away: 7 rows wait in the spool and follow when it is back. PostgreSQL cannot be "
              "reached: no such socket. Start it");
}

TEST(StatusView, SaysOkWhereNothingIsAmiss) {
    EXPECT_EQ(health_json(Reading{}), R"({"status":"ok"})");
    EXPECT_EQ(health_json(some_reading()), R"({"status":"degraded","why":["inside","the disk is full"]})");
}

TEST(Metrics, CarryHelpAndTypeBeforeEachValue) {
    const auto text = metrics_text(some_reading());
    EXPECT_THAT(text,
                HasSubstr("# TYPE trunkline_interactions_total counter\ntrunkline_interactions_total 12\n"));
    EXPECT_THAT(text, HasSubstr("trunkline_agents{state=\"Ready\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("trunkline_degraded 1\n"));
    std::istringstream lines(text);
    std::string described;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("# HELP ")) described = line.substr(7, line.find(' ', 7) - 7);
        if (!line.starts_with("#")) {
            EXPECT_TRUE(line.starts_with(described)) << line;
        }
    }
}

TEST(OpenApi, DescribesEachRouteItsParametersAndItsGuard) {
    const std::vector<ApiRoute> routes{
        {http::Verb::get, "/api/v1/trace/{id}", http::Access::read, "A life", nullptr},
        {http::Verb::post,
         "/api/v1/import",
         http::Access::change,
         "Import",
         nullptr,
         {{"prune", "or not"}},
         "application/yaml"}};
    const auto document = json::parse(openapi_json(routes, false));
    const auto& trace = document.at("paths").at("/api/v1/trace/{id}").at("get");
    EXPECT_EQ(trace.at("summary"), "A life");
    EXPECT_EQ(trace.at("parameters").at(0).at("name"), "id");
    EXPECT_EQ(trace.at("parameters").at(0).at("required"), true);
    EXPECT_FALSE(trace.as_object().contains("security"));
    const auto& import = document.at("paths").at("/api/v1/import").at("post");
    EXPECT_TRUE(import.as_object().contains("security"));
    EXPECT_EQ(import.at("parameters").at(0).at("in"), "query");
    EXPECT_TRUE(import.at("requestBody").at("content").as_object().contains("application/yaml"));
    const auto guarded = json::parse(openapi_json(routes, true));
    EXPECT_TRUE(guarded.at("paths").at("/api/v1/trace/{id}").at("get").as_object().contains("security"));
}

TEST(PasswordDoor, NamesWhoCannotLogInForWantOfAPassword) {
    model::Site site;
    EXPECT_EQ(who_has_no_password(site), "");
    site.applications = {{.name = "desktop"}, {.name = "guarded", .has_password = true}};
    site.tenants = {{.name = "Resources"}};
    site.tenants[0].persons = {{.user_name = "ann"}, {.user_name = "bob", .has_password = true}};
    EXPECT_EQ(who_has_no_password(site), "applications desktop; persons ann of Resources");
    site.applications.clear();
    site.tenants[0].persons.assign(15, {.user_name = "p"});
    EXPECT_THAT(who_has_no_password(site), testing::EndsWith("p, p and 3 more of Resources"));
}

struct TokenFile : testing::Test {
    fs::path folder = fs::temp_directory_path() / ("trunkline-token-" + std::to_string(getpid()));
    TokenFile() { fs::remove_all(folder); }
    ~TokenFile() override { fs::remove_all(folder); }
};

TEST_F(TokenFile, IsMadeOnceForItsOwnerAlone) {
    const auto first = read_or_make_token(folder / "var/token");
    EXPECT_EQ(first.size(), 64U);
    EXPECT_EQ(read_or_make_token(folder / "var/token"), first);
    EXPECT_EQ(fs::status(folder / "var/token").permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(TokenFile, IsRefusedWhereOthersMayReadIt) {
    (void)read_or_make_token(folder / "token");
    fs::permissions(folder / "token", fs::perms::others_read, fs::perm_options::add);
    try {
        (void)read_or_make_token(folder / "token");
        FAIL() << "trusted a token that others know";
    } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), HasSubstr("chmod 600"));
    }
}

}  // namespace
}  // namespace trunkline::apps
