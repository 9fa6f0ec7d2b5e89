// Figures folded from rows written by hand: days, several log-ins, names that change.
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "engine/statistics/catalogue.hpp"
#include "engine/statistics/statistics.hpp"

namespace trunkline::statistics {
namespace {

using model::Snapshot;
constexpr std::int64_t hour = 3600;

TimePoint at(std::int64_t second) {
    return TimePoint(std::chrono::sys_days(std::chrono::year(2026) / 3 / 28)) + seconds(second);
}

model::Site site_in(const std::string& zone) {
    model::Site site;
    model::Tenant tenant;
    tenant.dbid = 1;
    tenant.name = "Resources";
    tenant.timezone = zone;
    model::Person ann;
    ann.dbid = 5;
    ann.user_name = "ann";
    ann.is_agent = true;
    tenant.persons.push_back(ann);
    site.tenants.push_back(tenant);
    return site;
}

/// One tenant with ann; rows are written one after another.
class Figures : public ::testing::Test {
  protected:
    Figures() { statistics.configure(nullptr, config, at(0)); }

    Snapshot config{site_in("Europe/Berlin")};
    Statistics statistics;
    std::int64_t last = 0;

    Seq log_in(std::int64_t when, const std::string& dn) {
        records::AgentSessionOpened row;
        row.seq = Seq(++last);
        row.tenant = "Resources";
        row.agent = "ann";
        row.dn = dn;
        row.logged_in_at = at(when);
        statistics.fold(row);
        return row.seq;
    }
    void log_out(std::int64_t when, Seq session) {
        statistics.fold(records::AgentSessionClosed{session, {}, at(when)});
    }
    void state(std::int64_t when, Seq session, const std::string& word) {
        records::AgentStateEntered row;
        row.seq = Seq(++last);
        row.session_id = session;
        row.state = word;
        row.started_at = at(when);
        statistics.fold(row);
    }
    Seq enter(std::int64_t when) {
        records::QueueEntered row;
        row.seq = Seq(++last);
        row.tenant = "Resources";
        row.switch_ = "sip_switch";
        row.queue = "VQ";
        row.entered_at = at(when);
        statistics.fold(row);
        return row.seq;
    }
    void leave(std::int64_t when, Seq stay, const std::string& outcome) {
        statistics.fold(records::QueueLeft{stay, {}, at(when), outcome});
    }
    [[nodiscard]] Figure ask(const std::string& name, std::int64_t when,
                             const std::string& agent = "ann") const {
        Subject subject;
        subject.now = at(when);
        subject.day = statistics.day("Resources", subject.now);
        subject.is_agent = subject.is_queue = true;
        subject.agents = {statistics.agent("Resources", agent)};
        subject.queue = statistics.queue("Resources", "sip_switch", "VQ");
        const StatisticRow* row = statistic_named(name);
        EXPECT_NE(row, nullptr) << name;
        return row == nullptr ? Figure() : row->figure(subject);
    }
};

TEST_F(Figures, OfStatesAreCutAtMidnightOfTheTenantsClocks) {
    // 23:00 in Berlin is 22:00 UTC, on the day before summer time begins.
    const Seq session = log_in(22 * hour, "1001");
    state(22 * hour, session, "Ready");
    EXPECT_EQ(ask("Total_Ready_Time", 22 * hour + 60), Figure(60.0));
    EXPECT_EQ(ask("Total_Login_Time", 23 * hour + 60), Figure(60.0)) << "a minute after midnight";
    state(23 * hour + 90, session, "NotReady");
    EXPECT_EQ(ask("Total_Ready_Time", 23 * hour + 100), Figure(90.0));
    EXPECT_EQ(ask("Total_Not_Ready_Time", 23 * hour + 100), Figure(10.0));
    const std::int64_t next = (24 + 22) * hour;  // that day has 23 hours
    EXPECT_EQ(ask("Total_Login_Time", next - 1), Figure(23.0 * hour - 1));
    EXPECT_EQ(ask("Total_Ready_Time", next + 1), Figure(0.0));
    EXPECT_EQ(ask("Total_Not_Ready_Time", next + 1), Figure(1.0));
}

TEST_F(Figures, OfAnAgentAtTwoDnsCountHisTimeOnceInTheStrongerState) {
    const Seq one = log_in(0, "1001"), other = log_in(10, "1002");
    state(0, one, "Ready");
    state(10, other, "NotReady");
    EXPECT_EQ(ask("CurrentAgentState", 20), Figure("NotReadyForNextCall"));
    state(30, other, "Ready");
    EXPECT_EQ(ask("CurrentAgentState", 40), Figure("WaitForNextCall"));
    log_out(50, one);
    EXPECT_EQ(ask("CurrentAgentState", 55), Figure("WaitForNextCall"));
    log_out(60, other);
    EXPECT_EQ(ask("CurrentAgentState", 70), Figure("LoggedOut"));
    EXPECT_EQ(ask("Total_Login_Time", 70), Figure(60.0));
    EXPECT_EQ(ask("Total_Ready_Time", 70), Figure(40.0));
    EXPECT_EQ(ask("Total_Not_Ready_Time", 70), Figure(20.0));
    EXPECT_EQ(statistics.alive(), 0U);
}

TEST_F(Figures, OfAStateGoOnWhereOnlyItsReasonsChange) {
    const Seq session = log_in(0, "1001");
    state(0, session, "Ready");
    state(30, session, "Ready");
    EXPECT_EQ(ask("StatTimeInReadyState", 40), Figure(40.0));
    EXPECT_EQ(ask("Total_Ready_Time", 40), Figure(40.0));
}

TEST_F(Figures, OfAQueueCountWhatEnteredAndHowItLeft) {
    EXPECT_EQ(ask("CurrNumberWaitingCalls", 0), Figure(std::int64_t{0})) << "a queue that nobody has entered";
    const Seq one = enter(0), two = enter(5), three = enter(10), four = enter(12);
    EXPECT_EQ(ask("CallsWaiting", 20), Figure(std::int64_t{4}));
    EXPECT_EQ(ask("CurrMaxCallWaitingTime", 20), Figure(20.0));
    EXPECT_EQ(ask("ExpectedWaitTime", 20), Figure()) << "nobody has left";
    leave(20, one, "distributed");
    EXPECT_EQ(ask("ExpectedWaitTime", 20), Figure()) << "one leave has no interval";
    leave(30, two, "distributed");
    leave(40, three, "abandoned");
    leave(50, four, "cleared");
    leave(50, four, "cleared");
    EXPECT_EQ(ask("CurrMaxCallWaitingTime", 60), Figure(0.0));
    EXPECT_EQ(ask("Total_Calls_Entered", 60), Figure(std::int64_t{4}));
    EXPECT_EQ(ask("Total_Calls_Answered", 60), Figure(std::int64_t{2}));
    EXPECT_EQ(ask("Total_Calls_Abandoned", 60), Figure(std::int64_t{1}));
    EXPECT_EQ(ask("AverTimeToAnswer", 60), Figure(22.5));
    EXPECT_EQ(ask("ServiceFactor1", 60), Figure(100.0 / 3))
        << "20 s is in time, 25 s is not, one was abandoned";
    EXPECT_EQ(ask("ExpectedWaitTime", 60), Figure(10.0));
    (void)enter(70);
    EXPECT_EQ(ask("ExpectedWaitTime", 70), Figure(20.0));
    EXPECT_EQ(ask("Total_Calls_Entered", 24 * hour), Figure(std::int64_t{0})) << "tomorrow";
    EXPECT_EQ(ask("CurrNumberWaitingCalls", 24 * hour), Figure(std::int64_t{1}));
}

TEST_F(Figures, FollowAnAgentWhoGetsAnotherName) {
    const Seq session = log_in(0, "1001");
    state(0, session, "Ready");
    model::Site site = site_in("Europe/Berlin");
    site.tenants[0].persons[0].user_name = "anna";
    const Snapshot renamed(std::move(site));
    statistics.configure(&config, renamed, at(10));
    EXPECT_EQ(ask("CurrentAgentState", 20, "anna"), Figure("WaitForNextCall"));
    state(30, session, "NotReady");
    EXPECT_EQ(ask("Total_Ready_Time", 40, "anna"), Figure(30.0));
    EXPECT_EQ(ask("CurrentAgentState", 40, "ann"), Figure("LoggedOut"));
}

TEST_F(Figures, OfOneWhoseNameAnotherTakesAreNotLostWhileHeLives) {
    model::Site two = site_in("Europe/Berlin");
    model::Person bob;
    bob.dbid = 6;
    bob.user_name = "bob";
    two.tenants[0].persons.push_back(bob);
    const Snapshot both(two);
    const Seq session = log_in(0, "1001");
    state(0, session, "Ready");
    records::AgentSessionOpened row;
    row.seq = Seq(++last);
    row.tenant = "Resources";
    row.agent = "bob";
    row.logged_in_at = at(0);
    statistics.fold(row);
    two.tenants[0].persons.erase(two.tenants[0].persons.begin());  // ann is gone, bob is called so
    two.tenants[0].persons[0].user_name = "ann";
    const Snapshot one(two);
    statistics.configure(&both, one, at(10));
    EXPECT_EQ(ask("CurrentAgentState", 20), Figure("NotReadyForNextCall")) << "who was bob";
    state(30, session, "NotReady");
    log_out(40, session);
    log_out(40, row.seq);
    EXPECT_EQ(statistics.alive(), 0U);
    EXPECT_EQ(ask("Total_Login_Time", 50), Figure(40.0));
}

TEST_F(Figures, OfYesterdayAreForgottenWithTheNextConfiguration) {
    const Seq session = log_in(0, "1001");
    leave(1, enter(0), "distributed");
    log_out(10, session);
    statistics.configure(&config, config, at(20));
    EXPECT_EQ(statistics.agents() + statistics.queues(), 2U) << "of today";
    statistics.configure(&config, config, at(24 * hour));
    EXPECT_EQ(statistics.agents() + statistics.queues(), 0U);
}

TEST_F(Figures, OfRowsThatAnEarlierProcessBeganAreNone) {
    statistics.fold(records::QueueLeft{Seq(99), {}, at(5), "cleared"});
    statistics.fold(records::AgentSessionClosed{Seq(98), {}, at(5)});
    statistics.fold(records::PartyLeft{Seq(97), PartyId(96), {}, at(5), "failed", 3.0, 0.0});
    EXPECT_EQ(statistics.agents() + statistics.queues() + statistics.alive(), 0U);
}

TEST(Catalogue, NamesEachStatisticOnce) {
    std::set<std::string_view> names;
    for (const StatisticRow& row : catalogue()) {
        EXPECT_TRUE(names.insert(row.name).second) << row.name;
        for (const std::string_view other : row.other_names)
            if (!other.empty()) {
                EXPECT_TRUE(names.insert(other).second) << other;
                EXPECT_EQ(statistic_named(other), &row) << other;
            }
    }
    EXPECT_EQ(statistic_named(""), nullptr);
}

// docs/statistics.md is what the catalogue says; TRUNKLINE_WRITE_DOCS=1 writes it anew.
TEST(Catalogue, IsPrintedInTheDocs) {
    const std::string file = std::string(TRUNKLINE_SOURCE_DIR) + "/docs/statistics.md";
    const std::string begin = "<!-- from here on written by test_statistics -->\n";
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    const std::string page = text.str();
    const std::size_t from = page.find(begin);
    ASSERT_NE(from, std::string::npos) << file;
    std::string made =
        page.substr(0, from) + begin +
        "\n| statistic | other names | of | unit | meaning |\n| --- | --- | --- | --- | --- |\n";
    for (const StatisticRow& row : catalogue()) {
        std::string others;
        for (const std::string_view other : row.other_names)
            if (!other.empty()) others += (others.empty() ? "`" : ", `") + std::string(other) + '`';
        made += "| `" + std::string(row.name) + "` | " + others + " | " + std::string(to_text(row.about)) +
                " | " + std::string(row.unit) + " | " + std::string(row.meaning) + " |\n";
    }
    const bool writes = std::getenv("TRUNKLINE_WRITE_DOCS") != nullptr;
    if (writes) std::ofstream(file) << made;
    EXPECT_TRUE(page == made || writes)
        << "docs/statistics.md is stale: TRUNKLINE_WRITE_DOCS=1 build/bin/test_statistics";
}

}  // namespace
}  // namespace trunkline::statistics
