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
/// In bytes, from an agent or a script: what a SIP message over UDP carries beside its headers and the
/// agent's prefix. Peers take no more over TCP either.
inline constexpr std::size_t longest_text = 60'000;
/// A text to a customer or, on a leg of ours, to another party. Ends in one TextAnswered.
struct SendText {
    TextId id;
    LegAddress leg;
    std::string from_dn;    // the number that the customer wrote to; towards a party: the customer's name
    std::string from_host;  // the host that the customer wrote to; towards a party: the server's domain
    std::string to;         // the URI of who shall read it
    std::string text;       // as he shall read it, prefix included
};
/// A leg of ours towards a party. In session mode it calls, and ends in LegAnswered or LegFailed; in pager
/// mode nothing is sent yet: the first SendText is the call. From here to EndLeg what `to` writes to
/// `from_user` comes in as LegText, where it comes from the peer that the leg's own texts go to.
struct OpenLeg {
    LegAddress leg;
    std::string from_user, from_host;  // the customer, as this party sees him
    std::string to;                    // the party's URI
    bool any_domain = false;           // it writes under its user part alone: the host is not its own
    std::string also;                  // another user part that it may write under; "" for none
};
/// The engine is done with the leg: CANCEL or BYE for a dialog; a pager-mode session just ends.
struct EndLeg {
    LegAddress leg;
};
/// Asks whether anybody is at an agent's SIP endpoint. Ends in one EndpointProbed.
struct ProbeEndpoint {
    DnId dn;
    std::string target;  // SIP URI
    std::string route;   // where the request goes
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
BOOST_DESCRIBE_STRUCT(OpenLeg, (), (leg, from_user, from_host, to, any_domain, also))
BOOST_DESCRIBE_STRUCT(EndLeg, (), (leg))
BOOST_DESCRIBE_STRUCT(ProbeEndpoint, (), (dn, target, route))
BOOST_DESCRIBE_STRUCT(WriteRecord, (), (record))
BOOST_DESCRIBE_STRUCT(WriteLog, (), (level, text, interaction))

using Effect = std::variant<AnswerText, AnswerSession, SendText, OpenLeg, EndLeg, ProbeEndpoint, EmitEvent,
                            WriteRecord, WriteLog, RunQuery, SendHttp>;
using Effects = std::vector<Effect>;

}  // namespace trunkline::messages
