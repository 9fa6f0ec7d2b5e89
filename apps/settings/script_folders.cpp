#include "apps/settings/script_folders.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <map>

namespace trunkline::apps {

namespace {

constexpr std::array<std::string_view, 5> kinds{"treatments", "capacity", "presence", "statistics", "lib"};
constexpr std::uintmax_t largest_file = 1024 * 1024;
constexpr std::size_t most_files = 10'000;

/// The path as a person wrote it: relative to the settings file's folder where it lies below it.
std::string shown(const fs::path& file, const fs::path& folder) {
    const auto relative = file.lexically_relative(folder).string();
    return relative.empty() || relative.starts_with("..") ? file.string() : relative;
}

scripting::ScriptFile read_file(const fs::path& file, const std::string& path, const fs::path& folder) {
    const auto name = shown(file, folder);
    if (fs::file_size(file) > largest_file)
        throw std::runtime_error(name + ": a script may not be larger than 1 MiB");
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error(name + ": cannot be read; check its permissions");
    std::string text{std::istreambuf_iterator<char>(in), {}};
    auto hash = content_hash(text);
    return {path, name, std::move(text), std::move(hash)};
}

/// A link may lead anywhere inside of its folder (releases that are switched so); outside of it other
/// people's files lie.
void require_within(const fs::path& file, const fs::path& folder, const std::string& name) {
    const auto target = fs::canonical(file).lexically_relative(fs::canonical(folder));
    if (target.empty() || *target.begin() == "..")
        throw std::runtime_error(
            name +
            ": leads out of its folder; put the script itself there, or name its folder in "
            "scripts.paths or scripts.strategies");
}

void add_folder(std::map<std::string, scripting::ScriptFile>& files, const fs::path& from,
                const std::string& prefix, const fs::path& folder) {
    if (!fs::is_directory(from)) return;
    for (const auto& entry : fs::directory_iterator(from)) {
        const auto name = entry.path().filename().string();
        if (entry.path().extension() != ".lua" || name.starts_with(".") || !entry.is_regular_file()) continue;
        auto path = prefix + "/" + name;
        if (files.contains(path)) continue;
        if (files.size() >= most_files)
            throw std::runtime_error("more than 10,000 script files; check scripts.paths");
        require_within(entry.path(), from, shown(entry.path(), folder));
        auto file = read_file(entry.path(), path, folder);
        files.emplace(std::move(path), std::move(file));
    }
}

void require_folder(const fs::path& from, std::string_view setting) {
    if (!fs::is_directory(from))
        throw std::runtime_error(std::string(setting) + ": there is no folder " + from.string() +
                                 "; make it or correct the setting");
}

}  // namespace

std::string content_hash(std::string_view text) {
    std::array<unsigned char, crypto_generichash_BYTES> hash{};
    crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()),
                       text.size(), nullptr, 0);
    std::string hex(hash.size() * 2 + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
    hex.pop_back();
    return hex;
}

scripting::ScriptSources read_scripts(const Settings& settings) {
    std::map<std::string, scripting::ScriptFile> files;
    for (const auto& from : settings.scripts.strategies) {
        require_folder(from, "scripts.strategies");
        add_folder(files, from, "strategies", settings.folder);
    }
    for (const auto& from : settings.scripts.paths) {
        require_folder(from, "scripts.paths");
        for (const auto kind : kinds) add_folder(files, from / kind, std::string(kind), settings.folder);
    }
    scripting::ScriptSources sources;
    std::string all;
    for (auto& [path, file] : files) {
        all += path + '\0' + file.hash + '\n';
        sources.files.push_back(std::move(file));
    }
    sources.hash = content_hash(all);
    return sources;
}

std::vector<fs::path> scripts_below(const fs::path& path) {
    if (!fs::is_directory(path)) return {path};
    std::vector<fs::path> files;
    for (auto it = fs::recursive_directory_iterator(path); it != fs::recursive_directory_iterator(); ++it) {
        if (it->is_directory() && it->path().filename() == "spec") it.disable_recursion_pending();
        if (it->is_regular_file() && it->path().extension() == ".lua") files.push_back(it->path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::string add_script(scripting::ScriptSources& sources, const fs::path& file, const Settings& settings) {
    const auto absolute = fs::absolute(file).lexically_normal();
    for (const auto& known : sources.files)
        if ((settings.folder / known.shown_as).lexically_normal() == absolute) return known.shown_as;
    const auto folder = absolute.parent_path().filename().string();
    const bool named = std::find(kinds.begin(), kinds.end(), folder) != kinds.end();
    auto added = read_file(absolute, (named ? folder : "strategies") + "/" + absolute.filename().string(),
                           settings.folder);
    added.shown_as = file.string();
    std::erase_if(sources.files, [&](const auto& other) { return other.path == added.path; });
    const auto place =
        std::lower_bound(sources.files.begin(), sources.files.end(), added.path,
                         [](const auto& other, const std::string& path) { return other.path < path; });
    sources.files.insert(place, std::move(added));
    return file.string();
}

std::vector<fs::path> script_folders(const Settings& settings) {
    auto folders = settings.scripts.strategies;
    for (const auto& from : settings.scripts.paths) {
        folders.push_back(from);
        for (const auto kind : kinds)
            if (fs::is_directory(from / kind)) folders.push_back(from / kind);
    }
    return folders;
}

scripting::Budgets script_budgets(const Settings& settings) {
    scripting::Budgets budgets;
    budgets.instructions = settings.scripts.instruction_budget;
    budgets.load_instructions = settings.scripts.load_instruction_budget;
    budgets.function_instructions = settings.scripts.function_instruction_budget;
    budgets.close_instructions = settings.scripts.close_instruction_budget;
    budgets.interaction_bytes = settings.scripts.memory_per_interaction_kib * 1024;
    budgets.generation_bytes = settings.scripts.memory_budget_mib * 1024 * 1024;
    return budgets;
}

}  // namespace trunkline::apps
