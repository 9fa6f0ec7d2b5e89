// trunkctl check with the example's site: what it says about names in scripts, and where it looked them up.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "apps/trunkctl/command_line.hpp"
#include "apps/trunkctl/verbs.hpp"

namespace trunkline::ctl {
namespace {

using testing::HasSubstr;

const std::string root = TRUNKLINE_SOURCE_DIR;
const std::string example = root + "/examples/support_desk/site.yaml";

class CheckVerb : public testing::Test {
  protected:
    CheckVerb() { std::filesystem::create_directories(folder_); }
    ~CheckVerb() override { std::filesystem::remove_all(folder_); }

    std::string script(const std::string& text) {
        const std::string path = folder_ / "mine.lua";
        std::ofstream(path) << text;
        return path;
    }
    int check(const std::vector<std::string>& words) {
        std::vector<std::string> all{"check", "--config", settings()};
        all.insert(all.end(), words.begin(), words.end());
        return run_command_line({check_verb()}, all, out_, err_);
    }
    std::ostringstream out_, err_;

  private:
    std::string settings() {
        const std::string path = folder_ / "trunkline.yaml";
        std::ofstream(path)
            << "database: {dsn: \"host=127.0.0.1 port=1 connect_timeout=1\"}\nscripts:\n  strategies: [" +
                   root + "/strategies]\n  paths: [" + root + "/scripts]\n";
        return path;
    }
    std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() / ("trunkline-check-" + std::to_string(getpid()));
};

TEST_F(CheckVerb, FindsNothingWrongWithTheProjectsOwnScriptsAndItsExample) {
    EXPECT_EQ(check({"--site", example}), 0) << err_.str();
    EXPECT_THAT(out_.str(), HasSubstr("no errors; names looked up in site file " + example));
}

TEST_F(CheckVerb, NamesTheLineOfANameThatTheSiteDoesNotHave) {
    const std::string path =
        script("return function(ix)\n  ix:route{targets = {target.group 'All_Agent'}}\nend\n");
    EXPECT_EQ(check({path, "--site", example}), 1);
    EXPECT_THAT(err_.str(),
                HasSubstr("mine.lua:2: no tenant has agent group 'All_Agent'; did you mean All_Agents?"));
}

TEST_F(CheckVerb, SaysThatNoConfigurationWasReachable) {
    EXPECT_EQ(check({}), 0) << err_.str();
    EXPECT_THAT(out_.str(),
                HasSubstr("no configuration (the database is not reachable; --site FILE names a file)"));
}

}  // namespace
}  // namespace trunkline::ctl
