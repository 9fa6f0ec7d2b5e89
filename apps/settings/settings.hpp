// Process settings: what a process must know before it can reach the database (one YAML file, every key
// overridable by TRUNKLINE_<SECTION>_<KEY>). Read once at start, never changed after it; both programs use
// it. An unknown key or a bad value throws SettingsError whose text names file, line and key.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace trunkline::apps {

namespace fs = std::filesystem;

struct SettingsError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Files of a `tls` setting; paths are absolute once read.
struct TlsFiles {
    fs::path cert;
    fs::path key;  // empty: it stands in the file of cert
    fs::path ca;   // empty: none
};

struct Settings {
    struct Node {
        std::uint32_t shard = 1;  // 1..1023
        std::string name;         // "" where none is given
    } node;
    struct Database {
        std::string dsn =
            "dbname=trunkline";  // as libpq reads it; "cluster:DIR" in the file names a private cluster
        int pool = 4;
    } database;
    struct Sip {
        std::vector<std::string> listen{"udp:0.0.0.0:5060", "tcp:0.0.0.0:5060"};
        std::string realm = "trunkline";
        int peer_sessions = 50;
        int peer_new_per_second = 20;
        std::optional<TlsFiles> tls;
    } sip;
    struct Tlib {
        std::string listen = "127.0.0.1:8100";
        int client_queue_mib = 16;
        int idle_limit = 0;  // seconds without a message after which a client is closed; 0: never
        bool insecure_plaintext = false;
        std::optional<TlsFiles> tls;
    } tlib;
    struct Http {
        std::string listen = "127.0.0.1:8080";
        bool insecure_plaintext = false;
        std::optional<TlsFiles> tls;
    } http;
    struct Control {
        fs::path socket = "var/trunkline.sock";
    } control;
    struct Auth {
        bool required = false;
        std::optional<fs::path> token_file;  // none: var/token beside the settings file
    } auth;
    struct Scripts {
        std::vector<fs::path> paths{"scripts"};
        std::vector<fs::path> strategies{"strategies"};
        bool watch = true;
        std::map<std::string, std::string> databases;  // name -> dsn
        std::vector<std::string> http_allow;
        std::int64_t instruction_budget = 1'000'000;         // a strategy, up to its next wait
        std::int64_t load_instruction_budget = 100'000;      // a file while it loads
        std::int64_t function_instruction_budget = 100'000;  // a capacity, presence or statistics function
        std::int64_t close_instruction_budget = 10'000;      // <close> variables after a kill
        std::int64_t memory_per_interaction_kib = 1024;
        std::int64_t memory_budget_mib = 2048;
    } scripts;
    struct Reporting {
        fs::path spool = "var/spool";
        std::int64_t spool_max_mib = 4096;
        int batch = 1000;
        int flush_ms = 200;
        bool machine_durability = false;  // durability: machine
        int keep_months = 0;              // months of history that stay beside the current one; 0: for ever
        std::string trace = "all";        // steps of strategies that are recorded: off, decisions, all
    } reporting;
    struct Replay {
        std::optional<fs::path> dir;
        std::int64_t keep_mib = 1024;
    } replay;
    int drain_timeout = 60;  // seconds
    struct Log {
        std::string level = "info";  // debug, info, warning, error
        bool json = false;           // format: json
        bool messages = false;
    } log;
    fs::path folder;  // the file's own: relative paths start here (they are absolute once read)
    std::map<std::string, std::string> places;  // of the keys that were given

    /// How an error about a key begins: "trunkline.yaml:3: " or "environment variable TRUNKLINE_...: "; ""
    /// where its default is in force. Items of a list: "sip.listen[0]".
    [[nodiscard]] std::string place(const std::string& key) const {
        const auto found = places.find(key);
        return found == places.end() ? std::string() : found->second;
    }

    [[nodiscard]] fs::path token_path() const { return auth.token_file.value_or(folder / "var/token"); }
};

/// Variables by name, those of ours: TRUNKLINE_... Handed in so that tests have their own.
using Environment = std::map<std::string, std::string>;
[[nodiscard]] Environment process_environment();

/// Whether a text can be a connection string at all: an address, or keywords with values. libpq tells what
/// is wrong with one that can; of one that cannot it would quote more than was written.
[[nodiscard]] bool is_dsn(std::string_view);

/// Reads the file. A file that is not there is an error unless `may_be_absent` (then: the defaults and the
/// environment).
[[nodiscard]] Settings read_settings(const fs::path& file, const Environment&, bool may_be_absent = false);

/// What must not be listened on as it stands: an address other than loopback without passwords and
/// encryption. Throws SettingsError that says which setting to add.
void refuse_open_doors(const Settings&);

}  // namespace trunkline::apps
