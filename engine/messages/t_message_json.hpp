// T-Library messages as JSON, from one table of attributes: the T-Library adapter, ix:suspend_for_event and
// the command log all read and write them here.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>

#include "engine/base/error.hpp"
#include "engine/base/time.hpp"
#include "engine/messages/t_message.hpp"

namespace trunkline::messages {

/// Appends the event as one JSON object, without a line end. `sequence` becomes EventSequenceNumber and `at`
/// Time; a sequence of 0 leaves both out.
void append_json(std::string& out, const TMessage&, std::uint64_t sequence, TimePoint at);

/// What `message` names, by its name or its number. Errors as from_json's.
[[nodiscard]] Result<MessageId> message_id_of(const boost::json::object&);

/// Reads the attributes it knows and ignores others. Errors: 53 where `message` is missing or an attribute
/// has the wrong type (the message names it), 51 where `message` is unknown.
[[nodiscard]] Result<TMessage> from_json(const boost::json::object&);

void tag_invoke(const boost::json::value_from_tag&, boost::json::value&, const TMessage&);
TMessage tag_invoke(const boost::json::value_to_tag<TMessage>&, const boost::json::value&);

}  // namespace trunkline::messages
