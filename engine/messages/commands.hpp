// What comes in through the engine's door: everything that the engine can learn, as plain values. A command
// is handled at a time that its caller gives; it never carries a password. The command log records exactly
// these.
#pragma once

#include <boost/describe.hpp>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "engine/base/ids.hpp"
#include "engine/messages/outside.hpp"
#include "engine/messages/t_message.hpp"

namespace trunkline::model {
class Snapshot;
}
namespace trunkline::scripting {
class BuiltGeneration;
struct ScriptSources;
}  // namespace trunkline::scripting

namespace trunkline::messages {

// ---- SIP
// ------------------------------------------------------------------------------------------------------

enum class LegKind { pager, session };
BOOST_DESCRIBE_ENUM(LegKind, pager, session)

/// Where a customer or another party is. `key` names the leg: of a customer's pager-mode session its switch's
/// routing point, normalised From and peer; of a customer's session-mode dialog a number that the adapter
/// gave; of a leg of ours (OpenLeg) "out-" and a number that the engine gave. `route` is where the adapter
/// sends requests to, opaque here.
struct LegAddress {
    LegKind kind = LegKind::pager;
    std::string key;
    std::string route;
};

/// A text of a customer. Answered once, by AnswerText with the same txn.
struct TextReceived {
    SipTxnId txn;
    LegAddress leg;
    std::string dnis;      // user part of the Request-URI (pager), empty inside a dialog
    std::string host;      // host part of the Request-URI
    std::string customer;  // full URI, normalised (RFC 3261 19.1.4)
    std::string ani;       // its user part
    std::string text;      // UTF-8
    /// What makes a repetition of the request known again, 32 hexadecimal digits; it goes into the text's
    /// row, so that the request is known after a restart as well. "" where the request needs none.
    std::string transaction;
};

/// INVITE with a message line. Answered by AnswerSession: 180 any number of times, then once 200 or a
/// failure.
struct SessionOffered {
    SipTxnId txn;
    LegAddress leg;
    std::string dnis, host, customer, ani;
};

enum class LegEnd { released, cancelled, lost };
BOOST_DESCRIBE_ENUM(LegEnd, released, cancelled, lost)

/// The other side of a leg is gone: BYE, CANCEL, or a peer that no longer answers.
struct LegEnded {
    std::string leg_key;
    LegEnd how = LegEnd::released;
};

/// How a SendText ended: the final SIP status, or 408 where none came.
struct TextAnswered {
    TextId text;
    int status = 0;
};

/// A text of the party at the other end of a leg of ours. Answered once, by AnswerText with the same txn.
struct LegText {
    SipTxnId txn;
    std::string leg_key;
    std::string text;         // UTF-8
    std::string transaction;  // as of TextReceived
};
/// The INVITE of a session-mode leg of ours got its 2xx.
struct LegAnswered {
    std::string leg_key;
};
/// It ended otherwise: the final SIP status, or 408 where none came. The leg is gone.
struct LegFailed {
    std::string leg_key;
    int status = 0;
};

/// How a ProbeEndpoint ended: whether anything answered there.
struct EndpointProbed {
    DnId dn;
    std::string target;  // as it was asked
    bool answers = false;
};
/// A registration of a DN's SIP endpoint is in force from now on; an empty contact: none is any more.
struct EndpointBound {
    std::string sw, number;  // the switch by its name, and its DN
    std::string contact;     // SIP URI
    std::string route;       // where it registered from: its requests go there
};

// ---- T-Library
// ------------------------------------------------------------------------------------------------

/// A client passed RequestRegisterClient (the adapter checked name and password).
struct ClientOpened {
    ClientId client;
    TenantId tenant;
    SwitchId sw;
    std::string application;
};
struct ClientClosed {
    ClientId client;
};

/// What the adapter found out about a password before the request came here; the password itself stays
/// outside.
enum class PasswordCheck { none_needed, missing, right, wrong };
BOOST_DESCRIBE_ENUM(PasswordCheck, none_needed, missing, right, wrong)

struct ClientRequest {
    ClientId client;
    TMessage request;
    PasswordCheck password = PasswordCheck::none_needed;
};

// ---- Host
// -----------------------------------------------------------------------------------------------------

/// The configuration in force changed; takes effect at once for what starts from now on.
struct ConfigChanged {
    std::shared_ptr<const model::Snapshot> snapshot;
};
/// A generation that was built and checked off the engine thread; where `built` is absent (replay) the engine
/// builds it.
struct ScriptsLoaded {
    std::shared_ptr<const scripting::ScriptSources> sources;
    std::shared_ptr<scripting::BuiltGeneration> built;
};
/// A reload that was refused, for the record: nothing changes.
struct ScriptsRefused {
    std::string hash;
    std::vector<std::string> errors;  // file:line: message
};
/// Pager-mode sessions that a crash of the last run cut off while their customers were there. Told once, at
/// start.
struct CutOffSession {
    CallUuid interaction;
    LegAddress leg;
    std::string dnis, host, customer;
};
struct SessionsCutOff {
    std::vector<CutOffSession> sessions;
};
/// The time has come to look at the timers; the engine says when by Engine::next_deadline().
struct TimersDue {};
/// SIGTERM: no new interactions. A second one (drain_timeout is over) ends the live ones.
struct Drain {};
/// The process ends: what still lives ends as with the second Drain, every agent is logged out, with their
/// rows.
struct Stop {};

BOOST_DESCRIBE_STRUCT(LegAddress, (), (kind, key, route))
BOOST_DESCRIBE_STRUCT(TextReceived, (), (txn, leg, dnis, host, customer, ani, text, transaction))
BOOST_DESCRIBE_STRUCT(SessionOffered, (), (txn, leg, dnis, host, customer, ani))
BOOST_DESCRIBE_STRUCT(LegEnded, (), (leg_key, how))
BOOST_DESCRIBE_STRUCT(TextAnswered, (), (text, status))
BOOST_DESCRIBE_STRUCT(LegText, (), (txn, leg_key, text, transaction))
BOOST_DESCRIBE_STRUCT(LegAnswered, (), (leg_key))
BOOST_DESCRIBE_STRUCT(LegFailed, (), (leg_key, status))
BOOST_DESCRIBE_STRUCT(EndpointProbed, (), (dn, target, answers))
BOOST_DESCRIBE_STRUCT(EndpointBound, (), (sw, number, contact, route))
BOOST_DESCRIBE_STRUCT(ClientOpened, (), (client, tenant, sw, application))
BOOST_DESCRIBE_STRUCT(ClientClosed, (), (client))
BOOST_DESCRIBE_STRUCT(ClientRequest, (), (client, request, password))
BOOST_DESCRIBE_STRUCT(ScriptsRefused, (), (hash, errors))
BOOST_DESCRIBE_STRUCT(CutOffSession, (), (interaction, leg, dnis, host, customer))
BOOST_DESCRIBE_STRUCT(SessionsCutOff, (), (sessions))
BOOST_DESCRIBE_STRUCT(TimersDue, (), ())
BOOST_DESCRIBE_STRUCT(Drain, (), ())
BOOST_DESCRIBE_STRUCT(Stop, (), ())

using Command = std::variant<TextReceived, SessionOffered, LegEnded, TextAnswered, LegText, LegAnswered,
                             LegFailed, EndpointProbed, EndpointBound, ClientOpened, ClientClosed,
                             ClientRequest, QueryAnswered, HttpAnswered, ConfigChanged, ScriptsLoaded,
                             ScriptsRefused, SessionsCutOff, TimersDue, Drain, Stop>;

}  // namespace trunkline::messages
