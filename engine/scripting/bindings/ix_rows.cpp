// The table of the methods of ix: what each is called, takes and gives. The functions stand in ix.cpp,
// ix_route.cpp and ix_waits.cpp.
#include <array>

#include "engine/scripting/bindings/ix_methods.hpp"
#include "engine/scripting/bindings/ix_route.hpp"
#include "engine/scripting/trampoline.hpp"

namespace trunkline::scripting {
namespace {

constexpr const char* text_or_reason = "string?, string?";
constexpr const char* routed_or_reason = "trunkline.RouteResult?, string?";
constexpr const char* true_or_reason = "true?, string?";
constexpr const char* text_reasons = "nil, \"timeout\" or \"abandoned\"";
constexpr const char* route_reasons = "nil, \"timeout\", \"abandoned\", \"no_target\" or \"rejected\"";

using One = std::array<Parameter, 1>;
using Two = std::array<Parameter, 2>;

constexpr Two for_collect{{{"total_timeout", "number?", "seconds to wait; 60 where it is left out"},
                           {"prompt", "string?", "sent to the customer first"}}};
constexpr Two for_announcement{
    {{"text", "string", "what the customer reads"},
     {"file", "string?", "a recording, for calls; a chat reads the text beside it"}}};
constexpr Two for_question{
    {{"text", "string", "the question"},
     {"total_timeout", "number?", "seconds to wait for the answer; 60 where it is left out"}}};
constexpr Two for_treat{{{"name", "string", "of the file scripts/treatments/<name>.lua"},
                         {"params", "table?", "handed to the treatment as it is"}}};
constexpr One for_text{{{"text", "string", "at most 60000 bytes"}}};
constexpr Two for_receive{
    {{"timeout", "number?", "seconds; without it the wait has no end of its own"},
     {"first_too", "boolean?", "whether a text that came before the first wait counts; true"}}};
constexpr std::array<Parameter, 7> for_route{
    {{"targets", "trunkline.Target[]", "1 to 100 targets; the best able agent among all of them gets it"},
     {"timeout", "number?", "seconds; without it the wait has no end of its own"},
     {"statistic", "(string|fun(agent: trunkline.AgentView): number)?",
      "how the best is chosen; \"StatTimeInReadyState\" (longest idle first) where it is left out"},
     {"priority", "integer?",
      "the interaction's from now on, as ix:set_priority sets it; unchanged where left out"},
     {"queue", "string?", "a virtual queue that counts it while it waits"},
     {"on_wait", "fun(ix: trunkline.Interaction)?",
      "runs while it waits and is cut short when an agent is found"},
     {"explain", "boolean?", "the decision record names every agent and why not"}}};
constexpr One for_route_to{{{"dn", "string", "a DN, an external number or a SIP URI"}}};
constexpr One for_route_by_client{
    {{"timeout", "number?", "seconds; without it the wait has no end of its own"}}};
constexpr One for_queue{{{"name", "string", "the number of a DN of type VirtualQueue"}}};
constexpr One for_attach{{{"pairs", "table<string, any>", "strings, numbers, booleans and tables of these"}}};
constexpr One for_detach{{{"key", "string", "of the pair"}}};
constexpr One for_disconnect{{{"reason", "string?", "for the records"}}};
constexpr One for_priority{{{"priority", "integer", "-1000000 to 1000000"}}};
constexpr std::array<Parameter, 3> for_increment{
    {{"by", "integer", "added each time, 1 to 1000000"},
     {"every", "number", "seconds between two times, at least 1"},
     {"limit", "integer", "where it stops"}}};
constexpr Two for_event{{{"type", "string|integer", "\"EventPrivateInfo\" and 150 are the same"},
                         {"timeout", "number?", "seconds; without it the wait has no end of its own"}}};
constexpr One for_sleep{{{"seconds", "number", "0 to 2592000 (30 days)"}}};
constexpr Two for_log{{{"level", "\"debug\"|\"info\"|\"warn\"|\"error\"", "how much it matters"},
                       {"...", "any", "written with blanks between them"}}};

const std::array<Binding, 20> ix_table{{
    {"collect_digits", trampoline<treat_by_own_name>, in_strategy, true,
     "ix:collect_digits{total_timeout=s, prompt=text?} -> text | nil, reason",
     "the whole text of the customer's next message; one that came before the first collect counts",
     for_collect, Takes::by_name, text_or_reason, text_reasons},
    {"play_announcement", trampoline<treat_by_own_name>, in_strategy, true,
     "ix:play_announcement{text=.., file=name?} -> true | nil, reason", "an automated text to the customer",
     for_announcement, Takes::by_name, true_or_reason, "nil, \"abandoned\""},
    {"play_announcement_and_collect_digits", trampoline<treat_by_own_name>, in_strategy, true,
     "ix:play_announcement_and_collect_digits{text=.., total_timeout=s} -> text | nil, reason",
     "an announcement, then collect_digits", for_question, Takes::by_name, text_or_reason, text_reasons},
    {"treat", trampoline<treat>, in_strategy, true, "ix:treat(name, params) -> what the treatment returns",
     "runs treatments/<name>.lua; the three above are sugar for it", for_treat, Takes::in_order, "any",
     "a name without a file is an error"},
    {"send_text", trampoline<send_text>, in_strategy, false, "ix:send_text(text) -> true | nil, reason",
     "a text to the customer", for_text, Takes::in_order, true_or_reason, "nil, \"abandoned\""},
    {"receive_text", trampoline<receive_text>, in_strategy, true,
     "ix:receive_text{timeout=s?, first_too=bool?} -> text | nil, reason",
     "the next text; without first_too=false, one that came before the first wait counts", for_receive,
     Takes::by_name, text_or_reason, text_reasons},
    {"route", trampoline<route>, in_strategy, true,
     "ix:route{targets={..}, timeout=s?, statistic=name?, priority=n?, queue=vq?, on_wait=function?, "
     "explain=bool?} -> result | nil, reason",
     "to the best able agent among all targets; returns when he has answered", for_route, Takes::by_name,
     routed_or_reason, route_reasons},
    {"route_to", trampoline<route_to>, in_strategy, true, "ix:route_to(dn) -> result | nil, reason",
     "to a DN, number or SIP URI, without selection", for_route_to, Takes::in_order, routed_or_reason,
     route_reasons},
    {"default_route",
     trampoline<default_route>,
     in_strategy,
     true,
     "ix:default_route() -> result | nil, reason",
     "the routing point's default-dn",
     {},
     Takes::in_order,
     routed_or_reason,
     route_reasons},
    {"route_by_client", trampoline<route_by_client>, in_strategy, true,
     "ix:route_by_client{timeout=s?} -> result | nil, reason",
     "hands the interaction to the T-Library clients that are registered on the routing point",
     for_route_by_client, Takes::by_name, routed_or_reason, route_reasons},
    {"queue", trampoline<queue>, in_strategy, false, "ix:queue(name) -> true | nil, message",
     "counts it in a virtual queue, for reports and the queue's events, until ix:dequeue or its end",
     for_queue, Takes::in_order, true_or_reason,
     "nil and a message where the tenant has no such virtual queue"},
    {"dequeue", trampoline<dequeue>, in_strategy, false, "ix:dequeue(name) -> true | nil, message",
     "takes it out of a virtual queue", for_queue, Takes::in_order, true_or_reason,
     "nil and a message where it is not in that queue"},
    {"attach", trampoline<attach>, in_strategy, false, "ix:attach{k=v, ..} -> true",
     "user data, many pairs at once and one event", for_attach, Takes::in_order, "true",
     "a function or a coroutine as a value is an error, and more than 64 KiB a value, 256 KiB or 1000 pairs "
     "an interaction"},
    {"detach", trampoline<detach>, in_strategy, false, "ix:detach(key) -> true",
     "removes a pair of user data", for_detach, Takes::in_order, "true", ""},
    {"disconnect", trampoline<disconnect>, in_strategy, false, "ix:disconnect(reason?) -> true",
     "ends the interaction; after it only ix:log may be called", for_disconnect, Takes::in_order, "true", ""},
    {"set_priority", trampoline<set_priority>, in_strategy, false, "ix:set_priority(n) -> true",
     "its place among those who wait: the greater first", for_priority, Takes::in_order, "true", ""},
    {"increment_priority", trampoline<increment_priority>, in_strategy, false,
     "ix:increment_priority{by=n, every=s, limit=n} -> true",
     "a priority that rises while the interaction lives; a second call takes the place of the first",
     for_increment, Takes::by_name, "true", ""},
    {"suspend_for_event", trampoline<suspend_for_event>, in_strategy, true,
     "ix:suspend_for_event{type=name or id, timeout=s?} -> event | nil, reason",
     "waits for an event about the interaction, from now on; gives its attributes as a table", for_event,
     Takes::by_name, "table?, string?", text_reasons},
    {"sleep", trampoline<sleep>, in_strategy, true, "ix:sleep(s) -> true | nil, reason",
     "waits so many seconds", for_sleep, Takes::in_order, true_or_reason, "nil, \"abandoned\""},
    {"log", trampoline<log>, in_strategy, false, "ix:log(level, ...)",
     "to the log and to the interaction's trace", for_log, Takes::in_order, "", ""},
}};

}  // namespace

std::span<const Binding> ix_rows() { return ix_table; }

}  // namespace trunkline::scripting
