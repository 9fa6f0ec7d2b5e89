// The configuration in force, indexed: immutable, shared between threads, replaced as a whole.
// Built off the engine thread from a Site; every lookup is O(1) or O(log n); pointers live as long as the
// snapshot.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/base/ids.hpp"
#include "engine/base/time.hpp"
#include "engine/model/site.hpp"
#include "engine/model/skill_expression.hpp"
#include "engine/model/time_zone.hpp"

namespace trunkline::model {

enum class DnType {
    extension,
    acd_position,
    acd_queue,
    routing_point,
    virtual_queue,
    trunk,
    trunk_group,
    communication_dn,
    voip_service
};
[[nodiscard]] std::optional<DnType> dn_type(std::string_view name);
[[nodiscard]] std::string_view to_text(DnType);

/// Where an agent's texts travel (option sip-signaling-chat): to the SIP endpoint, over T-Library, or nowhere
/// but T-Library.
enum class SignalingChat { sip, t_library, none };

struct TenantEntry {
    TenantId id;
    const Tenant* object = nullptr;
    const TimeZone* zone = nullptr;  // never null: UTC where the tenant names none
};

struct SwitchEntry {
    SwitchId id;
    TenantId tenant;
    const Switch* object = nullptr;
    std::string sip_domain;
    std::vector<DnId> trunks;  // in the order of the site
};

struct DnEntry {
    DnId id;
    SwitchId sw;
    TenantId tenant;
    DnType type = DnType::extension;
    const Dn* object = nullptr;
    PlaceId place;  // none where the DN is in no place
    bool multimedia = false;
    bool voice = true;
    SignalingChat signaling_chat = SignalingChat::sip;
    bool leaving = false;  // gone from the configuration; here while something that began before lives on it
};

struct PlaceEntry {
    PlaceId id;
    TenantId tenant;
    const Place* object = nullptr;
    std::vector<DnId> dns;
};

struct LoginEntry {
    LoginId id;
    SwitchId sw;
    PersonId person;  // none where no person has it
    const AgentLogin* object = nullptr;
    bool leaving = false;
};

struct PersonEntry {
    PersonId id;
    TenantId tenant;
    const Person* object = nullptr;
    std::vector<LoginId> logins;
    bool leaving = false;
};

/// Objects of a site that have left the configuration, by dbid.
struct Leaving {
    std::set<std::uint32_t> dns, logins, persons;
};

struct GroupEntry {
    GroupId id;
    TenantId tenant;
    const AgentGroup* object = nullptr;
    std::vector<PersonId> members;              // of a group that lists its agents
    std::optional<SkillExpression> expression;  // of a virtual group
};

class Snapshot {
  public:
    /// Objects without a dbid get one (by order, above the largest that is there), so that files work in
    /// tests. References that lead nowhere are left out: check(site) reports them before anything comes here.
    explicit Snapshot(Site site, const Leaving& leaving = {});
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

    [[nodiscard]] const Site& site() const { return site_; }

    [[nodiscard]] const TenantEntry* tenant(TenantId) const;
    [[nodiscard]] const SwitchEntry* switch_of(SwitchId) const;
    [[nodiscard]] const DnEntry* dn(DnId) const;
    [[nodiscard]] const PlaceEntry* place(PlaceId) const;
    [[nodiscard]] const LoginEntry* login(LoginId) const;
    [[nodiscard]] const PersonEntry* person(PersonId) const;
    [[nodiscard]] const GroupEntry* group(GroupId) const;

    [[nodiscard]] const TenantEntry* tenant(std::string_view name) const;
    [[nodiscard]] const SwitchEntry* switch_named(std::string_view name) const;
    /// `number` may be written number@switch; without it `home` is searched.
    [[nodiscard]] const DnEntry* dn(SwitchId home, std::string_view number) const;
    /// The same in any switch of the tenant (its default switch first).
    [[nodiscard]] const DnEntry* dn(TenantId, std::string_view number) const;
    [[nodiscard]] const LoginEntry* login(SwitchId home, std::string_view code) const;
    [[nodiscard]] const PersonEntry* person(TenantId, std::string_view user_name) const;
    /// By user_name, else by employee id or Agent Login code where one person alone has it.
    [[nodiscard]] const PersonEntry* person_by_any_name(TenantId, std::string_view name) const;
    [[nodiscard]] const GroupEntry* group(TenantId, std::string_view name) const;
    [[nodiscard]] const PlaceEntry* place(TenantId, std::string_view name) const;
    [[nodiscard]] const Application* application(std::string_view name) const;
    [[nodiscard]] const List* list(TenantId, std::string_view name) const;

    /// The switch that takes a SIP request for `host`: by option sip-domain, else the default switch.
    [[nodiscard]] const SwitchEntry* switch_for_host(std::string_view host) const;
    /// The tenant's switch with option default: true, else its first. Null where it has none.
    [[nodiscard]] const SwitchEntry* default_switch(TenantId) const;

    [[nodiscard]] const std::vector<PersonEntry>& persons() const { return persons_; }
    [[nodiscard]] const std::vector<GroupEntry>& groups() const { return groups_; }
    [[nodiscard]] const std::vector<DnEntry>& dns() const { return dns_; }

    /// The script of the capacity rule that binds this person at this place: person, place, tenant; "" where
    /// none does.
    [[nodiscard]] std::string_view capacity_script(PersonId, PlaceId) const;

  private:
    Site site_;
    std::vector<TenantEntry> tenants_;
    std::vector<SwitchEntry> switches_;
    std::vector<DnEntry> dns_;
    std::vector<PlaceEntry> places_;
    std::vector<LoginEntry> logins_;
    std::vector<PersonEntry> persons_;
    std::vector<GroupEntry> groups_;
    std::unordered_map<std::uint32_t, std::size_t> tenant_at_, switch_at_, dn_at_, place_at_, login_at_,
        person_at_, group_at_;
    std::unordered_map<std::string, std::size_t> tenant_by_name_, switch_by_name_, dn_by_name_,
        place_by_name_, login_by_name_, person_by_name_, person_by_other_name_, group_by_name_,
        application_by_name_, domain_;

    void index_tenant(const Tenant&);
    void index_switch(const Switch&);
    void resolve_references();
};

using SharedSnapshot = std::shared_ptr<const Snapshot>;

// Options, with the spelling that the guides use ("true", "yes", "1").
[[nodiscard]] std::string_view option(const Options&, std::string_view section, std::string_view key);
[[nodiscard]] bool option_flag(const Options&, std::string_view section, std::string_view key,
                               bool otherwise);
/// Seconds; `otherwise` where absent or no number.
[[nodiscard]] double option_seconds(const Options&, std::string_view section, std::string_view key,
                                    double otherwise);

}  // namespace trunkline::model
