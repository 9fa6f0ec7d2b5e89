// Who is logged in where, in which state, and what each has in hand. The one owner of capacity: a slot is
// taken for a cause and given back once; the load of an agent is the count of their slots.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/agents/agent_state.hpp"
#include "engine/agents/load.hpp"
#include "engine/base/ids.hpp"
#include "engine/base/kv_list.hpp"
#include "engine/base/time.hpp"

namespace trunkline::agents {

/// What an agent goes back to: after after-call work that he asked for, or when he can be reached again.
struct Standing {
    AgentState state = AgentState::not_ready;
    std::int64_t work_mode = 0;
    SharedKv reasons;
    TimePoint rest_ends;
};

/// An agent at a DN, from log-in to log-out.
struct Seat {
    PersonId agent;
    DnId dn;
    LoginId login;
    PlaceId place;
    TenantId tenant;
    DnId queue;          // the ACD or virtual queue that the log-in named (ThisQueue): target.queue finds it
    std::string prefix;  // of texts to customers, "[1001/E1001] ", as of the log-in
    AgentState state = AgentState::logged_out;
    std::int64_t work_mode = 0;
    SharedKv reasons;
    bool do_not_disturb = false;  // asked for by a client: nothing rings at this DN
    TimePoint since;              // in this state
    TimePoint idle_since;         // ready and without work: "longest idle" counts from here
    TimerId rest;                 // runs in timed after_call_work and in legal_guard
    TimePoint rest_ends;          // when it fires; zero where the state has no end of its own
    TimePoint work_ended;  // of the last session, its after-call work included: legal guard counts from here
    std::optional<Standing> before_acw;          // of after-call work asked for with nothing in hand
    TimerId unreachable;                         // runs while nothing hears the DN, until the agent counts as
    std::optional<Standing> before_unreachable;  // unreachable: then this is set until he returns
    // The open rows of reporting.
    Seq session_row;
    TimePoint session_started;
    Seq state_row;
    TimePoint state_row_started;
    std::string state_row_text;  // what the open row says, to see when it no longer fits
};

/// One unit of one agent's capacity, held by an offer first and by the party after the answer.
struct Slot {
    PersonId agent;  // none where a DN without a logged-in agent rings
    DnId dn;
    Media media = Media::chat;
    CallUuid interaction;
    bool established = false;
    bool forced = false;  // default routing and direct calls take a slot whatever the rule says
};

class Agents {
  public:
    [[nodiscard]] Seat* seat(DnId);
    [[nodiscard]] const Seat* seat(DnId) const;
    /// The DNs where this agent is logged in, in order of log-in.
    [[nodiscard]] const std::vector<DnId>& seats_of(PersonId) const;
    Seat& log_in(Seat);
    void log_out(DnId);
    /// In order of DnId: the same order in every process.
    [[nodiscard]] const std::map<DnId, Seat>& seats() const { return seats_; }

    SlotId take(Slot);
    /// The slot that was given back; none for an id that is not held (a double release is a fault of the
    /// caller).
    std::optional<Slot> give_back(SlotId&);
    void establish(SlotId);
    [[nodiscard]] const Slot* slot(SlotId) const;
    [[nodiscard]] const std::map<SlotId, Slot>& slots() const { return slots_; }
    [[nodiscard]] Load load(PersonId) const;
    /// Established interactions in hand.
    [[nodiscard]] int established(PersonId) const;
    /// Slots of a DN, whoever sits there.
    [[nodiscard]] int slots_on(DnId) const;
    /// The same, in the order in which they were taken.
    [[nodiscard]] const std::set<SlotId>& slots_of(DnId) const;

  private:
    struct InHand {
        Load load;
        int established = 0;
    };
    std::map<DnId, Seat> seats_;
    std::unordered_map<PersonId, std::vector<DnId>> by_agent_;
    std::map<SlotId, Slot> slots_;
    std::unordered_map<PersonId, InHand> in_hand_;
    std::unordered_map<DnId, std::set<SlotId>> on_dn_;
    std::uint64_t last_slot_ = 0;
};

}  // namespace trunkline::agents
