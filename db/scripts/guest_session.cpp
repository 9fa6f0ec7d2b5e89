#include "db/scripts/guest_session.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "db/scripts/row_values.hpp"

namespace trunkline::db {
namespace {

using messages::QueryResult;

constexpr auto syntax_error = "42601";
constexpr auto query_canceled = "57014";
// The server ends a query by itself; only where it does not, for a lost network, the connection is left.
constexpr auto grace = std::chrono::milliseconds(250);
constexpr auto time_to_clean = std::chrono::seconds(2);

QueryResult failed(std::string why) { return {{}, {}, std::move(why)}; }

std::string one_line(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    while (!text.empty() && text.back() == ' ') text.pop_back();
    return text;
}

std::string words_of(const std::string& message, const std::string& sqlstate) {
    if (sqlstate == query_canceled) return "timeout";
    if (sqlstate == syntax_error) return message + " (db.query takes one SELECT, WITH, VALUES or TABLE)";
    return message;
}

long milliseconds_until(GuestSession::Clock::time_point until) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - GuestSession::Clock::now());
    return std::max<long>(left.count(), 0);
}

}  // namespace

GuestSession::GuestSession(ConnInfo info, int stop) : info_(std::move(info)), stop_(stop) {}

QueryResult GuestSession::run(const messages::Query& query, Clock::time_point until) {
    for (bool again = false;; again = true) {
        const bool was_connected = connection_ != nullptr;
        try {
            if (!was_connected) connect(until);
            return ask(query, until);
        } catch (const OutOfTime&) {
            connection_.reset();
            return failed("timeout");
        } catch (const Refused& refused) {
            if (!refused.sqlstate.empty() && PQstatus(connection_.get()) == CONNECTION_OK)
                return failed(words_of(refused.message, refused.sqlstate));
            connection_.reset();
            // The server was restarted since the last query: it only read, so it may be asked again.
            if (was_connected && !again) continue;
            trouble_ = refused.message;
            return failed("the database cannot be reached; the server's log says why");
        }
    }
}

void GuestSession::clean() {
    if (!connection_) return;
    const auto until = Clock::now() + time_to_clean;
    try {
        command("ROLLBACK", until);
        command("DISCARD ALL", until);
    } catch (const OutOfTime&) {
        connection_.reset();
    } catch (const Refused&) {
        connection_.reset();
    }
}

void GuestSession::connect(Clock::time_point until) {
    std::vector<const char*> keywords, values;
    for (const auto& [keyword, value] : info_) {
        keywords.push_back(keyword.c_str());
        values.push_back(value.c_str());
    }
    keywords.push_back(nullptr);
    values.push_back(nullptr);
    connection_.reset(PQconnectStartParams(keywords.data(), values.data(), 0));
    auto state = PGRES_POLLING_WRITING;
    while (state != PGRES_POLLING_OK) {
        if (connection_ == nullptr || PQstatus(connection_.get()) == CONNECTION_BAD ||
            state == PGRES_POLLING_FAILED)
            throw Refused{one_line(PQerrorMessage(connection_.get())), ""};
        wait(state == PGRES_POLLING_READING ? POLLIN : POLLOUT, until);
        state = PQconnectPoll(connection_.get());
    }
    PQsetnonblocking(connection_.get(), 1);
    PQsetNoticeReceiver(
        connection_.get(), [](void*, const PGresult*) {}, nullptr);
    trouble_.clear();
}

QueryResult GuestSession::ask(const messages::Query& query, Clock::time_point until) {
    const long time = std::max(milliseconds_until(until), 1L);
    const auto patience = until + grace;
    command("BEGIN TRANSACTION READ ONLY; SET LOCAL statement_timeout = " + std::to_string(time) +
                "; SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'"
                "; SET LOCAL intervalstyle = 'iso_8601'; SET LOCAL bytea_output = 'hex'",
            patience);
    declare(query, patience);
    return fetch(patience);
}

void GuestSession::declare(const messages::Query& query, Clock::time_point until) {
    std::vector<std::optional<std::string>> texts;
    for (const auto& parameter : query.parameters) texts.push_back(parameter_text(parameter));
    std::vector<const char*> values;
    for (const auto& text : texts) values.push_back(text ? text->c_str() : nullptr);
    // With parameters apart, the server takes one statement only.
    const std::string sql = "DECLARE script_rows NO SCROLL CURSOR FOR\n" + query.sql;
    if (PQsendQueryParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()), nullptr,
                          values.data(), nullptr, nullptr, 0) == 0)
        throw Refused{one_line(PQerrorMessage(connection_.get())), ""};
    finish(until);
}

QueryResult GuestSession::fetch(Clock::time_point until) {
    const std::string sql = "FETCH FORWARD " + std::to_string(most_script_rows + 1) + " FROM script_rows";
    if (PQsendQuery(connection_.get(), sql.c_str()) == 0)
        throw Refused{one_line(PQerrorMessage(connection_.get())), ""};
    PQsetSingleRowMode(connection_.get());  // so that too much is noticed before it is all here
    QueryResult result;
    std::size_t bytes = 0;
    while (const Result part = next(until)) {
        check(part.get());
        const int columns = PQnfields(part.get());
        if (result.columns.empty()) {
            std::set<std::string> names;
            for (int column = 0; column < columns; ++column) {
                result.columns.emplace_back(PQfname(part.get(), column));
                if (!names.insert(result.columns.back()).second) {
                    connection_.reset();
                    return failed("two columns are called '" + result.columns.back() +
                                  "'; rename one with AS");
                }
            }
        }
        for (int row = 0; row < PQntuples(part.get()); ++row) {
            auto& values = result.rows.emplace_back();
            for (int column = 0; column < columns; ++column) {
                bytes += static_cast<std::size_t>(PQgetlength(part.get(), row, column));
                if (bytes > most_script_bytes) {
                    connection_.reset();  // the rest is not waited for
                    return failed("the rows are longer than 262144 bytes; ask for fewer rows or columns");
                }
                values.push_back(sql_value(part.get(), row, column));
            }
        }
    }
    if (result.rows.size() > most_script_rows)
        return failed("there are more than 1000 rows; add a LIMIT or a condition");
    return result;
}

void GuestSession::command(const std::string& sql, Clock::time_point until) {
    if (PQsendQuery(connection_.get(), sql.c_str()) == 0)
        throw Refused{one_line(PQerrorMessage(connection_.get())), ""};
    finish(until);
}

GuestSession::Result GuestSession::next(Clock::time_point until) {
    while (true) {
        const int left = PQflush(connection_.get());
        if (left < 0) throw Refused{one_line(PQerrorMessage(connection_.get())), ""};
        if (left == 0 && PQisBusy(connection_.get()) == 0) return {PQgetResult(connection_.get()), &PQclear};
        wait(left > 0 ? POLLIN | POLLOUT : POLLIN, until);
        if (PQconsumeInput(connection_.get()) == 0)
            throw Refused{one_line(PQerrorMessage(connection_.get())), ""};
    }
}

void GuestSession::finish(Clock::time_point until) {
    std::optional<Refused> refused;
    while (const Result result = next(until)) {
        try {
            check(result.get());
        } catch (const Refused& why) {
            refused = why;  // all of what was sent must be read before the connection is free again
        }
    }
    if (refused) throw Refused(*refused);
}

void GuestSession::check(const PGresult* result) const {
    const auto status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE) return;
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    // The first message only: the detail may quote a row.
    const char* primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    throw Refused{one_line(primary == nullptr ? PQerrorMessage(connection_.get()) : primary),
                  state == nullptr ? "" : state};
}

void GuestSession::wait(short events, Clock::time_point until) const {
    std::array<pollfd, 2> ends{{{PQsocket(connection_.get()), events, 0}, {stop_, POLLIN, 0}}};
    const auto left = milliseconds_until(until);
    if (left == 0) throw OutOfTime{};
    const int ready = ::poll(ends.data(), ends.size(), static_cast<int>(left));
    if (ready == 0 || ends[1].revents != 0) throw OutOfTime{};
}

}  // namespace trunkline::db
