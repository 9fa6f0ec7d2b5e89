// The strategies that come with the project: each does what its spec says, and its spec notices every line.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "tests/unit/scripting/spec.hpp"

namespace trunkline::scripting::testing {
namespace {

class Strategies : public ::testing::TestWithParam<const char*> {
  protected:
    std::string text = project_file(std::string("strategies/") + GetParam() + ".lua");
    std::vector<Conversation> spec =
        read_spec(project_file(std::string("strategies/spec/") + GetParam() + "_spec.lua"));
};

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

bool says_nothing(const std::string& line) {
    const std::size_t first = line.find_first_not_of(' ');
    return first == std::string::npos || line.compare(first, 2, "--") == 0;
}

// The same test in a process of its own, with another address for everything; what it wrote instead of
// comparing.
std::string in_another_process(const std::string& here) {
    if (const char* path = std::getenv("TRUNKLINE_TRANSCRIPT")) {
        std::ofstream(path, std::ios::binary) << here;
        return here;
    }
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    const auto folder =
        std::filesystem::temp_directory_path() / ("trunkline-transcript-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    const std::string path = folder / "transcript";
    const std::string program = std::filesystem::read_symlink("/proc/self/exe");
    const std::string filter = std::string(test->test_suite_name()) + "." + test->name();
    const std::string command =
        "TRUNKLINE_TRANSCRIPT='" + path + "' '" + program + "' --gtest_filter='" + filter + "' >/dev/null";
    EXPECT_EQ(std::system(command.c_str()), 0);
    std::ifstream in(path, std::ios::binary);
    const std::string there{std::istreambuf_iterator<char>(in), {}};
    std::filesystem::remove_all(folder);
    return there;
}

TEST_P(Strategies, DoWhatTheirSpecSays) {
    ASSERT_GE(spec.size(), 4U);
    for (const Conversation& conversation : spec) EXPECT_EQ(play(conversation, text), "");
}

TEST_P(Strategies, FailTheirSpecWithoutAnyOneLine) {
    const std::vector<std::string> lines = lines_of(text);
    for (std::size_t removed = 0; removed < lines.size(); ++removed) {
        if (says_nothing(lines[removed])) continue;
        std::string shorter;
        for (std::size_t n = 0; n < lines.size(); ++n) shorter += n == removed ? "\n" : lines[n] + "\n";
        bool noticed = false;
        for (const Conversation& conversation : spec)
            noticed = noticed || !play(conversation, shorter).empty();
        EXPECT_TRUE(noticed) << "nobody misses line " << removed + 1 << ": " << lines[removed];
    }
}

TEST_P(Strategies, DoTheSameInTwoProcessesByteForByte) {
    const std::string here = transcript(spec, text);
    ASSERT_FALSE(here.empty());
    EXPECT_EQ(in_another_process(here), here);
}

TEST(TwoProcesses, AgreeOnWhateverOrderAScriptSees) {
    const Conversation conversation{"order", {}, {}, {}};
    const std::string here = transcript({conversation}, R"(return function(ix)
      local keys, out = {}, {}
      for n = 1, 50 do keys[{}] = n keys[function() end] = n keys["k" .. n * 37 % 101] = n keys[coroutine.create(print)] = n end
      for _, value in pairs(keys) do out[#out + 1] = value end
      log.info(table.concat(out, ","), tostring(keys), math.random(1000000), os.time())
      table.sort(out, function(a, b) return a % 5 < b % 5 end)
      ix:attach(keys.k37 and {order = table.concat(out, ","), a = 1, b = 2, c = {d = 1, e = 2}} or {})
    end)");
    EXPECT_THAT(here, ::testing::HasSubstr("finished"));
    EXPECT_EQ(in_another_process(here), here);
}

INSTANTIATE_TEST_SUITE_P(All, Strategies,
                         ::testing::Values("im_support", "im_vip_priority", "im_by_topic",
                                           "im_business_hours", "im_last_agent", "im_external_lookup",
                                           "client_routed"),
                         [](const auto& given) {
                             std::string name;
                             bool upper = true;
                             for (const char c : std::string(given.param)) {
                                 if (c != '_') name += upper ? static_cast<char>(std::toupper(c)) : c;
                                 upper = c == '_';
                             }
                             return name;
                         });

}  // namespace
}  // namespace trunkline::scripting::testing
