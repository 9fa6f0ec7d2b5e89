// The names that a script writes as constants, found in its text: target.group "All_Agents",
// config.list("vip", ix.ani), ix:treat "welcome". Reads Lua's words only, no grammar: comments and texts are
// left alone, what is put together at run time is not seen. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trunkline::scripting {

struct ConstantName {
    enum class Kind {
        agent,
        group,
        place,
        place_group,
        skill_expression,
        queue,
        dn,
        list,
        object,
        virtual_queue,
        treatment,
        statistic,
        hours
    };
    Kind kind = Kind::agent;
    std::string name;
    int line = 0;
    bool operator==(const ConstantName&) const = default;
};

[[nodiscard]] std::vector<ConstantName> constant_names(std::string_view source);

}  // namespace trunkline::scripting
