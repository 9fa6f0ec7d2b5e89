// What a route sees of HTTP: a request with its path parameters, and a response. Plain values, free of
// sockets.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace trunkline::http {

enum class Verb { get, post, put, del };

/// Who may call a route over TCP: `open` anybody; `read` anybody, or the bearer of the token where settings
/// say so; `change` the bearer of the token only. Over the unix socket the file's permissions decide, and all
/// three are open.
enum class Access { open, read, change };

struct Request {
    Verb verb = Verb::get;
    std::string path;                           // decoded
    std::map<std::string, std::string> params;  // of `{name}` in the route's pattern, decoded
    std::map<std::string, std::string> query;   // decoded; the last value of a name
    std::string body;

    /// The parameter of the path, or "" (a route asks for names that stand in its pattern).
    [[nodiscard]] const std::string& param(const std::string& name) const;
    /// The parameter of the query, or `otherwise`.
    [[nodiscard]] std::string query_or(const std::string& name, std::string otherwise) const;
};

struct Response {
    int status = 200;
    std::string body;
    std::string content_type = "application/json";
    std::vector<std::pair<std::string, std::string>> headers;
};

/// {"error": "..."} with the status; `message` says what happened and what to do.
[[nodiscard]] Response error_response(int status, std::string_view message);

/// Sends the response; may be called later and from any thread, the first call counts. Where every copy is
/// gone without a call, the client gets 500.
using Reply = std::function<void(Response)>;
/// Runs on the HTTP thread and must not block it. An exception becomes 500 and a line in the log.
using Handler = std::function<void(Request, Reply)>;

}  // namespace trunkline::http
