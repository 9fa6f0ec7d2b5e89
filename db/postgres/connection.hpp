// One connection to PostgreSQL: SOCI owns it, and what SOCI does not do well (COPY, several statements at
// once, parameters by position) goes through libpq on the same connection. Used by one thread at a time.
// Every failure is a PostgresError; `connection_is_lost()` tells a server that is away from a statement that
// it refused.
#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace soci {
class session;
}

namespace trunkline::db {

class PostgresError : public std::runtime_error {
  public:
    PostgresError(const std::string& what, std::string sqlstate)
        : std::runtime_error(what), sqlstate_(std::move(sqlstate)) {}
    /// Five characters, or "" where the server said nothing (it could not be reached).
    [[nodiscard]] const std::string& sqlstate() const { return sqlstate_; }
    /// The server is away, shutting down or out of resources: trying again later may help.
    [[nodiscard]] bool connection_is_lost() const;

  private:
    std::string sqlstate_;
};

/// What a statement gave back, as text.
class Rows {
  public:
    explicit Rows(PGresult* result) : result_(result, &PQclear) {}
    [[nodiscard]] int size() const { return PQntuples(result_.get()); }
    [[nodiscard]] int columns() const { return PQnfields(result_.get()); }
    [[nodiscard]] std::string_view column(int index) const { return PQfname(result_.get(), index); }
    [[nodiscard]] bool is_null(int row, int column) const {
        return PQgetisnull(result_.get(), row, column) != 0;
    }
    /// "" for NULL.
    [[nodiscard]] std::string_view at(int row, int column) const {
        return {PQgetvalue(result_.get(), row, column),
                static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
    }
    /// How many rows the statement changed.
    [[nodiscard]] std::int64_t affected() const;

  private:
    std::unique_ptr<PGresult, decltype(&PQclear)> result_;
};

using Parameter = std::optional<std::string>;

class Connection {
  public:
    /// `dsn`: a libpq connection string or URI; where it does not say connect_timeout, 10 s.
    /// `answer_limit`: how long the server may say nothing to a statement; then it counts as lost. 0: for
    /// ever. Throws PostgresError that says how to go on.
    explicit Connection(const std::string& dsn, std::chrono::milliseconds answer_limit = {});
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// One or more statements without parameters; the last one's rows.
    Rows run(const std::string& sql);
    /// One statement with $1, $2…; std::nullopt is NULL.
    Rows run(const std::string& sql, const std::vector<Parameter>& parameters);
    /// COPY … FROM STDIN with these lines (COPY text format, each ending in '\n').
    void copy(const std::string& sql, std::string_view lines);
    /// After LISTEN: waits until a notification has come (true), or `timeout` has passed or the file
    /// descriptor `wake` is readable (false). All notifications that are there count as one.
    bool wait_for_notification(std::chrono::milliseconds timeout, int wake);
    /// Another answer_limit from now on, for a connection that was made with one.
    void answer_within(std::chrono::milliseconds limit) { answer_limit_ = limit; }
    /// What RAISE NOTICE said since the last call.
    [[nodiscard]] std::vector<std::string> take_notices();

  private:
    PGconn* raw() const;
    void send(int sent);
    PGresult* answer();
    void copy_all(std::string_view lines);
    void wait_for_socket(short events);
    [[noreturn]] void give_up();
    Rows checked(PGresult* result) const;
    std::unique_ptr<soci::session> session_;
    std::vector<std::string> notices_;
    std::chrono::milliseconds answer_limit_;
    bool given_up_ = false;  // nothing more is asked over it
};

/// A transaction that is rolled back unless it was committed.
class Transaction {
  public:
    explicit Transaction(Connection& connection) : connection_(connection) { connection_.run("BEGIN"); }
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

  private:
    Connection& connection_;
    bool open_ = true;
};

/// `"switch"`: a name as SQL wants it, whatever it is.
[[nodiscard]] std::string quoted_name(std::string_view name);

}  // namespace trunkline::db
