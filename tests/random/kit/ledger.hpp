// What a bystander knows: facts kept from the commands that went in and the effects that came out, never from
// the engine's own tables. The checks compare what leaves the engine with this book.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/agents/agent_state.hpp"
#include "engine/engine.hpp"
#include "engine/model/site.hpp"
#include "engine/scripting/script_sources.hpp"

namespace trunkline::random_test {

struct SessionFacts {
    struct Text {
        std::string words;
        bool heard = false;  // a strategy collected it
    };
    CallUuid id;
    ConnId conn;
    messages::LegKind kind = messages::LegKind::pager;
    std::string leg, customer, ani, point, strategy, realm;
    TimePoint started;
    std::optional<CallUuid> parent;
    bool accepted = false;  // a session-mode INVITE got its 200
    bool over = false;      // its row was closed in this command
    // What its strategy tells: whom it asks routing for and by which statistic, whether its busy treatment
    // runs ("on", "off", "" where it never did), how its priority rises.
    std::string asks, by, busy;
    struct Rise {
        int by = 0, limit = 0;
        Duration every{};
        TimePoint from;
    };
    std::optional<Rise> rise;
    bool handed = false;  // over to the clients
    std::string out_leg;  // the leg of ours to a party, while it is open
    messages::LegKind out_kind = messages::LegKind::pager;
    bool out_answered = false;  // its INVITE
    std::set<std::string> refusers;
    std::vector<Text> texts;
};
struct PartyFacts {
    PartyId id;
    CallUuid session;
    std::string role, dn, agent, state = "none";  // DN and agent with their realm
    bool answered = false, over = false;
    std::string cause;
    std::optional<ClientId> reserved_for;  // its agent, when it began to ring
};
struct SeatFacts {
    Seq row;
    std::string agent, login, dn, queue;
    agents::AgentState state = agents::AgentState::logged_out;
    TimePoint idle_since;      // ready, or done with his last session
    TimePoint rest_over;       // of after-call work or legal guard; zero: it has no end of its own
    TimePoint work_ended;      // of the last session, its after-call work included
    bool undisturbed = false;  // nothing may begin to ring
    bool acw_of_work = false;  // not one that he asked for with nothing in hand
    TimePoint unheard_since;   // no client has his DN; zero where one has
    struct Standing {
        agents::AgentState state = agents::AgentState::not_ready;
        TimePoint rest_over;
    };
    std::optional<Standing> before_unreachable;  // counts as unreachable, and stands so on his return
};
struct HeldAgent {
    ClientId client;
    std::string dn;
    std::int64_t priority = 0;
    TimePoint ends;
};
struct AgentMove {
    agents::AgentState from;
    agents::AgentEvent event;
};

class Ledger {
  public:
    void configure(const model::Site& site) { site_ = site; }
    void begin(const messages::Command&, TimePoint);
    void learn(const messages::Effect&);
    /// Forgets what ended in this command.
    void end();

    std::map<CallUuid, SessionFacts> sessions;
    std::map<PartyId, PartyFacts> parties;
    std::map<std::string, SeatFacts> seats;     // by DN with its realm
    std::map<std::string, HeldAgent> reserved;  // by agent
    std::set<std::string> free_now;             // free by a timer of this instant: a hold, a rest
    std::set<ClientId> clients;
    std::map<std::string, std::set<ClientId>> registered;  // DN with its realm -> clients
    std::map<std::string, std::pair<CallUuid, TimePoint>> last_of_leg;
    std::map<std::string, ConnId> conn_of_leg;  // the last one, live or not
    std::vector<AgentMove> moves;               // of this command
    std::int64_t generation = 0;
    const messages::Command* command = nullptr;
    TimePoint now;
    bool timers_due = false;  // the engine has timers to fire before the command at hand
    bool refused = false;     // the request at hand was answered by EventError

    [[nodiscard]] const model::Site& site() const { return site_; }
    [[nodiscard]] SessionFacts* session(CallUuid);
    [[nodiscard]] SessionFacts* session_at(const std::string& leg);
    [[nodiscard]] SessionFacts* session_of(ConnId);
    /// The live party of a session at a DN; null where there is none.
    [[nodiscard]] PartyFacts* agent_party(CallUuid, const std::string& dn);
    [[nodiscard]] PartyFacts* agent_party(CallUuid);
    [[nodiscard]] int load_of(const std::string& agent) const;
    [[nodiscard]] bool established(const std::string& agent) const;
    /// Rests at one of his DNs: he is offered nothing.
    [[nodiscard]] bool rests(const std::string& agent) const;
    [[nodiscard]] bool reachable(const std::string& dn) const;
    [[nodiscard]] const messages::TMessage* request() const;
    /// The DN of an event with the realm of the clients that get it.
    [[nodiscard]] static std::string dn_of(const messages::EmitEvent&);

  private:
    void learn_event(const messages::EmitEvent&);
    void learn_record(const records::Record&);
    void learn_user_data(const records::Userdata&);
    void move(SeatFacts&, agents::AgentEvent);
    void idle_from_now(const std::string& agent);
    [[nodiscard]] bool has_sessions_at(const std::string& dn) const;
    // Rest and reach of agents: ledger_agents.cpp.
    void follow_rest();
    void follow_reach();
    void follow_reservations();
    void reserve(const std::string& dn, ClientId, const messages::TMessage& request);
    void asked_for(SeatFacts&, const messages::TMessage& request);
    void become_ready(SeatFacts&);
    void work_done(SeatFacts&);
    [[nodiscard]] TimePoint rest_owed_until(const SeatFacts&) const;
    void party_left(PartyFacts&, const records::PartyLeft&);

    CallUuid last_called_;                   // the session whose party on SIP joined last
    std::map<std::string, bool> endpoints_;  // DN with its realm -> whether its endpoint answers
    void learn_of_legs(const messages::Command&);
    model::Site site_;
};

}  // namespace trunkline::random_test
