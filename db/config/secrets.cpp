#include "db/config/secrets.hpp"

#include <sodium.h>

#include <array>
#include <boost/json.hpp>
#include <stdexcept>

#include "db/postgres/connection.hpp"

namespace trunkline::config {
namespace {

void start_sodium() {
    if (sodium_init() < 0)
        throw std::runtime_error("libsodium cannot be started: no source of random numbers");
}

}  // namespace

std::string hash_password(const std::string& plain) {
    start_sodium();
    std::array<char, crypto_pwhash_STRBYTES> out{};
    if (crypto_pwhash_str(out.data(), plain.data(), plain.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        throw std::runtime_error("a password cannot be hashed: 64 MiB of memory are not there");
    return out.data();
}

bool verify_password(const std::string& hash, const std::string& plain) {
    start_sodium();
    // libsodium reads a fixed field.
    if (hash.size() >= crypto_pwhash_STRBYTES) return false;
    std::array<char, crypto_pwhash_STRBYTES> field{};
    hash.copy(field.data(), hash.size());
    return crypto_pwhash_str_verify(field.data(), plain.data(), plain.size()) == 0;
}

std::optional<StoredSecret> stored_secret(db::Connection& connection, std::string_view kind,
                                          std::uint32_t owner, std::string_view name) {
    const auto rows = connection.run(
        "SELECT hash, pending_plain FROM config.secret WHERE kind = $1 AND owner = $2::integer AND name = $3",
        {std::string(kind), std::to_string(owner), std::string(name)});
    if (rows.size() == 0) return std::nullopt;
    return StoredSecret{std::string(rows.at(0, 0)), std::string(rows.at(0, 1))};
}

bool matches(const StoredSecret& secret, const std::string& plain) {
    if (!secret.hash.empty()) return verify_password(secret.hash, plain);
    return secret.pending_plain.size() == plain.size() &&
           sodium_memcmp(secret.pending_plain.data(), plain.data(), plain.size()) == 0;
}

std::string ha1(db::Connection& connection, const std::string& number, const std::string& realm,
                const std::string& plain) {
    const auto rows = connection.run("SELECT md5($1), encode(sha256(convert_to($1, 'UTF8')), 'hex')",
                                     {number + ":" + realm + ":" + plain});
    return boost::json::serialize(boost::json::object{
        {"realm", realm}, {"MD5", std::string(rows.at(0, 0))}, {"SHA-256", std::string(rows.at(0, 1))}});
}

void put_secret(db::Connection& connection, std::string_view kind, std::uint32_t owner, std::string_view name,
                const std::string& hash) {
    // Not an UPDATE: the triggers that make a revision listen to what comes and goes.
    connection.run("DELETE FROM config.secret WHERE kind = $1 AND owner = $2::integer AND name = $3",
                   {std::string(kind), std::to_string(owner), std::string(name)});
    connection.run("INSERT INTO config.secret (kind, owner, name, hash) VALUES ($1, $2::integer, $3, $4)",
                   {std::string(kind), std::to_string(owner), std::string(name), hash});
}

int hash_pending_secrets(db::Connection& connection, const std::string& realm, int limit) {
    const auto rows = connection.run(
        "SELECT s.kind, s.owner, s.name, s.pending_plain, dn.number FROM config.secret AS s LEFT JOIN "
        "config.dn AS dn "
        "ON s.kind = 'dn' AND dn.dbid = s.owner WHERE s.pending_plain IS NOT NULL LIMIT $1::integer",
        {std::to_string(limit)});
    for (int row = 0; row < rows.size(); ++row) {
        const std::string plain(rows.at(row, 3));
        const bool digest = rows.at(row, 0) == "dn";
        const std::string hash =
            digest ? ha1(connection, std::string(rows.at(row, 4)), realm, plain) : hash_password(plain);
        // Only what was read: a password that came since is pending in its own right.
        connection.run(
            "UPDATE config.secret SET hash = $1, pending_plain = NULL WHERE kind = $2 AND owner = "
            "$3::integer AND name = $4 "
            "AND pending_plain = $5",
            {hash, std::string(rows.at(row, 0)), std::string(rows.at(row, 1)), std::string(rows.at(row, 2)),
             plain});
    }
    return rows.size();
}

}  // namespace trunkline::config
