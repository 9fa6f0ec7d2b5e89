// The verbs import, export, diff and the check of a site file, as functions: a program only parses its
// arguments. Each prints for people, or with `json` for programs (an array of flat objects), errors to `err`,
// and returns the exit code: 0, or 1 where it failed. Blocking; any thread; exceptions do not leave.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>

#include "db/config/merge_site.hpp"
#include "engine/model/check.hpp"

namespace trunkline::config {

enum class Output { people, json };

struct ImportOptions {
    std::string dsn;
    std::filesystem::path file;
    Prune prune = Prune::no;
    Output output = Output::people;
    std::string realm = "trunkline";  // setting sip.realm
    model::KnownScripts scripts;      // for warnings of scripts that are not there
    /// Waits until the revision is in force in the running server; returns a line about it, or "" where no
    /// server runs. Called once, where something changed. May be empty.
    std::function<std::string(std::uint64_t revision)> wait_until_in_force;
};
int import_command(const ImportOptions& options, std::ostream& out, std::ostream& err);

/// What the import would change. Exit 0 also where there are differences.
int diff_command(const ImportOptions& options, std::ostream& out, std::ostream& err);

struct ExportOptions {
    std::string dsn;
};
/// Writes the site file to `out`.
int export_command(const ExportOptions& options, std::ostream& out, std::ostream& err);

/// A site file on its own, without a database.
int check_site_command(const std::filesystem::path& file, const model::KnownScripts& scripts, Output output,
                       std::ostream& out, std::ostream& err);

}  // namespace trunkline::config
