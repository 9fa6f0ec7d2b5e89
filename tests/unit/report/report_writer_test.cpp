#include "db/report/report_writer.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <random>
#include <regex>
#include <sstream>

#include "db/report/batch_writer.hpp"
#include "tests/support/postgres_cluster.hpp"
#include "tests/unit/report/records_kit.hpp"
#include "tests/unit/report/temp_folder.hpp"

namespace db = trunkline::db;
namespace records = trunkline::records;
using namespace trunkline::test;
using namespace std::chrono_literals;

namespace {

using Records = std::vector<records::Record>;

/// A database, a spool and what writes the one from the other.
class Writer : public ::testing::Test {
  protected:
    Writer() { open_spool(); }

    void open_spool() {
        spool_.reset();
        spool_ =
            db::Spool::open({folder_.path(), std::uint64_t{1} << 30U, db::Durability::process, 64 * 1024})
                .value();
    }
    void start() { writer_ = std::make_unique<db::ReportWriter>(settings(), *spool_); }
    void stop() { writer_.reset(); }
    [[nodiscard]] db::ReportWriterSettings settings() const { return {database_.dsn(), 1, 100, 5ms}; }
    void append(const Records& rows) { spool_->append(rows).value(); }
    void append_messages(int first, int last) {
        for (int n = first; n <= last; ++n) append({message(static_cast<std::uint64_t>(n), "text")});
    }
    void flush() { ASSERT_TRUE(writer_->flush_and_wait(60s)) << writer_->metrics().error; }
    [[nodiscard]] std::string value(const std::string& sql) const { return database_.value(sql); }

    const TestDatabase database_;
    const TempFolder folder_;
    std::unique_ptr<db::Spool> spool_;
    std::unique_ptr<db::ReportWriter> writer_;
};

}  // namespace

TEST_F(Writer, BringsEveryRowToItsTableAndNoneTwice) {
    start();
    append_messages(1, 2500);
    flush();
    EXPECT_EQ(value("SELECT count(*) || ' ' || count(DISTINCT id) || ' ' || min(id) || ' ' || max(id) FROM "
                    "reporting.message"),
              "2500 2500 1 2500");
    EXPECT_EQ(spool_->health().rows_waiting, 0U);
    EXPECT_EQ(writer_->metrics().rows_written, 2500U);
    EXPECT_LT(spool_->health().bytes, 200'000U) << "segments that PostgreSQL has are removed";
    EXPECT_EQ(value("SELECT DISTINCT tableoid::regclass FROM reporting.message"),
              "reporting_parts.message_2025_03");
}

TEST_F(Writer, MergesInsertAndUpdateInOneBatch) {
    append({started(1), ended(1, "abandoned"), started(3), message(5, "hello"),
            records::MessageStatus{seq(6), trunkline::TextId(5), at(5), std::nullopt, "held"},
            records::MessageStatus{seq(7), trunkline::TextId(5), at(5), at(99), "delivered"}});
    start();
    flush();
    EXPECT_EQ(writer_->metrics().batches, 1U);
    EXPECT_EQ(value("SELECT outcome || ' ' || (ended_at > started_at) || ' ' || customer FROM "
                    "reporting.interaction WHERE ended_at IS NOT NULL"),
              "abandoned true sip:erin@example.com");
    EXPECT_EQ(value("SELECT seq FROM reporting.interaction WHERE ended_at IS NOT NULL"),
              std::to_string(seq(1).value()))
        << "the insert's seq stays";
    EXPECT_EQ(value("SELECT status || ' ' || (delivered_at IS NOT NULL) FROM reporting.message"),
              "delivered true")
        << "the last update wins";
}

// In batches of one no update meets its insert: nothing can be put together there.
TEST_F(Writer, WritesTheSameInOneBatchAsRowByRow) {
    std::mt19937 dice(7);
    Records rows;
    std::vector<records::Record> later;
    for (std::uint64_t n = 1; n <= 80; ++n) {
        const auto number = static_cast<std::int64_t>(n);
        rows.emplace_back(started(n));
        rows.emplace_back(message(n, "text " + std::to_string(n)));
        later.insert(later.end(), {ended(n), records::LegMoved{seq(number), uuid(n), at(number), "moved"},
                                   records::MessageStatus{seq(number), trunkline::TextId(number), at(number),
                                                          at(number + 9), "delivered"}});
        while (!later.empty() && dice() % 5 != 0) {
            std::swap(later[dice() % later.size()], later.back());
            rows.push_back(later.back());
            later.pop_back();
        }
    }
    const TestDatabase one_by_one;
    const TempFolder another_folder;
    const auto another_spool = db::Spool::open({another_folder.path()}).value();
    append(rows);
    another_spool->append(rows).value();
    auto at_once = settings();
    at_once.batch = rows.size();
    writer_ = std::make_unique<db::ReportWriter>(at_once, *spool_);
    flush();
    auto slowly = settings();
    slowly.dsn = one_by_one.dsn();
    slowly.batch = 1;
    db::ReportWriter slow(slowly, *another_spool);
    ASSERT_TRUE(slow.flush_and_wait(60s)) << slow.metrics().error;
    EXPECT_LT(writer_->metrics().batches, slow.metrics().batches);
    for (const std::string table : {"interaction", "message"}) {
        const std::string all =
            "SELECT string_agg(t::text, chr(10) ORDER BY seq) FROM reporting." + table + " t";
        EXPECT_EQ(value(all), one_by_one.value(all)) << table;
    }
}

TEST_F(Writer, UpdatesWithAnyBytesThatATextMayHold) {
    const std::string bytes = "a\tb\nc\rd\\e\\N\"f\",{g}\xc3\xa4 NULL";
    start();
    append({started(1), started(2)});
    flush();
    append({ended(1, bytes), ended(2, "\\N")});
    flush();
    EXPECT_EQ(value("SELECT outcome FROM reporting.interaction ORDER BY seq LIMIT 1"), bytes);
    EXPECT_EQ(value("SELECT outcome FROM reporting.interaction ORDER BY seq DESC LIMIT 1"), "\\N");
}

TEST_F(Writer, UpdatesRowsOfAnEarlierBatchAndNoOthers) {
    start();
    append({started(1), started(3)});
    flush();
    append({ended(3)});
    flush();
    EXPECT_EQ(
        value("SELECT string_agg(coalesce(outcome, 'open'), ' ' ORDER BY seq) FROM reporting.interaction"),
        "open handled");
}

TEST_F(Writer, WritesEachRowOnceWhenKilledBetweenBatches) {
    // Two children in turn write the spool's 3,000 rows and are killed while they do so; the third writer
    // finishes.
    append_messages(1, 3000);
    spool_.reset();
    std::string written = "0";
    for (int kills = 0; kills < 2; ++kills) {
        const pid_t child = ::fork();
        if (child == 0) {
            auto spool = db::Spool::open({folder_.path()}).value();
            auto slow = settings();
            slow.batch = 10;
            const db::ReportWriter writer(slow, *spool);
            ::pause();
        }
        const std::string before = written;
        while (written == before) written = value("SELECT count(*) FROM reporting.message");
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        written = value("SELECT count(*) FROM reporting.message");
    }
    open_spool();
    start();
    flush();
    EXPECT_EQ(value("SELECT count(*) || ' ' || count(DISTINCT id) FROM reporting.message"), "3000 3000");
}

TEST_F(Writer, LeavesRowsAloneThatAreThereAlready) {
    append({message(1, "first")});
    start();
    flush();
    stop();
    // The position is lost, as with a database that was restored: everything is offered again.
    database_.query("DELETE FROM reporting.spool_position");
    append({message(2, "second")});
    start();
    flush();
    EXPECT_EQ(value("SELECT string_agg(text, ',' ORDER BY id) FROM reporting.message"), "first,second");
    EXPECT_EQ(writer_->metrics().rows_refused, 0U);
}

TEST_F(Writer, CatchesUpWhenPostgreSqlComesBack) {
    start();
    append_messages(1, 50);
    flush();
    auto& cluster = PostgresCluster::instance();
    cluster.stop();
    append_messages(51, 400);
    EXPECT_FALSE(writer_->flush_and_wait(300ms)) << "nothing is written while PostgreSQL is away";
    EXPECT_GE(spool_->health().rows_waiting, 350U);
    EXPECT_FALSE(writer_->metrics().error.empty());
    EXPECT_FALSE(spool_->health().is_bad()) << "the engine may go on";
    cluster.start();
    append_messages(401, 420);
    flush();
    EXPECT_EQ(value("SELECT count(*) || ' ' || count(DISTINCT id) FROM reporting.message"), "420 420");
    EXPECT_TRUE(writer_->metrics().error.empty());
}

TEST_F(Writer, FreesASegmentThatIsTakenAndLargerThanALoweredLimit) {
    spool_.reset();
    spool_ = db::Spool::open({folder_.path()}).value();  // the default limit: segments of 16 MiB
    start();
    for (int n = 1; n <= 60; ++n) append({message(static_cast<std::uint64_t>(n), std::string(100'000, 'x'))});
    flush();
    stop();
    spool_.reset();
    spool_ = db::Spool::open({folder_.path(), 2U << 20U}).value();
    EXPECT_TRUE(spool_->health().is_bad());
    EXPECT_TRUE(spool_->append(Records{message(61, "refused at first")}).has_error());
    start();
    const auto limit = std::chrono::steady_clock::now() + 30s;
    while (spool_->append({}).has_error() && std::chrono::steady_clock::now() < limit)
        std::this_thread::sleep_for(5ms);
    EXPECT_FALSE(spool_->health().is_bad()) << spool_->health().error;
    flush();
    EXPECT_EQ(value("SELECT count(*) || ' ' || count(DISTINCT id) FROM reporting.message"), "61 61");
    stop();
    spool_.reset();
    spool_ = db::Spool::open({folder_.path(), 2U << 20U}).value();
    start();
    append_messages(62, 70);
    flush();
    EXPECT_EQ(value("SELECT count(*) || ' ' || count(DISTINCT id) FROM reporting.message"), "70 70")
        << "the segment where the last run's position is was removed";
}

TEST_F(Writer, StartsWithoutPostgreSqlToo) {
    auto& cluster = PostgresCluster::instance();
    cluster.stop();
    start();
    EXPECT_TRUE(writer_->flush_and_wait(60s)) << "nothing waits";
    append_messages(1, 5);
    EXPECT_FALSE(writer_->flush_and_wait(100ms));
    cluster.start();
    flush();
    EXPECT_EQ(value("SELECT count(*) FROM reporting.message"), "5");
}

TEST_F(Writer, PutsABadRowAsideAndGoesOn) {
    records::TraceStep bad;
    bad.seq = seq(500);
    bad.interaction_id = uuid(1);
    bad.at = at();
    bad.step = "log";
    bad.detail = {R"({"customer said": "not json)"};
    append_messages(1, 300);
    append({bad});
    append_messages(301, 600);
    start();
    flush();
    EXPECT_EQ(value("SELECT count(*) FROM reporting.message"), "600");
    EXPECT_EQ(value("SELECT count(*) FROM reporting.trace_step"), "0");
    EXPECT_EQ(writer_->metrics().rows_refused, 1U);
    EXPECT_EQ(spool_->health().rows_waiting, 0U);
    std::stringstream aside;
    aside << std::ifstream(folder_.path() / "refused.rows").rdbuf();
    EXPECT_NE(aside.str().find("# trace_step (seq,interaction_id"), std::string::npos) << aside.str();
    EXPECT_NE(aside.str().find("customer said"), std::string::npos) << "the row itself is kept";
}

TEST_F(Writer, TakesACustomersNameOfAnyLength) {
    auto row = started(1);
    row.customer = "sip:" + std::string(6000, 'x') + "@example.com";
    row.customer[3000] = 'y';  // so that it does not compress to nothing
    append({row});
    start();
    flush();
    EXPECT_EQ(value("SELECT length(customer) FROM reporting.interaction"),
              std::to_string(row.customer.size()));
}

TEST_F(Writer, WritesAScriptsTextOnceHoweverOftenItIsTold) {
    start();
    for (int n = 1; n <= 3; ++n)
        append({records::ScriptSource{seq(n), "cafe", "strategies/a.lua", {"return 1"}}});
    flush();
    append({records::ScriptSource{seq(9), "cafe", "strategies/a.lua", {"return 1"}}});
    flush();
    EXPECT_EQ(value("SELECT count(*) FROM reporting.script_source"), "1");
}

TEST_F(Writer, ClosesWhatACrashLeftOpenAsOfTheLastRecord) {
    records::PartyJoined party{
        seq(2), trunkline::PartyId(2), uuid(1), "Resources", "sip_switch", "1001", "ann", "agent", at(2)};
    records::QueueEntered stay{seq(4), "Resources", "sip_switch", "1111", "routing_point", uuid(1), at(4)};
    records::AgentSessionOpened session{seq(5), "Resources", "sip_switch", "ann", "1001", "P1001", at(5)};
    records::AgentStateEntered state;
    state.seq = seq(6);
    state.session_id = seq(5);
    state.started_at = at(6);
    auto other_shard = started(77);
    other_shard.seq = trunkline::Seq((std::int64_t{2} << 53U) + 1);
    append({started(1), party, records::PartyAnswered{seq(3), trunkline::PartyId(2), at(2), at(1'000'002)},
            stay, session, state, started(8), ended(8), other_shard, message(9, "the last record")});
    append({message(5'000'000, "a later one")});
    start();
    flush();
    stop();
    EXPECT_EQ(value("SELECT count(*) FROM reporting.interaction WHERE ended_at IS NULL"), "2")
        << "a run does not close its own";

    open_spool();  // the server comes back
    append({started(1000)});
    start();
    flush();
    const std::string last = "'2025-03-04 05:06:12.000001+00'";
    EXPECT_EQ(
        value("SELECT string_agg(coalesce(outcome, 'open'), ' ' ORDER BY seq) FROM reporting.interaction"),
        "failed handled open open")
        << "the row of this run and the other shard's stay open";
    EXPECT_EQ(value("SELECT ended_at = " + last + " FROM reporting.interaction WHERE outcome = 'failed'"),
              "t");
    EXPECT_EQ(value("SELECT cause || ' ' || (left_at = " + last + ") || ' ' || talk_s FROM reporting.party"),
              "failed true 3.999998");
    EXPECT_EQ(value("SELECT outcome FROM reporting.queue_stay"), "cleared");
    EXPECT_EQ(value("SELECT logged_out_at = " + last + " FROM reporting.agent_session"), "t");
    EXPECT_EQ(value("SELECT ended_at = " + last + " FROM reporting.agent_state"), "t");
}

TEST_F(Writer, LeavesOneGenerationOfScriptsInForceAlsoOverARestart) {
    const auto loaded = [](std::int64_t n, std::int64_t number, const char* outcome) {
        return records::ScriptGeneration{seq(n), number, at(n), "cafe", outcome, ""};
    };
    const auto outcomes = [this] {
        return value(
            "SELECT string_agg(outcome || ' ' || (hash = 'cafe')::text, ', ' ORDER BY loaded_at) FROM "
            "reporting.script_generation");
    };
    append({loaded(1, 1, "loaded"), loaded(2, 0, "refused"),
            records::ScriptGenerationReplaced{seq(1), at(1), "superseded"}, loaded(3, 2, "loaded")});
    auto other_shard = loaded(4, 1, "loaded");
    other_shard.seq = trunkline::Seq((std::int64_t{2} << 53U) + 1);
    append({other_shard});
    start();
    flush();
    EXPECT_EQ(outcomes(), "superseded true, refused true, loaded true, loaded true");
    stop();

    open_spool();  // the server comes back and loads its scripts
    append({loaded(5, 1, "loaded")});
    start();
    flush();
    EXPECT_EQ(outcomes(), "superseded true, refused true, superseded true, loaded true, loaded true");
}

TEST_F(Writer, TellsWaitersWhenItEndsWithoutHavingWritten) {
    auto& cluster = PostgresCluster::instance();
    cluster.stop();
    start();
    append_messages(1, 1);
    std::atomic<int> answer{-1};
    writer_->flush([&](bool written) { answer = written ? 1 : 0; });
    stop();
    EXPECT_EQ(answer, 0);
    cluster.start();
    open_spool();
    start();
    flush();
    EXPECT_EQ(value("SELECT count(*) FROM reporting.message"), "1") << "the next start writes it";
}

TEST_F(Writer, FindsTheRowToUpdateByItsKeyHoweverManyPartitionsThereAre) {
    const auto& kinds = db::row_kinds();
    for (const auto& kind : kinds) {
        if (kind.key.empty()) continue;
        const auto sql = db::make_row_sql(kind, "", [&](const std::string& column) {
            return value(
                "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'reporting." +
                kind.table + "'::regclass AND attname = '" + column + "'");
        });
        const std::string update = std::regex_replace(sql.update, std::regex("[$][0-9]+"), "'{}'");
        std::string plan;
        for (const auto& row : database_.query("EXPLAIN " + update)) plan += row[0] + "\n";
        EXPECT_NE(plan.find("Conflict Arbiter Indexes: " + kind.table + "_pkey"), std::string::npos) << plan;
        EXPECT_EQ(plan.find("Scan on " + kind.table), std::string::npos) << plan;
    }
}

TEST_F(Writer, DropsTheMonthsThatAreOlderThanItIsTold) {
    database_.query("SELECT reporting.ensure_month('2024-11-01')");
    append_messages(1, 3);  // of March 2025
    start();
    flush();
    EXPECT_EQ(value("SELECT to_regclass('reporting_parts.message_2024_11') IS NOT NULL"), "t")
        << "nothing said: all stays";
    stop();
    auto told = settings();
    told.keep_months = 2;
    writer_ = std::make_unique<db::ReportWriter>(told, *spool_);
    append_messages(4, 4);
    flush();
    EXPECT_EQ(value("SELECT to_regclass('reporting_parts.message_2024_11') IS NULL"), "t");
    EXPECT_EQ(value("SELECT count(*) FROM reporting.message"), "1") << "March 2025 was long ago, too";
}
