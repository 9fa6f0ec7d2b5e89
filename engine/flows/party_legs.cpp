#include "engine/flows/party_legs.hpp"

#include "engine/flows/endpoints.hpp"
#include "engine/flows/offering.hpp"
#include "engine/flows/sessions.hpp"
#include "engine/flows/texts.hpp"

namespace trunkline::flows {
namespace {

using interactions::PartyLeg;
using interactions::PartyState;
using routing::OfferEnd;

// The interaction and the party of a leg; null and null where the leg is not ours any more.
struct Ends {
    Interaction* ix = nullptr;
    Party* party = nullptr;
};
Ends ends_of(Core& core, const std::string& leg_key) {
    const auto owner = core.party_legs.find(leg_key);
    if (!owner) return {};
    Interaction* ix = core.interactions.find(owner->interaction);
    return {ix, ix == nullptr ? nullptr : ix->party(owner->party)};
}

std::string without_scheme(const std::string& uri) { return uri.substr(uri.find(':') + 1); }

std::string own_domain(const Core& core, const Interaction& ix) {
    const model::SwitchEntry* sw = core.config->switch_of(ix.sw);
    return sw == nullptr || sw->sip_domain.empty() ? ix.host : sw->sip_domain;
}

TextId send(Core& core, const PartyLeg& leg, SentText what, const std::string& text) {
    const TextId id(core.ids.next_seq().value());
    core.texts_out.emplace(id, std::move(what));
    core.effect(messages::SendText{id, leg.address, leg.from_user, leg.from_host, leg.target, text});
    return id;
}

void ask_with_a_text(Core& core, Interaction& ix, PartyLeg& leg) {
    const std::string& key = leg.address.key;
    if (!ix.held.empty()) {
        const interactions::HeldText& first = ix.held.front();
        leg.opening = send(core, leg, SentText{first.id, first.at, key, true}, first.text);
        return;
    }
    const std::string line = "New message from " + ix.customer;
    const TextId row = record_text(core, ix, ix.dnis, "private", line, "pending");
    leg.opening = send(core, leg, SentText{row, core.now, key, false}, line);
}

// Such an endpoint takes no dialog of texts; single texts it may.
constexpr int no_answer = 408;

/// How an offer ends that this answer refuses.
OfferEnd end_by(int status) {
    if (status == no_answer) return OfferEnd::no_answer;
    const bool declines = status == 480 || status == 486 || status == 487 || status == 600 || status == 603;
    return declines ? OfferEnd::declined : OfferEnd::failed;
}

bool declines_the_medium(int status) { return status == 488 || status == 415 || status == 405; }

void forget(Core& core, Party& party) {
    core.party_legs.remove(*party.leg);
    party.leg.reset();
}

}  // namespace

void open_leg(Core& core, Interaction& ix, Party& party, const SipPlace& place, messages::LegKind kind) {
    PartyLeg leg;
    leg.address = {kind, core.party_legs.next_key(), place.route};
    leg.target = place.target;
    leg.from_user = core.party_legs.free_name(place.target, ix.ani, without_scheme(ix.customer));
    leg.from_host = own_domain(core, ix);
    core.party_legs.add(leg, {ix.id, party.id});
    party.leg = std::move(leg);
    core.effect(messages::OpenLeg{party.leg->address, party.leg->from_user, party.leg->from_host,
                                  party.leg->target, place.any_domain, place.also});
    if (kind == messages::LegKind::pager) ask_with_a_text(core, ix, *party.leg);
}

void leg_answered(Core& core, Party& party) {
    const auto opening = core.texts_out.find(party.leg->opening);
    if (opening != core.texts_out.end()) opening->second.opens.clear();
}

void close_leg(Core& core, Party& party) {
    if (!party.leg) return;
    core.effect(messages::EndLeg{party.leg->address});
    forget(core, party);
}

void send_over_leg(Core& core, const Party& party, TextId message, TimePoint at, const std::string& text) {
    (void)send(core, *party.leg, SentText{message, at, {}, true}, text);
}

bool opened_with(const Core& core, const Party& party, TextId message) {
    const auto opening = core.texts_out.find(party.leg->opening);
    return opening != core.texts_out.end() && opening->second.message == message;
}

void on_opening_ended(Core& core, const std::string& leg_key, int status) {
    const auto [ix, party] = ends_of(core, leg_key);
    if (party == nullptr || party->state != PartyState::alerting) return;
    if (status >= 200 && status < 300)
        answer_offer(core, *ix, {}, {});
    else
        refuse_offer(core, *ix, end_by(status));
}

void on_leg_text(Core& core, const messages::LegText& text) {
    auto [ix, party] = ends_of(core, text.leg_key);
    const auto says = [](const Party* p) {
        return p != nullptr && (p->state == PartyState::alerting || p->state == PartyState::connected);
    };
    core.effect(messages::AnswerText{text.txn, says(party) ? 200 : 481});
    if (!says(party)) return;
    // Whatever became of our own text: who writes back has answered.
    if (party->state == PartyState::alerting) answer_offer(core, *ix, {}, {});
    party = ix->agent_party();
    send_agent_text(core, *ix, *party, text.text, {}, {}, text.transaction);
}

void on_leg_answered(Core& core, const messages::LegAnswered& answered) {
    on_opening_ended(core, answered.leg_key, 200);
}

void on_leg_failed(Core& core, const messages::LegFailed& failed) {
    const auto [ix, party] = ends_of(core, failed.leg_key);
    if (party == nullptr || party->state != PartyState::alerting) return;
    forget(core, *party);
    const auto place = endpoint_of(core, party->dn);
    if (place && declines_the_medium(failed.status))
        open_leg(core, *ix, *party, *place, messages::LegKind::pager);
    else
        refuse_offer(core, *ix, end_by(failed.status));
}

void on_party_left(Core& core, const std::string& leg_key) {
    const auto [ix, party] = ends_of(core, leg_key);
    if (party == nullptr) return;
    forget(core, *party);
    if (party->state == PartyState::alerting)
        refuse_offer(core, *ix, OfferEnd::declined);
    else
        end_interaction(core, ix->id, End::agent_released);
}

}  // namespace trunkline::flows
