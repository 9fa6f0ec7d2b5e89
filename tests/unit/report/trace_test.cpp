#include "db/report/trace.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "db/queries/stock_queries.hpp"
#include "db/report/report_writer.hpp"
#include "tests/support/postgres_cluster.hpp"
#include "tests/unit/report/records_kit.hpp"
#include "tests/unit/report/temp_folder.hpp"

namespace db = trunkline::db;
namespace records = trunkline::records;
using namespace trunkline::test;
using namespace std::chrono_literals;

namespace {

// One conversation: erin asks, waits, gets ann and says thanks.
void write_a_conversation(const std::string& dsn) {
    const TempFolder folder;
    const auto spool = db::Spool::open({folder.path()}).value();
    auto begun = started(1);
    begun.routing_point = "1111";
    begun.strategy = "im_support";
    auto hello = message(3, "Hello, my bill\tis wrong");
    hello.from_dn = "erin";
    records::TraceStep step;
    step.seq = seq(4), step.interaction_id = uuid(1), step.at = at(4),
    step.file = "strategies/im_support.lua", step.line = 12;
    step.step = "route", step.detail = {R"({"targets": ["billing"]})"};
    records::Decision decision;
    decision.seq = seq(5), decision.interaction_id = uuid(1), decision.at = at(5),
    decision.strategy = "im_support", decision.line = 12;
    decision.candidates = 2, decision.winner = "ann", decision.figure = 42.5,
    decision.ruled_out = {R"({"not ready": 1})"};
    records::PartyJoined party{
        seq(6), trunkline::PartyId(6), uuid(1), "Resources", "sip_switch", "1001", "ann", "agent", at(5)};
    const auto answered = at(2'000'005), left = at(5'000'000);
    spool
        ->append(std::vector<records::Record>{
            begun,
            records::QueueEntered{seq(2), "Resources", "sip_switch", "1111", "routing_point", uuid(1), at(2)},
            hello, step, decision, party, records::QueueLeft{seq(2), at(2), answered, "distributed"},
            records::PartyAnswered{seq(7), trunkline::PartyId(6), at(5), answered},
            message(3'000'000, "thanks"),
            records::PartyLeft{seq(8), trunkline::PartyId(6), at(5), left, "released", 3.0, 0.0}, ended(1)})
        .value();
    db::ReportWriter writer({dsn, 1, 100, 1ms}, *spool);
    ASSERT_TRUE(writer.flush_and_wait(60s));
}

}  // namespace

TEST(Trace, TellsOneInteractionsLifeInItsOrder) {
    const TestDatabase database;
    write_a_conversation(database.dsn());
    const auto trace = db::read_trace(database.dsn(), to_uuid_text(uuid(1)));
    std::vector<std::string> told;
    for (const auto& entry : trace) told.push_back(entry.kind + " " + entry.what);
    const std::vector<std::string> expected{
        "interaction begins: chat from sip:erin@example.com to 1111",
        "queue_stay enters routing_point 1111",
        "message in from erin (pending)",
        "trace_step route",
        "decision ann of 2 candidates, figure 42.5",
        "party agent ann joins",
        "queue_stay leaves routing_point 1111: distributed",
        "party agent ann answers",
        "message in from (pending)",
        "party agent ann leaves: released",
        "interaction ends: handled",
    };
    // Two things of the same moment have no order of their own.
    ASSERT_EQ(told.size(), expected.size());
    EXPECT_TRUE(std::is_permutation(told.begin() + 6, told.begin() + 8, expected.begin() + 6));
    told.erase(told.begin() + 6, told.begin() + 8);
    auto others = expected;
    others.erase(others.begin() + 6, others.begin() + 8);
    EXPECT_EQ(told, others);
    EXPECT_EQ(trace[3].file, "strategies/im_support.lua");
    EXPECT_EQ(trace[3].line, 12);
    EXPECT_EQ(trace[2].detail, "Hello, my bill\tis wrong");
}

TEST(Trace, TakesTheUuidTheCallUuidAndTheConnId) {
    const TestDatabase database;
    write_a_conversation(database.dsn());
    for (const auto& id : {to_uuid_text(uuid(1)), to_call_uuid_text(uuid(1)), std::string("0000000000000001"),
                           std::string("1")})
        EXPECT_EQ(db::read_trace(database.dsn(), id).size(), 11U) << id;
    for (const char* id : {"", "nonsense", "ffff", "'; DROP TABLE reporting.message; --",
                           "01234567-89ab-cdef-0000-000000000009"})
        EXPECT_TRUE(db::read_trace(database.dsn(), id).empty()) << id;
}

TEST(StockQueries, AllRunOnAnEmptyAndOnAFilledDatabase) {
    const TestDatabase database;
    for (const bool filled : {false, true}) {
        if (filled) write_a_conversation(database.dsn());
        for (const auto& query : db::stock_queries()) {
            EXPECT_FALSE(query.tells.empty()) << query.name;
            std::optional<std::string> day;
            if (query.parameter.find("day") != std::string_view::npos) day = "2025-03-04";
            const auto table = db::run_stock_query(database.dsn(), query.name, day);
            EXPECT_FALSE(table.columns.empty()) << query.name;
        }
    }
}

TEST(StockQueries, SayWhoWaitedWhoAnsweredWhatWasSaidAndWhyThatAgent) {
    const TestDatabase database;
    write_a_conversation(database.dsn());
    const auto cell = [&](const char* name, const std::optional<std::string>& parameter,
                          const std::string& column) {
        const auto table = db::run_stock_query(database.dsn(), name, parameter);
        const auto place = std::find(table.columns.begin(), table.columns.end(), column);
        if (place == table.columns.end() || table.rows.empty()) return std::string("nothing in ") + name;
        return table.rows.at(0).at(static_cast<std::size_t>(place - table.columns.begin())).value_or("NULL");
    };
    EXPECT_EQ(cell("waits", "2025-03-04", "waited_s"), "2.0");
    EXPECT_EQ(cell("waits", "2025-03-04", "customer"), "sip:erin@example.com");
    EXPECT_EQ(cell("answered", "2025-03-04", "agent"), "ann");
    EXPECT_EQ(cell("answered", "2025-03-04", "talk_s"), "3.0");
    EXPECT_EQ(cell("transcript", std::nullopt, "text"), "Hello, my bill\tis wrong");
    EXPECT_EQ(cell("decisions", "0000000000000001", "winner"), "ann");
    EXPECT_EQ(cell("decisions", "0000000000000001", "ruled_out"), R"({"not ready": 1})");
    EXPECT_EQ(cell("queues_today", "2025-03-04", "distributed"), "1");
    EXPECT_EQ(cell("agents_today", "2025-03-04", "answered"), "1");
    EXPECT_EQ(cell("waits", "2025-03-05", "customer"), "nothing in waits") << "another day";
    EXPECT_THROW(db::run_stock_query(database.dsn(), "no_such", std::nullopt), std::invalid_argument);
}
