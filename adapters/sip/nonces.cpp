#include "adapters/sip/nonces.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <array>
#include <charconv>
#include <stdexcept>

#include "adapters/sip/digest.hpp"

namespace trunkline::sip {
namespace {

/// The time in a nonce of ours: "<milliseconds>.<number>.<seal>".
std::string_view signed_part(std::string_view nonce) { return nonce.substr(0, nonce.rfind('.')); }

}  // namespace

Nonces::Nonces(Time lifetime, std::size_t capacity) : lifetime_(lifetime), capacity_(capacity) {
    std::array<unsigned char, 32> key{};
    if (RAND_bytes(key.data(), static_cast<int>(key.size())) != 1)
        throw std::runtime_error("SIP cannot start: the system gives no random numbers for digest nonces");
    key_.assign(key.begin(), key.end());
}

// The key on both sides of the text keeps anybody from lengthening it; the hash is of fixed size.
std::string Nonces::seal(std::string_view text) const {
    return hash_of(DigestAlgorithm::sha256,
                   key_ + hash_of(DigestAlgorithm::sha256, key_ + std::string(text)) + key_);
}

std::string Nonces::make(Time now) {
    const std::string text = std::to_string(now.count()) + "." + std::to_string(++last_);
    return text + "." + seal(text);
}

Nonces::Use Nonces::look_at(std::string_view nonce, Time now) const {
    const std::string_view text = signed_part(nonce);
    if (text.size() == nonce.size()) return Use::foreign;
    const std::string_view given = nonce.substr(text.size() + 1);
    const std::string right = seal(text);
    if (given.size() != right.size() || CRYPTO_memcmp(given.data(), right.data(), right.size()) != 0)
        return Use::foreign;
    std::int64_t made = 0;
    (void)std::from_chars(text.data(), text.data() + text.size(), made);
    return now - Time(made) < lifetime_ ? Use::good : Use::old;
}

Nonces::Use Nonces::use(std::string_view nonce, std::uint32_t count, Time now) {
    while (!expiries_.empty() && expiries_.front().first <= now) {
        used_.erase(expiries_.front().second);
        expiries_.pop_front();
    }
    if (const Use seen = look_at(nonce, now); seen != Use::good) return seen;
    const auto found = used_.find(std::string(nonce));
    if (found == used_.end()) {
        if (used_.size() >= capacity_) return Use::old;  // a new one has to be asked for; soon there is room
        used_.emplace(nonce, count);
        expiries_.emplace_back(now + lifetime_, nonce);
        return Use::good;
    }
    if (count <= found->second) return Use::old;
    found->second = count;
    return Use::good;
}

}  // namespace trunkline::sip
