#include "db/config/password_checker.hpp"

#include <spdlog/spdlog.h>

#include <charconv>
#include <chrono>
#include <utility>

#include "db/config/secrets.hpp"
#include "db/postgres/connection.hpp"

namespace trunkline::config {

using messages::PasswordCheck;

namespace {
// A log-in waits for it; a server that says nothing counts as away.
constexpr std::chrono::seconds check_limit{15};
}  // namespace

PasswordChecker::PasswordChecker(std::string dsn, PasswordRequired required)
    : dsn_(std::move(dsn)), required_(required), thread_([this] { run(); }) {}

PasswordChecker::~PasswordChecker() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    asked_.notify_all();
    thread_.join();
    for (Question& question : questions_) question.done(PasswordCheck::wrong);
}

void PasswordChecker::check_application(std::string name, std::optional<std::string> password, Done done) {
    ask({false, {}, std::move(name), std::move(password), std::move(done)});
}

void PasswordChecker::check_person(std::string switch_name, std::string login_code,
                                   std::optional<std::string> password, Done done) {
    ask({true, std::move(switch_name), std::move(login_code), std::move(password), std::move(done)});
}

void PasswordChecker::ask(Question question) {
    {
        const std::lock_guard lock(mutex_);
        if (questions_.size() < longest_queue && !stopping_) {
            questions_.push_back(std::move(question));
            asked_.notify_one();
            return;
        }
    }
    question.done(PasswordCheck::wrong);
}

void PasswordChecker::run() {
    for (;;) {
        Question question;
        {
            std::unique_lock lock(mutex_);
            asked_.wait(lock, [this] { return stopping_ || !questions_.empty(); });
            if (stopping_) return;
            question = std::move(questions_.front());
            questions_.pop_front();
        }
        question.done(answer(question));
    }
}

PasswordCheck PasswordChecker::answer(const Question& question) {
    // Twice: the connection may have died since the last question.
    for (int attempt = 0; attempt < 2; ++attempt) {
        try {
            if (!connection_) connection_ = std::make_unique<db::Connection>(dsn_, check_limit);
            return look_up(question);
        } catch (const std::exception&) {
            connection_.reset();
        }
    }
    return PasswordCheck::wrong;
}

PasswordCheck PasswordChecker::look_up(const Question& question) {
    const auto owners =
        question.person
            ? connection_->run(
                  "SELECT p.dbid FROM config.person AS p JOIN config.person_agent_login AS l "
                  "ON l.tenant = p.tenant AND l.person = p.user_name "
                  "WHERE l.switch = $1 AND l.code = $2",
                  {question.switch_name, question.name})
            : connection_->run("SELECT dbid FROM config.application WHERE name = $1", {question.name});
    if (owners.size() == 0) return PasswordCheck::none_needed;
    std::uint32_t owner = 0;
    const std::string_view text = owners.at(0, 0);
    std::from_chars(text.data(), text.data() + text.size(), owner);
    const auto secret =
        stored_secret(*connection_, question.person ? "person" : "application", owner, "password");
    if (!secret && required_ == PasswordRequired::yes) {
        // The client learns no more than of any other password that is wrong.
        spdlog::warn(
            "auth.required: {} '{}' has no password and is refused; give it one in the site file "
            "(password:) and import that",
            question.person ? "the person of agent login" : "application", question.name);
        return PasswordCheck::wrong;
    }
    if (!secret) return PasswordCheck::none_needed;
    if (!question.password) return PasswordCheck::missing;
    return matches(*secret, *question.password) ? PasswordCheck::right : PasswordCheck::wrong;
}

}  // namespace trunkline::config
