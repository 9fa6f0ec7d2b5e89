// The running hash of all effects since a recording began: BLAKE2b-256 over the hash before and the canonical
// text of the effects of one command. Recorder and player each own one.
#pragma once

#include <array>
#include <span>
#include <string>

#include "engine/messages/effects.hpp"

namespace trunkline::replay {

class EffectsHash {
  public:
    void add(std::span<const messages::Effect>);
    /// 64 hexadecimal digits.
    [[nodiscard]] std::string text() const;
    /// The first 16 of them: what each command of a log carries of the effects before it.
    [[nodiscard]] std::string short_text() const { return text().substr(0, 16); }

  private:
    std::array<unsigned char, 32> hash_{};
    std::string canonical_;
};

/// The canonical text of effects, one a line, for a person who looks at a difference.
[[nodiscard]] std::string to_lines(std::span<const messages::Effect>);

}  // namespace trunkline::replay
