// One connection for queries of scripts. Each query is the SELECT of a cursor in a read-only transaction that
// is always rolled back: the grammar lets nothing but a query in there, and what a query did to the session
// is undone before the next one. Belongs to one thread; waits at most until the time given, or until the stop
// signal. Failures come back as the result's error; the connection is made anew where it was lost.
#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <memory>

#include "db/scripts/conninfo.hpp"
#include "engine/messages/outside.hpp"

namespace trunkline::db {

inline constexpr int most_script_rows = 1000;
inline constexpr std::size_t most_script_bytes = 256UL * 1024;

class GuestSession {
  public:
    using Clock = std::chrono::steady_clock;

    /// `stop`: a file descriptor that becomes readable when the server ends.
    GuestSession(ConnInfo, int stop);

    [[nodiscard]] messages::QueryResult run(const messages::Query&, Clock::time_point until);
    /// After each query, once its answer is on its way: as new for the next one.
    void clean();
    /// Why the database could not be reached, for the server's log; empty while it could.
    [[nodiscard]] const std::string& trouble() const { return trouble_; }

  private:
    using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;
    struct Refused {
        std::string message, sqlstate;  // "" where the connection is gone
    };
    struct OutOfTime {};

    ConnInfo info_;
    int stop_;
    std::unique_ptr<PGconn, decltype(&PQfinish)> connection_{nullptr, &PQfinish};
    std::string trouble_;

    void connect(Clock::time_point until);
    messages::QueryResult ask(const messages::Query&, Clock::time_point until);
    void declare(const messages::Query&, Clock::time_point until);
    messages::QueryResult fetch(Clock::time_point until);
    void command(const std::string& sql, Clock::time_point until);
    /// The next result of what was sent; null after the last one.
    Result next(Clock::time_point until);
    void finish(Clock::time_point until);
    void check(const PGresult*) const;
    void wait(short events, Clock::time_point until) const;
};

}  // namespace trunkline::db
