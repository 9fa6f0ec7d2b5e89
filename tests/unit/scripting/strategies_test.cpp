// The strategies that come with the project: each does what its spec says, and its spec notices every line.
#include <sys/wait.h>
#include <unistd.h>

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
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        // Its own memory layout from here on; nothing of the parent's Lua is used.
        const std::string there = transcript(spec, text);
        const auto written = write(ends[1], there.data(), there.size());
        _exit(written == static_cast<ssize_t>(there.size()) ? 0 : 1);
    }
    close(ends[1]);
    std::string there;
    char part[4096];
    for (ssize_t got = 0; (got = read(ends[0], part, sizeof part)) > 0;)
        there.append(part, static_cast<std::size_t>(got));
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(there, here);
}

INSTANTIATE_TEST_SUITE_P(All, Strategies, ::testing::Values("im_support", "im_vip_priority"),
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
