// What the next run of the server learns of the last one: requests that were taken, customers who were cut
// off; and that a server which says nothing counts as lost.
#include <gtest/gtest.h>

#include <future>

#include "db/postgres/connection.hpp"
#include "db/report/report_writer.hpp"
#include "db/report/taken_texts.hpp"
#include "tests/support/postgres_cluster.hpp"
#include "tests/unit/report/records_kit.hpp"
#include "tests/unit/report/temp_folder.hpp"

namespace db = trunkline::db;
namespace records = trunkline::records;
using namespace trunkline::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* first = "0000000000000001000000000000000a";
constexpr const char* second = "0000000000000001000000000000000b";
constexpr const char* third = "0000000000000001000000000000000c";

records::Message taken(std::uint64_t n, trunkline::TimePoint when, const char* transaction) {
    auto row = message(n, "a text");
    row.at = when;
    row.transaction = transaction;
    return row;
}

std::string without_dashes(std::string id) {
    std::erase(id, '-');
    return id;
}

class OverARestart : public ::testing::Test {
  protected:
    OverARestart() { open_spool(); }
    void open_spool() {
        spool.reset();
        spool = db::Spool::open({folder.path(), 1U << 30U, db::Durability::process, 4096}).value();
    }
    void append(records::Record row) { spool->append(std::vector{std::move(row)}).value(); }
    /// A run of the report writer; what it told was cut off.
    std::vector<trunkline::messages::CutOffSession> write() {
        std::promise<std::vector<trunkline::messages::CutOffSession>> told;
        db::ReportWriter writer({database.dsn(), 1, 100, 5ms,
                                 [&](std::vector<trunkline::messages::CutOffSession> sessions) {
                                     told.set_value(std::move(sessions));
                                 }},
                                *spool);
        EXPECT_TRUE(writer.flush_and_wait(60s)) << writer.metrics().error;
        return told.get_future().get();
    }
    [[nodiscard]] std::set<std::string> taken_texts() const {
        std::set<std::string> found;
        for (const auto& one : db::read_taken_texts(database.dsn(), *spool, now - 35s))
            found.insert(without_dashes(one));
        return found;
    }

    const TestDatabase database;
    const TempFolder folder;
    std::unique_ptr<db::Spool> spool;
    const trunkline::TimePoint now =
        std::chrono::time_point_cast<trunkline::Duration>(std::chrono::system_clock::now());
};

}  // namespace

TEST_F(OverARestart, RequestsOfTheLastSecondsAreKnownFromTheSpoolAndFromPostgreSql) {
    append(taken(1, now - 60s, first));
    append(taken(2, now - 5s, second));
    append(message(3, "a text that no request brought"));
    open_spool();
    EXPECT_EQ(taken_texts(), std::set<std::string>{second}) << "PostgreSQL has nothing yet";
    // Enough that the segments before are removed.
    for (std::uint64_t n = 10; n < 200; ++n) append(taken(n, now - 40s, ""));
    append(taken(300, now - 1s, third));
    write();
    for (std::uint64_t n = 400; n < 600; ++n) append(taken(n, now - 40s, ""));
    write();
    open_spool();
    EXPECT_EQ(taken_texts(), (std::set<std::string>{second, third}));
}

TEST_F(OverARestart, CustomersWhoWroteWithinTheQuarterHourAreToldOnce) {
    const auto session = [&](std::uint64_t n, std::chrono::minutes ago, const char* leg) {
        auto row = started(n);
        row.started_at = now - 30min;
        row.dnis = "1111";
        row.leg = leg;
        row.leg_host = "cc.example.com";
        row.leg_route = "sip:192.0.2.1:5060";
        append(row);
        auto text = message(n + 100, "hello");
        text.interaction_id = row.id;
        text.at = now - ago;
        append(text);
    };
    session(1, 2min, "the leg of one");
    session(2, 20min, "of somebody who went silent");
    session(3, 2min, "");  // session mode: his dialog is gone
    append(records::LegMoved{seq(9), uuid(1), now - 30min, "sip:192.0.2.1:6000"});
    EXPECT_TRUE(write().empty()) << "a run does not cut off its own";

    open_spool();
    const auto told = write();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].interaction, uuid(1));
    EXPECT_EQ(told[0].leg.key, "the leg of one");
    EXPECT_EQ(told[0].leg.route, "sip:192.0.2.1:6000");
    EXPECT_EQ(told[0].host, "cc.example.com");
    EXPECT_EQ(told[0].dnis, "1111");
    EXPECT_EQ(told[0].customer, "sip:erin@example.com");
    open_spool();
    EXPECT_TRUE(write().empty()) << "their rows are closed";
}

TEST_F(OverARestart, AServerThatSaysNothingCountsAsLost) {
    db::Connection connection(database.dsn(), 200ms);
    EXPECT_EQ(connection.run("SELECT $1::text", {"still here"}).at(0, 0), "still here");
    db::Connection other(database.dsn());
    other.run("CREATE TABLE script.held (line text)");
    other.run("BEGIN; LOCK TABLE script.held");
    try {
        connection.copy("COPY script.held FROM STDIN", "a line\n");
        FAIL() << "the lock was not waited for";
    } catch (const db::PostgresError& error) {
        EXPECT_TRUE(error.connection_is_lost());
        EXPECT_NE(std::string(error.what()).find("has not answered for 1 s"), std::string::npos)
            << error.what();
    }
    EXPECT_THROW(connection.run("SELECT 1"), db::PostgresError) << "nothing more is asked over it";

    db::Connection fresh(database.dsn(), 2s);
    std::string lines;
    for (int n = 0; n < 200'000; ++n) lines += "a line that is long enough to fill what the socket holds\n";
    fresh.run("CREATE TABLE script.filled (line text)");
    fresh.copy("COPY script.filled FROM STDIN", lines);
    EXPECT_EQ(fresh.run("SELECT count(*) FROM script.filled").at(0, 0), "200000");
    EXPECT_THROW(fresh.copy("COPY script.absent FROM STDIN", lines), db::PostgresError);
    EXPECT_THROW(fresh.copy("COPY script.filled FROM STDIN", "two\tcolumns\n"), db::PostgresError);
    EXPECT_EQ(fresh.run("SELECT 1; SELECT 2").at(0, 0), "2") << "a refusal is no loss";
}
