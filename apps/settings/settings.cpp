#include "apps/settings/settings.hpp"

#include <arpa/inet.h>
#include <unistd.h>

#include <fstream>

#include "apps/settings/reader.hpp"
#include "engine/base/host_port.hpp"

namespace trunkline::apps {

namespace {

void read_all(Reader& reader, Settings& s) {
    reader.number("node", "shard", s.node.shard, 1, 1023);
    reader.text("node", "name", s.node.name);

    reader.dsn("database", "dsn", s.database.dsn);
    reader.number("database", "pool", s.database.pool, 1, 64);

    reader.list("sip", "listen", s.sip.listen);
    reader.text("sip", "realm", s.sip.realm);
    reader.number("sip", "peer_sessions", s.sip.peer_sessions, 1, 1'000'000);
    reader.number("sip", "peer_new_per_second", s.sip.peer_new_per_second, 1, 1'000'000);
    reader.tls("sip", s.folder, s.sip.tls);

    reader.address("tlib", "listen", s.tlib.listen);
    reader.number("tlib", "client_queue_mib", s.tlib.client_queue_mib, 1, 1024);
    reader.number("tlib", "idle_limit", s.tlib.idle_limit, 0, 86'400);
    reader.flag("tlib", "insecure_plaintext", s.tlib.insecure_plaintext);
    reader.tls("tlib", s.folder, s.tlib.tls);

    reader.address("http", "listen", s.http.listen);
    reader.flag("http", "insecure_plaintext", s.http.insecure_plaintext);
    reader.tls("http", s.folder, s.http.tls);

    reader.path("control", "socket", s.folder, s.control.socket);

    reader.flag("auth", "required", s.auth.required);
    reader.path("auth", "token_file", s.folder, s.auth.token_file);

    reader.paths("scripts", "paths", s.folder, s.scripts.paths);
    reader.paths("scripts", "strategies", s.folder, s.scripts.strategies);
    reader.flag("scripts", "watch", s.scripts.watch);
    reader.dsns("scripts", "databases", s.scripts.databases);
    reader.list("scripts", "http_allow", s.scripts.http_allow);
    reader.number("scripts", "instruction_budget", s.scripts.instruction_budget, 1'000, 1'000'000'000);
    reader.number("scripts", "load_instruction_budget", s.scripts.load_instruction_budget, 1'000,
                  1'000'000'000);
    reader.number("scripts", "function_instruction_budget", s.scripts.function_instruction_budget, 1'000,
                  1'000'000'000);
    reader.number("scripts", "close_instruction_budget", s.scripts.close_instruction_budget, 1'000,
                  1'000'000'000);
    reader.number("scripts", "memory_per_interaction_kib", s.scripts.memory_per_interaction_kib, 16,
                  1'048'576);
    reader.number("scripts", "memory_budget_mib", s.scripts.memory_budget_mib, 1, 1'048'576);

    reader.path("reporting", "spool", s.folder, s.reporting.spool);
    reader.number("reporting", "spool_max_mib", s.reporting.spool_max_mib, 1, 1'048'576);
    reader.number("reporting", "batch", s.reporting.batch, 1, 100'000);
    reader.number("reporting", "flush_ms", s.reporting.flush_ms, 1, 60'000);
    reader.number("reporting", "keep_months", s.reporting.keep_months, 0, 1200);
    std::string durability = "process";
    reader.choice("reporting", "durability", durability, {"process", "machine"});
    s.reporting.machine_durability = durability == "machine";
    reader.choice("reporting", "trace", s.reporting.trace, {"off", "decisions", "all"});

    reader.path("replay", "dir", s.folder, s.replay.dir);
    reader.number("replay", "keep_mib", s.replay.keep_mib, 1, 1'048'576);

    reader.number("", "drain_timeout", s.drain_timeout, 0, 86'400);

    reader.choice("log", "level", s.log.level, {"debug", "info", "warning", "error"});
    std::string format = "text";
    reader.choice("log", "format", format, {"text", "json"});
    s.log.json = format == "json";
    reader.flag("log", "messages", s.log.messages);
}

/// "cluster:DIR" is the private cluster that db/cluster keeps in DIR; the file `socket` in it says where it
/// listens.
std::string resolved_dsn(const std::string& dsn, const fs::path& folder) {
    constexpr std::string_view prefix = "cluster:";
    if (!dsn.starts_with(prefix)) return dsn;
    const auto cluster = (folder / dsn.substr(prefix.size())).lexically_normal();
    std::string socket = cluster.string();
    if (std::ifstream in(cluster / "socket"); in) std::getline(in, socket);
    return "host='" + socket + "' dbname=trunkline user=trunkline";
}

bool is_loopback(const std::string& listen) {
    const auto at = parse_host_port(listen);
    if (!at) return false;
    in_addr four{};
    if (::inet_pton(AF_INET, at->host.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24U) == 127;
    return at->host == "localhost" || at->host == "::1";
}

struct Door {
    std::string section, listen, place;
    bool encrypted = false;
};

void refuse_open_door(const Door& door, bool passwords) {
    if (is_loopback(door.listen)) return;
    const auto outside =
        door.place + door.section + ".listen: " + door.listen + " can be reached from outside ";
    if (!passwords)
        throw SettingsError(outside +
                            "and asks for no password; add auth.required: true, or listen on 127.0.0.1");
    if (!door.encrypted)
        throw SettingsError(outside + "without encryption; add " + door.section +
                            ".tls: {cert: FILE, key: FILE}, or listen on 127.0.0.1, or add " + door.section +
                            ".insecure_plaintext: true in a network that nobody else reads");
}

}  // namespace

Environment process_environment() {
    Environment ours;
    for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
        const std::string_view text = *each;
        const auto equals = text.find('=');
        if (text.starts_with("TRUNKLINE_") && equals != std::string_view::npos)
            ours.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return ours;
}

bool is_dsn(std::string_view text) {
    for (const std::string_view prefix : {"postgresql://", "postgres://", "cluster:"})
        if (text.starts_with(prefix)) return true;
    const auto first = text.find_first_not_of(" \t\n");
    if (first == std::string_view::npos) return true;  // all by libpq's own defaults
    const auto keyword =
        text.substr(first, text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", first) - first);
    const auto after = text.find_first_not_of(" \t\n", first + keyword.size());
    return !keyword.empty() && after != std::string_view::npos && text[after] == '=';
}

Settings read_settings(const fs::path& file, const Environment& environment, bool may_be_absent) {
    YAML::Node root;
    if (fs::exists(file)) {
        try {
            root = YAML::LoadFile(file.string());
        } catch (const YAML::ParserException& error) {
            throw SettingsError(file.string() + ":" + std::to_string(error.mark.line + 1) +
                                ": not YAML: " + error.msg);
        } catch (const YAML::BadFile&) {
            throw SettingsError(file.string() + ": cannot be read; check its permissions");
        }
    } else if (!may_be_absent) {
        throw SettingsError(file.string() + ": no such file; name the settings file with --config FILE");
    }
    Settings settings;
    settings.folder = fs::absolute(file).parent_path();
    Reader reader(root, file.string(), environment);
    read_all(reader, settings);
    reader.refuse_unknown_keys();
    reader.refuse_unknown_variables();
    settings.places = reader.places();
    settings.database.dsn = resolved_dsn(settings.database.dsn, settings.folder);
    for (auto& [name, dsn] : settings.scripts.databases) dsn = resolved_dsn(dsn, settings.folder);
    return settings;
}

void refuse_open_doors(const Settings& settings) {
    const auto refuse = [&](const std::string& section, const auto& door) {
        refuse_open_door(
            {section, door.listen, settings.place(section + ".listen"), door.tls || door.insecure_plaintext},
            settings.auth.required);
    };
    refuse("tlib", settings.tlib);
    refuse("http", settings.http);
}

}  // namespace trunkline::apps
