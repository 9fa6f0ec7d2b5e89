// Who knows passwords. The server calls it on the engine thread; it must not block there: it takes the
// question to a thread of its own and calls `done` from any thread, exactly once. A database that does not
// answer counts as `wrong`.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "engine/base/ids.hpp"
#include "engine/messages/commands.hpp"

namespace trunkline::tlib {

class Authenticator {
  public:
    using Done = std::function<void(messages::PasswordCheck)>;

    virtual ~Authenticator() = default;
    /// `name` is that of an Application that the configuration in force has.
    virtual void check_application(std::string name, std::optional<std::string> password, Done done) = 0;
    /// `login_code` as the client wrote it, perhaps `code@switch`; it may name nobody (then: none_needed).
    virtual void check_login(SwitchId home, std::string login_code, std::optional<std::string> password,
                             Done done) = 0;
};

}  // namespace trunkline::tlib
