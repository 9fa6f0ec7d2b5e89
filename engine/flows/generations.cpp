#include "engine/flows/generations.hpp"

#include "engine/flows/agent_work.hpp"
#include "engine/flows/lost_strategies.hpp"

namespace trunkline::flows {

using messages::LogLevel;

void on_scripts_loaded(Core& core, messages::ScriptsLoaded& loaded, const scripting::Budgets& budgets) {
    if (!loaded.built) {
        scripting::BuildResult result = scripting::build(*loaded.sources, budgets);
        if (!result.generation) {
            messages::ScriptsRefused refused{loaded.sources->hash, {}};
            for (const auto& error : result.errors) refused.errors.push_back(error.message);
            on_scripts_refused(core, refused);
            return;
        }
        loaded.built = std::move(result.generation);
    }
    core.generation = Generation(core.generation.value() + 1);
    core.scripts->adopt(core.generation, std::move(loaded.built));
    core.capacity.forget();
    core.router.forget_figures();
    look_for_missing_strategies(core);
    if (core.generation_row.seq)
        core.record(records::ScriptGenerationReplaced{core.generation_row.seq, core.generation_row.loaded_at,
                                                      "superseded"});
    records::ScriptGeneration& row = core.generation_row = {};
    row.seq = core.ids.next_seq();
    row.generation = core.generation.value();
    row.loaded_at = core.now;
    row.hash = loaded.sources->hash;
    row.outcome = "loaded";
    core.record(row);
    for (const scripting::ScriptFile& file : loaded.sources->files) {
        records::ScriptSource source;
        source.seq = core.ids.next_seq();
        source.hash = file.hash;
        source.path = file.path;
        source.text.is = file.text;
        core.record(std::move(source));
    }
    core.log(LogLevel::info,
             "scripts: generation " + std::to_string(core.generation.value()) + " is in force");
    retire_old_generations(core);
    if (core.config) refresh_everybody(core);
}

void look_for_missing_strategies(Core& core) {
    std::erase_if(core.degraded, [](const std::string& why) { return why.ends_with("which is not loaded"); });
    if (!core.config || core.generation.value() == 0) return;
    for (const model::DnEntry& dn : core.config->dns()) {
        if (dn.type != model::DnType::routing_point || dn.object->strategy.empty()) continue;
        if (core.scripts->has_strategy(dn.object->strategy)) continue;
        core.degraded.insert("routing point " + dn.object->number + " names the strategy '" +
                             dn.object->strategy + "', which is not loaded");
    }
}

void on_scripts_refused(Core& core, const messages::ScriptsRefused& refused) {
    records::ScriptGeneration row;
    row.seq = core.ids.next_seq();
    row.loaded_at = core.now;
    row.hash = refused.hash;
    row.outcome = "refused";
    for (const std::string& error : refused.errors) row.errors += (row.errors.empty() ? "" : "\n") + error;
    core.record(std::move(row));
    for (const std::string& error : refused.errors)
        core.log(LogLevel::error, "scripts refused, generation " + std::to_string(core.generation.value()) +
                                      " stays in force: " + error);
}

}  // namespace trunkline::flows
