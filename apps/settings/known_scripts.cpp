#include "apps/settings/known_scripts.hpp"

#include "apps/settings/script_folders.hpp"

namespace trunkline::apps {

model::KnownScripts known_scripts(const Settings& settings) {
    model::KnownScripts known;
    try {
        known.strategies.emplace();
        known.capacity_rules.emplace();
        for (const auto& file : read_scripts(settings).files) {
            const fs::path path = file.path;
            if (path.parent_path() == "strategies") known.strategies->insert(path.stem());
            if (path.parent_path() == "capacity") known.capacity_rules->insert(path.stem());
        }
    } catch (const std::exception&) {
        return {};
    }
    return known;
}

}  // namespace trunkline::apps
