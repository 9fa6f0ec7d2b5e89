#include "engine/model/snapshot.hpp"

#include <algorithm>
#include <array>

namespace trunkline::model {
namespace {

constexpr std::array<std::pair<std::string_view, DnType>, 9> dn_types{
    {{"Extension", DnType::extension},
     {"ACDPosition", DnType::acd_position},
     {"ACDQueue", DnType::acd_queue},
     {"RoutingPoint", DnType::routing_point},
     {"VirtualQueue", DnType::virtual_queue},
     {"Trunk", DnType::trunk},
     {"TrunkGroup", DnType::trunk_group},
     {"CommunicationDN", DnType::communication_dn},
     {"VoIPService", DnType::voip_service}}};

// Names are unique inside their tenant or switch; the unit separator cannot stand in a name.
std::string scoped(std::uint32_t scope, std::string_view name) {
    std::string key = std::to_string(scope);
    key += '\x1f';
    key += name;
    return key;
}

template <class Entries>
auto find_in(const Entries& entries, const auto& index, const auto& key) -> decltype(&entries[0]) {
    const auto at = index.find(key);
    return at == index.end() ? nullptr : &entries[at->second];
}

SignalingChat signaling_chat(const Options& options) {
    if (option(options, "TServer", "sip-signaling-chat") == "none") return SignalingChat::none;
    return option_flag(options, "TServer", "sip-signaling-chat", true) ? SignalingChat::sip
                                                                       : SignalingChat::t_library;
}

// number@switch; an empty switch where none is written.
std::pair<std::string_view, std::string_view> split_at_switch(std::string_view name) {
    const std::size_t at = name.rfind('@');
    if (at == std::string_view::npos) return {name, {}};
    return {name.substr(0, at), name.substr(at + 1)};
}

// Gives a dbid to every object of a list that has none.
class Identities {
  public:
    template <class List>
    void above(const List& list) {
        for (const auto& object : list) last_ = std::max(last_, object.dbid);
    }
    template <class List>
    void fill(List& list) {
        for (auto& object : list)
            if (object.dbid == 0) object.dbid = ++last_;
    }

  private:
    std::uint32_t last_ = 0;
};

void give_identities(Site& site) {
    Identities tenants, switches, applications, skills, lists, rules, persons, groups, places, place_groups,
        logins, dns;
    const auto with_every_list = [&](auto step) {
        step(tenants, site.tenants);
        step(switches, site.switches);
        step(applications, site.applications);
        for (Tenant& t : site.tenants) {
            step(skills, t.skills);
            step(lists, t.lists);
            step(rules, t.capacity_rules);
            step(persons, t.persons);
            step(groups, t.agent_groups);
            step(places, t.places);
            step(place_groups, t.place_groups);
        }
        for (Switch& s : site.switches) {
            step(logins, s.agent_logins);
            step(dns, s.dns);
        }
    };
    with_every_list([](Identities& ids, const auto& list) { ids.above(list); });
    with_every_list([](Identities& ids, auto& list) { ids.fill(list); });
}

}  // namespace

std::optional<DnType> dn_type(std::string_view name) {
    for (const auto& [text, type] : dn_types)
        if (text == name) return type;
    return std::nullopt;
}

std::string_view to_text(DnType type) {
    for (const auto& [text, t] : dn_types)
        if (t == type) return text;
    return {};
}

Snapshot::Snapshot(Site site, const Leaving& leaving) : site_(std::move(site)) {
    give_identities(site_);
    for (const Tenant& t : site_.tenants) index_tenant(t);
    for (const Switch& s : site_.switches) index_switch(s);
    for (const Application& a : site_.applications)
        application_by_name_.emplace(a.name, static_cast<std::size_t>(&a - site_.applications.data()));
    resolve_references();
    for (DnEntry& dn : dns_) dn.leaving = leaving.dns.contains(dn.id.value());
    for (LoginEntry& login : logins_) login.leaving = leaving.logins.contains(login.id.value());
    for (PersonEntry& person : persons_) person.leaving = leaving.persons.contains(person.id.value());
}

void Snapshot::index_tenant(const Tenant& object) {
    const TenantId id(object.dbid);
    tenant_at_.emplace(object.dbid, tenants_.size());
    tenant_by_name_.emplace(object.name, tenants_.size());
    const TimeZones& zones = system_time_zones();
    const TimeZone* zone = zones.find(object.timezone);
    tenants_.push_back({id, &object, zone == nullptr ? &zones.utc() : zone});
    for (const Person& p : object.persons) {
        person_at_.emplace(p.dbid, persons_.size());
        person_by_name_.emplace(scoped(object.dbid, p.user_name), persons_.size());
        persons_.push_back({PersonId(p.dbid), id, &p, {}});
    }
    for (const Place& p : object.places) {
        place_at_.emplace(p.dbid, places_.size());
        place_by_name_.emplace(scoped(object.dbid, p.name), places_.size());
        places_.push_back({PlaceId(p.dbid), id, &p, {}});
    }
    for (const AgentGroup& g : object.agent_groups) {
        group_at_.emplace(g.dbid, groups_.size());
        group_by_name_.emplace(scoped(object.dbid, g.name), groups_.size());
        groups_.push_back({GroupId(g.dbid), id, &g, {}, std::nullopt});
    }
}

void Snapshot::index_switch(const Switch& object) {
    const SwitchId id(object.dbid);
    const TenantEntry* owner = tenant(object.tenant);
    const TenantId tenant_id = owner == nullptr ? TenantId{} : owner->id;
    switch_at_.emplace(object.dbid, switches_.size());
    switch_by_name_.emplace(object.name, switches_.size());
    std::string domain(option(object.options, "TServer", "sip-domain"));
    if (!domain.empty()) domain_.emplace(domain, switches_.size());
    switches_.push_back({id, tenant_id, &object, std::move(domain), {}});
    for (const Dn& d : object.dns) {
        DnEntry entry{DnId(d.dbid), id, tenant_id, dn_type(d.type).value_or(DnType::extension), &d, {}};
        entry.multimedia = option_flag(d.options, "TServer", "multimedia", false);
        entry.voice = option_flag(d.options, "TServer", "voice", true);
        entry.signaling_chat = signaling_chat(d.options);
        dn_at_.emplace(d.dbid, dns_.size());
        dn_by_name_.emplace(scoped(object.dbid, d.number), dns_.size());
        if (entry.type == DnType::trunk) switches_.back().trunks.push_back(entry.id);
        dns_.push_back(std::move(entry));
    }
    for (const AgentLogin& l : object.agent_logins) {
        login_at_.emplace(l.dbid, logins_.size());
        login_by_name_.emplace(scoped(object.dbid, l.code), logins_.size());
        logins_.push_back({LoginId(l.dbid), id, {}, &l});
    }
}

void Snapshot::resolve_references() {
    for (PlaceEntry& place : places_)
        for (const std::string& number : place.object->dns)
            if (const DnEntry* found = dn(place.tenant, number)) {
                place.dns.push_back(found->id);
                dns_[dn_at_.at(found->id.value())].place = place.id;
            }
    const std::size_t ambiguous = persons_.size();
    const auto also_known_as = [&](const PersonEntry& person, std::string_view name) {
        const auto index = static_cast<std::size_t>(&person - persons_.data());
        auto [at, added] = person_by_other_name_.emplace(scoped(person.tenant.value(), name), index);
        if (!added && at->second != index) at->second = ambiguous;
    };
    for (PersonEntry& person : persons_) {
        if (!person.object->employee_id.empty()) also_known_as(person, person.object->employee_id);
        for (const std::string& code : person.object->agent_logins) {
            const auto [plain, switch_name] = split_at_switch(code);
            for (const SwitchEntry& sw : switches_) {
                if (sw.tenant != person.tenant || (!switch_name.empty() && sw.object->name != switch_name))
                    continue;
                const auto at = login_by_name_.find(scoped(sw.id.value(), plain));
                if (at == login_by_name_.end()) continue;
                logins_[at->second].person = person.id;
                also_known_as(person, std::string(plain) + "@" + sw.object->name);
                person.logins.push_back(logins_[at->second].id);
            }
            also_known_as(person, plain);
        }
    }
    for (GroupEntry& group : groups_) {
        if (!group.object->script.empty()) {
            if (auto expression = SkillExpression::parse(group.object->script))
                group.expression = std::move(*expression);
            continue;
        }
        for (const std::string& name : group.object->agents)
            if (const PersonEntry* member = person(group.tenant, name)) group.members.push_back(member->id);
    }
}

const TenantEntry* Snapshot::tenant(TenantId id) const { return find_in(tenants_, tenant_at_, id.value()); }
const SwitchEntry* Snapshot::switch_of(SwitchId id) const {
    return find_in(switches_, switch_at_, id.value());
}
const DnEntry* Snapshot::dn(DnId id) const { return find_in(dns_, dn_at_, id.value()); }
const PlaceEntry* Snapshot::place(PlaceId id) const { return find_in(places_, place_at_, id.value()); }
const LoginEntry* Snapshot::login(LoginId id) const { return find_in(logins_, login_at_, id.value()); }
const PersonEntry* Snapshot::person(PersonId id) const { return find_in(persons_, person_at_, id.value()); }
const GroupEntry* Snapshot::group(GroupId id) const { return find_in(groups_, group_at_, id.value()); }

const TenantEntry* Snapshot::tenant(std::string_view name) const {
    return find_in(tenants_, tenant_by_name_, std::string(name));
}
const SwitchEntry* Snapshot::switch_named(std::string_view name) const {
    return find_in(switches_, switch_by_name_, std::string(name));
}

const DnEntry* Snapshot::dn(SwitchId home, std::string_view number) const {
    if (const DnEntry* here = find_in(dns_, dn_by_name_, scoped(home.value(), number))) return here;
    const auto [plain, switch_name] = split_at_switch(number);
    if (switch_name.empty()) return nullptr;
    const SwitchEntry* named = switch_named(switch_name);
    const SwitchEntry* from = switch_of(home);
    // A name never reaches into another tenant.
    if (named == nullptr || from == nullptr || named->tenant != from->tenant) return nullptr;
    return find_in(dns_, dn_by_name_, scoped(named->id.value(), plain));
}

const DnEntry* Snapshot::dn(TenantId tenant_id, std::string_view number) const {
    const SwitchEntry* first = default_switch(tenant_id);
    if (first == nullptr) return nullptr;
    if (const DnEntry* found = dn(first->id, number)) return found;
    for (const SwitchEntry& sw : switches_)
        if (sw.tenant == tenant_id && sw.id != first->id)
            if (const DnEntry* found = dn(sw.id, number)) return found;
    return nullptr;
}

const LoginEntry* Snapshot::login(SwitchId home, std::string_view code) const {
    if (const LoginEntry* here = find_in(logins_, login_by_name_, scoped(home.value(), code))) return here;
    const auto [plain, switch_name] = split_at_switch(code);
    const SwitchEntry* named = switch_name.empty() ? nullptr : switch_named(switch_name);
    const SwitchEntry* from = switch_of(home);
    if (named == nullptr || from == nullptr || named->tenant != from->tenant) return nullptr;
    return find_in(logins_, login_by_name_, scoped(named->id.value(), plain));
}

const PersonEntry* Snapshot::person(TenantId tenant_id, std::string_view user_name) const {
    return find_in(persons_, person_by_name_, scoped(tenant_id.value(), user_name));
}

const PersonEntry* Snapshot::person_by_any_name(TenantId tenant_id, std::string_view name) const {
    if (const PersonEntry* found = person(tenant_id, name)) return found;
    const auto other = person_by_other_name_.find(scoped(tenant_id.value(), name));
    return other == person_by_other_name_.end() || other->second == persons_.size()
               ? nullptr
               : &persons_[other->second];
}

const GroupEntry* Snapshot::group(TenantId tenant_id, std::string_view name) const {
    return find_in(groups_, group_by_name_, scoped(tenant_id.value(), name));
}
const PlaceEntry* Snapshot::place(TenantId tenant_id, std::string_view name) const {
    return find_in(places_, place_by_name_, scoped(tenant_id.value(), name));
}
const Application* Snapshot::application(std::string_view name) const {
    return find_in(site_.applications, application_by_name_, std::string(name));
}

const List* Snapshot::list(TenantId tenant_id, std::string_view name) const {
    const TenantEntry* owner = tenant(tenant_id);
    if (owner == nullptr) return nullptr;
    const auto& lists = owner->object->lists;
    const auto found =
        std::find_if(lists.begin(), lists.end(), [&](const List& l) { return l.name == name; });
    return found == lists.end() ? nullptr : &*found;
}

const SwitchEntry* Snapshot::switch_for_host(std::string_view host) const {
    if (const SwitchEntry* named = find_in(switches_, domain_, std::string(host))) return named;
    for (const SwitchEntry& sw : switches_)
        if (option_flag(sw.object->options, "TServer", "default", false)) return &sw;
    return switches_.empty() ? nullptr : &switches_.front();
}

const SwitchEntry* Snapshot::default_switch(TenantId tenant_id) const {
    const SwitchEntry* first = nullptr;
    for (const SwitchEntry& sw : switches_) {
        if (sw.tenant != tenant_id) continue;
        if (option_flag(sw.object->options, "TServer", "default", false)) return &sw;
        if (first == nullptr) first = &sw;
    }
    return first;
}

std::string_view Snapshot::capacity_script(PersonId person_id, PlaceId place_id) const {
    const PersonEntry* owner = person(person_id);
    if (owner == nullptr) return {};
    const TenantEntry* home = tenant(owner->tenant);
    const auto script_of = [&](std::string_view rule) -> std::string_view {
        for (const CapacityRule& r : home->object->capacity_rules)
            if (r.name == rule) return r.script;
        return {};
    };
    if (!owner->object->capacity_rule.empty()) return script_of(owner->object->capacity_rule);
    const PlaceEntry* at = place(place_id);
    if (at != nullptr && !at->object->capacity_rule.empty()) return script_of(at->object->capacity_rule);
    return home->object->capacity_rule.empty() ? std::string_view{} : script_of(home->object->capacity_rule);
}

}  // namespace trunkline::model
