// Reads one key after the other from a YAML document or the environment, and remembers which keys exist, so
// that whatever else stands in the file or is set in the environment can be called unknown. Used by
// settings.cpp only; throws SettingsError.
#pragma once

#include <yaml-cpp/yaml.h>

#include <set>
#include <string_view>

#include "apps/settings/settings.hpp"

namespace trunkline::apps {

class Reader {
  public:
    Reader(YAML::Node root, std::string file, const Environment& environment);

    void text(std::string_view section, std::string_view key, std::string& out);
    void choice(std::string_view section, std::string_view key, std::string& out,
                const std::vector<std::string>& allowed);
    void flag(std::string_view section, std::string_view key, bool& out);
    template <class Number>
    void number(std::string_view section, std::string_view key, Number& out, std::int64_t least,
                std::int64_t most) {
        if (const auto value = integer(section, key, least, most)) out = static_cast<Number>(*value);
    }
    /// host:port.
    void address(std::string_view section, std::string_view key, std::string& out);
    /// What libpq reads, or the folder of a private cluster.
    void dsn(std::string_view section, std::string_view key, std::string& out);
    void list(std::string_view section, std::string_view key, std::vector<std::string>& out);
    /// name: dsn.
    void dsns(std::string_view section, std::string_view key, std::map<std::string, std::string>& out);
    /// A path, made absolute from `folder`.
    void path(std::string_view section, std::string_view key, const fs::path& folder, fs::path& out);
    void path(std::string_view section, std::string_view key, const fs::path& folder,
              std::optional<fs::path>& out);
    void paths(std::string_view section, std::string_view key, const fs::path& folder,
               std::vector<fs::path>& out);
    /// `tls: {cert: FILE, key: FILE, ca: FILE}` of a section, or null; in the environment
    /// TRUNKLINE_<SECTION>_TLS_CERT and so on.
    void tls(std::string_view section, const fs::path& folder, std::optional<TlsFiles>& out);

    /// Every key of the file was asked for, or SettingsError names the first that was not.
    void refuse_unknown_keys() const;
    /// The same for variables whose name begins as those of a section do; others are not ours.
    void refuse_unknown_variables() const;
    /// Of each key that was given: see Settings::place().
    [[nodiscard]] const std::map<std::string, std::string>& places() const { return places_; }

  private:
    struct Found {
        std::string text;   // the scalar as it was written
        std::string place;  // for errors: "file:line: ", or the variable's name
        std::string where;  // the same with the key
        YAML::Node node;    // undefined where it came from the environment
        bool null = false;
    };
    YAML::Node root_;
    std::string file_;
    const Environment& environment_;
    std::set<std::string> sections_, known_, variables_;
    std::map<std::string, std::string> places_;

    std::optional<Found> find(std::string_view section, std::string_view key);
    std::optional<Found> scalar(std::string_view section, std::string_view key);
    std::optional<std::int64_t> integer(std::string_view section, std::string_view key, std::int64_t least,
                                        std::int64_t most);
    [[nodiscard]] std::optional<std::string> variable(const std::string& name);
    void refuse_doubles(const YAML::Node& map, const std::string& section) const;
    [[nodiscard]] std::string line_of(const YAML::Node&) const;
    [[nodiscard]] std::string at(const YAML::Node&, const std::string& key) const;
    [[nodiscard]] std::string unknown(const std::string& name, std::string_view section) const;
};

}  // namespace trunkline::apps
