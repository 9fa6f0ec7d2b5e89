#include "db/scripts/script_databases.hpp"

#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "db/scripts/guest_session.hpp"

namespace trunkline::db {
namespace {

using Clock = GuestSession::Clock;
constexpr auto between_complaints = std::chrono::seconds(10);

class StopSignal {
  public:
    StopSignal() : fd_(::eventfd(0, EFD_CLOEXEC)) {
        if (fd_ < 0) throw std::runtime_error("no file descriptor for the scripts' databases");
    }
    ~StopSignal() { ::close(fd_); }
    StopSignal(const StopSignal&) = delete;
    StopSignal& operator=(const StopSignal&) = delete;
    void set() const { ::eventfd_write(fd_, 1); }
    [[nodiscard]] int fd() const { return fd_; }

  private:
    int fd_;
};

}  // namespace

class ScriptDatabases::Lane {
  public:
    Lane(std::string name, const ConnInfo& info, const ScriptDatabasesSettings& settings,
         const Answer& answer)
        : name_(std::move(name)), most_waiting_(settings.most_waiting), answer_(answer) {
        for (int n = 0; n < settings.connections; ++n) threads_.emplace_back([this, info] { work(info); });
    }
    ~Lane() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
            jobs_.clear();
        }
        stop_.set();
        changed_.notify_all();
        for (auto& thread : threads_) thread.join();
    }
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    /// False where the queue is full.
    [[nodiscard]] bool take(messages::RunQuery& query) {
        {
            const std::lock_guard lock(mutex_);
            if (jobs_.size() >= most_waiting_) return false;
            const auto until = Clock::now() + query.query.timeout;
            jobs_.push_back({std::move(query), until});
        }
        changed_.notify_one();
        return true;
    }

  private:
    struct Job {
        messages::RunQuery query;
        Clock::time_point until;
    };
    std::string name_;
    std::size_t most_waiting_;
    const Answer& answer_;
    StopSignal stop_;
    std::mutex mutex_;  // guards the four below
    std::condition_variable changed_;
    std::deque<Job> jobs_;
    bool stopping_ = false;
    Clock::time_point complained_;
    std::vector<std::thread> threads_;

    void work(const ConnInfo& info) {
        GuestSession session(info, stop_.fd());
        while (auto job = next()) {
            // Nobody waits any more for what stood in the queue too long.
            auto result = Clock::now() < job->until ? session.run(job->query.query, job->until)
                                                    : messages::QueryResult{{}, {}, "timeout"};
            if (!session.trouble().empty()) complain(session.trouble());
            answer_(messages::QueryAnswered{job->query.id, std::move(result)});
            session.clean();
        }
    }

    std::optional<Job> next() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
        if (stopping_) return std::nullopt;
        Job job = std::move(jobs_.front());
        jobs_.pop_front();
        return job;
    }

    void complain(const std::string& why) {
        const std::lock_guard lock(mutex_);
        const auto now = Clock::now();
        if (now - complained_ < between_complaints) return;
        complained_ = now;
        if (name_.empty())
            spdlog::error(
                "db.query: the role trunkline_script cannot log in to the database of database.dsn: {}. Let "
                "pg_hba.conf admit it, or give its password in the password file",
                why);
        else
            spdlog::error(
                "db.query: database '{}' cannot be reached: {}. Start it, or correct "
                "scripts.databases",
                name_, why);
    }
};

ScriptDatabases::ScriptDatabases(const ScriptDatabasesSettings& settings, Answer answer)
    : answer_(std::move(answer)) {
    lanes_[""] = std::make_unique<Lane>("", as_script_role(read_conninfo(settings.own_dsn, "database.dsn")),
                                        settings, answer_);
    for (const auto& [name, dsn] : settings.named)
        lanes_[name] =
            std::make_unique<Lane>(name, read_conninfo(dsn, "scripts.databases." + name), settings, answer_);
}

ScriptDatabases::~ScriptDatabases() = default;

void ScriptDatabases::post(messages::RunQuery query) {
    const OutsideId id = query.id;
    const auto lane = lanes_.find(query.query.database);
    if (lane == lanes_.end()) {
        std::string known;
        for (const auto& [name, unused] : lanes_)
            if (!name.empty()) known += (known.empty() ? "" : ", ") + name;
        answer_(messages::QueryAnswered{
            id,
            {{},
             {},
             "there is no database '" + query.query.database + "' in scripts.databases; " +
                 (known.empty() ? "it names none" : "known are " + known)}});
        return;
    }
    if (!lane->second->take(query)) answer_(messages::QueryAnswered{id, {{}, {}, "busy"}});
}

}  // namespace trunkline::db
