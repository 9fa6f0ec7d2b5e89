// Passwords at rest: Argon2id through libsodium for persons and applications, HA1 for the SIP digest of DNs.
// Slow on purpose (some 60 ms and 64 MiB a hash): never on the engine thread. Nothing here logs or stores a
// password in the clear.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trunkline::db {
class Connection;
}

namespace trunkline::config {

/// Argon2id with libsodium's interactive limits. Throws std::runtime_error where the memory for it is not
/// there.
[[nodiscard]] std::string hash_password(const std::string& plain);

/// Constant in time for one hash.
[[nodiscard]] bool verify_password(const std::string& hash, const std::string& plain);

/// A secret as config.secret holds it: hashed, or still as SQL wrote it.
struct StoredSecret {
    std::string hash, pending_plain;  // one of the two
};
[[nodiscard]] std::optional<StoredSecret> stored_secret(db::Connection& connection, std::string_view kind,
                                                        std::uint32_t owner, std::string_view name);
[[nodiscard]] bool matches(const StoredSecret& secret, const std::string& plain);

/// The HA1 values of RFC 8760 as JSON: {"realm":…,"MD5":…,"SHA-256":…}. PostgreSQL computes them.
[[nodiscard]] std::string ha1(db::Connection& connection, const std::string& number, const std::string& realm,
                              const std::string& plain);

/// Writes a hash over whatever is there; a new revision.
void put_secret(db::Connection& connection, std::string_view kind, std::uint32_t owner, std::string_view name,
                const std::string& hash);

/// Hashes what SQL wrote in the clear and clears it, at most `limit` of it; no new revision. Returns how many
/// it took.
int hash_pending_secrets(db::Connection& connection, const std::string& realm, int limit = 1000);

}  // namespace trunkline::config
