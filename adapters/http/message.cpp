#include "adapters/http/message.hpp"

#include "engine/base/kv_list.hpp"

namespace trunkline::http {

const std::string& Request::param(const std::string& name) const {
    static const std::string none;
    const auto found = params.find(name);
    return found == params.end() ? none : found->second;
}

std::string Request::query_or(const std::string& name, std::string otherwise) const {
    const auto found = query.find(name);
    return found == query.end() ? std::move(otherwise) : found->second;
}

Response error_response(int status, std::string_view message) {
    Response response{.status = status};
    response.body = R"({"error":)";
    append_json_string(response.body, message);
    response.body += "}\n";
    return response;
}

}  // namespace trunkline::http
