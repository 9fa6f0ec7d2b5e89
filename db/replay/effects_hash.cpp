#include "db/replay/effects_hash.hpp"

#include <sodium.h>

#include "db/replay/canonical.hpp"

namespace trunkline::replay {

namespace {

void append_line(std::string& out, const messages::Effect& effect) {
    append_canonical(out, effect);
    out += '\n';
}

}  // namespace

void EffectsHash::add(std::span<const messages::Effect> effects) {
    canonical_.assign(reinterpret_cast<const char*>(hash_.data()), hash_.size());
    for (const auto& effect : effects) append_line(canonical_, effect);
    crypto_generichash(hash_.data(), hash_.size(), reinterpret_cast<const unsigned char*>(canonical_.data()),
                       canonical_.size(), nullptr, 0);
}

std::string EffectsHash::text() const {
    std::string hex(hash_.size() * 2 + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), hash_.data(), hash_.size());
    hex.pop_back();
    return hex;
}

std::string to_lines(std::span<const messages::Effect> effects) {
    std::string out;
    for (const auto& effect : effects) append_line(out, effect);
    return out;
}

}  // namespace trunkline::replay
