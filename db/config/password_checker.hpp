// Says whether a password is right, off the caller's thread: hashes are slow on purpose. A worker with a
// connection of its own takes one question after the other from a bounded queue. A full queue and a database
// that is away count as wrong: nobody gets in because something is broken.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "engine/messages/commands.hpp"

namespace trunkline::db {
class Connection;
}

namespace trunkline::config {

/// Setting auth.required: who has no password may not come in.
enum class PasswordRequired { no, yes };

class PasswordChecker {
  public:
    using Done = std::function<void(messages::PasswordCheck)>;

    PasswordChecker(std::string dsn, PasswordRequired required);
    /// Answers what still waits with `wrong`.
    ~PasswordChecker();
    PasswordChecker(const PasswordChecker&) = delete;
    PasswordChecker& operator=(const PasswordChecker&) = delete;

    // Any thread, never block. `done` is called exactly once, on the worker, or at once where the queue is
    // full. none_needed: there is no password and none is required; missing: there is one and the client gave
    // none.

    void check_application(std::string name, std::optional<std::string> password, Done done);
    /// The person who has this Agent Login; none_needed where nobody has it.
    void check_person(std::string switch_name, std::string login_code, std::optional<std::string> password,
                      Done done);

  private:
    struct Question {
        bool person = false;
        std::string switch_name, name;
        std::optional<std::string> password;
        Done done;
    };
    static constexpr std::size_t longest_queue = 256;

    std::string dsn_;
    PasswordRequired required_;
    std::mutex mutex_;
    std::condition_variable asked_;
    std::deque<Question> questions_;              // under mutex_
    bool stopping_ = false;                       // under mutex_
    std::unique_ptr<db::Connection> connection_;  // the worker's
    std::thread thread_;

    void ask(Question question);
    void run();
    messages::PasswordCheck answer(const Question& question);
    messages::PasswordCheck look_up(const Question& question);
};

}  // namespace trunkline::config
