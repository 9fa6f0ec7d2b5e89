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

}  // namespace trunkline::apps
