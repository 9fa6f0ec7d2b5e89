// Which DN or Agent Login a name in a place or a person means: `number`, or `number@switch` where the tenant
// has several switches. Used by check() and by whoever stores a Site in tables. A pure lookup; points into
// the Site it was made of.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/model/site.hpp"

namespace trunkline::model {

class SwitchNames {
  public:
    explicit SwitchNames(const Site& site);

    struct Found {
        const Switch* sw = nullptr;  // none where the name leads nowhere
        std::string name;            // the number or code, without the switch
        bool ambiguous = false;      // several switches of the tenant have it: `sw` is the first
    };
    [[nodiscard]] Found dn(std::string_view tenant, std::string_view number) const;
    [[nodiscard]] Found login(std::string_view tenant, std::string_view code) const;
    /// How `name` of `sw` is written inside its tenant: plain where the tenant has one switch.
    [[nodiscard]] std::string written(const Switch& sw, const std::string& name) const;

  private:
    using Index = std::map<std::pair<std::string, std::string>, std::vector<const Switch*>, std::less<>>;
    Index dns_, logins_;
    std::map<std::string, int, std::less<>> switches_of_tenant_;

    [[nodiscard]] static Found find(const Index& index, std::string_view tenant, std::string_view name);
};

}  // namespace trunkline::model
