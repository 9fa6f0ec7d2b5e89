// Scripts come into force from disk: when they are read, and which folders are followed. The tests count the
// generations that the engine is given; nothing depends on how fast the machine is.
#include "apps/trunklined/script_loader.hpp"

#include <gmock/gmock.h>
#include <sodium.h>
#include <unistd.h>

#include <fstream>

#include "apps/settings/script_folders.hpp"

namespace trunkline::apps {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr TimePoint morning{Duration{1'700'000'000'000'000}};

/// Keeps the rows of script_generation.
class Generations : public Outlets {
  public:
    std::vector<records::ScriptGeneration> rows;

    Result<void> commit(std::span<const records::Record> records) override {
        for (const auto& record : records)
            if (const auto* row = std::get_if<records::ScriptGeneration>(&record)) rows.push_back(*row);
        return {};
    }
    bool takes_texts(std::string&) override { return true; }
    void carry_out(messages::Effect) override {}
    void flush() override {}
};

struct ScriptLoaderTest : testing::Test {
    fs::path root;
    Settings settings;
    boost::asio::io_context io;
    Generations generations;
    EngineLoop loop{io, {1, 1, morning}, generations, [] { return morning; }, nullptr};
    std::optional<ScriptLoader> loader;

    ScriptLoaderTest() {
        EXPECT_GE(sodium_init(), 0);
        std::string name = (fs::temp_directory_path() / "trunkline-loader-XXXXXX").string();
        root = mkdtemp(name.data());
        settings.folder = root;
        settings.scripts.strategies = {root / "strategies"};
        settings.scripts.paths = {root / "scripts"};
        fs::create_directories(root / "scripts");
        write("strategies/main.lua", "first");
    }
    ~ScriptLoaderTest() override {
        loader.reset();
        fs::remove_all(root);
    }
    void write(const fs::path& name, const std::string& word) const {
        fs::create_directories((root / name).parent_path());
        std::ofstream(root / name) << "return function(ix) ix:log('info', '" << word << "') end\n";
    }
    std::size_t loads() const { return generations.rows.size(); }
    /// Runs until it holds; false where it never does.
    template <class Condition>
    bool until(const Condition& condition) {
        const auto give_up = std::chrono::steady_clock::now() + 60s;
        while (!condition() && std::chrono::steady_clock::now() < give_up) {
            io.restart();
            io.run_one_for(100ms);
        }
        return condition();
    }
    bool in_force() const {
        return loads() > 0 && generations.rows.back().hash == read_scripts(settings).hash;
    }
    void reload() {
        bool done = false;
        loader->reload([&](const ScriptLoader::Outcome&) { done = true; });
        ASSERT_TRUE(until([&] { return done; }));
    }
    void start(WatchPace pace) {
        loader.emplace(io, loop, settings, pace);
        reload();
        loader->watch();
        ASSERT_EQ(loads(), 1U);
    }
};

TEST_F(ScriptLoaderTest, WaitsUntilThreeHundredMillisecondsPassedWithoutAnotherChange) {
    EXPECT_EQ(WatchPace{}.quiet, 300ms);
    const WatchPace pace{2s, 1h};
    start(pace);
    // Six changes in more than the quiet time, each sooner after the last than that. Where the machine stood
    // still for so long it proves nothing, and is tried again.
    for (int attempt = 0; attempt < 5; ++attempt) {
        ASSERT_TRUE(until([&] { return in_force(); }));
        const std::size_t before = loads();
        auto longest = 0ms;
        for (int n = 0; n < 6; ++n) {
            const auto at = std::chrono::steady_clock::now();
            write("strategies/main.lua", std::to_string(attempt) + "." + std::to_string(n));
            io.restart();
            io.run_for(500ms);
            longest = std::max(longest, std::chrono::duration_cast<std::chrono::milliseconds>(
                                            std::chrono::steady_clock::now() - at));
        }
        if (longest >= pace.quiet) continue;
        EXPECT_EQ(loads(), before) << "read in the middle of the changes";
        ASSERT_TRUE(until([&] { return in_force(); }));
        reload();
        EXPECT_EQ(loads(), before + 2) << "once for all six, and once for the reload";
        return;
    }
    FAIL() << "the machine stood still too often";
}

TEST_F(ScriptLoaderTest, LoadsNothingWhereAChangeLeftTheSameText) {
    start({1ms, 1h});
    write("strategies/main.lua", "first");
    write("strategies/other.lua", "new");
    ASSERT_TRUE(until([&] { return in_force(); }));
    write("strategies/other.lua", "new");
    write("strategies/third.lua", "new");
    ASSERT_TRUE(until([&] { return in_force(); }));
    EXPECT_EQ(loads(), 3U);
}

TEST_F(ScriptLoaderTest, FollowsAFolderThatComesLater) {
    start({1ms, 20ms});
    write("scripts/treatments/greet.lua", "hello");
    ASSERT_TRUE(until([&] { return in_force(); }));
    write("scripts/treatments/greet.lua", "good day");
    ASSERT_TRUE(until([&] { return in_force(); }));
}

TEST_F(ScriptLoaderTest, FollowsAFolderThatWasReplacedByRename) {
    start({1ms, 1h});  // the rename itself is noticed
    write("next/main.lua", "second");
    fs::rename(root / "strategies", root / "old");
    fs::rename(root / "next", root / "strategies");
    ASSERT_TRUE(until([&] { return in_force(); }));
    const auto after = loads();
    write("strategies/main.lua", "third");
    ASSERT_TRUE(until([&] { return in_force(); })) << "the new folder is followed";
    EXPECT_GT(loads(), after);
}

TEST_F(ScriptLoaderTest, FollowsASymbolicLinkThatPointsElsewhere) {
    write("releases/1/strategies/main.lua", "one");
    write("releases/2/strategies/main.lua", "two");
    fs::create_directory_symlink("releases/1", root / "current");
    settings.scripts.strategies = {root / "current/strategies"};
    start({1ms, 20ms});
    fs::create_directory_symlink("releases/2", root / "coming");
    fs::rename(root / "coming", root / "current");
    ASSERT_TRUE(until([&] { return in_force(); }));
    write("releases/2/strategies/main.lua", "two and a half");
    ASSERT_TRUE(until([&] { return in_force(); }));
}

TEST_F(ScriptLoaderTest, SaysSoWhileAFolderIsAwayAndRecoversWhenItComesBackAsItWas) {
    start({1ms, 20ms});
    fs::rename(root / "strategies", root / "away");
    ASSERT_TRUE(until([&] { return !loader->last_errors().empty(); }));
    EXPECT_THAT(loader->last_errors(), ElementsAre(HasSubstr("scripts.strategies: there is no folder")));
    EXPECT_EQ(generations.rows.back().outcome, "refused");
    fs::rename(root / "away", root / "strategies");
    ASSERT_TRUE(until([&] { return loader->last_errors().empty(); }));
    EXPECT_EQ(generations.rows.back().outcome, "loaded");
}

TEST_F(ScriptLoaderTest, FollowsNothingWhereTheSettingIsOff) {
    settings.scripts.watch = false;
    start({1ms, 1ms});
    write("strategies/main.lua", "second");
    io.restart();
    io.run_for(60s);  // comes back at once: nothing is waited for
    EXPECT_TRUE(io.stopped());
    EXPECT_EQ(loads(), 1U);
    reload();
    EXPECT_EQ(loads(), 2U);
}

}  // namespace
}  // namespace trunkline::apps
