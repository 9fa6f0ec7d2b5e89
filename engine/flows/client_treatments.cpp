// RequestApplyTreatment at a routing point that clients route: texts to the customer, and the customer's next
// text as CollectedDigits (facts.md 1.3 for the types, 1.9 for the keys of TreatmentParms).
#include <algorithm>
#include <array>
#include <charconv>

#include "engine/flows/client_routing.hpp"
#include "engine/flows/requests.hpp"
#include "engine/flows/sessions.hpp"
#include "engine/flows/strategies.hpp"
#include "engine/flows/texts.hpp"

namespace trunkline::flows {
namespace {

using interactions::PartyRole;
using interactions::Phase;
using messages::MessageId;

struct TreatmentKind {
    std::int64_t number;
    const char* name;  // as in reporting.treatment
    bool speaks, collects;
};
constexpr std::array treatment_kinds{
    TreatmentKind{6, "collect_digits", false, true},
    TreatmentKind{7, "play_announcement", true, false},
    TreatmentKind{8, "play_announcement_and_collect_digits", true, true},
    TreatmentKind{15, "play_announcement", true, false},                    // TextToSpeech
    TreatmentKind{16, "play_announcement_and_collect_digits", true, true},  // TextToSpeechAndDigits
};

constexpr double longest_collect = 60;  // where TOTAL_TIMEOUT does not say
constexpr int most_prompts = 20;

// PROMPT.1.TEXT, PROMPT.2.TEXT.. in order, else MSGTXT.
std::vector<std::string> prompts_of(const KvList& parms) {
    std::vector<std::string> texts;
    for (int n = 1; n <= most_prompts; ++n)
        if (const auto text = parms.text("PROMPT." + std::to_string(n) + ".TEXT"); !text.empty())
            texts.emplace_back(text);
    if (const auto text = parms.text("MSGTXT"); texts.empty() && !text.empty()) texts.emplace_back(text);
    return texts;
}

double total_timeout(const KvList& parms) {
    const KvValue* value = parms.find("TOTAL_TIMEOUT");
    if (value == nullptr) return longest_collect;
    if (const auto* number = std::get_if<std::int64_t>(&value->is))
        return *number > 0 ? static_cast<double>(*number) : longest_collect;
    double seconds = 0;
    if (const auto* text = std::get_if<std::string>(&value->is))
        (void)std::from_chars(text->data(), text->data() + text->size(), seconds);
    return seconds > 0 ? seconds : longest_collect;
}

void emit_treatment(Core& core, const Interaction& ix, MessageId id, std::int64_t type,
                    const std::string& digits = {}, const Asked* asked = nullptr) {
    messages::TMessage event = routing_point_event(ix, id);
    event.treatment_type = type;
    event.collected_digits = digits;
    emit_at_routing_point(core, ix, std::move(event), asked == nullptr ? ClientId{} : asked->client,
                          asked == nullptr ? messages::Integer{} : asked->request.reference_id);
}

}  // namespace

Refusal apply_treatment(Core& core, const Asked& asked) {
    const auto session = session_of(core, asked);
    if (!session) return session.error();
    Interaction& ix = *session->interaction;
    if (session->party->role != interactions::PartyRole::routing_point)
        return Error{ErrorCode::not_a_party, "DN '" + asked.request.this_dn + "' is not where it is routed"};
    if (!routed_by_clients(ix) || ix.phase != Phase::routing_point)
        return Error{ErrorCode::invalid_call_state, "no client routes this session now"};
    if (!asked.request.treatment_type)
        return Error{ErrorCode::bad_attribute, "attribute 'TreatmentType' is missing"};
    const std::int64_t type = *asked.request.treatment_type;
    const KvList parms = asked.request.treatment_parms ? *asked.request.treatment_parms : KvList{};
    const auto kind = std::find_if(treatment_kinds.begin(), treatment_kinds.end(),
                                   [&](const TreatmentKind& k) { return k.number == type; });
    const std::vector<std::string> prompts = prompts_of(parms);
    if (kind == treatment_kinds.end() || (kind->speaks && prompts.empty())) {
        // No medium for it here (music, silence, ..), or nothing to say.
        emit_treatment(core, ix, MessageId::event_treatment_not_applied, type, {}, &asked);
        return std::nullopt;
    }
    if (ix.client_treatment) end_client_treatment(core, ix, {});
    core.timers.cancel(ix.router_timer);
    emit_treatment(core, ix, MessageId::event_treatment_applied, type, {}, &asked);
    ix.treatments.push_back({kind->name, core.now});
    if (kind->speaks)
        for (const std::string& text : prompts) send_system_text(core, ix, text);
    ix.client_treatment = interactions::ClientTreatment{type, {}};
    if (!kind->collects) {
        end_client_treatment(core, ix, {});
        return std::nullopt;
    }
    accept_leg(core, ix);
    if (!std::exchange(ix.first_collect_done, true))
        if (auto text = take_held_text(core, ix)) {
            end_client_treatment(core, ix, *text);
            return std::nullopt;
        }
    ix.client_treatment->timer =
        core.timers.schedule(core.now + from_seconds(total_timeout(parms)), TreatmentOver{ix.id});
    return std::nullopt;
}

void end_client_treatment(Core& core, Interaction& ix, const std::string& digits) {
    if (!ix.client_treatment) return;
    interactions::ClientTreatment ended = *std::exchange(ix.client_treatment, std::nullopt);
    const bool in_time = !ended.timer || core.timers.cancel(ended.timer);
    end_treatment(core, ix, in_time ? "ok" : "timeout", {});
    emit_treatment(core, ix, MessageId::event_treatment_end, ended.type, digits);
    wait_for_clients(core, ix);
}

void on_treatment_over(Core& core, CallUuid id) {
    if (Interaction* ix = core.interactions.find(id)) end_client_treatment(core, *ix, {});
}

}  // namespace trunkline::flows
