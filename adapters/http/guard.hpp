// Who may talk to the TCP side: Host names this server (or a web page elsewhere could reach it by a name of
// its own), Origin is the same host or absent, and the bearer token is there where a route needs it. Pure
// functions and values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/message.hpp"

namespace trunkline::http {

struct GuardSettings {
    std::string listen_host;                 // of http.listen
    std::vector<std::string> allowed_hosts;  // names besides it and the loopback ones
    std::string token;                       // empty: nothing can be changed over TCP
    bool token_for_reads = false;            // auth.required
};

class Guard {
  public:
    explicit Guard(GuardSettings settings) : settings_(std::move(settings)) {}

    /// Header values as they came; `local_address` is where the connection arrived. None where all is well,
    /// else the answer (400 without Host, 403).
    [[nodiscard]] std::optional<Response> check_host(std::string_view host, std::string_view origin,
                                                     std::string_view local_address) const;
    /// None where `authorization` suffices for `access`, else the answer (401, 403).
    [[nodiscard]] std::optional<Response> check_token(Access, std::string_view authorization) const;

  private:
    GuardSettings settings_;
};

/// Equal, in a time that depends on the length of `given` alone.
[[nodiscard]] bool equal_in_constant_time(std::string_view given, std::string_view secret);

}  // namespace trunkline::http
