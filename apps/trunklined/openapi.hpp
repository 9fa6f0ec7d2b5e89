// The admin API describes itself: OpenAPI 3.0 from the table of its routes.
#pragma once

#include <string>
#include <vector>

#include "adapters/http/message.hpp"

namespace trunkline::apps {

/// A parameter of the query.
struct ApiOption {
    std::string name, summary;
};

struct ApiRoute {
    http::Verb verb;
    std::string pattern;  // "/api/v1/trace/{id}"
    http::Access access;
    std::string summary;
    http::Handler handler;
    std::vector<ApiOption> options;
    std::string takes;                       // media type of the body; "" for none
    std::string gives = "application/json";  // media type of the answer
};

/// `token_for_reads`: auth.required.
[[nodiscard]] std::string openapi_json(const std::vector<ApiRoute>&, bool token_for_reads);

}  // namespace trunkline::apps
