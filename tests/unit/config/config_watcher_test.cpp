// The watcher and the password checker against a real PostgreSQL: a change by SQL is in force, an outage is
// outlived.
#include "db/config/config_watcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "db/config/config_store.hpp"
#include "db/config/password_checker.hpp"
#include "tests/support/postgres_cluster.hpp"

namespace trunkline::config {
namespace {

using messages::PasswordCheck;
using std::chrono::seconds;

constexpr seconds patience{60};  // for a machine under load; each wait ends with its event

class Watcher : public testing::Test {
  protected:
    test::TestDatabase database_;
    std::mutex mutex_;
    std::condition_variable told_;
    std::vector<std::shared_ptr<const model::Snapshot>> snapshots_;
    std::vector<bool> outages_;

    void SetUp() override {
        const auto file = read_site_file(TRUNKLINE_SOURCE_DIR "/examples/support_desk/site.yaml");
        ASSERT_FALSE(ConfigStore(database_.dsn()).import(file, Prune::no).refused());
    }
    std::unique_ptr<ConfigWatcher> watch() {
        return std::make_unique<ConfigWatcher>(
            database_.dsn(), "trunkline",
            [this](std::shared_ptr<const model::Snapshot> snapshot) {
                const std::lock_guard lock(mutex_);
                snapshots_.push_back(std::move(snapshot));
            },
            [this](bool away, const std::string&) {
                const std::lock_guard lock(mutex_);
                outages_.push_back(away);
                told_.notify_all();
            });
    }
    std::shared_ptr<const model::Snapshot> latest() {
        const std::lock_guard lock(mutex_);
        return snapshots_.empty() ? nullptr : snapshots_.back();
    }
    std::string strategy_of_1111() {
        const auto snapshot = latest();
        return snapshot->dn(snapshot->switch_named("sip_switch")->id, "1111")->object->strategy;
    }
    std::uint64_t revision() {
        return std::stoull(database_.value("SELECT max(revision) FROM config.change"));
    }
    void await_outage(bool away) {
        std::unique_lock lock(mutex_);
        ASSERT_TRUE(
            told_.wait_for(lock, patience, [&] { return !outages_.empty() && outages_.back() == away; }));
    }
};

TEST_F(Watcher, PutsWhatSqlChangesInForce) {
    const auto watcher = watch();
    ASSERT_TRUE(watcher->wait_for(1, patience));
    EXPECT_EQ(strategy_of_1111(), "im_support");
    database_.query(
        "UPDATE config.dn SET strategy = 'im_vip' WHERE number = '1111' AND switch = 'sip_switch'");
    ASSERT_TRUE(watcher->wait_for(2, patience));
    EXPECT_EQ(strategy_of_1111(), "im_vip");
    database_.query("UPDATE config.person_skill SET level = 9 WHERE person = 'ann' AND skill = 'billing'");
    ASSERT_TRUE(watcher->wait_for(3, patience));
    EXPECT_EQ(latest()->site().tenants[0].persons[0].skills.at("billing"), 9);
    EXPECT_FALSE(watcher->wait_for(4, std::chrono::milliseconds(0)));
}

TEST_F(Watcher, SeesWholeTransactionsOnly) {
    const auto watcher = watch();
    ASSERT_TRUE(watcher->wait_for(1, patience));
    database_.query(R"(BEGIN; DELETE FROM config.person_skill WHERE person = 'bob';
                       DELETE FROM config.agent_group_member WHERE person = 'bob';
                       UPDATE config.dn SET strategy = 'both' WHERE number = '1111'; COMMIT)");
    ASSERT_TRUE(watcher->wait_for(revision(), patience));
    EXPECT_EQ(revision(), 2U);
    const std::lock_guard lock(mutex_);
    EXPECT_EQ(snapshots_.size(), 2U);
    EXPECT_TRUE(snapshots_.back()->site().tenants[0].persons[1].skills.empty());
}

TEST_F(Watcher, OutlivesARestartOfPostgreSqlAndLosesNothing) {
    const auto watcher = watch();
    ASSERT_TRUE(watcher->wait_for(1, patience));
    auto& cluster = test::PostgresCluster::instance();
    cluster.stop();
    await_outage(true);
    EXPECT_EQ(strategy_of_1111(), "im_support") << "what is in force stays in force";
    cluster.start();
    // Perhaps before the watcher is back, perhaps after: it may lose neither.
    database_.query("UPDATE config.dn SET strategy = 'after_restart' WHERE number = '1111'");
    ASSERT_TRUE(watcher->wait_for(revision(), patience));
    EXPECT_EQ(strategy_of_1111(), "after_restart");
    await_outage(false);
}

TEST_F(Watcher, HandsOnTheDigestSecretsOfEndpointsWithTheSnapshot) {
    std::vector<EndpointSecrets> secrets;
    const auto watcher = std::make_unique<ConfigWatcher>(
        database_.dsn(), "trunkline", [](const auto&) {}, ConfigWatcher::OnOutage(),
        [&](EndpointSecrets handed_on) {
            const std::lock_guard lock(mutex_);
            secrets.push_back(std::move(handed_on));
        });
    const auto latest_secrets = [&] {
        const std::lock_guard lock(mutex_);
        return secrets.back();
    };
    ASSERT_TRUE(watcher->wait_for(1, patience));
    EXPECT_TRUE(latest_secrets().by_dn.empty());
    database_.query(R"(UPDATE config.dn SET options = jsonb_set(options, '{TServer,password}', '"secret"') )"
                    "WHERE number = '1001'");
    ASSERT_TRUE(watcher->wait_for(revision(), patience));
    const EndpointSecrets given = latest_secrets();
    ASSERT_EQ(given.by_dn.count({"sip_switch", "1001"}), 1U);
    EXPECT_EQ(given.by_dn.at({"sip_switch", "1001"}).md5,
              database_.value("SELECT md5('1001:trunkline:secret')"));
    // Hashed meanwhile or not: the same value.
    database_.query("UPDATE config.dn SET strategy = 'next' WHERE number = '1111'");
    ASSERT_TRUE(watcher->wait_for(revision(), patience));
    EXPECT_EQ(latest_secrets().by_dn.at({"sip_switch", "1001"}).sha256,
              database_.value("SELECT encode(sha256('1001:trunkline:secret'), 'hex')"));
    database_.query(
        R"(UPDATE config.secret SET hash = '{"realm": "elsewhere", "MD5": "x"}', pending_plain = NULL)");
    database_.query("UPDATE config.dn SET strategy = 'last' WHERE number = '1111'");
    ASSERT_TRUE(watcher->wait_for(revision(), patience));
    EXPECT_TRUE(latest_secrets().by_dn.empty());
    EXPECT_EQ(latest_secrets().of_another_realm, std::vector<std::string>{"1001@sip_switch"});
}

// A change is told, not looked for: this comes long before the look that notices dead connections.
TEST_F(Watcher, HearsOfAChangeAtOnce) {
    const auto watcher = watch();
    ASSERT_TRUE(watcher->wait_for(1, patience));
    for (std::uint64_t revision = 2; revision < 12; ++revision) {
        database_.query("UPDATE config.dn SET strategy = 's" + std::to_string(revision) +
                        "' WHERE number = '1111'");
        ASSERT_TRUE(watcher->wait_for(revision, seconds(8)));
    }
}

// The notification of the first change went to a connection that is no more; that of the second to nobody.
TEST_F(Watcher, LosesNoChangeWhenItsConnectionIsCut) {
    const auto watcher = watch();
    ASSERT_TRUE(watcher->wait_for(1, patience));
    for (std::uint64_t revision = 2; revision < 12; revision += 2) {
        database_.query(
            "BEGIN; UPDATE config.dn SET strategy = 'first' WHERE number = '1111'; "
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND "
            "pid <> pg_backend_pid(); COMMIT");
        database_.query("UPDATE config.dn SET strategy = 'second' WHERE number = '1111'");
        ASSERT_TRUE(watcher->wait_for(revision + 1, patience));
        EXPECT_EQ(strategy_of_1111(), "second");
        await_outage(false);
    }
}

TEST_F(Watcher, HashesPasswordsThatSqlWrote) {
    const auto watcher = watch();
    ASSERT_TRUE(watcher->wait_for(1, patience));
    database_.query("UPDATE config.person SET password = 'by-hand' WHERE user_name = 'ann'");
    ASSERT_TRUE(watcher->wait_for(2, patience));
    EXPECT_TRUE(latest()->site().tenants[0].persons[0].has_password);
    // The next change is taken up when the hashing is done.
    database_.query("UPDATE config.dn SET strategy = 'next' WHERE number = '1111'");
    ASSERT_TRUE(watcher->wait_for(3, patience));
    EXPECT_EQ(
        database_.value(
            "SELECT count(*) FROM config.secret WHERE pending_plain IS NULL AND hash LIKE '$argon2id$%'"),
        "1");
}

class Passwords : public Watcher {
  protected:
    PasswordCheck person(PasswordChecker& checker, const std::string& code,
                         std::optional<std::string> password) {
        std::promise<PasswordCheck> answer;
        checker.check_person("sip_switch", code, std::move(password),
                             [&](PasswordCheck result) { answer.set_value(result); });
        return answer.get_future().get();
    }
    PasswordCheck application(PasswordChecker& checker, const std::string& name,
                              std::optional<std::string> password) {
        std::promise<PasswordCheck> answer;
        checker.check_application(name, std::move(password),
                                  [&](PasswordCheck result) { answer.set_value(result); });
        return answer.get_future().get();
    }
};

TEST_F(Passwords, AreRightWrongMissingOrNotNeeded) {
    const auto file =
        parse_site(R"(tenants: [{name: Resources, persons: [{user_name: ann, password: "good"}]}]
applications: [{name: desktop, password: "app"}, {name: open}])",
                   "f");
    ASSERT_FALSE(ConfigStore(database_.dsn()).import(file, Prune::no).refused());
    PasswordChecker checker(database_.dsn(), PasswordRequired::no);
    EXPECT_EQ(person(checker, "1001", "good"), PasswordCheck::right);
    EXPECT_EQ(person(checker, "1001", "bad"), PasswordCheck::wrong);
    EXPECT_EQ(person(checker, "1001", std::nullopt), PasswordCheck::missing);
    EXPECT_EQ(person(checker, "1002", std::nullopt), PasswordCheck::none_needed);
    EXPECT_EQ(person(checker, "9999", "x"), PasswordCheck::none_needed);
    EXPECT_EQ(application(checker, "desktop", "app"), PasswordCheck::right);
    EXPECT_EQ(application(checker, "desktop", "App"), PasswordCheck::wrong);
    EXPECT_EQ(application(checker, "open", std::nullopt), PasswordCheck::none_needed);
    PasswordChecker strict(database_.dsn(), PasswordRequired::yes);
    EXPECT_EQ(application(strict, "open", std::nullopt), PasswordCheck::wrong);
    EXPECT_EQ(application(strict, "desktop", "app"), PasswordCheck::right);
    database_.query("UPDATE config.application SET password = 'by-hand' WHERE name = 'open'");
    EXPECT_EQ(application(strict, "open", "by-hand"), PasswordCheck::right) << "before it is hashed, too";
}

TEST_F(Passwords, AreWrongWhileTheDatabaseIsAway) {
    PasswordChecker checker("host=/nowhere dbname=none", PasswordRequired::no);
    EXPECT_EQ(application(checker, "desktop", "app"), PasswordCheck::wrong);
}

TEST_F(Passwords, AreAnsweredOnceWhereMoreAskThanTheQueueHolds) {
    std::atomic<int> answers = 0;
    {
        PasswordChecker checker(database_.dsn(), PasswordRequired::no);
        for (int i = 0; i < 2000; ++i)
            checker.check_application("desktop", std::nullopt, [&](PasswordCheck) { ++answers; });
    }
    EXPECT_EQ(answers, 2000);
}

}  // namespace
}  // namespace trunkline::config
