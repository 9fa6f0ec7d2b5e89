#include "apps/trunklined/engine_loop.hpp"

#include <gmock/gmock.h>

#include <thread>

#include "db/replay/player.hpp"

namespace trunkline::apps {
namespace {

using namespace messages;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr TimePoint noon{Duration{1'700'000'000'000'000}};

/// Keeps what leaves, in its order; its spool can be made to refuse.
class RecordingOutlets : public Outlets {
  public:
    std::vector<std::string> left;
    bool spool_works = true;
    std::string full;
    int commits_tried = 0;

    Result<void> commit(std::span<const records::Record> records) override {
        ++commits_tried;
        if (!spool_works) return Error{ErrorCode::internal, "no space left on the device"};
        left.push_back("commit of " + std::to_string(records.empty() ? 0 : 1));
        return {};
    }
    bool takes_texts(std::string& why) override {
        why = full;
        return full.empty();
    }
    void carry_out(Effect effect) override {
        if (const auto* answer = std::get_if<AnswerText>(&effect))
            left.push_back("answer " + std::to_string(answer->status));
    }
    void flush() override {}
};

struct LoopFixture : testing::Test {
    boost::asio::io_context io;
    RecordingOutlets outlets;
    TimePoint now = noon;
    EngineSettings settings() const { return {1, 1, noon, {}, false}; }
    EngineLoop loop{io, settings(), outlets, [this] { return now; }, nullptr};

    /// Runs what is ready, timers that are not due left alone.
    void run() {
        io.restart();
        io.poll();
    }
    static Command text(std::uint64_t txn) {
        return TextReceived{SipTxnId(txn),
                            {LegKind::pager, "leg", "route"},
                            "1111",
                            "localhost",
                            "sip:ann@example.com",
                            "ann",
                            "Hello"};
    }
    /// Something that leaves a record whatever the configuration.
    static Command refused_scripts() { return ScriptsRefused{"hash", {"strategies/a.lua:1: bad"}}; }
};

using EngineLoopTest = LoopFixture;

TEST_F(EngineLoopTest, LetsNothingLeaveBeforeTheRecordsAreInTheSpool) {
    outlets.spool_works = false;
    loop.post(refused_scripts());
    bool behind = false;
    loop.post_behind([&] { behind = true; });
    run();
    EXPECT_GT(outlets.commits_tried, 0);
    EXPECT_FALSE(behind);
    EXPECT_THAT(outlets.left, IsEmpty());

    outlets.spool_works = true;
    while (!behind) io.run_one();  // the retry
    EXPECT_EQ(outlets.left.front(), "commit of 1");
}

TEST_F(EngineLoopTest, AnswersTextsWith503WhileTheSpoolRefuses) {
    outlets.spool_works = false;
    loop.post(refused_scripts());
    run();
    loop.post(text(1));
    run();
    EXPECT_THAT(outlets.left, ElementsAre("answer 503"));
    EXPECT_THAT(loop.degraded(), ElementsAre(HasSubstr("no space left on the device")));
}

TEST_F(EngineLoopTest, AnswersTextsWith503BeforeTheSpoolIsFull) {
    outlets.full = "the spool is 90 % full";
    loop.post(text(1));
    run();
    EXPECT_THAT(outlets.left, ElementsAre("answer 503"));
    EXPECT_EQ(loop.engine().status(now).commands_total, 0) << "it became a command";
    outlets.full.clear();
    loop.post(text(2));
    run();
    EXPECT_EQ(loop.engine().status(now).commands_total, 1);
    EXPECT_THAT(loop.degraded(), IsEmpty());
}

TEST_F(EngineLoopTest, TakesCommandsFromManyThreadsAndLosesNone) {
    constexpr int threads = 4, each = 500;
    std::vector<std::thread> posters;
    for (int t = 0; t < threads; ++t)
        posters.emplace_back([this] {
            for (int i = 0; i < each; ++i) loop.post(TimersDue{});
        });
    for (auto& poster : posters) poster.join();
    run();
    EXPECT_EQ(loop.engine().status(now).commands_total, threads * each);
}

TEST_F(EngineLoopTest, SaysWhenADrainedServerIsIdle) {
    bool idle = false;
    loop.drain([&] { idle = true; });
    run();
    EXPECT_TRUE(idle);
}

TEST_F(EngineLoopTest, RecordsCommandsThatReplayTheSame) {
    const auto dir = std::filesystem::temp_directory_path() / ("trunkline-loop-" + std::to_string(getpid()));
    {
        boost::asio::io_context own;
        EngineLoop recorded{own, settings(), outlets, [this] { return now; },
                            std::make_unique<replay::Recorder>(dir, 16, settings())};
        recorded.post(text(1));
        recorded.post(refused_scripts());
        recorded.close();
    }
    const auto result = replay::replay(dir, {});
    std::filesystem::remove_all(dir);
    EXPECT_EQ(result.commands, 2);
    EXPECT_FALSE(result.difference.has_value());
    EXPECT_THAT(result.notes, IsEmpty());
}

}  // namespace
}  // namespace trunkline::apps
