// What goes out through the engine's door. The host writes the records of a batch to the spool first and
// carries out the other effects after that, in their order (output commit).
#pragma once

#include <boost/container/small_vector.hpp>
#include <boost/describe.hpp>
#include <string>
#include <variant>
#include <vector>

#include "engine/messages/commands.hpp"
#include "engine/records/records.hpp"

namespace trunkline::messages {

/// The final answer to a TextReceived: 200, or why the text was not taken (404, 480, 503).
struct AnswerText {
    SipTxnId txn;
    int status = 200;
};
/// An answer to a SessionOffered: 180, 200 or a failure.
struct AnswerSession {
    SipTxnId txn;
    std::string leg_key;
    int status = 200;
};
/// A text to a customer. Ends in one TextAnswered.
struct SendText {
    TextId id;
    LegAddress leg;
    std::string from_dn;    // the number that the customer wrote to
    std::string from_host;  // the host that the customer wrote to
    std::string to;         // the customer's URI
    std::string text;       // as the customer shall read it, prefix included
};
/// The engine is done with the leg: BYE for an established dialog; a pager-mode session just ends.
struct EndLeg {
    LegAddress leg;
};
using Clients = boost::container::small_vector<ClientId, 3>;
/// One event, to each of these clients. The adapter gives it its EventSequenceNumber.
struct EmitEvent {
    SharedEvent event;
    Clients clients;
};
struct WriteRecord {
    records::Record record;
};
enum class LogLevel { debug, info, warning, error };
BOOST_DESCRIBE_ENUM(LogLevel, debug, info, warning, error)
/// A line for the server's log. Holds no text of a customer.
struct WriteLog {
    LogLevel level = LogLevel::info;
    std::string text;
    CallUuid interaction;  // none where it is about the server
};

BOOST_DESCRIBE_STRUCT(AnswerText, (), (txn, status))
BOOST_DESCRIBE_STRUCT(AnswerSession, (), (txn, leg_key, status))
BOOST_DESCRIBE_STRUCT(SendText, (), (id, leg, from_dn, from_host, to, text))
BOOST_DESCRIBE_STRUCT(EndLeg, (), (leg))
BOOST_DESCRIBE_STRUCT(WriteRecord, (), (record))
BOOST_DESCRIBE_STRUCT(WriteLog, (), (level, text, interaction))

using Effect = std::variant<AnswerText, AnswerSession, SendText, EndLeg, EmitEvent, WriteRecord, WriteLog,
                            RunQuery, SendHttp>;
using Effects = std::vector<Effect>;

}  // namespace trunkline::messages
