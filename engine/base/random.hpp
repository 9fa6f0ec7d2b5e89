// The engine's only dice: xoshiro256** (Blackman and Vigna, public domain algorithm), seeded by the host
// and recorded with the command log, so that a replay throws the same numbers.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace trunkline {

class Random {
  public:
    using result_type = std::uint64_t;
    explicit Random(std::uint64_t seed) {
        for (auto& word : state_) {  // splitmix64 fills the state
            seed += 0x9e3779b97f4a7c15U;
            std::uint64_t z = seed;
            z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
            z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
            word = z ^ (z >> 31U);
        }
    }
    static constexpr std::uint64_t min() { return 0; }
    static constexpr std::uint64_t max() { return ~std::uint64_t{0}; }
    std::uint64_t operator()() {
        const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
        const std::uint64_t t = state_[1] << 17U;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= t;
        state_[3] = std::rotl(state_[3], 45);
        return result;
    }
    /// Uniform in [0, bound); 0 for bound 0. Same on every platform, unlike std::uniform_int_distribution.
    std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : (*this)() % bound; }

  private:
    std::array<std::uint64_t, 4> state_{};
};

}  // namespace trunkline
