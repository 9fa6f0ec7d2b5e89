#include <gmock/gmock.h>

#include <boost/json.hpp>

#include <filesystem>
#include <fstream>

#include "db/replay/command_json.hpp"
#include "db/replay/player.hpp"
#include "db/replay/recorder.hpp"
#include "engine/model/snapshot.hpp"

namespace trunkline::replay {
namespace {

namespace fs = std::filesystem;
using namespace messages;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr TimePoint noon{Duration{1'700'000'000'000'000}};

model::Site one_routing_point() {
    model::Site site;
    model::Tenant tenant;
    tenant.name = "Resources";
    model::Switch sw;
    sw.name = "sip_switch";
    sw.tenant = "Resources";
    model::Dn dn;
    dn.number = "1111";
    dn.type = "RoutingPoint";
    sw.dns.push_back(dn);
    site.tenants.push_back(tenant);
    site.switches.push_back(sw);
    site.revision = 7;
    return site;
}

TextReceived text(int number) {
    return {SipTxnId(number),
            {LegKind::pager, "leg" + std::to_string(number % 3), "sip:127.0.0.1:5070"},
            "1111",
            "localhost",
            "sip:ann@example.com",
            "ann",
            "Hello \"there\"\n\xc3\xa9"};
}

struct CommandLog : testing::Test {
    fs::path dir = fs::temp_directory_path() / ("trunkline-replay-" + std::to_string(getpid()));
    EngineSettings settings{42, 3, noon, {}, false};
    CommandLog() { fs::remove_all(dir); }
    ~CommandLog() override { fs::remove_all(dir); }

    void record(int texts, bool close = true, std::int64_t keep_mib = 64) {
        Recorder recorder(dir, keep_mib, settings);
        Engine engine(settings);
        auto now = noon;
        const auto run = [&](Command command) {
            now += seconds(1);
            Effects effects;
            recorder.command(command, now);
            engine.handle(std::move(command), now, effects);
            recorder.effects(effects);
        };
        run(ConfigChanged{std::make_shared<const model::Snapshot>(one_routing_point())});
        for (int i = 1; i <= texts; ++i) run(text(i));
        if (close) recorder.close();
    }
    fs::path segment() const {
        for (const auto& entry : fs::recursive_directory_iterator(dir))
            if (entry.path().extension() == ".jsonl") return entry.path();
        return {};
    }
    std::string read() const {
        std::ifstream in(segment(), std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    void write(const std::string& text) const { std::ofstream(segment(), std::ios::binary) << text; }
};

TEST_F(CommandLog, ReplaysToTheSameEffects) {
    record(1500);
    const auto result = replay(dir, {});
    EXPECT_EQ(result.runs, 1);
    EXPECT_EQ(result.commands, 1501);
    EXPECT_FALSE(result.difference.has_value());
    EXPECT_THAT(result.notes, IsEmpty());
}

TEST_F(CommandLog, KeepsTheSettingsThatEffectsDependOn) {
    auto scripts = std::make_shared<scripting::ScriptSources>();
    scripts->hash = "h";
    scripts->files = {{"strategies/main.lua", "strategies/main.lua",
                       "return function(ix) ix:log('info', 'here') ix:disconnect() end", "f"}};
    auto site = one_routing_point();
    site.switches[0].dns[0].strategy = "main";
    settings.trace = scripting::TraceKept::decisions;
    settings.budgets.function_instructions = 5'555;
    settings.node = "north";
    {
        Recorder recorder(dir, 64, settings);
        Engine engine(settings);
        const auto run = [&](Command command) {
            Effects effects;
            recorder.command(command, noon);
            engine.handle(std::move(command), noon, effects);
            recorder.effects(effects);
        };
        run(ConfigChanged{std::make_shared<const model::Snapshot>(site)});
        run(ScriptsLoaded{scripts, nullptr});
        run(text(1));
        recorder.close();
    }
    EXPECT_FALSE(replay(dir, {}).difference.has_value());
    EXPECT_THAT(read(), HasSubstr(R"("function_instructions":5555)"));
    EXPECT_THAT(read(), HasSubstr(R"("node":"north")"));
    auto log = read();
    const std::string kept = R"("trace":1)";
    ASSERT_NE(log.find(kept), std::string::npos);
    write(log.replace(log.find(kept), kept.size(), R"("trace":2)"));
    EXPECT_TRUE(replay(dir, {}).difference.has_value()) << "the setting decides which rows leave";
}

TEST_F(CommandLog, NamesTheFirstCommandWhoseEffectsDiffer) {
    record(20);
    auto log = read();
    const auto at =
        log.find("\"1111\"", log.find("\"txn\":3,"));  // the third text goes to a number that nobody has
    ASSERT_NE(at, std::string::npos);
    log.replace(at, 6, "\"9999\"");
    write(log);
    const auto result = replay(dir, {});
    ASSERT_TRUE(result.difference.has_value());
    EXPECT_EQ(result.difference->command, 4) << "the configuration was the first";
    EXPECT_EQ(result.difference->name, "TextReceived");
    EXPECT_THAT(result.difference->value, HasSubstr("9999"));
}

TEST_F(CommandLog, IsReadUpToTheLineThatACrashCutOff) {
    record(10, false);
    auto log = read();
    write(log.substr(0, log.size() - 20));
    const auto result = replay(dir, {});
    EXPECT_EQ(result.commands, 10);
    EXPECT_FALSE(result.difference.has_value());
    EXPECT_THAT(result.notes, testing::Contains(HasSubstr("cut off")));
}

TEST_F(CommandLog, SaysInWordsThatItsBeginningIsGone) {
    record(10);
    fs::rename(segment(), segment().parent_path() / "000002.jsonl");
    try {
        (void)replay(dir, {});
        FAIL() << "played half a run";
    } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), HasSubstr("the beginning of this run is gone"));
    }
}

TEST_F(CommandLog, KeepsNoMoreThanItMay) {
    record(8000, true, 1);
    std::uintmax_t total = 0;
    for (const auto& entry : fs::recursive_directory_iterator(dir))
        if (entry.is_regular_file()) total += entry.file_size();
    EXPECT_LE(total, 1024U * 1024U + 64U * 1024U);
}

TEST(CommandJson, GivesEveryCommandBack) {
    const auto sources = std::make_shared<const scripting::ScriptSources>(
        scripting::ScriptSources{{{"strategies/a.lua", "strategies/a.lua", "return 1", "h1"}}, "h0"});
    ClientRequest request{ClientId(9), {}, PasswordCheck::right};
    request.request.message = MessageId::request_agent_login;
    request.request.this_dn = "1001";
    request.request.reference_id = 12;
    const std::vector<Command> commands{
        text(1),
        SessionOffered{SipTxnId(2), {LegKind::session, "d1", "d1"}, "1111", "h", "sip:a@b", "a"},
        LegEnded{"d1", LegEnd::cancelled},
        LegText{SipTxnId(9), "out-1", "good day", "00000000000000010000000000000002"},
        LegAnswered{"out-1"},
        LegFailed{"out-1", 486},
        EndpointProbed{DnId(7), "sip:1001@192.0.2.7", true},
        EndpointBound{"sip_switch", "1001", "sip:1001@192.0.2.7", "sip:192.0.2.7:5060"},
        TextAnswered{TextId(3), 408},
        ClientOpened{ClientId(9), TenantId(1), SwitchId(2), "desktop"},
        ClientClosed{ClientId(9)},
        request,
        QueryAnswered{OutsideId(4),
                      {{"a", "b"},
                       {{SqlValue{SqlNull{}}, SqlValue{true}},
                        {SqlValue{std::int64_t{1} << 60}, SqlValue{1.0}},
                        {SqlValue{std::numeric_limits<double>::infinity()}, SqlValue{"caf\xc3\xa9 \xff"}}},
                       "no"}},
        HttpAnswered{OutsideId(5), {200, {{"content-type", "image/png"}}, {"\x89PNG"}, ""}},
        ConfigChanged{std::make_shared<const model::Snapshot>(one_routing_point())},
        ScriptsLoaded{sources, nullptr},
        ScriptsRefused{"h2", {"a.lua:1: bad"}},
        SessionsCutOff{
            {{CallUuid{1, 2}, {LegKind::pager, "leg1", "sip:127.0.0.1:5070"}, "1111", "h", "sip:a@b"}}},
        TimersDue{},
        Drain{},
        Stop{}};
    ASSERT_EQ(commands.size(), std::variant_size_v<Command>);
    for (const auto& command : commands) {
        const auto json = to_json(command);
        const auto back =
            command_from_json(name_of(command), json, [&](const std::string&) { return sources; });
        EXPECT_EQ(back.index(), command.index());
        EXPECT_EQ(to_json(back), json) << name_of(command);
    }
}

// What a script was told decides what it does: a replay must tell it the same, to the type of a number.
TEST(CommandJson, KeepsTheTypeOfEveryValueAndEveryByte) {
    const auto again = [](const Command& command) {
        const auto text = boost::json::serialize(to_json(command));
        return command_from_json(name_of(command), boost::json::parse(text), nullptr);
    };
    const std::vector<SqlValue> row{{SqlNull{}}, {false}, {std::int64_t{5}}, {5.0}, {"5"}, {"\xff\x01"}};
    const Command rows = again(QueryAnswered{OutsideId(1), {{"a"}, {row}, ""}});
    const auto& back = std::get<QueryAnswered>(rows).result.rows.at(0);
    ASSERT_EQ(back.size(), row.size());
    for (std::size_t n = 0; n < row.size(); ++n) EXPECT_EQ(back[n].is, row[n].is) << n;
    const Command web = again(HttpAnswered{OutsideId(1), {200, {}, {std::string("\x89PNG\0\r\n", 7)}, ""}});
    EXPECT_EQ(std::get<HttpAnswered>(web).result.body.is, std::string("\x89PNG\0\r\n", 7));
}

TEST(CommandJson, NamesACommandThatThisBuildDoesNotKnow) {
    try {
        (void)command_from_json("Levitate", {}, nullptr);
        FAIL() << "made a command of it";
    } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), HasSubstr("'Levitate' is not known"));
    }
}

TEST(EffectsHash, ChangesWithEveryMemberAndWithTheOrder) {
    const auto of = [](const Effects& effects) {
        EffectsHash hash;
        hash.add(effects);
        return hash.text();
    };
    const Effect a = AnswerText{SipTxnId(1), 200}, b = AnswerText{SipTxnId(1), 404},
                 c = AnswerText{SipTxnId(2), 200};
    EXPECT_NE(of({a}), of({b}));
    EXPECT_NE(of({a}), of({c}));
    EXPECT_NE(of({a, c}), of({c, a}));
    EXPECT_EQ(of({a, c}), of({a, c}));
    records::Message message;
    message.text.is = "one";
    auto other = message;
    other.text.is = "two";
    EXPECT_NE(of({WriteRecord{message}}), of({WriteRecord{other}}));
}

}  // namespace
}  // namespace trunkline::replay
