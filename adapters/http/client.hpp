// A small blocking HTTP client for command-line programs: one request over a unix socket or to an http://
// or https:// URL, one answer. Every failure comes back as an Error in words that say what to do.
#pragma once

#include <chrono>
#include <string>

#include "adapters/http/message.hpp"
#include "engine/base/error.hpp"

namespace trunkline::http {

struct ClientSettings {
    std::string url;             // http://host:port, https://host:port; empty: the unix socket
    std::string control_socket;  // path
    std::string ca;              // PEM file: who is trusted with https; empty: the system's authorities
    std::string token;           // sent as bearer token where not empty
    std::chrono::seconds limit{60};
};

struct ClientResponse {
    int status = 0;
    std::string body;
    [[nodiscard]] bool ok() const { return status >= 200 && status < 300; }
    /// The words of an answer that is not ok: its member "error", else its body.
    [[nodiscard]] std::string error_text() const;
};

/// `target` begins with a slash; parameters in it are percent-encoded (percent_encode in target.hpp).
[[nodiscard]] Result<ClientResponse> call(const ClientSettings&, Verb, const std::string& target,
                                          std::string body = {},
                                          const std::string& content_type = "application/json");

}  // namespace trunkline::http
