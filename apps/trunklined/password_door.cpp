#include "apps/trunklined/password_door.hpp"

namespace trunkline::apps {

void PasswordDoor::check_application(std::string name, std::optional<std::string> password, Done done) {
    checker_.check_application(std::move(name), std::move(password), std::move(done));
}

/// The checker knows logins by switch and code; who writes no switch means the one of the client.
void PasswordDoor::check_login(SwitchId home, std::string login_code, std::optional<std::string> password,
                               Done done) {
    const auto snapshot = configuration_();
    const auto* login = snapshot ? snapshot->login(home, login_code) : nullptr;
    const auto* sw = login != nullptr ? snapshot->switch_of(login->sw) : nullptr;
    if (sw == nullptr) {  // nobody: the engine answers 192
        done(messages::PasswordCheck::none_needed);
        return;
    }
    checker_.check_person(sw->object->name, login->object->code, std::move(password), std::move(done));
}

namespace {

constexpr std::size_t named = 12;

template <class Object, class Name>
std::string list_of(const char* kind, const std::vector<Object>& objects, Name name) {
    std::string words;
    std::size_t found = 0;
    for (const Object& object : objects)
        if (!object.has_password && ++found <= named) words += (found == 1 ? "" : ", ") + name(object);
    if (found == 0) return {};
    if (found > named) words += " and " + std::to_string(found - named) + " more";
    return std::string(kind) + " " + words;
}

}  // namespace

std::string who_has_no_password(const model::Site& site) {
    const auto applications =
        list_of("applications", site.applications, [](const model::Application& one) { return one.name; });
    std::string persons;
    for (const model::Tenant& tenant : site.tenants) {
        const auto some =
            list_of("persons", tenant.persons, [](const model::Person& one) { return one.user_name; });
        if (!some.empty()) persons += (persons.empty() ? "" : "; ") + some + " of " + tenant.name;
    }
    return applications + (applications.empty() || persons.empty() ? "" : "; ") + persons;
}

}  // namespace trunkline::apps
