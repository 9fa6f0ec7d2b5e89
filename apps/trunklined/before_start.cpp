#include "apps/trunklined/before_start.hpp"

#include <unistd.h>

#include "adapters/sip/address.hpp"
#include "adapters/web/address_rules.hpp"
#include "db/scripts/conninfo.hpp"

namespace trunkline::apps {

namespace {

/// The place of an item; of the whole list where it came from a variable.
std::string place_of(const Settings& settings, const std::string& key, std::size_t item) {
    const auto place = settings.place(key + "[" + std::to_string(item) + "]");
    return place.empty() ? settings.place(key) : place;
}

void check_sip_doors(const Settings& settings) {
    const auto& listen = settings.sip.listen;
    if (listen.empty())
        throw SettingsError(settings.place("sip.listen") +
                            "sip.listen: is empty; write transport:address:port, for example "
                            "udp:0.0.0.0:5060");
    for (std::size_t item = 0; item < listen.size(); ++item)
        if (const auto address = sip::parse_listen_address(listen[item]); !address)
            throw SettingsError(place_of(settings, "sip.listen", item) + address.error().message);
}

void check_http_allow(const Settings& settings) {
    for (std::size_t item = 0; item < settings.scripts.http_allow.size(); ++item) {
        try {
            (void)web::AddressRules({settings.scripts.http_allow[item]});
        } catch (const std::runtime_error& error) {
            throw SettingsError(place_of(settings, "scripts.http_allow", item) + error.what());
        }
    }
}

void check_dsn(const Settings& settings, const std::string& key, const std::string& dsn) {
    try {
        (void)db::read_conninfo(dsn, key);
    } catch (const std::runtime_error& error) {
        throw SettingsError(settings.place(key) + error.what());
    }
}

void make_folder(const Settings& settings, const std::string& key, const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (!error && !fs::is_directory(folder, error) && !error)
        error = std::make_error_code(std::errc::not_a_directory);
    if (!error && ::access(folder.c_str(), W_OK | X_OK) != 0) error = {errno, std::generic_category()};
    if (error)
        throw SettingsError(settings.place(key) + key + ": " + folder.string() +
                            ": cannot be made or written to (" + error.message() +
                            "); name a folder that can");
}

}  // namespace

void check_before_start(const Settings& settings) {
    check_sip_doors(settings);
    check_http_allow(settings);
    check_dsn(settings, "database.dsn", settings.database.dsn);
    for (const auto& [name, dsn] : settings.scripts.databases)
        check_dsn(settings, "scripts.databases." + name, dsn);
    make_folder(settings, "reporting.spool", settings.reporting.spool);
    if (settings.replay.dir) make_folder(settings, "replay.dir", *settings.replay.dir);
}

}  // namespace trunkline::apps
