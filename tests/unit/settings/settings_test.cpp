#include "apps/settings/settings.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>

#include "apps/settings/known_scripts.hpp"
#include "apps/settings/script_folders.hpp"

namespace trunkline::apps {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Folder {
  public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "trunkline-settings-XXXXXX").string();
        path_ = mkdtemp(name.data());
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    fs::path write(const fs::path& name, std::string_view text) const {
        fs::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name) << text;
        return path_ / name;
    }
    [[nodiscard]] const fs::path& path() const { return path_; }

  private:
    fs::path path_;
};

Environment with(Environment variables) { return variables; }

std::string why_refused(const fs::path& file, const Environment& environment = with({})) {
    try {
        (void)read_settings(file, environment);
    } catch (const SettingsError& error) {
        return error.what();
    }
    return "accepted";
}

TEST(Settings, AreTheDefaultsOfTheDocumentationWhereTheFileIsEmpty) {
    const Folder folder;
    const auto settings = read_settings(folder.write("trunkline.yaml", "# nothing\n"), with({}));
    EXPECT_EQ(settings.node.shard, 1U);
    EXPECT_EQ(settings.database.dsn, "dbname=trunkline");
    EXPECT_THAT(settings.sip.listen, ElementsAre("udp:0.0.0.0:5060", "tcp:0.0.0.0:5060"));
    EXPECT_EQ(settings.tlib.listen, "127.0.0.1:8100");
    EXPECT_EQ(settings.http.listen, "127.0.0.1:8080");
    EXPECT_EQ(settings.reporting.spool_max_mib, 4096);
    EXPECT_EQ(settings.drain_timeout, 60);
    EXPECT_FALSE(settings.replay.dir.has_value());
}

TEST(Settings, StartRelativePathsAtTheFilesOwnFolder) {
    const Folder folder;
    const auto settings =
        read_settings(folder.write("site/trunkline.yaml",
                                   "scripts: {strategies: [mine, /srv/strategies]}\nreplay: {dir: log}\n"),
                      with({}));
    EXPECT_EQ(settings.reporting.spool, folder.path() / "site/var/spool");
    EXPECT_THAT(settings.scripts.strategies,
                ElementsAre(folder.path() / "site/mine", fs::path("/srv/strategies")));
    EXPECT_EQ(settings.replay.dir, folder.path() / "site/log");
}

TEST(Settings, AreOverriddenByTheEnvironment) {
    const Folder folder;
    const auto file =
        folder.write("trunkline.yaml", "sip: {listen: [\"udp:1.2.3.4:5060\"]}\nreplay: {dir: log}\n");
    const auto settings =
        read_settings(file, with({{"TRUNKLINE_SIP_LISTEN", "udp:127.0.0.1:0, tcp:127.0.0.1:0"},
                                  {"TRUNKLINE_NODE_SHARD", "7"},
                                  {"TRUNKLINE_DRAIN_TIMEOUT", "3"},
                                  {"TRUNKLINE_SCRIPTS_DATABASES", "crm=dbname=crm"},
                                  {"TRUNKLINE_REPORTING_DURABILITY", "machine"}}));
    EXPECT_THAT(settings.sip.listen, ElementsAre("udp:127.0.0.1:0", "tcp:127.0.0.1:0"));
    EXPECT_EQ(settings.node.shard, 7U);
    EXPECT_EQ(settings.drain_timeout, 3);
    EXPECT_EQ(settings.scripts.databases.at("crm"), "dbname=crm");
    EXPECT_TRUE(settings.reporting.machine_durability);
}

TEST(Settings, NameTheFilesOfTlsInTheFileOrTheEnvironment) {
    const Folder folder;
    const auto file = folder.write("site/trunkline.yaml",
                                   "http: {tls: {cert: tls/http.pem, key: /etc/http.key}}\n"
                                   "tlib: {tls: null}\nsip: {tls: {cert: a, key: b, ca: c}}\n");
    const auto given = read_settings(file, with({}));
    ASSERT_TRUE(given.http.tls);
    EXPECT_EQ(given.http.tls->cert, folder.path() / "site/tls/http.pem");
    EXPECT_EQ(given.http.tls->key, "/etc/http.key");
    EXPECT_EQ(given.http.tls->ca, "");
    EXPECT_FALSE(given.tlib.tls);
    EXPECT_EQ(given.sip.tls->ca, folder.path() / "site/c");
    const auto overridden = read_settings(file, with({{"TRUNKLINE_TLIB_TLS_CERT", "t.pem"},
                                                      {"TRUNKLINE_HTTP_TLS_KEY", "other.key"},
                                                      {"TRUNKLINE_SIP_TLS", "null"}}));
    EXPECT_EQ(overridden.tlib.tls->cert, folder.path() / "site/t.pem");
    EXPECT_EQ(overridden.http.tls->key, folder.path() / "site/other.key");
    EXPECT_EQ(overridden.http.tls->cert, folder.path() / "site/tls/http.pem");
    EXPECT_FALSE(overridden.sip.tls);
}

TEST(Settings, GiveScriptsEveryBudgetThatTheyHave) {
    const Folder folder;
    const auto defaults = script_budgets(read_settings(folder.write("empty.yaml", ""), with({})));
    EXPECT_EQ(defaults.instructions, 1'000'000);
    EXPECT_EQ(defaults.load_instructions, 100'000);
    EXPECT_EQ(defaults.function_instructions, 100'000);
    EXPECT_EQ(defaults.close_instructions, 10'000);
    EXPECT_EQ(defaults.interaction_bytes, 1024 * 1024);
    EXPECT_EQ(defaults.generation_bytes, 2048LL * 1024 * 1024);
    const auto file = folder.write("t.yaml",
                                   "scripts:\n"
                                   "  instruction_budget: 2000001\n"
                                   "  load_instruction_budget: 200002\n"
                                   "  function_instruction_budget: 200003\n"
                                   "  close_instruction_budget: 20004\n"
                                   "  memory_per_interaction_kib: 17\n"
                                   "  memory_budget_mib: 3\n");
    const auto given =
        script_budgets(read_settings(file, with({{"TRUNKLINE_SCRIPTS_LOAD_INSTRUCTION_BUDGET", "300002"}})));
    EXPECT_EQ(given.instructions, 2'000'001);
    EXPECT_EQ(given.load_instructions, 300'002) << "the environment comes first";
    EXPECT_EQ(given.function_instructions, 200'003);
    EXPECT_EQ(given.close_instructions, 20'004);
    EXPECT_EQ(given.interaction_bytes, 17 * 1024);
    EXPECT_EQ(given.generation_bytes, 3 * 1024 * 1024);
    EXPECT_THAT(why_refused(folder.write("t.yaml", "scripts: {close_instruction_budget: 5}\n")),
                HasSubstr("t.yaml:1: scripts.close_instruction_budget: must be a whole number from 1000"));
}

TEST(Settings, SayWhichStepsOfStrategiesAreRecorded) {
    const Folder folder;
    const auto trace = [&](const std::string& text) {
        return read_settings(folder.write("t.yaml", text), with({})).reporting.trace;
    };
    EXPECT_EQ(trace(""), "all");
    EXPECT_EQ(trace("reporting: {trace: off}\n"), "off");
    EXPECT_EQ(trace("reporting: {trace: decisions}\n"), "decisions");
    EXPECT_THAT(why_refused(folder.write("t.yaml", "reporting:\n  trace: some\n")),
                HasSubstr("t.yaml:2: reporting.trace: must be one of"));
}

TEST(Settings, FindThePrivateClusterByItsFolder) {
    const Folder folder;
    folder.write("var/pg/socket", "/tmp/trunkline-pg.abc\n");
    const auto settings =
        read_settings(folder.write("t.yaml", "database: {dsn: \"cluster:var/pg\"}\n"), with({}));
    EXPECT_EQ(settings.database.dsn, "host='/tmp/trunkline-pg.abc' dbname=trunkline user=trunkline");
}

TEST(Settings, NameFileLineAndKeyOfWhatIsWrong) {
    const Folder folder;
    const auto refused = [&](std::string_view text) { return why_refused(folder.write("t.yaml", text)); };
    EXPECT_THAT(refused("node:\n  shard: 0\n"),
                HasSubstr("t.yaml:2: node.shard: must be a whole number from 1 to 1023, not '0'"));
    EXPECT_THAT(refused("node: {shard: 1}\nsipp: {listen: []}\n"),
                HasSubstr("t.yaml:2: sipp: unknown setting"));
    EXPECT_THAT(refused("log:\n  level: info\n  colour: red\n"),
                HasSubstr("t.yaml:3: log.colour: unknown setting"));
    EXPECT_THAT(refused("scripts: {watch: maybe}\n"),
                HasSubstr("t.yaml:1: scripts.watch: must be true or false"));
    EXPECT_THAT(refused("reporting:\n  durability: perhaps\n"),
                HasSubstr("t.yaml:2: reporting.durability: must be one of"));
    EXPECT_THAT(refused("sip: [1]\n"), HasSubstr("t.yaml:1: sip: must be a section"));
    EXPECT_THAT(refused("sip: {listen: {a: b}}\n"), HasSubstr("t.yaml:1: sip.listen: must be a list"));
    EXPECT_THAT(refused("http:\n  tls:\n    cert: a\n    chain: b\n"),
                HasSubstr("t.yaml:4: http.tls.chain: unknown setting"));
    EXPECT_THAT(refused("sip:\n  tls: yes\n"),
                HasSubstr("t.yaml:2: sip.tls: must be {cert: FILE, key: FILE}"));
    EXPECT_THAT(refused("http: {tls: {}}\n"), HasSubstr("t.yaml:1: http.tls: names no file"));
    EXPECT_THAT(refused("tlib:\n  tls:\n    cert: [a]\n"),
                HasSubstr("t.yaml:3: tlib.tls.cert: a path is expected"));
    EXPECT_THAT(
        why_refused(folder.write("t.yaml", ""), with({{"TRUNKLINE_HTTP_TLS", "a.pem"}})),
        HasSubstr("environment variable TRUNKLINE_HTTP_TLS: must be {cert: FILE, key: FILE} or null; or "
                  "set TRUNKLINE_HTTP_TLS_CERT"));
    EXPECT_THAT(refused("sip: {listen: [\n"), HasSubstr("not YAML"));
    EXPECT_THAT(why_refused(folder.path() / "absent.yaml"), HasSubstr("--config FILE"));
    EXPECT_THAT(why_refused(folder.write("t.yaml", ""), with({{"TRUNKLINE_NODE_SHARD", "many"}})),
                HasSubstr("environment variable TRUNKLINE_NODE_SHARD: must be a whole number"));
}

TEST(Settings, SayWhatIsWrongWithAnAddressOrADatabase) {
    const Folder folder;
    const auto refused = [&](std::string_view text) { return why_refused(folder.write("t.yaml", text)); };
    EXPECT_THAT(refused("tlib:\n  listen: 127.0.0.1:abc\n"),
                HasSubstr("t.yaml:2: tlib.listen: '127.0.0.1:abc' has a port that is no number"));
    EXPECT_THAT(refused("tlib: {listen: 8100}\n"),
                HasSubstr("t.yaml:1: tlib.listen: '8100' has no port: write host:port"));
    EXPECT_THAT(refused("http: {listen: nonsense}\n"),
                HasSubstr("t.yaml:1: http.listen: 'nonsense' has no port: write host:port"));
    EXPECT_THAT(refused("http: {listen: \"127.0.0.1:70000\"}\n"),
                HasSubstr("t.yaml:1: http.listen: '127.0.0.1:70000' has a port"));
    EXPECT_THAT(why_refused(folder.write("t.yaml", ""), with({{"TRUNKLINE_HTTP_LISTEN", "nonsense"}})),
                HasSubstr("environment variable TRUNKLINE_HTTP_LISTEN: 'nonsense' has no port"));
    EXPECT_THAT(refused("database:\n  dsn: nonsensehere\n"),
                HasSubstr("t.yaml:2: database.dsn: is no connection string"));
    EXPECT_THAT(refused("scripts:\n  databases:\n    crm: dbname=crm\n    erp: 5\n"),
                HasSubstr("t.yaml:4: scripts.databases.erp: is no connection string"));
    EXPECT_THAT(refused("scripts: {databases: {crm: [a]}}\n"),
                HasSubstr("t.yaml:1: scripts.databases.crm: is no connection string"));
    EXPECT_THAT(refused("scripts: {databases: {crm: null}}\n"), HasSubstr("scripts.databases.crm: is no"));
    for (const auto* good : {"", "dbname=trunkline", " host = db1 port=5433", "postgresql://db1/trunkline"})
        EXPECT_TRUE(is_dsn(good)) << good;
}

TEST(Settings, RefuseAKeyThatStandsTwice) {
    const Folder folder;
    const auto refused = [&](std::string_view text) { return why_refused(folder.write("t.yaml", text)); };
    EXPECT_THAT(refused("node: {shard: 1}\nsip:\n  realm: a\n  realm: b\n"),
                HasSubstr("t.yaml:4: sip.realm: is there twice; it is in line 3 already"));
    EXPECT_THAT(refused("log: {level: info}\nlog: {format: json}\n"),
                HasSubstr("t.yaml:2: log: is there twice; it is in line 1 already"));
    EXPECT_THAT(refused("scripts: {databases: {crm: dbname=a, crm: dbname=b}}\n"),
                HasSubstr("scripts.databases.crm: is there twice"));
}

TEST(Settings, RefuseVariablesOfTheirSectionsThatAreNone) {
    const Folder folder;
    const auto file = folder.write("t.yaml", "");
    EXPECT_THAT(why_refused(file, with({{"TRUNKLINE_REPORTING_SPOOL_MAX_MB", "2"}})),
                HasSubstr("environment variable TRUNKLINE_REPORTING_SPOOL_MAX_MB: unknown setting; did you "
                          "mean TRUNKLINE_REPORTING_SPOOL_MAX_MIB?"));
    EXPECT_THAT(why_refused(file, with({{"TRUNKLINE_HTTP_TLS_CHAIN", "a.pem"}})),
                HasSubstr("TRUNKLINE_HTTP_TLS_CHAIN: unknown setting"));
    EXPECT_EQ(why_refused(file, with({{"TRUNKLINE_KILLS", "3"}, {"TRUNKLINE_AGENT_PASSWORD", "x"}})),
              "accepted");
}

TEST(Settings, NameWhatAnUnknownKeyMayMean) {
    const Folder folder;
    const auto refused = [&](std::string_view text) { return why_refused(folder.write("t.yaml", text)); };
    EXPECT_THAT(refused("sip: {relm: a}\n"),
                HasSubstr("t.yaml:1: sip.relm: unknown setting; did you mean sip.realm?"));
    EXPECT_THAT(refused("repotring: {}\n"), HasSubstr("unknown setting; did you mean reporting?"));
}

TEST(Settings, KnowWhereEachWasGiven) {
    const Folder folder;
    const auto file = folder.write("t.yaml",
                                   "sip:\n  listen:\n    - udp:127.0.0.1:0\n    - tcp:127.0.0.1:0\n"
                                   "http:\n  tls:\n    cert: a.pem\n");
    const auto settings =
        read_settings(file, with({{"TRUNKLINE_REPLAY_DIR", "log"}, {"TRUNKLINE_TLIB_TLS_CERT", "b.pem"}}));
    EXPECT_EQ(settings.place("sip.listen[1]"), file.string() + ":4: ");
    EXPECT_EQ(settings.place("http.tls"), file.string() + ":7: ");
    EXPECT_EQ(settings.place("replay.dir"), "environment variable TRUNKLINE_REPLAY_DIR: ");
    EXPECT_EQ(settings.place("tlib.tls"), "environment variable TRUNKLINE_TLIB_TLS_CERT: ");
    EXPECT_EQ(settings.place("sip.realm"), "");
}

TEST(Settings, RefuseDoorsThatStrangersReachWithoutPasswordAndEncryption) {
    Settings settings;
    EXPECT_NO_THROW(refuse_open_doors(settings));
    settings.tlib.listen = "[::1]:8100";
    settings.http.listen = "localhost:8080";
    EXPECT_NO_THROW(refuse_open_doors(settings));
    settings.http.listen = "127.0.0.1:8080";
    settings.tlib.listen = "127.example.com:8100";
    EXPECT_THROW(refuse_open_doors(settings), SettingsError) << "a name, whatever it begins with";
    settings.tlib.listen = "0.0.0.0:8100";
    const auto refusal = [&]() -> std::string {
        try {
            refuse_open_doors(settings);
        } catch (const SettingsError& error) {
            return error.what();
        }
        return "accepted";
    };
    EXPECT_THAT(refusal(), HasSubstr("add auth.required: true"));
    settings.auth.required = true;
    EXPECT_THAT(refusal(), HasSubstr("tlib.insecure_plaintext: true"));
    settings.tlib.insecure_plaintext = true;
    EXPECT_EQ(refusal(), "accepted");
    settings.http.listen = "192.0.2.1:8080";
    EXPECT_THAT(refusal(), HasSubstr("http.insecure_plaintext: true"));
    EXPECT_THAT(refusal(), HasSubstr("add http.tls: {cert: FILE, key: FILE}"));
    settings.http.tls = TlsFiles{"cert.pem", "key.pem", {}};
    EXPECT_EQ(refusal(), "accepted");
}

TEST(ScriptFolders, LetTheFirstFolderOverlayTheNext) {
    const Folder folder;
    folder.write("strategies/one.lua", "return 1");
    folder.write("strategies/notes.txt", "no script");
    folder.write("mine/treatments/greet.lua", "return 'mine'");
    folder.write("stock/treatments/greet.lua", "return 'stock'");
    folder.write("stock/lib/words.lua", "return {}");
    const auto settings =
        read_settings(folder.write("t.yaml", "scripts: {paths: [mine, stock]}\n"), with({}));
    const auto sources = read_scripts(settings);
    ASSERT_EQ(sources.files.size(), 3U);
    EXPECT_EQ(sources.files[0].path, "lib/words.lua");
    EXPECT_EQ(sources.files[1].path, "strategies/one.lua");
    EXPECT_EQ(sources.files[2].text, "return 'mine'");
    EXPECT_EQ(sources.files[2].shown_as, "mine/treatments/greet.lua");
    EXPECT_EQ(sources.hash, read_scripts(settings).hash);
    folder.write("strategies/one.lua", "return 2");
    EXPECT_NE(sources.hash, read_scripts(settings).hash);
}

TEST(ScriptFolders, NameTheFolderThatIsNotThere) {
    const Folder folder;
    const auto settings = read_settings(folder.write("t.yaml", ""), with({}));
    try {
        (void)read_scripts(settings);
        FAIL() << "read what is not there";
    } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), HasSubstr("scripts.strategies: there is no folder"));
    }
}

TEST(KnownScripts, TellWhichCapacityRulesEverAllowAChat) {
    const Folder folder;
    folder.write("scripts/lib/limits.lua", "return {chats = 2}");
    folder.write("scripts/capacity/calls_only.lua",
                 "return function(load, media) return media == 'voice' and load.total == 0 end");
    folder.write("scripts/capacity/two_chats.lua",
                 "local limits = require 'limits'\n"
                 "return function(load, media) return media == 'chat' and load.chat < limits.chats end");
    folder.write("scripts/capacity/beside_a_call.lua",
                 "return function(load, media) return media == 'voice' or load.voice == 1 end");
    folder.write("scripts/capacity/broken.lua",
                 "return function(load, media) return load.chat < nothing end");
    folder.write("strategies/main.lua", "return function(ix) end");
    const auto settings = read_settings(folder.write("trunkline.yaml", ""), with({}));
    const auto known = known_scripts(settings);
    EXPECT_THAT(known.chat_rules, testing::Optional(ElementsAre("beside_a_call", "two_chats")));
    EXPECT_THAT(known.capacity_rules,
                testing::Optional(ElementsAre("beside_a_call", "broken", "calls_only", "two_chats")));
    EXPECT_THAT(known.strategies, testing::Optional(ElementsAre("main")));
}

}  // namespace
}  // namespace trunkline::apps
