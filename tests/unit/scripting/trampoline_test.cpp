// The three facts that the bindings rest on (engine/scripting/trampoline.hpp).
#include "engine/scripting/trampoline.hpp"

#include "tests/unit/scripting/scripts.hpp"

namespace trunkline::scripting::testing {
namespace {

using ::testing::HasSubstr;

class Trampoline : public Scripts {};

int destroyed = 0;
struct Counted {
    ~Counted() { ++destroyed; }
};

int raises_in_lua(Call& call) {
    const Counted counted;
    return luaL_error(call.L, "Lua's own");
}
int throws_in_cpp(Call&) {
    const Counted counted;
    throw std::runtime_error("C++'s own");
}

std::string message_of(lua_CFunction function) {
    BuiltGeneration generation{Budgets{}};
    destroyed = 0;
    lua_State* L = generation.state;
    const int status = protect(L, [function](lua_State* in) {
        lua_pushcclosure(in, function, 0);
        lua_call(in, 0, 0);
    });
    EXPECT_EQ(status, LUA_ERRRUN);
    std::string text = lua_tostring(L, -1) == nullptr ? "" : lua_tostring(L, -1);
    lua_settop(L, 0);
    return text;
}

TEST_F(Trampoline, AnExceptionOfCppBecomesALuaErrorWithFileAndLine) {
    port.throws = true;
    EXPECT_EQ(
        said("log.info(pcall(ix.attach, ix, {a = 1}))\nlog.info(pcall(function()\nix:attach{a = 1} end))"),
        "false the engine threw|false strategies/main.lua:4: the engine threw");
}

TEST_F(Trampoline, DestructorsRunOnALuaError) {
    EXPECT_EQ(message_of(trampoline<raises_in_lua>), "Lua's own");
    EXPECT_EQ(destroyed, 1);
}

TEST_F(Trampoline, LuasOwnThrowPassesAndKeepsItsMessage) {
    EXPECT_EQ(message_of(trampoline<throws_in_cpp>), "C++'s own");
    EXPECT_EQ(destroyed, 1);
    load_body("local ok, err = pcall(function() ix:treat('x' .. 1, error('inner', 0)) end) log.info(err)");
    EXPECT_EQ(start().outcome, Outcome::finished);
    EXPECT_EQ(logged(), "inner");
}

TEST_F(Trampoline, TheContextOfARowIsChecked) {
    load({{"capacity/bad.lua", R"(return function(load, media)
  if load.chat == 7 then log.info("x") end
  return true
end)"}});
    std::string error;
    EXPECT_FALSE(host().capacity_allows("bad", {7, 0, 0}, "chat", &error));
    EXPECT_THAT(error, HasSubstr("bad.lua:2: log.info needs an interaction"));
}

TEST_F(Trampoline, EveryRowSaysWhatItIs) {
    for (const BindingGroup& group : binding_groups()) {
        for (const Binding& row : group.rows) {
            EXPECT_THAT(row.signature, HasSubstr(row.name));
            EXPECT_GT(std::string(row.summary).size(), 5U) << row.name;
        }
    }
}

}  // namespace
}  // namespace trunkline::scripting::testing
