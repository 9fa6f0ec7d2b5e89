// An engine in virtual time with everything around it played: customers, clients, the SIP side. No clock, no
// socket. Every command checks the invariants; what leaves the engine is kept, sorted by kind, until the next
// clear().
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "engine/model/snapshot.hpp"

namespace trunkline::testing {

/// What left the engine, in order.
struct Left {
    struct Event {
        messages::TMessage event;
        std::vector<ClientId> clients;
    };
    std::vector<Event> events;
    std::vector<messages::SendText> texts;
    std::vector<messages::AnswerText> answers;
    std::vector<messages::AnswerSession> session_answers;
    std::vector<messages::OpenLeg> opened_legs;
    std::vector<messages::EndLeg> ended_legs;
    std::vector<messages::ProbeEndpoint> probes;
    std::vector<records::Record> records;
    std::vector<messages::WriteLog> logs;
    messages::Effects all;

    /// Rows of one kind, in order.
    template <class Row>
    [[nodiscard]] std::vector<Row> rows() const {
        std::vector<Row> found;
        for (const records::Record& r : records)
            if (const Row* row = std::get_if<Row>(&r)) found.push_back(*row);
        return found;
    }
    /// "EventRinging@1001 EventRouteUsed@1111 ..." of one client, in order.
    [[nodiscard]] std::string sequence(ClientId) const;
    /// Events of one kind that this client got.
    [[nodiscard]] std::vector<messages::TMessage> events_of(ClientId, messages::MessageId) const;
};

/// A site of one tenant: agents ann (login and DN 1001, billing 7, english 5), bob (1002, billing 2, english
/// 8), eve (1003, nothing); groups All_Agents and Billing (billing >= 5); routing points 1111 (strategy main)
/// and 1112 (no strategy).
[[nodiscard]] model::Site small_site();
/// The stock scripts of the project's folder scripts/, and these strategies (name -> Lua text).
[[nodiscard]] std::shared_ptr<const scripting::ScriptSources> scripts_with(
    const std::map<std::string, std::string>& strategies);

class World {
  public:
    explicit World(model::Site, std::map<std::string, std::string> strategies, std::uint64_t seed = 1,
                   bool explain_all = false, scripting::Budgets budgets = {},
                   scripting::TraceKept trace = scripting::TraceKept::all);

    TimePoint now;
    Engine engine;
    Left left;
    std::vector<std::string> broken;  // invariants, with the command that broke them
    /// Shown every command before the engine has it, and again with its effects.
    std::function<void(const messages::Command&, bool before, const messages::Effects&)> watch;

    void clear() { left = {}; }
    void command(messages::Command);
    /// Lets time pass; timers fire at their own times.
    void pass(Duration);

    // ---- the customer ----
    /// A pager-mode text; the engine's answer status.
    int text(const std::string& customer, const std::string& words, const std::string& number = "1111");
    /// Opens a session-mode leg; its key.
    std::string session(const std::string& customer, const std::string& number = "1111");
    int session_text(const std::string& leg_key, const std::string& words);
    void leave(const std::string& leg_key, messages::LegEnd how = messages::LegEnd::released);
    [[nodiscard]] static std::string pager_key(const std::string& customer,
                                               const std::string& number = "1111");
    /// Answers every text that the engine has sent and that has no answer yet.
    void deliver_texts(int status = 200);
    /// Answers, or not, what the engine has asked of SIP endpoints since the last time.
    void answer_probes(bool answers = true);
    /// The party at the other end of a leg of ours writes; the engine's answer status.
    int leg_text(const std::string& leg_key, const std::string& words);

    // ---- T-Library ----
    ClientId client();
    void close(ClientId);
    /// Sends a request; EventError's code, 0 where there was none.
    int request(ClientId, messages::TMessage);
    int register_dn(ClientId, const std::string& dn);
    int log_in(ClientId, const std::string& dn, const std::string& agent_id, int work_mode = 0);
    int ready(ClientId, const std::string& dn);
    int not_ready(ClientId, const std::string& dn);
    int log_out(ClientId, const std::string& dn);
    int answer(ClientId, const std::string& dn, ConnId);
    int release(ClientId, const std::string& dn, ConnId);
    int say(ClientId, const std::string& dn, ConnId, const std::string& words);
    /// A client with the DN registered and its agent logged in and ready.
    ClientId ready_agent(const std::string& dn, const std::string& agent_id);

    /// ConnID of the newest EventRinging at this DN; none where it never rang.
    [[nodiscard]] ConnId ringing(const std::string& dn) const;
    [[nodiscard]] std::vector<InteractionRow> interactions() const { return engine.interactions(now); }

    /// Everybody goes: customers leave, agents log out, clients close, time passes.
    void end_everything();

  private:
    std::uint64_t last_txn_ = 0, last_client_ = 0, last_leg_ = 0;
    std::int64_t last_reference_ = 0;
    std::vector<ClientId> clients_;
    std::vector<TextId> undelivered_;
    std::vector<messages::ProbeEndpoint> unprobed_;
    std::vector<std::string> legs_;
    std::map<ClientId, std::vector<std::string>> dns_;
    void sort(messages::Effects&&);
};

}  // namespace trunkline::testing
