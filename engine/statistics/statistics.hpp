// Live figures of agents, queues and routing points, folded from the rows that reporting gets, so that both
// say the same (Stat Server's job). The engine folds each row as it is written; objects are known by the
// names that rows carry. They begin anew with the process. One thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "engine/model/snapshot.hpp"
#include "engine/records/records.hpp"
#include "engine/statistics/agent_figures.hpp"
#include "engine/statistics/queue_figures.hpp"

namespace trunkline::statistics {

class Statistics {
  public:
    /// Takes the tenants' time zones, follows what has another name now (`before`: null at first), and
    /// forgets what is neither alive nor of today.
    void configure(const model::Snapshot* before, const model::Snapshot&, TimePoint now);

    /// Rows that no figure is made of.
    template <class Row>
    void fold(const Row&) {}
    void fold(const records::InteractionStarted&);
    void fold(const records::InteractionEnded&);
    void fold(const records::PartyJoined&);
    void fold(const records::PartyAnswered&);
    void fold(const records::PartyLeft&);
    void fold(const records::QueueEntered&);
    void fold(const records::QueueLeft&);
    void fold(const records::AgentSessionOpened&);
    void fold(const records::AgentSessionClosed&);
    void fold(const records::AgentStateEntered&);

    /// An interaction is gone without the rows that end it, by a fault of the server: nobody has it any more.
    void lose(CallUuid interaction, TimePoint now);

    /// Null where no row has named it yet.
    [[nodiscard]] const AgentFigures* agent(std::string_view tenant, std::string_view user_name) const;
    [[nodiscard]] const QueueFigures* queue(std::string_view tenant, std::string_view sw,
                                            std::string_view number) const;
    /// The day of the tenant's clocks that holds `at`.
    [[nodiscard]] Period day(std::string_view tenant, TimePoint at) const;

    [[nodiscard]] std::size_t agents() const { return agents_.size(); }
    [[nodiscard]] std::size_t queues() const { return queues_.size(); }
    /// Stays, log-ins and sessions of agents that have not ended.
    [[nodiscard]] std::size_t alive() const { return stays_.size() + sessions_.size() + parties_.size(); }

  private:
    using AgentKey = std::tuple<std::string, std::string>;
    using QueueKey = std::tuple<std::string, std::string, std::string>;
    struct Tenant {
        const model::TimeZone* zone = nullptr;
        Period today;
    };
    template <class Figures>
    struct Of {
        Tenant* tenant = nullptr;
        Figures* figures = nullptr;
        CallUuid interaction;  // of a party
    };
    std::map<std::string, Tenant, std::less<>> tenants_;
    std::map<AgentKey, AgentFigures, std::less<>> agents_;  // tenant, user_name
    std::map<QueueKey, QueueFigures, std::less<>> queues_;  // tenant, switch, number
    std::unordered_map<Seq, Of<QueueFigures>> stays_;
    std::unordered_map<Seq, Of<AgentFigures>> sessions_;
    std::unordered_map<PartyId, Of<AgentFigures>> parties_;
    std::unordered_set<CallUuid> internal_;  // live interactions of call type internal

    Tenant& tenant(const std::string& name);
    static const Period& today(Tenant&, TimePoint);
    AgentFigures& agent_of(const std::string& tenant, const std::string& user_name);
};

}  // namespace trunkline::statistics
