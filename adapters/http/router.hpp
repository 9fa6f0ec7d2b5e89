// Which handler takes a path: patterns like `/api/v1/trace/{id}`, the first that fits in the order of adding.
// No policy. Filled before the server starts, read by its thread only after that.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/message.hpp"
#include "adapters/http/target.hpp"

namespace trunkline::http {

class Router {
  public:
    struct Route {
        Verb verb;
        Access access;
        std::vector<std::string> pattern;  // segments; `{name}` takes any
        Handler handler;
    };
    struct Match {
        const Route* route = nullptr;  // null where no route has the path, or none with the verb
        std::map<std::string, std::string> params;
        std::string allowed;  // verbs that the path does have, for 405; "" where the path is unknown
    };

    void add(Verb, std::string_view pattern, Access, Handler);
    [[nodiscard]] Match find(Verb, const Target&) const;

  private:
    std::vector<Route> routes_;
};

[[nodiscard]] std::string_view to_text(Verb);
[[nodiscard]] std::optional<Verb> verb_from(std::string_view method);

}  // namespace trunkline::http
