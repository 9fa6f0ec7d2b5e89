// Virtual queues, rising priority, and waiting for what others do: an event, a client that routes.
#include <boost/json.hpp>

#include "engine/base/near_names.hpp"
#include "engine/messages/message_id.hpp"
#include "engine/scripting/arguments.hpp"
#include "engine/scripting/bindings/ix_methods.hpp"
#include "engine/scripting/bindings/ix_route.hpp"
#include "engine/scripting/trampoline.hpp"

namespace trunkline::scripting {
namespace json = boost::json;
namespace {

constexpr int highest_message = static_cast<int>(messages::MessageId::event_resource_info);

int change_queue(Call& call, Result<void> (EnginePort::*change)(CallUuid, std::string_view)) {
    const std::string queue = text_argument(call, 2, "the name of the virtual queue");
    if (queue.empty()) refuse(call, "the name of the virtual queue must not be empty");
    call.trace(json::serialize(json::object{{"queue", queue}}));
    if (const Result<void> done = (call.port().*change)(call.id(), queue); !done) {
        lua_pushnil(call.L);
        lua_pushlstring(call.L, done.error().message.data(), done.error().message.size());
        return 2;
    }
    return yes(call.L);
}

template <class Value>
Value needed(const Call& call, const std::optional<Value>& value, const char* key) {
    if (!value) refuse(call, std::string(key) + " is missing, as in {by = 10, every = 30, limit = 100}");
    return *value;
}

bool is_event(std::string_view name) { return name.starts_with("Event"); }

[[noreturn]] void refuse_message(const Call& call, const std::string& name) {
    std::vector<std::string_view> events;
    for (int number = 0; number <= highest_message; ++number)
        if (const auto id = messages::message_id(number); id && is_event(messages::name_of(*id)))
            events.push_back(messages::name_of(*id));
    refuse(call, "type must be the name or number of an event, as in \"EventPrivateInfo\" or 150; " + name +
                     " is none" + did_you_mean(name, events));
}

int event_of(const Call& call, const NamedArguments& given) {
    const int kind = lua_getfield(call.L, given.index(), "type");
    lua_pop(call.L, 1);
    std::optional<messages::MessageId> id;
    std::string shown;
    if (kind == LUA_TNUMBER) {
        const std::int64_t number = given.integer("type").value();
        shown = std::to_string(number);
        if (number >= 0 && number <= highest_message) id = messages::message_id(static_cast<int>(number));
    } else if (kind == LUA_TSTRING) {
        shown = given.text("type").value();
        id = messages::message_id(shown);
    } else {
        refuse(call, std::string("type must be the name or number of an event, as in \"EventPrivateInfo\" or "
                                 "150, got ") +
                         lua_typename(call.L, kind));
    }
    if (!id || !is_event(messages::name_of(*id))) refuse_message(call, shown);
    return static_cast<int>(*id);
}

}  // namespace

int queue(Call& call) { return change_queue(call, &EnginePort::enter_queue); }
int dequeue(Call& call) { return change_queue(call, &EnginePort::leave_queue); }

int increment_priority(Call& call) {
    const NamedArguments given(call, 2, {"by", "every", "limit"});
    const std::int64_t by = needed(call, given.integer("by"), "by");
    const Duration every = needed(call, given.seconds("every"), "every");
    const std::int64_t limit = needed(call, given.integer("limit"), "limit");
    if (by < 1 || by > most_priority) refuse(call, "by must be from 1 to 1000000");
    if (every < seconds(1)) refuse(call, "every must be at least 1 second");
    if (limit < -most_priority || limit > most_priority)
        refuse(call, "limit must be from -1000000 to 1000000");
    call.trace(json::serialize(json::object{{"by", by}, {"every", to_seconds(every)}, {"limit", limit}}));
    call.port().raise_priority(call.id(), static_cast<int>(by), every, static_cast<int>(limit));
    return yes(call.L);
}

int suspend_for_event(Call& call) {
    const NamedArguments given(call, 2, {"type", "timeout"});
    WaitForEvent wait;
    wait.message = event_of(call, given);
    wait.timeout = given.seconds("timeout").value_or(Duration{});
    const auto name = messages::name_of(static_cast<messages::MessageId>(wait.message));
    call.trace(json::serialize(json::object{{"type", name}, {"timeout", to_seconds(wait.timeout)}}));
    return call.wait(wait, continuation<give_answer>);
}

int route_by_client(Call& call) {
    refuse_in_on_wait(call);
    WaitForClientRoute wait;
    if (!lua_isnoneornil(call.L, 2)) {
        const NamedArguments given(call, 2, {"timeout"});
        wait.timeout = given.seconds("timeout").value_or(Duration{});
    }
    call.trace(json::serialize(json::object{{"timeout", to_seconds(wait.timeout)}}), TraceLevel::decision);
    return call.wait(wait, continuation<give_answer>);
}

}  // namespace trunkline::scripting
