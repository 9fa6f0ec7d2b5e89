// json.encode and json.decode. Encoding is ordered like pairs, so that two runs give the same text.
#include <array>
#include <boost/json.hpp>

#include "engine/scripting/arguments.hpp"
#include "engine/scripting/binding.hpp"
#include "engine/scripting/trampoline.hpp"
#include "engine/scripting/values.hpp"

namespace trunkline::scripting {
namespace {

constexpr std::size_t longest = 256UL * 1024;

int encode(Call& call) {
    if (lua_isnone(call.L, 1)) refuse(call, "a value is expected");
    const std::string text = boost::json::serialize(json_of(call.L, 1));
    lua_pushlstring(call.L, text.data(), text.size());
    return 1;
}

int decode(Call& call) {
    const std::string text = text_argument(call, 1, "the text");
    if (text.size() > longest) refuse(call, "the text must not be longer than 262144 bytes");
    call.generation.budget.spend(call.L, static_cast<std::int64_t>(text.size() / 8));
    boost::json::error_code error;
    const boost::json::value value = boost::json::parse(text, error);
    if (error) {
        lua_pushnil(call.L);
        lua_pushfstring(call.L, "not JSON: %s", error.message().c_str());
        return 2;
    }
    push_json(call.L, value);
    return 1;
}

constexpr std::array<Parameter, 1> for_encode{{{"value", "any", "at most 32 tables deep"}}};
constexpr std::array<Parameter, 1> for_decode{{{"text", "string", "at most 262144 bytes"}}};
const std::array<Binding, 2> json_table{{
    {"encode", trampoline<encode>, anywhere, false, "json.encode(value) -> text",
     "tables with keys 1..n as arrays, others as objects, keys in the order of pairs", for_encode,
     Takes::in_order, "string",
     "functions, infinity, circles and tables that are list and object at once are errors"},
    {"decode", trampoline<decode>, anywhere, false, "json.decode(text) -> value | nil, message",
     "null becomes nil", for_decode, Takes::in_order, "any, string?",
     "nil and a message where the text is no JSON"},
}};

}  // namespace

std::span<const Binding> json_rows() { return json_table; }

}  // namespace trunkline::scripting
