#include "adapters/presence/rlmi.hpp"

#include <algorithm>

#include "adapters/presence/names.hpp"
#include "adapters/presence/presence.hpp"
#include "adapters/presence/text.hpp"

namespace trunkline::presence {
namespace {

bool is_host_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/// RFC 1123 2.1, near enough: what can lead nowhere but to a name server.
bool is_host_name(std::string_view text) {
    return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), is_host_letter) &&
           text.front() != '-' && text.front() != '.' && text.find("..") == std::string_view::npos;
}

}  // namespace

Result<std::vector<Resubscribe>> read_rlmi(pugi::xml_node root) {
    const auto space = namespace_of(root);
    if (!space || !is(root, *space, "list"))
        return refusal("the document is no rlmi: its root is not <list> of RFC 4662", root.name());
    std::vector<Resubscribe> found;
    for (const pugi::xml_node resource : children(root, *space, "resource")) {
        for (const pugi::xml_node instance : children(resource, *space, "instance")) {
            if (trimmed(attribute(instance, "state")) != "resubscribe") continue;
            Resubscribe again{.entity = one_line(attribute(resource, "uri"), longest_entity),
                              .pool = std::string(trimmed(attribute(instance, "poolFqdn")))};
            if (again.entity.empty()) return refusal("a resource of an rlmi document has no uri");
            if (!again.pool.empty() && !is_host_name(again.pool))
                return refusal("the poolFqdn of an rlmi document is no host name", again.pool);
            found.push_back(std::move(again));
            break;
        }
    }
    return found;
}

}  // namespace trunkline::presence
