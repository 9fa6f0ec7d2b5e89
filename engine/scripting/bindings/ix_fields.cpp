// ix and ix.userdata as values: what reads and writes of their fields mean.
#include <algorithm>
#include <array>
#include <stdexcept>

#include "engine/base/near_names.hpp"
#include "engine/scripting/binding.hpp"
#include "engine/scripting/library.hpp"
#include "engine/scripting/ordered.hpp"
#include "engine/scripting/trampoline.hpp"
#include "engine/scripting/values.hpp"

namespace trunkline::scripting {
namespace {

constexpr const char* ix_type = "interaction";
constexpr const char* user_data_type = "userdata of an interaction";
const char methods_key = 0;

/// The interaction is part of the value: an ix that a script kept elsewhere is not that of another one.
struct IxValue : ValueHead {
    CallUuid id;
};

void push_text(lua_State* L, const std::string& text) {
    if (text.empty()) {
        lua_pushnil(L);
    } else {
        lua_pushlstring(L, text.data(), text.size());
    }
}

using View = InteractionView;
struct Field : FieldRow {
    void (*push)(const Call&, const View&);
};

template <std::string View::*Member>
void text_field(const Call& call, const View& view) {
    push_text(call.L, view.*Member);
}

constexpr std::array<Field, 19> fields{{
    {{"id", "string", "the CallUUID"},
     [](const Call& c, const View& v) { push_text(c.L, to_call_uuid_text(v.id)); }},
    {{"conn_id", "string", "T-Library's ConnID"},
     [](const Call& c, const View& v) { push_text(c.L, to_conn_id_text(v.conn_id)); }},
    {{"media", "\"chat\"|\"voice\"", "what it is"}, text_field<&View::media>},
    {{"media_type", "5|0", "the same as T-Library has it"},
     [](const Call& c, const View& v) { lua_pushinteger(c.L, v.media_type); }},
    {{"ani", "string?", "the user part of the customer's address"}, text_field<&View::ani>},
    {{"dnis", "string", "the number that was written to"}, text_field<&View::dnis>},
    {{"customer", "string", "the customer's address, a full URI"}, text_field<&View::customer>},
    {{"routing_point", "string", "the routing point's number"}, text_field<&View::routing_point>},
    {{"tenant", "string", "the tenant's name; every name in a script is one of this tenant"},
     text_field<&View::tenant>},
    {{"call_type", "\"inbound\"|\"internal\"", "where it comes from"}, text_field<&View::call_type>},
    {{"created", "number", "seconds since 1970"},
     [](const Call& c, const View& v) { lua_pushnumber(c.L, to_seconds(v.created.time_since_epoch())); }},
    {{"elapsed", "number", "seconds since then"},
     [](const Call& c, const View& v) { lua_pushnumber(c.L, to_seconds(c.port().now() - v.created)); }},
    {{"priority", "integer", "set by ix:set_priority"},
     [](const Call& c, const View& v) { lua_pushinteger(c.L, v.priority); }},
    {{"position", "integer?", "1 is next; nil while it waits for no agent"},
     [](const Call& c, const View&) {
         const auto position = c.port().position(c.id());
         if (position)
             lua_pushinteger(c.L, *position);
         else
             lua_pushnil(c.L);
     }},
    {{"expected_wait", "number?", "seconds it may still wait; nil while too little is known"},
     [](const Call& c, const View&) {
         const auto wait = c.port().expected_wait(c.id());
         if (wait)
             lua_pushnumber(c.L, to_seconds(*wait));
         else
             lua_pushnil(c.L);
     }},
    {{"strategy", "string", "the name of this strategy"}, text_field<&View::strategy>},
    {{"agent", "string?", "the user_name of the agent, once one has answered"}, text_field<&View::agent>},
    {{"state", "\"treatment\"|\"waiting\"|\"ringing\"|\"established\"", "where it stands"},
     text_field<&View::state>},
    {{"userdata", "table", "the attached data: reads and writes through; assigning nil deletes the pair"},
     [](const Call& c, const View&) {
         auto* value = static_cast<ValueHead*>(lua_newuserdatauv(c.L, sizeof(ValueHead), 0));
         value->serial = c.generation.allocator.next_serial();
         luaL_setmetatable(c.L, user_data_type);
     }},
}};

const Field* find_field(std::string_view name) {
    for (const Field& field : fields)
        if (name == field.name) return &field;
    return nullptr;
}

void check_run(const Call& call) {
    if (call.generation.run == nullptr)
        throw std::runtime_error("ix is only available while an interaction's strategy runs");
}

void check_not_ended(const Call& call) {
    const std::string& at = call.run().disconnected_at;
    if (!at.empty())
        throw std::runtime_error(call.name() + ": the interaction was ended by ix:disconnect at " + at +
                                 "; nothing can be asked of it after that: return from the strategy");
}

std::string_view key_argument(Call& call) {
    check_run(call);
    if (lua_type(call.L, 2) != LUA_TSTRING) return {};
    std::size_t size = 0;
    const char* text = lua_tolstring(call.L, 2, &size);
    return {text, size};
}

[[noreturn]] void refuse_name(const std::string& name) {
    std::vector<std::string_view> known;
    for (const Field& field : fields) known.emplace_back(field.name);
    for (const Binding& row : ix_rows()) known.emplace_back(row.name);
    throw std::runtime_error("ix has no field or method '" + name + "'" + did_you_mean(name, known) +
                             "; what a strategy keeps with the interaction goes into ix.userdata");
}

int read_ix(Call& call) {
    const std::string_view key = key_argument(call);
    if (const Field* field = find_field(key)) {
        const std::optional<View> view = call.port().view(call.id());
        if (!view) return 0;
        field->push(call, *view);
        return 1;
    }
    lua_rawgetp(call.L, LUA_REGISTRYINDEX, &methods_key);
    lua_pushvalue(call.L, 2);
    if (lua_rawget(call.L, -2) == LUA_TNIL) refuse_name(text_of(call.L, 2));
    return 1;
}

int write_ix(Call& call) {
    const std::string key(key_argument(call));
    if (key == "priority") throw std::runtime_error("ix.priority is read-only: use ix:set_priority(n)");
    throw std::runtime_error("ix." + key + " is read-only: use ix.userdata." + key +
                             " = value, or ix:attach, to keep something with the interaction");
}

int ix_text(Call& call) {
    check_run(call);
    push_text(call.L, "interaction " + to_call_uuid_text(call.id()));
    return 1;
}

int read_user_data(Call& call) {
    const std::string_view key = key_argument(call);
    const SharedKv data = call.port().user_data(call.id());
    const KvValue* value = data == nullptr ? nullptr : data->find(key);
    if (value == nullptr) return 0;
    push_kv(call.L, *value);
    return 1;
}

int write_user_data(Call& call) {
    const std::string key(key_argument(call));
    if (key.empty()) throw std::runtime_error("ix.userdata: a key must be a string that is not empty");
    if (lua_isnil(call.L, 3)) {
        call.port().detach(call.id(), key);
        return 0;
    }
    KvList pairs;
    pairs.add(key, kv_value(call.L, 3, "ix.userdata." + key));
    if (const Result<void> attached = call.port().attach(call.id(), pairs); !attached)
        throw std::runtime_error("ix.userdata." + key + ": " + attached.error().message);
    return 0;
}

int iterate_user_data(Call& call) {
    (void)key_argument(call);
    const SharedKv data = call.port().user_data(call.id());
    lua_newtable(call.L);
    if (data != nullptr) {
        for (const auto& [key, value] : *data) {
            lua_pushlstring(call.L, key.data(), key.size());
            push_kv(call.L, value);
            lua_rawset(call.L, -3);
        }
    }
    const int copy = lua_gettop(call.L);
    push_ordered_iteration(call.L, copy);
    lua_pushvalue(call.L, 1);
    lua_pushnil(call.L);
    return 3;
}

template <int (*Function)(Call&)>
void set_meta(lua_State* L, const char* name) {
    // No row as upvalue: nil, so that messages speak of "ix".
    set_function(L, -1, name, trampoline<Function>);
}

void protect_metatable(lua_State* L) {
    lua_pushliteral(L, "read-only");
    lua_setfield(L, -2, "__metatable");
}

}  // namespace

std::vector<FieldRow> ix_fields() { return {fields.begin(), fields.end()}; }

void make_ix_metatables(lua_State* L) {
    const int top = lua_gettop(L);
    lua_newtable(L);
    for (const Binding& row : ix_rows()) {
        push_binding(L, row);
        lua_setfield(L, -2, row.name);
    }
    lua_rawsetp(L, LUA_REGISTRYINDEX, &methods_key);

    luaL_newmetatable(L, ix_type);
    set_meta<read_ix>(L, "__index");
    set_meta<write_ix>(L, "__newindex");
    set_meta<ix_text>(L, "__tostring");
    protect_metatable(L);

    luaL_newmetatable(L, user_data_type);
    set_meta<read_user_data>(L, "__index");
    set_meta<write_user_data>(L, "__newindex");
    set_meta<iterate_user_data>(L, "__pairs");
    protect_metatable(L);
    lua_settop(L, top);
}

void push_ix(lua_State* L) {
    auto* value = static_cast<IxValue*>(lua_newuserdatauv(L, sizeof(IxValue), 0));
    value->serial = generation_of(L).allocator.next_serial();
    value->id = generation_of(L).run->id;
    luaL_setmetatable(L, ix_type);
}

void check_ix(const Call& call, int index) {
    const auto* value = static_cast<const IxValue*>(luaL_testudata(call.L, index, ix_type));
    if (value == nullptr)
        throw std::runtime_error(call.name() + ": must be called with a colon on ix, as in " +
                                 call.row->signature);
    if (value->id != call.id())
        throw std::runtime_error(call.name() +
                                 ": this ix is that of another interaction, kept from there; use the "
                                 "one that the strategy's function was given");
    // What only tells, or keeps, may be said after the end, and an end twice is one.
    constexpr std::array<std::string_view, 4> harmless{"log", "disconnect", "attach", "detach"};
    if (std::find(harmless.begin(), harmless.end(), call.row->name) == harmless.end()) check_not_ended(call);
}

}  // namespace trunkline::scripting
