// May this agent be offered one more interaction of this media? Rules are pure functions in Lua: each is
// asked once a distinct load and remembered until the next generation of scripts (contracts/lua-api.md,
// Capacity rule).
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "engine/agents/load.hpp"

namespace trunkline::agents {

class Capacity {
  public:
    /// Asks the script of the newest generation.
    using Ask = std::function<bool(std::string_view script, const Load&, Media)>;
    explicit Capacity(Ask ask) : ask_(std::move(ask)) {}

    /// `script` "" is the field's default: one voice interaction and nothing else.
    [[nodiscard]] bool allows(std::string_view script, const Load&, Media);
    /// A new generation of scripts: ask again.
    void forget() { remembered_.clear(); }
    [[nodiscard]] std::size_t remembered() const { return remembered_.size(); }

  private:
    Ask ask_;
    std::map<std::tuple<std::string, Load, Media>, bool, std::less<>> remembered_;
};

}  // namespace trunkline::agents
