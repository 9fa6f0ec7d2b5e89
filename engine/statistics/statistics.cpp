#include "engine/statistics/statistics.hpp"

namespace trunkline::statistics {

namespace {

/// Names of the same object before and now.
class Renamed {
  public:
    Renamed(const model::Snapshot& before, const model::Snapshot& now) : before_(before), now_(now) {}

    [[nodiscard]] std::string tenant(const std::string& name) const {
        const auto* old = before_.tenant(name);
        const auto* current = old == nullptr ? nullptr : now_.tenant(old->id);
        return current == nullptr ? name : current->object->name;
    }
    [[nodiscard]] std::tuple<std::string, std::string> operator()(
        const std::tuple<std::string, std::string>& agent) const {
        const auto& [tenant_name, user_name] = agent;
        const auto* home = before_.tenant(tenant_name);
        const auto* old = home == nullptr ? nullptr : before_.person(home->id, user_name);
        const auto* current = old == nullptr ? nullptr : now_.person(old->id);
        if (current == nullptr) return agent;
        return {tenant(tenant_name), current->object->user_name};
    }
    [[nodiscard]] std::tuple<std::string, std::string, std::string> operator()(
        const std::tuple<std::string, std::string, std::string>& queue) const {
        const auto& [tenant_name, switch_name, number] = queue;
        const auto* home = before_.switch_named(switch_name);
        const auto* old = home == nullptr ? nullptr : before_.dn(home->id, number);
        const auto* current = old == nullptr ? nullptr : now_.dn(old->id);
        if (current == nullptr) return queue;
        return {tenant(tenant_name), now_.switch_of(current->sw)->object->name, current->object->number};
    }
    [[nodiscard]] std::string operator()(const std::string& tenant_name) const { return tenant(tenant_name); }

  private:
    const model::Snapshot& before_;
    const model::Snapshot& now_;
};

void set_apart(std::string& name) { name += '\x01'; }
template <class... Names>
void set_apart(std::tuple<Names...>& key) {
    set_apart(std::get<sizeof...(Names) - 1>(key));
}

/// Whose name the newcomer takes keeps his figures, for what still lives of him, under a name that nobody
/// asks for.
template <class Map>
void put(Map& map, typename Map::node_type node) {
    for (auto tried = map.insert(std::move(node)); !tried.inserted;) {
        typename Map::node_type former = map.extract(tried.position);
        map.insert(std::move(tried.node));
        set_apart(former.key());
        tried = map.insert(std::move(former));
    }
}

/// Figures keep their place in memory.
template <class Map>
void rekey(Map& map, const Renamed& renamed) {
    std::vector<typename Map::node_type> moved;
    for (auto one = map.begin(); one != map.end();) {
        const auto current = one++;
        auto name = renamed(current->first);
        if (name == current->first) continue;
        moved.push_back(map.extract(current));
        moved.back().key() = std::move(name);
    }
    for (auto& node : moved) put(map, std::move(node));
}

}  // namespace

void Statistics::configure(const model::Snapshot* before, const model::Snapshot& config, TimePoint now) {
    if (before != nullptr) {
        const Renamed renamed(*before, config);
        rekey(tenants_, renamed);
        rekey(agents_, renamed);
        rekey(queues_, renamed);
    }
    for (const model::Tenant& object : config.site().tenants)
        if (const auto* entry = config.tenant(object.name)) tenants_[object.name] = {entry->zone, {}};
    std::erase_if(agents_,
                  [&](const auto& one) { return one.second.idle(day(std::get<0>(one.first), now)); });
    std::erase_if(queues_,
                  [&](const auto& one) { return one.second.idle(day(std::get<0>(one.first), now)); });
}

Statistics::Tenant& Statistics::tenant(const std::string& name) { return tenants_[name]; }

const Period& Statistics::today(Tenant& tenant, TimePoint at) {
    if (!tenant.today.holds(at))
        tenant.today = day_of(tenant.zone == nullptr ? model::system_time_zones().utc() : *tenant.zone, at);
    return tenant.today;
}

AgentFigures& Statistics::agent_of(const std::string& tenant, const std::string& user_name) {
    const auto key = std::tie(tenant, user_name);
    const auto found = agents_.find(key);
    return found != agents_.end() ? found->second : agents_.try_emplace(key).first->second;
}

void Statistics::fold(const records::InteractionStarted& row) {
    if (row.call_type == "internal") internal_.insert(row.id);
}

void Statistics::fold(const records::InteractionEnded& row) {
    if (!internal_.empty()) internal_.erase(row.id);
}

void Statistics::fold(const records::PartyJoined& row) {
    if (row.role != "agent" || row.agent.empty()) return;
    AgentFigures& agent = agent_of(row.tenant, row.agent);
    parties_[row.id] = {&tenant(row.tenant), &agent, row.interaction_id};
    agent.offer(row.id, !internal_.contains(row.interaction_id));
}

void Statistics::fold(const records::PartyAnswered& row) {
    const auto found = parties_.find(row.id);
    if (found == parties_.end()) return;
    found->second.figures->answer(today(*found->second.tenant, row.answered_at), row.id, row.answered_at);
}

void Statistics::fold(const records::PartyLeft& row) {
    const auto found = parties_.find(row.id);
    if (found == parties_.end()) return;
    found->second.figures->leave(today(*found->second.tenant, row.left_at), row.id, row.left_at,
                                 from_seconds(row.hold_s.value_or(0)));
    parties_.erase(found);
}

void Statistics::lose(CallUuid interaction, TimePoint now) {
    std::erase_if(parties_, [&](auto& one) {
        auto& [id, party] = one;
        if (party.interaction != interaction) return false;
        party.figures->leave(today(*party.tenant, now), id, now, {});
        return true;
    });
    internal_.erase(interaction);
}

void Statistics::fold(const records::QueueEntered& row) {
    Tenant& home = tenant(row.tenant);
    const auto key = std::tie(row.tenant, row.switch_, row.queue);
    auto found = queues_.find(key);
    if (found == queues_.end()) found = queues_.try_emplace(key).first;
    stays_[row.seq] = {&home, &found->second, {}};
    found->second.enter(today(home, row.entered_at), row.seq, row.entered_at);
}

void Statistics::fold(const records::QueueLeft& row) {
    const auto found = stays_.find(row.seq);
    if (found == stays_.end()) return;
    found->second.figures->leave(today(*found->second.tenant, row.left_at), row.seq, row.left_at,
                                 row.outcome);
    stays_.erase(found);
}

void Statistics::fold(const records::AgentSessionOpened& row) {
    Tenant& home = tenant(row.tenant);
    AgentFigures& agent = agent_of(row.tenant, row.agent);
    sessions_[row.seq] = {&home, &agent, {}};
    agent.log_in(today(home, row.logged_in_at), row.seq, row.logged_in_at);
}

void Statistics::fold(const records::AgentSessionClosed& row) {
    const auto found = sessions_.find(row.seq);
    if (found == sessions_.end()) return;
    found->second.figures->log_out(today(*found->second.tenant, row.logged_out_at), row.seq,
                                   row.logged_out_at);
    sessions_.erase(found);
}

void Statistics::fold(const records::AgentStateEntered& row) {
    const auto found = sessions_.find(row.session_id);
    const auto state = reported_state(row.state);
    if (found == sessions_.end() || !state) return;
    found->second.figures->enter(today(*found->second.tenant, row.started_at), row.session_id, *state,
                                 row.started_at);
}

const AgentFigures* Statistics::agent(std::string_view tenant, std::string_view user_name) const {
    const auto found = agents_.find(std::tie(tenant, user_name));
    return found == agents_.end() ? nullptr : &found->second;
}

const QueueFigures* Statistics::queue(std::string_view tenant, std::string_view sw,
                                      std::string_view number) const {
    const auto found = queues_.find(std::tie(tenant, sw, number));
    return found == queues_.end() ? nullptr : &found->second;
}

Period Statistics::day(std::string_view tenant, TimePoint at) const {
    const auto found = tenants_.find(tenant);
    const model::TimeZone* zone = found == tenants_.end() ? nullptr : found->second.zone;
    return day_of(zone == nullptr ? model::system_time_zones().utc() : *zone, at);
}

}  // namespace trunkline::statistics
