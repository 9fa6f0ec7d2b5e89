#include "apps/trunkctl/command_line.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <sstream>

#include "apps/trunkctl/agent_desk.hpp"
#include "apps/trunkctl/table.hpp"

namespace trunkline::ctl {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

struct Run {
    int status = 0;
    std::string out, err;
};

Run run(const std::vector<std::string>& words) {
    Verb greet{"greet", "NAME", "say hello", "Says hello to NAME.\n  Example: trunkctl greet ann"};
    greet.fewest_arguments = greet.most_arguments = 1;
    greet.needs_settings = false;
    greet.add_options = [](po::options_description& options) {
        options.add_options()("loud", "in capitals")("times", po::value<int>()->required(), "how often");
    };
    greet.run = [](Call& call) {
        call.out << "hello " << call.only_argument("NAME") << (call.has("loud") ? "!" : "")
                 << call.options["times"].as<int>();
        return 0;
    };
    Verb fall{"fall", "", "fail", "Fails."};
    fall.needs_settings = false;
    fall.run = [](Call&) -> int { throw Failure("the ladder is gone;\nfetch another"); };
    std::ostringstream out, err;
    const int status = run_command_line({greet, fall}, words, out, err);
    return {status, out.str(), err.str()};
}

TEST(CommandLine, GivesAVerbItsArgumentsAndOptionsInAnyOrder) {
    EXPECT_EQ(run({"greet", "ann", "--times", "2"}).out, "hello ann2");
    EXPECT_EQ(run({"--times", "2", "greet", "--loud", "ann"}).status, 2)
        << "a verb's own option comes behind it";
    EXPECT_EQ(run({"greet", "--loud", "--times=2", "ann"}).out, "hello ann!2");
}

TEST(CommandLine, AnswersWrongUsageWithTwoAndOneLine) {
    for (const auto& words : std::vector<std::vector<std::string>>{{"dance"},
                                                                   {"greet", "--times", "1"},
                                                                   {"greet", "ann", "bob", "--times", "1"},
                                                                   {"greet", "ann"},
                                                                   {"greet", "ann", "--times", "x"},
                                                                   {"greet", "ann", "--quiet"}}) {
        const auto result = run(words);
        EXPECT_EQ(result.status, 2) << words.back();
        EXPECT_THAT(result.out, IsEmpty());
        EXPECT_THAT(result.err, HasSubstr("trunkctl")) << result.err;
        EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    }
}

TEST(CommandLine, AnswersAFailureWithOneAndOneLine) {
    const auto result = run({"fall"});
    EXPECT_EQ(result.status, 1);
    EXPECT_EQ(result.err, "trunkctl: the ladder is gone; fetch another\n");
}

TEST(CommandLine, TeachesWhenAskedForHelp) {
    EXPECT_THAT(run({"--help"}).out, HasSubstr("say hello"));
    EXPECT_EQ(run({"--help"}).status, 0);
    EXPECT_EQ(run({}).status, 2);
    const auto help = run({"greet", "--help"});
    EXPECT_EQ(help.status, 0);
    EXPECT_THAT(help.out, testing::AllOf(HasSubstr("usage: trunkctl greet NAME"), HasSubstr("Example:"),
                                         HasSubstr("--loud"), HasSubstr("--config")));
}

TEST(CommandLine, RefusesADatabaseThatIsNoConnectionString) {
    const auto result = run({"fall", "--dsn", "nonsensehere"});
    EXPECT_EQ(result.status, 2);
    EXPECT_THAT(result.err, HasSubstr("--dsn: is no connection string"));
}

TEST(AgentDesk, NamesTheOptionWhereTheServerAsksForASwitch) {
    std::ostringstream out, err;
    AgentDesk desk(
        AgentOptions{.login = "1001", .dn = "1001"}, [](const boost::json::object&) {}, out, err);
    desk.open();
    desk.received({{"message", "EventError"},
                   {"ErrorCode", 53},
                   {"ErrorMessage", "attribute 'Switch' is missing: there are several switches"}});
    EXPECT_TRUE(desk.failed());
    EXPECT_THAT(err.str(), HasSubstr("several switches (error 53); name yours with --switch NAME"));
}

TEST(Table, AlignsColumnsAndLeavesOutEmptyOnes) {
    std::ostringstream out;
    print_table(out,
                boost::json::parse(R"([{"agent":"ann","seconds":12.5,"place":"","chats":2},
                                       {"agent":"bj\u00f6rn","seconds":3.0,"place":null,"chats":10}])")
                    .as_array(),
                "nobody");
    EXPECT_EQ(out.str(),
              "AGENT  SECONDS  CHATS\n"
              "ann       12.5      2\n"
              "bj\xc3\xb6rn        3     10\n");
    out.str("");
    print_table(out, {}, "nobody is logged in");
    EXPECT_EQ(out.str(), "nobody is logged in\n");
}

TEST(Table, LetsNoTextSteerTheTerminal) {
    std::ostringstream out;
    print_table(out, boost::json::parse(R"([{"text":"\u001b[2J\nhello"}])").as_array(), "");
    EXPECT_EQ(out.str().find('\x1b'), std::string::npos);
    EXPECT_THAT(out.str(), HasSubstr("hello"));
}

}  // namespace
}  // namespace trunkline::ctl
