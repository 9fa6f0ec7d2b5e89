#include "adapters/sip/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <utility>

#include "adapters/mime/mime.hpp"
#include "engine/base/words.hpp"

namespace trunkline::sip {
namespace {

constexpr std::size_t longest_value = 512;

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// Takes the next name=value, the value quoted or not.
std::optional<std::pair<std::string, std::string>> next_parameter(std::string_view& rest) {
    const auto equals = rest.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    std::string name = mime::lower_trimmed(rest.substr(0, equals));
    rest = trimmed(rest.substr(equals + 1));
    std::string value;
    if (!rest.empty() && rest.front() == '"') {
        std::size_t at = 1;
        for (; at < rest.size() && rest[at] != '"'; ++at) {
            if (rest[at] == '\\' && at + 1 < rest.size()) ++at;
            value += rest[at];
        }
        if (at >= rest.size()) return std::nullopt;  // the quote has no end
        rest.remove_prefix(at + 1);
    } else {
        value = trimmed(rest.substr(0, rest.find(',')));
    }
    const auto comma = rest.find(',');
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    return std::pair(std::move(name), std::move(value));
}

const char* name_of(DigestAlgorithm algorithm) {
    return algorithm == DigestAlgorithm::md5 ? "MD5" : "SHA-256";
}

}  // namespace

std::uint32_t Credentials::uses() const {
    if (qop.empty()) return 1;
    return number_in<std::uint32_t>(count, 16).value_or(0);
}

std::optional<Credentials> parse_credentials(std::string_view parameters) {
    Credentials read;
    std::string algorithm;
    const std::array<std::pair<std::string_view, std::string*>, 9> names{{{"username", &read.username},
                                                                          {"realm", &read.realm},
                                                                          {"nonce", &read.nonce},
                                                                          {"uri", &read.uri},
                                                                          {"response", &read.response},
                                                                          {"cnonce", &read.cnonce},
                                                                          {"nc", &read.count},
                                                                          {"qop", &read.qop},
                                                                          {"algorithm", &algorithm}}};
    while (auto parameter = next_parameter(parameters)) {
        if (parameter->second.size() > longest_value) return std::nullopt;
        for (const auto& [name, place] : names) {
            if (parameter->first == name) *place = std::move(parameter->second);
        }
    }
    algorithm = mime::lower_trimmed(algorithm);
    if (algorithm == "sha-256") read.algorithm = DigestAlgorithm::sha256;
    if (!algorithm.empty() && algorithm != "md5" && algorithm != "sha-256") return std::nullopt;
    const bool counted = read.qop == "auth" && !read.cnonce.empty() && read.uses() > 0;
    if (!read.qop.empty() && !counted) return std::nullopt;
    if (read.username.empty() || read.nonce.empty() || read.uri.empty() || read.response.empty())
        return std::nullopt;
    return read;
}

std::string challenge(DigestAlgorithm algorithm, std::string_view realm, std::string_view nonce, bool stale) {
    return "Digest realm=\"" + std::string(realm) + "\", nonce=\"" + std::string(nonce) +
           "\", algorithm=" + name_of(algorithm) + ", qop=\"auth\"" + (stale ? ", stale=true" : "");
}

std::string hash_of(DigestAlgorithm algorithm, std::string_view text) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
    unsigned size = 0;
    const EVP_MD* kind = algorithm == DigestAlgorithm::md5 ? EVP_md5() : EVP_sha256();
    if (EVP_Digest(text.data(), text.size(), sum.data(), &size, kind, nullptr) != 1) return {};
    std::string out;
    for (unsigned at = 0; at < size; ++at) out += {digits[sum.at(at) >> 4U], digits[sum.at(at) & 15U]};
    return out;
}

bool is_right(const Credentials& credentials, const Ha1& secret, std::string_view method) {
    const DigestAlgorithm algorithm = credentials.algorithm;
    const std::string& ha1 = algorithm == DigestAlgorithm::md5 ? secret.md5 : secret.sha256;
    const std::string ha2 = hash_of(algorithm, std::string(method) + ":" + credentials.uri);
    std::string middle = ":" + credentials.nonce + ":";
    if (!credentials.qop.empty())
        middle += credentials.count + ":" + credentials.cnonce + ":" + credentials.qop + ":";
    const std::string right = hash_of(algorithm, ha1 + middle + ha2);
    const std::string given = mime::lower_trimmed(credentials.response);
    return !ha1.empty() && !right.empty() && given.size() == right.size() &&
           CRYPTO_memcmp(given.data(), right.data(), right.size()) == 0;
}

}  // namespace trunkline::sip
