#include "engine/flows/core.hpp"

namespace trunkline::flows {

template <class Row>
void Core::record(Row row) {
    statistics.fold(row);
    out->push_back(messages::WriteRecord{records::Record(std::move(row))});
}

template <class Effect>
void Core::effect(Effect effect) {
    out->push_back(std::move(effect));
}

template void Core::record(records::InteractionStarted);
template void Core::record(records::InteractionEnded);
template void Core::record(records::PartyJoined);
template void Core::record(records::PartyAnswered);
template void Core::record(records::PartyLeft);
template void Core::record(records::PartyState);
template void Core::record(records::Message);
template void Core::record(records::MessageStatus);
template void Core::record(records::QueueEntered);
template void Core::record(records::QueueLeft);
template void Core::record(records::Treatment);
template void Core::record(records::Route);
template void Core::record(records::Decision);
template void Core::record(records::Userdata);
template void Core::record(records::AgentSessionOpened);
template void Core::record(records::AgentSessionClosed);
template void Core::record(records::AgentStateEntered);
template void Core::record(records::AgentStateLeft);
template void Core::record(records::ScriptGeneration);
template void Core::record(records::ScriptGenerationReplaced);
template void Core::record(records::ScriptSource);
template void Core::record(records::TraceStep);
template void Core::record(records::LogEvent);
template void Core::record(records::LegMoved);

template void Core::effect(messages::AnswerText);
template void Core::effect(messages::AnswerSession);
template void Core::effect(messages::SendText);
template void Core::effect(messages::OpenLeg);
template void Core::effect(messages::EndLeg);
template void Core::effect(messages::ProbeEndpoint);
template void Core::effect(messages::EmitEvent);
template void Core::effect(messages::WriteLog);
template void Core::effect(messages::RunQuery);
template void Core::effect(messages::SendHttp);

}  // namespace trunkline::flows
