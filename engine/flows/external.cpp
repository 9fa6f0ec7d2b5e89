#include "engine/flows/external.hpp"

#include "engine/model/sip_contact.hpp"

namespace trunkline::flows {
namespace {

using model::SipContact;

// The Trunk whose option prefix fits the most of the number; one without prefix takes every number. One that
// asks for a check of its certificate is reached as sips.
std::optional<SipContact> trunk_for(const Core& core, SwitchId id, const std::string& number) {
    const model::SwitchEntry* sw = core.config->switch_of(id);
    std::optional<SipContact> best;
    std::size_t best_length = 0;
    for (const DnId trunk : sw == nullptr ? std::vector<DnId>{} : sw->trunks) {
        const std::string_view prefix = core.dn_option(trunk, "prefix");
        if (!number.starts_with(prefix) || (best && prefix.size() <= best_length)) continue;
        auto contact = model::parse_sip_contact(core.dn_option(trunk, "contact"));
        if (!contact) continue;
        if (core.dn_flag(trunk, "tls-verify", false)) contact->scheme = "sips";
        best = std::move(contact);
        best_length = prefix.size();
    }
    return best;
}

}  // namespace

std::string own_number(const Core& core, const Interaction& ix, const std::string& destination) {
    if (!model::has_sip_scheme(destination)) return destination;
    const auto contact = model::parse_sip_contact(destination);
    const model::SwitchEntry* sw = core.config->switch_of(ix.sw);
    const bool own = contact && sw != nullptr && !sw->sip_domain.empty() &&
                     contact->host() == sw->sip_domain && !contact->user.empty();
    return own ? contact->user : destination;
}

const model::DnEntry* dn_named(const Core& core, const Interaction& ix, const std::string& number) {
    if (number.empty()) return nullptr;
    const model::DnEntry* dn = core.config->dn(ix.sw, number);
    return dn != nullptr ? dn : core.config->dn(ix.tenant, number);
}

std::optional<External> external_destination(const Core& core, const Interaction& ix,
                                             const std::string& destination) {
    if (model::has_sip_scheme(destination)) {
        const auto contact = model::parse_sip_contact(destination);
        if (!contact) return std::nullopt;
        return External{destination, {contact->text(), contact->text(), false}};
    }
    const auto number = model::plain_number(destination);
    const auto trunk = number ? trunk_for(core, ix.sw, *number) : std::nullopt;
    if (!trunk) return std::nullopt;
    return External{*number, {trunk->at(*number), trunk->at({}), true}};
}

}  // namespace trunkline::flows
