// Takes the T-Library adapter's questions about passwords to the checker, which works on a thread of its own.
#pragma once

#include "adapters/tlib/authenticator.hpp"
#include "db/config/password_checker.hpp"
#include "engine/model/snapshot.hpp"

namespace trunkline::apps {

class PasswordDoor : public tlib::Authenticator {
  public:
    /// `configuration` gives the snapshot in force; called on the engine thread.
    PasswordDoor(const std::string& dsn, config::PasswordRequired required,
                 std::function<model::SharedSnapshot()> configuration)
        : checker_(dsn, required), configuration_(std::move(configuration)) {}

    void check_application(std::string name, std::optional<std::string> password, Done done) override;
    void check_login(SwitchId home, std::string login_code, std::optional<std::string> password,
                     Done done) override;

  private:
    config::PasswordChecker checker_;
    std::function<model::SharedSnapshot()> configuration_;
};

/// With auth.required: who cannot log in, for want of a password, in words for the log; "" where nobody.
/// Names a dozen of each kind.
[[nodiscard]] std::string who_has_no_password(const model::Site&);

}  // namespace trunkline::apps
