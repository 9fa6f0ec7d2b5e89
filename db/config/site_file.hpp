// The site file: YAML, from and to model::Site. Reading never throws for what stands in the file: all that
// cannot be read is in `problems`, each with its path, beside all that could. Pure functions but for the
// reading of the file itself; any thread. Passwords go to `secrets`, never into the Site, and writing never
// gives one out.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/check.hpp"
#include "engine/model/site.hpp"

namespace trunkline::config {

/// A password that a file gives an object.
struct GivenPassword {
    enum class Owner { person, application, dn };
    Owner owner = Owner::person;
    std::string scope;  // tenant of a person, switch of a DN, "" for an application
    std::string name;
    std::string plain;
    std::string path;
};

struct SiteFile {
    std::string name;  // as messages call the file
    model::Site site;
    std::vector<GivenPassword> secrets;
    std::vector<model::Finding> problems;
    std::map<std::string, int> lines;  // where each path stands, from 1: all that the file says
    std::map<std::string, int> again;  // and where a name that must be there once is there again

    /// Whether the file has this key: `switches[sip_switch].dns[1111].strategy`.
    [[nodiscard]] bool says(const std::string& path) const { return lines.contains(path); }
    /// `site.yaml:12: switches[sip_switch].dns[1111].type: …`; without a line where the file does not say the
    /// path.
    [[nodiscard]] std::string text(const model::Finding& finding) const;
    /// The line of a path, or of the nearest object around it; 0 where the file has none.
    [[nodiscard]] int line_of(std::string path) const;
    /// Where the finding is: for a name that is there twice its second place.
    [[nodiscard]] int line_of(const model::Finding& finding) const;
    /// The one report: what could not be read and what check() found in the rest, by line. What only follows
    /// from a value that could not be read is left out.
    [[nodiscard]] std::vector<model::Finding> report(std::vector<model::Finding> checked) const;
};

/// `name` is what messages call the text. At most 64 MiB, 16 levels deep, no aliases.
[[nodiscard]] SiteFile parse_site(const std::string& text, std::string name);

/// Throws std::runtime_error, in words, where the file cannot be read at all.
[[nodiscard]] SiteFile read_site_file(const std::filesystem::path& file);

/// The same form back: reading it gives an equal Site (but for dbid, revision and has_password).
[[nodiscard]] std::string to_yaml(const model::Site& site);

}  // namespace trunkline::config
