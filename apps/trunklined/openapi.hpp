// The admin API describes itself: OpenAPI 3.0 from the table of its routes.
#pragma once

#include <string>
#include <vector>

#include "adapters/http/message.hpp"

namespace trunkline::apps {

struct ApiRoute {
    http::Verb verb;
    std::string pattern;  // "/api/v1/trace/{id}"
    http::Access access;
    std::string summary;
    http::Handler handler;
};

[[nodiscard]] std::string openapi_json(const std::vector<ApiRoute>&);

}  // namespace trunkline::apps
