#include "engine/scripting/check_names.hpp"

#include <algorithm>
#include <array>

#include "engine/base/near_names.hpp"
#include "engine/model/skill_expression.hpp"
#include "engine/model/weekly_hours.hpp"
#include "engine/routing/target_match.hpp"
#include "engine/scripting/source_scan.hpp"

namespace trunkline::scripting {
namespace {

using Kind = ConstantName::Kind;
using routing::TargetKind;

// How messages call an object, the target that finds it, and the names that a tenant has of the kind.
struct ObjectKind {
    Kind kind;
    const char* called;
    std::optional<TargetKind> target;
    std::vector<std::string_view> (*names)(const model::Tenant&);
};

template <class List, class Name>
std::vector<std::string_view> names_in(const List& list, Name name) {
    std::vector<std::string_view> names;
    for (const auto& object : list) names.push_back(object.*name);
    return names;
}

const std::array<ObjectKind, 6> kinds{{
    {Kind::agent, "agent", TargetKind::agent,
     [](const model::Tenant& t) { return names_in(t.persons, &model::Person::user_name); }},
    {Kind::group, "agent group", TargetKind::group,
     [](const model::Tenant& t) { return names_in(t.agent_groups, &model::AgentGroup::name); }},
    {Kind::place, "place", TargetKind::place,
     [](const model::Tenant& t) { return names_in(t.places, &model::Place::name); }},
    {Kind::place_group, "place group", TargetKind::place_group,
     [](const model::Tenant& t) { return names_in(t.place_groups, &model::PlaceGroup::name); }},
    {Kind::queue, "queue", TargetKind::queue, nullptr},
    {Kind::dn, "DN", TargetKind::dn, nullptr},
}};

class Checker {
  public:
    Checker(const ScriptFile& file, const ScriptSources& sources, const NamesOf& names)
        : file_(file), sources_(sources), config_(looks_up(file, names) ? names.config : nullptr) {}

    std::vector<ScriptError> run() {
        for (const ConstantName& name : constant_names(file_.text)) check(name);
        return std::move(errors_);
    }

  private:
    const ScriptFile& file_;
    const ScriptSources& sources_;
    const model::Snapshot* config_;
    std::vector<ScriptError> errors_;

    static bool looks_up(const ScriptFile& file, const NamesOf& names) {
        if (names.config == nullptr || names.every_strategy || !file.path.starts_with("strategies/"))
            return names.config != nullptr;
        const auto& dns = names.config->dns();
        return std::any_of(dns.begin(), dns.end(), [&](const model::DnEntry& dn) {
            return file.path == "strategies/" + dn.object->strategy + ".lua";
        });
    }

    void error(const ConstantName& name, const std::string& why) {
        ScriptError found;
        found.file = file_.shown_as;
        found.line = name.line;
        found.message = file_.shown_as + ":" + std::to_string(name.line) + ": " + why;
        errors_.push_back(std::move(found));
    }

    [[nodiscard]] bool any_tenant(const auto& has) const {
        const auto& tenants = config_->site().tenants;
        return std::any_of(tenants.begin(), tenants.end(), [&](const model::Tenant& tenant) {
            const model::TenantEntry* entry = config_->tenant(tenant.name);
            return entry != nullptr && has(*entry);
        });
    }
    [[nodiscard]] std::vector<std::string_view> names_of_all(auto names) const {
        std::vector<std::string_view> all;
        if (names == nullptr) return all;
        for (const model::Tenant& tenant : config_->site().tenants)
            for (const std::string_view name : names(tenant)) all.push_back(name);
        return all;
    }

    void absent(const ConstantName& name, const std::string& called, std::vector<std::string_view> known) {
        error(name, "no tenant has " + called + " '" + name.name + "'" + did_you_mean(name.name, known) +
                        (known.empty() ? "; check the name, or add it to the configuration" : ""));
    }

    void check(const ConstantName& name) {
        switch (name.kind) {
            case Kind::skill_expression:
                return skills(name);
            case Kind::hours:
                if (const auto hours = model::WeeklyHours::parse(name.name); !hours)
                    error(name, "time.in_hours: " + hours.error().message);
                return;
            case Kind::treatment:
                return script(name, "treatments");
            case Kind::statistic:
                return script(name, "statistics");
            default:
                if (config_ != nullptr) object(name);
        }
    }

    void script(const ConstantName& name, const std::string& folder) {
        const std::string path = folder + "/" + name.name + ".lua";
        std::vector<std::string> names;
        for (const ScriptFile& file : sources_.files) {
            if (file.path == path) return;
            if (file.path.starts_with(folder + "/"))
                names.push_back(file.path.substr(folder.size() + 1, file.path.size() - folder.size() - 5));
        }
        error(name, "there is no file " + path + " in scripts.paths" +
                        did_you_mean(name.name, {names.begin(), names.end()}));
    }

    void skills(const ConstantName& name) {
        const auto expression = model::SkillExpression::parse(name.name);
        if (!expression) return error(name, "target.skill: " + expression.error().message);
        if (config_ == nullptr) return;
        const auto known =
            names_of_all([](const model::Tenant& t) { return names_in(t.skills, &model::Skill::name); });
        for (const std::string& skill : expression->skills())
            if (std::find(known.begin(), known.end(), skill) == known.end())
                absent({name.kind, skill, name.line}, "the skill", known);
    }

    void object(const ConstantName& name) {
        for (const ObjectKind& kind : kinds) {
            if (kind.kind != name.kind) continue;
            const routing::Target target{*kind.target, name.name};
            if (!any_tenant([&](const auto& tenant) {
                    return routing::TargetMatch::exists(*config_, tenant.id, target);
                }))
                absent(name, kind.called, names_of_all(kind.names));
            return;
        }
        if (name.kind == Kind::list) {
            const auto has = [&](const auto& tenant) {
                return config_->list(tenant.id, name.name) != nullptr;
            };
            if (!any_tenant(has))
                absent(name, "list", names_of_all([](const model::Tenant& t) {
                           return names_in(t.lists, &model::List::name);
                       }));
        } else if (name.kind == Kind::virtual_queue) {
            const auto has = [&](const auto& tenant) {
                const model::DnEntry* dn = config_->dn(tenant.id, name.name);
                return dn != nullptr && dn->type == model::DnType::virtual_queue;
            };
            if (!any_tenant(has)) absent(name, "virtual queue", {});
        } else if (!any_tenant([&](const auto& tenant) { return has_object(tenant, name.name); })) {
            absent(name, "object", {});
        }
    }

    // What config.option finds, with or without its type before the name.
    [[nodiscard]] bool has_object(const model::TenantEntry& tenant, std::string_view name) const {
        const auto is = [&](std::string_view type, const auto& find) {
            if (name.starts_with(type) && name.substr(type.size()).starts_with(':'))
                return find(name.substr(type.size() + 1));
            return find(name);
        };
        return is("dn", [&](auto n) { return config_->dn(tenant.id, n) != nullptr; }) ||
               is("agent", [&](auto n) { return config_->person_by_any_name(tenant.id, n) != nullptr; }) ||
               is("group", [&](auto n) { return config_->group(tenant.id, n) != nullptr; }) ||
               is("place", [&](auto n) { return config_->place(tenant.id, n) != nullptr; }) ||
               is("switch",
                  [&](auto n) {
                      const auto* sw = config_->switch_named(n);
                      return sw != nullptr && sw->tenant == tenant.id;
                  }) ||
               is("tenant", [&](auto n) { return tenant.object->name == n; });
    }
};

}  // namespace

std::vector<ScriptError> check_names(const ScriptFile& file, const ScriptSources& sources,
                                     const NamesOf& names) {
    return Checker(file, sources, names).run();
}

}  // namespace trunkline::scripting
