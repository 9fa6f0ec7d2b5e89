#include "engine/model/leaving.hpp"

#include <algorithm>

namespace trunkline::model {
namespace {

// The tenant or switch of this name, made anew as it was where it has gone as well.
template <class Object>
Object& home(std::vector<Object>& objects, const Object& former) {
    const auto at = std::find_if(objects.begin(), objects.end(),
                                 [&](const Object& object) { return object.dbid == former.dbid; });
    if (at != objects.end()) return *at;
    Object& made = objects.emplace_back();
    made.dbid = former.dbid;
    made.name = former.name;
    made.options = former.options;
    if constexpr (requires { made.tenant; }) made.tenant = former.tenant;
    if constexpr (requires { made.timezone; }) made.timezone = former.timezone;
    return made;
}

class Keeper {
  public:
    Keeper(const Snapshot& next, const Snapshot& former) : next_(next), former_(former), site_(next.site()) {}

    void keep(DnId id) {
        const DnEntry* entry = next_.dn(id) == nullptr ? former_.dn(id) : nullptr;
        if (entry == nullptr || !leaving_.dns.insert(id.value()).second) return;
        if (Switch* sw = switch_of(entry->sw)) sw->dns.push_back(*entry->object);
    }
    void keep(LoginId id) {
        const LoginEntry* entry = next_.login(id) == nullptr ? former_.login(id) : nullptr;
        if (entry == nullptr || !leaving_.logins.insert(id.value()).second) return;
        if (Switch* sw = switch_of(entry->sw)) sw->agent_logins.push_back(*entry->object);
    }
    void keep(PersonId id) {
        const PersonEntry* entry = next_.person(id) == nullptr ? former_.person(id) : nullptr;
        if (entry == nullptr || !leaving_.persons.insert(id.value()).second) return;
        const TenantEntry* owner = former_.tenant(entry->tenant);
        if (owner == nullptr) return;
        Person& kept = home(site_.tenants, *owner->object).persons.emplace_back(*entry->object);
        kept.agent_logins.clear();  // they may be somebody else's by now
    }
    [[nodiscard]] bool keeps_any() const {
        return !leaving_.dns.empty() || !leaving_.logins.empty() || !leaving_.persons.empty();
    }
    SharedSnapshot take() { return std::make_shared<const Snapshot>(std::move(site_), leaving_); }

  private:
    const Snapshot &next_, &former_;
    Site site_;
    Leaving leaving_;

    Switch* switch_of(SwitchId id) {
        const SwitchEntry* entry = former_.switch_of(id);
        if (entry == nullptr) return nullptr;
        if (const TenantEntry* owner = former_.tenant(entry->tenant))
            (void)home(site_.tenants, *owner->object);
        return &home(site_.switches, *entry->object);
    }
};

}  // namespace

SharedSnapshot with_leaving(const SharedSnapshot& next, const Snapshot& former, const InUse& in_use) {
    const bool all_there =
        std::all_of(in_use.dns.begin(), in_use.dns.end(), [&](DnId id) { return next->dn(id) != nullptr; }) &&
        std::all_of(in_use.logins.begin(), in_use.logins.end(),
                    [&](LoginId id) { return next->login(id) != nullptr; }) &&
        std::all_of(in_use.persons.begin(), in_use.persons.end(),
                    [&](PersonId id) { return next->person(id) != nullptr; });
    if (all_there) return next;
    Keeper keeper(*next, former);
    for (const DnId id : in_use.dns) keeper.keep(id);
    for (const LoginId id : in_use.logins) keeper.keep(id);
    for (const PersonId id : in_use.persons) keeper.keep(id);
    return keeper.keeps_any() ? keeper.take() : next;
}

}  // namespace trunkline::model
