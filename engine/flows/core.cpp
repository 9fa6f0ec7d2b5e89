#include "engine/flows/core.hpp"

#include <algorithm>

#include "engine/flows/awaited_events.hpp"

namespace trunkline::flows {

void Core::emit(messages::TMessage event, messages::Clients clients) {
    if (!awaited.empty() && event.call_uuid) tell_script(*this, event);
    if (clients.empty()) return;
    effect(messages::EmitEvent{std::make_shared<const messages::TMessage>(std::move(event)),
                               std::move(clients)});
}

void Core::emit_to(DnId dn, messages::TMessage event, ClientId asked, messages::Integer reference) {
    messages::Clients clients = devices.clients_of(dn);
    if (asked && reference && devices.client(asked) != nullptr) {  // it may be long ago that he asked
        const auto own = std::find(clients.begin(), clients.end(), asked);
        if (own != clients.end()) clients.erase(own);
        messages::TMessage answer = event;
        answer.reference_id = reference;
        emit(std::move(answer), {asked});
    }
    emit(std::move(event), std::move(clients));
}

void Core::log(messages::LogLevel level, std::string text, CallUuid interaction) {
    effect(messages::WriteLog{level, std::move(text), interaction});
}

void Core::log_event(std::int64_t id, messages::LogLevel level, std::string text, TenantId tenant,
                     const KvList& attributes) {
    records::LogEvent row;
    row.seq = ids.next_seq();
    row.id = id;
    row.tenant = tenant_name(tenant);
    row.at = now;
    row.level = level == messages::LogLevel::error ? "Alarm" : "Standard";
    row.application = node;
    row.text = text;
    append_json(row.attributes.is, attributes);
    record(std::move(row));
    log(level, std::move(text));
}

std::string Core::tenant_name(TenantId id) const {
    const auto* found = config ? config->tenant(id) : nullptr;
    return found == nullptr ? std::string{} : found->object->name;
}
std::string Core::switch_name(SwitchId id) const {
    const auto* found = config ? config->switch_of(id) : nullptr;
    return found == nullptr ? std::string{} : found->object->name;
}
std::string Core::number_of(DnId id) const {
    const auto* found = config ? config->dn(id) : nullptr;
    return found == nullptr ? std::string{} : found->object->number;
}
std::string Core::switch_name_of(DnId id, SwitchId otherwise) const {
    const auto* found = config ? config->dn(id) : nullptr;
    return switch_name(found == nullptr ? otherwise : found->sw);
}
std::string Core::user_name(PersonId id) const {
    const auto* found = config ? config->person(id) : nullptr;
    return found == nullptr ? std::string{} : found->object->user_name;
}
std::string Core::place_name(PlaceId id) const {
    const auto* found = config ? config->place(id) : nullptr;
    return found == nullptr ? std::string{} : found->object->name;
}

std::string_view Core::dn_option(DnId id, std::string_view key) const {
    const auto* found = config ? config->dn(id) : nullptr;
    return found == nullptr ? std::string_view{} : model::option(found->object->options, "TServer", key);
}
double Core::dn_seconds(DnId id, std::string_view key, double otherwise) const {
    const auto* found = config ? config->dn(id) : nullptr;
    return found == nullptr ? otherwise
                            : model::option_seconds(found->object->options, "TServer", key, otherwise);
}
bool Core::dn_flag(DnId id, std::string_view key, bool otherwise) const {
    const auto* found = config ? config->dn(id) : nullptr;
    return found == nullptr ? otherwise
                            : model::option_flag(found->object->options, "TServer", key, otherwise);
}

}  // namespace trunkline::flows
