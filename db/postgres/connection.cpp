#include "db/postgres/connection.hpp"

#include <poll.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include <array>
#include <charconv>

namespace trunkline::db {

namespace {

// libpq's words as one line without an end.
std::string one_line(const char* text) {
    std::string line;
    for (const char* at = text == nullptr ? "" : text; *at != '\0'; ++at) {
        const char c = *at == '\n' || *at == '\t' ? ' ' : *at;
        if (c != ' ' || (!line.empty() && line.back() != ' ')) line += c;
    }
    while (!line.empty() && (line.back() == ' ' || line.back() == '.')) line.pop_back();
    return line;
}

// A server that is not there at all is noticed after this long, unless the dsn says otherwise.
std::string with_connect_timeout(const std::string& dsn) {
    if (dsn.find("connect_timeout") != std::string::npos) return dsn;
    if (dsn.starts_with("postgresql://") || dsn.starts_with("postgres://"))
        return dsn + (dsn.find('?') == std::string::npos ? "?" : "&") + "connect_timeout=10";
    return dsn + " connect_timeout=10";
}

}  // namespace

bool PostgresError::connection_is_lost() const {
    // 08 connection, 40 rolled back (deadlock), 53 out of resources, 55 object in use, 57 operator
    // intervention, 58 I/O.
    if (sqlstate_.empty()) return true;
    const auto group = sqlstate_.substr(0, 2);
    return group == "08" || group == "40" || group == "53" || group == "55" || group == "57" || group == "58";
}

std::int64_t Rows::affected() const {
    const std::string_view text = PQcmdTuples(result_.get());
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

Connection::Connection(const std::string& dsn, std::chrono::milliseconds answer_limit)
    : answer_limit_(answer_limit) {
    try {
        session_ = std::make_unique<soci::session>(soci::postgresql, with_connect_timeout(dsn));
    } catch (const soci::soci_error& error) {
        throw PostgresError(
            "PostgreSQL cannot be reached: " + one_line(error.what()) + ". Start it, or correct database.dsn",
            "");
    }
    PQsetNoticeReceiver(
        raw(),
        [](void* self, const PGresult* result) {
            auto& notices = static_cast<Connection*>(self)->notices_;
            const char* text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
            if (text != nullptr && notices.size() < 100) notices.emplace_back(text);
        },
        this);
    // So that a server that takes nothing any more does not hold us in a write.
    if (answer_limit_.count() > 0) PQsetnonblocking(raw(), 1);
    run("SET client_min_messages = notice; SET timezone = 'UTC'; SET datestyle = 'ISO, YMD'");
}

Connection::~Connection() = default;

PGconn* Connection::raw() const {
    return static_cast<soci::postgresql_session_backend*>(session_->get_backend())->conn_;
}

Rows Connection::checked(PGresult* result) const {
    Rows rows(result);
    const auto status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_IN) return rows;
    const char* state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char* primary = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    // The primary message only: the detail may quote a row, and with it a customer's text.
    throw PostgresError(primary == nullptr ? one_line(PQerrorMessage(raw())) : primary,
                        state == nullptr ? "" : state);
}

void Connection::give_up() {
    given_up_ = true;
    throw PostgresError("PostgreSQL has not answered for " +
                            std::to_string(std::chrono::ceil<std::chrono::seconds>(answer_limit_).count()) +
                            " s; is its machine or its disk in trouble, or does somebody hold a lock?",
                        "");
}

void Connection::wait_for_socket(short events) {
    pollfd socket{PQsocket(raw()), events, 0};
    if (::poll(&socket, 1, static_cast<int>(answer_limit_.count())) == 0) give_up();
    if ((socket.revents & ~POLLOUT) != 0 && PQconsumeInput(raw()) == 0)
        throw PostgresError(one_line(PQerrorMessage(raw())), "");
}

void Connection::send(int sent) {
    if (sent == 0) throw PostgresError(one_line(PQerrorMessage(raw())), "");
    while (PQflush(raw()) == 1) wait_for_socket(POLLIN | POLLOUT);
}

/// The last result of what was sent, as PQexec gives it; at COPY the one that begins it.
PGresult* Connection::answer() {
    PGresult* last = nullptr;
    try {
        while (true) {
            while (PQisBusy(raw()) != 0) wait_for_socket(POLLIN);
            PGresult* next = PQgetResult(raw());
            if (next == nullptr) return last;
            PQclear(last);
            last = next;
            if (PQresultStatus(last) == PGRES_COPY_IN) return last;
        }
    } catch (const PostgresError&) {
        PQclear(last);
        throw;
    }
}

Rows Connection::run(const std::string& sql) {
    if (answer_limit_.count() == 0) return checked(PQexec(raw(), sql.c_str()));
    if (given_up_) give_up();
    send(PQsendQuery(raw(), sql.c_str()));
    return checked(answer());
}

Rows Connection::run(const std::string& sql, const std::vector<Parameter>& parameters) {
    std::vector<const char*> values;
    values.reserve(parameters.size());
    for (const auto& parameter : parameters) values.push_back(parameter ? parameter->c_str() : nullptr);
    const auto count = static_cast<int>(values.size());
    if (answer_limit_.count() == 0)
        return checked(PQexecParams(raw(), sql.c_str(), count, nullptr, values.data(), nullptr, nullptr, 0));
    if (given_up_) give_up();
    send(PQsendQueryParams(raw(), sql.c_str(), count, nullptr, values.data(), nullptr, nullptr, 0));
    return checked(answer());
}

void Connection::copy_all(std::string_view lines) {
    constexpr std::size_t chunk = 1U << 20U;
    const auto put = [this](auto attempt) {
        int done = attempt();
        for (; done == 0; done = attempt()) wait_for_socket(POLLIN | POLLOUT);
        return done == 1;
    };
    const char* failure = nullptr;
    for (std::size_t sent = 0; sent < lines.size() && failure == nullptr; sent += chunk) {
        const auto part = lines.substr(sent, chunk);
        if (!put([&] { return PQputCopyData(raw(), part.data(), static_cast<int>(part.size())); }))
            failure = "the connection broke";
    }
    put([&] { return PQputCopyEnd(raw(), failure); });
    if (failure != nullptr) throw PostgresError(failure, "");
}

void Connection::copy(const std::string& sql, std::string_view lines) {
    run(sql);
    copy_all(lines);
    if (answer_limit_.count() > 0) send(1);
    std::optional<PostgresError> error;
    while (PGresult* result = answer_limit_.count() > 0 ? answer() : PQgetResult(raw())) {
        try {
            checked(result);
        } catch (const PostgresError& refused) {
            error = refused;
            if (PQstatus(raw()) != CONNECTION_OK) break;
        }
    }
    if (error) throw *error;
}

bool Connection::wait_for_notification(std::chrono::milliseconds timeout, int wake) {
    const auto taken = [this] {
        bool any = false;
        while (PGnotify* notification = PQnotifies(raw())) {
            PQfreemem(notification);
            any = true;
        }
        return any;
    };
    if (taken()) return true;
    std::array<pollfd, 2> ends{{{PQsocket(raw()), POLLIN, 0}, {wake, POLLIN, 0}}};
    if (::poll(ends.data(), ends.size(), static_cast<int>(timeout.count())) <= 0) return false;
    if (ends[0].revents != 0 && PQconsumeInput(raw()) == 0)
        throw PostgresError(one_line(PQerrorMessage(raw())), "");
    return taken();
}

std::vector<std::string> Connection::take_notices() { return std::exchange(notices_, {}); }

Transaction::~Transaction() {
    if (!open_) return;
    try {
        connection_.run("ROLLBACK");
    } catch (const PostgresError&) {  // the connection is gone, and the transaction with it
    }
}

void Transaction::commit() {
    open_ = false;
    connection_.run("COMMIT");
}

std::string quoted_name(std::string_view name) {
    std::string result = "\"";
    for (const char c : name) {
        if (c == '"') result += '"';
        result += c;
    }
    return result + '"';
}

}  // namespace trunkline::db
