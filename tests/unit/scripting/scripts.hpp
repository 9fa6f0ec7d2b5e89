// The kit of this room's tests: a host with scripts given as text, one interaction, and the engine that
// remembers.
#pragma once

#include <gmock/gmock.h>

#include <map>
#include <string>

#include "engine/scripting/host.hpp"
#include "tests/unit/scripting/fake_port.hpp"

namespace trunkline::scripting::testing {

/// Path ("strategies/main.lua") -> text.
using Files = std::map<std::string, std::string>;

[[nodiscard]] ScriptSources sources(const Files& files);
/// A file of the project itself.
[[nodiscard]] std::string project_file(const std::string& path);
/// The project's own treatments and libraries, under their paths in ScriptSources.
[[nodiscard]] Files stock_files();
/// How a wait reads: "text 60 first", "route group:All_Agents 30", "to 5001", "time 5",
/// "query crm: SELECT .. ['sue', 5] 5", "http get https://example.com/ accept=text/plain 5".
[[nodiscard]] std::string to_text(const Wait& wait);

class Scripts : public ::testing::Test {
  protected:
    Scripts();
    ~Scripts() override;

    using Run = scripting::Run;  // not the private one of ::testing::Test
    Budgets budgets;
    FakePort port;
    CallUuid id{1, 2};

    /// Loads the files with the stock ones; fails the test on an error.
    void load(Files files);
    /// Loads one strategy "main" whose function has this body, with ix in hand.
    void load_body(const std::string& body) {
        load({{"strategies/main.lua", "return function(ix)\n" + body + "\nend\n"}});
    }
    Host& host();
    Run start(const std::string& strategy = "main") { return host().start(id, strategy); }
    /// Starts "main" with this body; what it logged with log.info, joined by "|".
    std::string said(const std::string& body);
    /// The error message of starting "main" with this body; "" where there was none.
    std::string error_of(const std::string& body);
    [[nodiscard]] std::string logged() const;
    /// Ends what still waits, then no run may be left.
    void TearDown() override;

  private:
    std::unique_ptr<Host> host_;
    std::uint32_t generation_ = 0;
};

}  // namespace trunkline::scripting::testing
