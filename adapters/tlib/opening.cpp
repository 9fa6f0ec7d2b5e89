#include "adapters/tlib/opening.hpp"

#include <boost/json.hpp>

namespace trunkline::tlib {
namespace {

Error bad_attribute(std::string message) { return {ErrorCode::bad_attribute, std::move(message)}; }

// The only switch of the tenant (of the whole site where `tenant` is empty), else the one that is marked as
// default.
Result<const model::SwitchEntry*> switch_without_a_name(const model::Snapshot& configuration,
                                                        std::string_view tenant) {
    const model::SwitchEntry* found = nullptr;
    std::size_t count = 0;
    for (const model::Switch& sw : configuration.site().switches) {
        if (!tenant.empty() && sw.tenant != tenant) continue;
        const model::SwitchEntry* entry = configuration.switch_named(sw.name);
        if (entry == nullptr) continue;
        if (model::option_flag(sw.options, "TServer", "default", false)) return entry;
        ++count;
        found = entry;
    }
    if (count == 1) return found;
    if (count == 0) return bad_attribute("no switch is configured that this application could work on");
    return bad_attribute(
        "attribute 'Switch' is missing: there are several switches and none has the option default: true");
}

}  // namespace

Result<std::optional<std::string>> read_text(const boost::json::object& object, std::string_view name) {
    const boost::json::value* value = object.if_contains(name);
    if (value == nullptr || value->is_null()) return std::optional<std::string>{};
    if (!value->is_string())
        return bad_attribute("attribute '" + std::string(name) + "' has a value of the wrong type");
    return std::optional<std::string>(std::string(value->as_string()));
}

Result<Opening> resolve_opening(const model::Snapshot& configuration, const boost::json::object& request) {
    const auto application = read_text(request, "ApplicationName");
    if (!application) return application.error();
    const auto password = read_text(request, "Password");
    if (!password) return password.error();
    const auto switch_name = read_text(request, "Switch");
    if (!switch_name) return switch_name.error();
    if (!*application)
        return bad_attribute("attribute 'ApplicationName' is missing: the name of an Application object");

    const model::Application* object = configuration.application(**application);
    if (object == nullptr)
        return bad_attribute("attribute 'ApplicationName' names no Application object of the configuration");

    const model::SwitchEntry* sw = nullptr;
    if (switch_name->value_or("").empty()) {
        const auto only = switch_without_a_name(configuration, object->tenant);
        if (!only) return only.error();
        sw = *only;
    } else {
        sw = configuration.switch_named(**switch_name);
        if (sw == nullptr) return bad_attribute("attribute 'Switch' names no switch of the configuration");
        if (!object->tenant.empty() && sw->object->tenant != object->tenant)
            return bad_attribute(
                "attribute 'Switch' names a switch of another tenant than the application's");
    }
    return Opening{.application = **application,
                   .password = *password,
                   .tenant = sw->tenant,
                   .sw = sw->id,
                   .tenant_name = sw->object->tenant,
                   .switch_name = sw->object->name};
}

}  // namespace trunkline::tlib
