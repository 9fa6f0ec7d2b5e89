#include "apps/settings/known_scripts.hpp"

#include "apps/settings/script_folders.hpp"
#include "engine/scripting/media_of_rules.hpp"

namespace trunkline::apps {

model::KnownScripts known_scripts(const Settings& settings) {
    model::KnownScripts known;
    try {
        known.strategies.emplace();
        known.capacity_rules.emplace();
        const auto sources = read_scripts(settings);
        for (const auto& file : sources.files) {
            const fs::path path = file.path;
            if (path.parent_path() == "strategies") known.strategies->insert(path.stem());
            if (path.parent_path() == "capacity") known.capacity_rules->insert(path.stem());
        }
        known.chat_rules = scripting::rules_that_allow("chat", sources, script_budgets(settings));
    } catch (const std::exception&) {
        return {};
    }
    return known;
}

}  // namespace trunkline::apps
