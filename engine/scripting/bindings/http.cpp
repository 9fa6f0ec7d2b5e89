// http.get and http.post. The request leaves as a Wait; whether its address may be reached, and all limits on
// the answer, are decided outside.
#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "engine/base/words.hpp"
#include "engine/scripting/arguments.hpp"
#include "engine/scripting/binding.hpp"
#include "engine/scripting/bindings/ix_route.hpp"
#include "engine/scripting/trampoline.hpp"
#include "engine/scripting/values.hpp"

namespace trunkline::scripting {
namespace {

namespace json = boost::json;
using messages::HttpMethod;

constexpr std::size_t longest_url = 8192;
constexpr std::size_t longest_body = 256UL * 1024;
constexpr std::size_t longest_headers = 8192;

// Those that say how a message is sent are the server's own (RFC 9112 6, 7.6.1 of RFC 9110).
constexpr std::array<std::string_view, 10> not_for_scripts{
    "connection", "content-length", "expect",  "host", "keep-alive",
    "te",         "trailer",        "upgrade", "via",  "transfer-encoding"};

// RFC 9110 5.6.2.
bool is_token(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
}

// A line end in a value would begin a header, or a request, of somebody else's making (RFC 9110 5.5).
bool is_field_value(std::string_view value) {
    return std::all_of(value.begin(), value.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
    });
}

messages::HttpHeader header_of(const Call& call, const std::string& name, const KvValue& value) {
    if (!is_token(name)) refuse(call, "'" + name + "' is no name of a header");
    const std::string plain = lower_case(name);
    if (std::find(not_for_scripts.begin(), not_for_scripts.end(), plain) != not_for_scripts.end() ||
        plain.starts_with("proxy-"))
        refuse(call, "the header " + name + " is set by the server itself; leave it out");
    std::string text;
    if (const auto* given = std::get_if<std::string>(&value.is))
        text = *given;
    else if (const auto* number = std::get_if<std::int64_t>(&value.is))
        text = std::to_string(*number);
    else
        refuse(call, "the header " + name + " must be a string, got table");
    if (!is_field_value(text))
        refuse(call, "the header " + name + " must be one line without control characters");
    return {name, text};
}

std::vector<messages::HttpHeader> headers_of(const Call& call, const NamedArguments& given) {
    std::vector<messages::HttpHeader> headers;
    const int kind = lua_getfield(call.L, given.index(), "headers");
    if (kind == LUA_TTABLE) {
        KvList pairs;
        try {
            pairs = kv_list(call.L, -1);
        } catch (const std::runtime_error& error) {
            refuse(call, std::string("headers: ") + error.what());
        }
        std::size_t size = 0;
        for (const auto& [name, value] : pairs) {
            headers.push_back(header_of(call, name, value));
            size += name.size() + headers.back().value.size();
        }
        if (size > longest_headers) refuse(call, "headers must not be longer than 8192 bytes together");
    } else if (kind != LUA_TNIL) {
        refuse(call, std::string("headers must be a table, as in {accept = \"application/json\"}, got ") +
                         luaL_typename(call.L, -1));
    }
    lua_pop(call.L, 1);
    return headers;
}

bool has_header(const messages::HttpRequest& request, std::string_view name) {
    return std::any_of(request.headers.begin(), request.headers.end(),
                       [name](const auto& header) { return lower_case(header.name) == name; });
}

// A table goes out as JSON.
void take_body(const Call& call, messages::HttpRequest& request) {
    if (lua_istable(call.L, 2)) {
        request.body = json::serialize(json_of(call.L, 2));
        if (!has_header(request, "content-type"))
            request.headers.push_back({"content-type", "application/json"});
    } else if (lua_isstring(call.L, 2) != 0) {
        request.body = text_argument(call, 2, "the body");
    } else {
        refuse(call, std::string("the body must be a string, or a table, which goes out as JSON, got ") +
                         luaL_typename(call.L, 2));
    }
    if (request.body.size() > longest_body) refuse(call, "the body must not be longer than 262144 bytes");
}

// Path and query of an address may be a customer's; host and port are not.
std::string place_in(const std::string& url) {
    const auto scheme = url.find("://");
    if (scheme == std::string::npos) return "";
    const auto end = url.find_first_of("/?#", scheme + 3);
    std::string authority = url.substr(scheme + 3, end == std::string::npos ? end : end - scheme - 3);
    return authority.substr(authority.rfind('@') + 1);
}

int ask(Call& call, HttpMethod method, int options) {
    WaitForHttp wait;
    messages::HttpRequest& request = wait.request;
    request.method = method;
    request.url = text_argument(call, 1, "the address");
    if (request.url.empty()) refuse(call, "the address must not be empty");
    if (request.url.size() > longest_url) refuse(call, "the address must not be longer than 8192 bytes");
    request.timeout = outside_wait;
    if (!lua_isnoneornil(call.L, options)) {
        const NamedArguments given(call, options, {"headers", "timeout"});
        request.headers = headers_of(call, given);
        request.timeout = given.timeout();
    }
    if (method == HttpMethod::post) take_body(call, request);
    call.trace(json::serialize(
        json::object{{"host", place_in(request.url)}, {"timeout", to_seconds(request.timeout)}}));
    return call.wait(std::move(wait), continuation<give_answer>);
}

int get(Call& call) { return ask(call, HttpMethod::get, 2); }
int post(Call& call) { return ask(call, HttpMethod::post, 3); }

constexpr const char* answer_or_message = "trunkline.HttpAnswer?, string?";
constexpr const char* http_errors =
    "nil and a message where no answer came; an address that is not allowed is one";
constexpr Parameter options_parameter{"options", "{headers: table<string, string>?, timeout: number?}?",
                                      "headers of the request; seconds"};
constexpr std::array<Parameter, 2> for_get{{{"url", "string", "http:// or https://"}, options_parameter}};
constexpr std::array<Parameter, 3> for_post{{{"url", "string", "http:// or https://"},
                                             {"body", "string|table", "a table goes out as JSON"},
                                             options_parameter}};
const std::array<Binding, 2> http_table{{
    {"get", trampoline<get>, Context::strategy, true,
     "http.get(url, {headers={..}?, timeout=s?}) -> {status=, headers=, body=} | nil, message",
     "an answer of any status is an answer; names of headers in lower case; 5 seconds where no timeout is "
     "given",
     for_get, Takes::in_order, answer_or_message, http_errors},
    {"post", trampoline<post>, Context::strategy, true,
     "http.post(url, body, {headers={..}?, timeout=s?}) -> {status=, headers=, body=} | nil, message",
     "a body that is a table goes out as JSON; otherwise like http.get", for_post, Takes::in_order,
     answer_or_message, http_errors},
}};

}  // namespace

std::span<const Binding> http_rows() { return http_table; }

}  // namespace trunkline::scripting
