// What scripts ask of databases and of the web, and what these say: the values behind db.query and http.*.
// They leave as effects, come back as commands, and so are in the command log like everything else that a
// script learns. Plain values; an answer that was not had carries `error`, one line for the script.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/fwd.hpp>
#include <boost/json/value_from.hpp>
#include <boost/json/value_to.hpp>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "engine/base/ids.hpp"
#include "engine/base/time.hpp"

namespace trunkline::messages {

/// Bytes of somebody else: in JSON a string where they are UTF-8, else {"hex": ..}, so that a command log
/// stays JSON.
struct Bytes {
    std::string is;
};

struct SqlNull {
    friend bool operator==(const SqlNull&, const SqlNull&) = default;
};
/// A parameter or a value of a row.
struct SqlValue {
    std::variant<SqlNull, bool, std::int64_t, double, std::string> is;
};

struct Query {
    std::string database;  // of scripts.databases; "" is Trunkline's own
    std::string sql;
    std::vector<SqlValue> parameters;
    Duration timeout{};
};
struct QueryResult {
    std::vector<std::string> columns;
    std::vector<std::vector<SqlValue>> rows;
    std::string error;  // "" where the query worked
};

enum class HttpMethod { get, post };
BOOST_DESCRIBE_ENUM(HttpMethod, get, post)

/// Names as they were written in a request, in lower case in an answer.
struct HttpHeader {
    std::string name, value;
};
struct HttpRequest {
    HttpMethod method = HttpMethod::get;
    std::string url;
    std::vector<HttpHeader> headers;
    std::string body;
    Duration timeout{};
};
struct HttpResult {
    int status = 0;
    std::vector<HttpHeader> headers;
    Bytes body;
    std::string error;  // "" where there was an answer, whatever its status
};

// ---- effects: each ends in at most one answer; the engine keeps the time itself ----
struct RunQuery {
    OutsideId id;
    CallUuid interaction;
    Query query;
};
struct SendHttp {
    OutsideId id;
    CallUuid interaction;
    HttpRequest request;
};

// ---- commands ----
struct QueryAnswered {
    OutsideId id;
    QueryResult result;
};
struct HttpAnswered {
    OutsideId id;
    HttpResult result;
};

void tag_invoke(const boost::json::value_from_tag&, boost::json::value&, const Bytes&);
Bytes tag_invoke(const boost::json::value_to_tag<Bytes>&, const boost::json::value&);
void tag_invoke(const boost::json::value_from_tag&, boost::json::value&, const SqlValue&);
SqlValue tag_invoke(const boost::json::value_to_tag<SqlValue>&, const boost::json::value&);

BOOST_DESCRIBE_STRUCT(SqlNull, (), ())
BOOST_DESCRIBE_STRUCT(SqlValue, (), (is))
BOOST_DESCRIBE_STRUCT(Query, (), (database, sql, parameters, timeout))
BOOST_DESCRIBE_STRUCT(QueryResult, (), (columns, rows, error))
BOOST_DESCRIBE_STRUCT(HttpHeader, (), (name, value))
BOOST_DESCRIBE_STRUCT(HttpRequest, (), (method, url, headers, body, timeout))
BOOST_DESCRIBE_STRUCT(HttpResult, (), (status, headers, body, error))
BOOST_DESCRIBE_STRUCT(RunQuery, (), (id, interaction, query))
BOOST_DESCRIBE_STRUCT(SendHttp, (), (id, interaction, request))
BOOST_DESCRIBE_STRUCT(QueryAnswered, (), (id, result))
BOOST_DESCRIBE_STRUCT(HttpAnswered, (), (id, result))

}  // namespace trunkline::messages
