#include "engine/flows/reserving.hpp"

#include <algorithm>

#include "engine/flows/agent_work.hpp"
#include "engine/flows/direct_routing.hpp"
#include "engine/flows/requests.hpp"

namespace trunkline::flows {
namespace {

using agents::Holder;
using agents::Reservation;
using agents::ReservationStep;
using agents::Seat;
using agents::Wish;
using messages::MessageId;

Holder holder_for(const Reservation* held, ClientId asker, std::int64_t priority) {
    if (held == nullptr) return Holder::nobody;
    if (held->client == asker) return Holder::asker;
    return held->priority < priority ? Holder::lesser : Holder::peer;
}

// What the request says of its agent must be so: who asks for one should not get another.
Refusal names_its_agent(const Core& core, const Asked& asked, const Seat& seat) {
    const auto& request = asked.request;
    const model::LoginEntry* login =
        request.agent_id.empty() ? nullptr : core.config->login(asked.sender.sw, request.agent_id);
    if (!request.agent_id.empty() && (login == nullptr || login->id != seat.login))
        return Error{ErrorCode::invalid_agent_id,
                     "agent '" + request.agent_id + "' is not logged in on DN '" + request.this_dn + "'"};
    if (!request.place.empty() && request.place != core.place_name(seat.place))
        return bad_attribute("DN '" + request.this_dn + "' is not at place '" + request.place + "'");
    return std::nullopt;
}

void hold(Core& core, const Asked& asked, PersonId agent, milliseconds time) {
    if (auto former = core.reservations.take(agent)) core.timers.cancel(former->timer);
    Reservation reservation;
    reservation.client = asked.client;
    reservation.dn = asked.dn->id;
    reservation.priority = asked.request.priority.value_or(0);
    reservation.ends = core.now + time;
    reservation.timer = core.timers.schedule(reservation.ends, ReservationOver{agent});
    core.reservations.put(agent, reservation);
}

}  // namespace

Refusal reserve_agent(Core& core, const Asked& asked) {
    const auto& request = asked.request;
    if (!request.timeout)
        return bad_attribute("attribute 'Timeout' is missing: milliseconds, 0 gives the reservation back");
    if (*request.timeout < 0) return bad_attribute("attribute 'Timeout' must not be negative");
    const Seat* seat = core.agents.seat(asked.dn->id);
    if (seat == nullptr)
        return Error{ErrorCode::not_logged_in, "no agent is logged in on DN '" + request.this_dn + "'"};
    if (const Refusal refusal = names_its_agent(core, asked, *seat)) return refusal;
    const PersonId agent = seat->agent;
    const milliseconds time = std::min(milliseconds(*request.timeout), longest_reservation);
    const Holder holder = holder_for(core.reservations.of(agent), asked.client, request.priority.value_or(0));
    const ReservationStep step =
        agents::reservation_step(holder, time.count() > 0 ? Wish::hold : Wish::give_back);
    if (step == ReservationStep::refuse)
        return Error{ErrorCode::agent_reserved,
                     "another client has reserved the agent at DN '" + request.this_dn + "'"};
    if (step == ReservationStep::end) end_reservation(core, agent);
    if (time.count() > 0) hold(core, asked, agent, time);
    messages::TMessage event;
    event.message = MessageId::event_agent_reserved;
    event.this_dn = core.number_of(seat->dn);
    if (const auto* login = core.config->login(seat->login)) event.agent_id = login->object->code;
    event.place = core.place_name(seat->place);
    event.timeout = time.count();
    event.priority = request.priority;
    core.emit_to(seat->dn, std::move(event), asked.client, request.reference_id);
    refresh_abilities(core, agent);
    return std::nullopt;
}

bool reserved_from(const Core& core, DnId dn, ClientId asker) {
    const Seat* seat = core.agents.seat(dn);
    const Reservation* held = seat == nullptr ? nullptr : core.reservations.of(seat->agent);
    return held != nullptr && held->client != asker;
}

void end_reservation(Core& core, PersonId agent) {
    auto ended = core.reservations.take(agent);
    if (!ended) return;
    core.timers.cancel(ended->timer);
    // Able at once, matched in turn: of several who come free in one command the longest idle is offered
    // first.
    refresh_abilities(core, agent);
    for (const DnId dn : core.agents.seats_of(agent)) core.answers.emplace_back(FreeOfReservation{dn});
}

void give_back_reservation(Core& core, ClientId client, DnId dn) {
    const Seat* seat = core.agents.seat(dn);
    const Reservation* held = seat == nullptr ? nullptr : core.reservations.of(seat->agent);
    if (held != nullptr && held->client == client && held->dn == dn) end_reservation(core, seat->agent);
}

void reserved_agent_leaves(Core& core, const Seat& seat) {
    const Reservation* held = core.reservations.of(seat.agent);
    if (held == nullptr) return;
    if (held->dn == seat.dn)
        end_reservation(core, seat.agent);
    else
        core.answers.emplace_back(FreeOfReservation{seat.dn});
}

void on_reservation_over(Core& core, PersonId agent) { end_reservation(core, agent); }

void free_of_reservation(Core& core, DnId dn) {
    if (const Seat* seat = core.agents.seat(dn)) refresh_agent(core, seat->agent);
    ring_queued(core, dn);
}

}  // namespace trunkline::flows
