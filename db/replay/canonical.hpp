// One text for a value and one value for a text: what the hashes of a command log are made of. Covers the
// types that effects and records are built from; a member that is added to one of them is in the text by its
// description. Pure functions; a type without a rule here does not compile.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <charconv>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>

#include "engine/base/ids.hpp"
#include "engine/base/kv_list.hpp"
#include "engine/base/time.hpp"
#include "engine/messages/effects.hpp"
#include "engine/messages/t_message_json.hpp"

namespace trunkline::replay {

inline void append_canonical(std::string& out, std::string_view text) { append_json_string(out, text); }
inline void append_canonical(std::string& out, const std::string& text) { append_json_string(out, text); }
inline void append_canonical(std::string& out, const CallUuid& id) {
    append_json_string(out, to_call_uuid_text(id));
}
inline void append_canonical(std::string& out, TimePoint at) {
    out += std::to_string(at.time_since_epoch().count());
}

inline void append_canonical(std::string& out, Duration time) { out += std::to_string(time.count()); }

template <class Number>
requires std::is_arithmetic_v<Number>
void append_canonical(std::string& out, Number number) {
    if constexpr (std::is_same_v<Number, bool>) {
        out += number ? "true" : "false";
    } else {
        char digits[32];
        out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
    }
}

template <class Tag, class Rep>
void append_canonical(std::string& out, const Strong<Tag, Rep>& id) {
    append_canonical(out, id.value());
}

inline void append_canonical(std::string& out, const messages::EmitEvent& emit) {
    out += "{\"event\":";
    messages::append_json(out, *emit.event, 0, TimePoint{});
    out += ",\"clients\":[";
    for (std::size_t i = 0; i < emit.clients.size(); ++i) {
        if (i > 0) out += ',';
        append_canonical(out, emit.clients[i]);
    }
    out += "]}";
}

template <class Enum>
requires boost::describe::has_describe_enumerators<Enum>::value void append_canonical(std::string& out,
                                                                                      Enum value) {
    append_json_string(out, boost::describe::enum_to_string(value, "?"));
}

template <class T>
void append_canonical(std::string& out, const std::optional<T>& value);
template <class... Ts>
void append_canonical(std::string& out, const std::variant<Ts...>& value);
template <class T>
void append_canonical(std::string& out, const std::vector<T>& values);
template <class Struct>
requires boost::describe::has_describe_members<Struct>::value void append_canonical(std::string& out,
                                                                                    const Struct& value);
inline void append_canonical(std::string& out, const messages::WriteRecord& effect);

template <class T>
void append_canonical(std::string& out, const std::optional<T>& value) {
    if (value) {
        append_canonical(out, *value);
    } else {
        out += "null";
    }
}

template <class T>
void append_canonical(std::string& out, const std::vector<T>& values) {
    out += '[';
    for (const T& value : values) {
        if (out.back() != '[') out += ',';
        append_canonical(out, value);
    }
    out += ']';
}

/// [index, value]: two alternatives with the same members stay apart.
template <class... Ts>
void append_canonical(std::string& out, const std::variant<Ts...>& value) {
    out += '[';
    append_canonical(out, value.index());
    out += ',';
    std::visit([&](const auto& is) { append_canonical(out, is); }, value);
    out += ']';
}

template <class Struct>
requires boost::describe::has_describe_members<Struct>::value void append_canonical(std::string& out,
                                                                                    const Struct& value) {
    out += '{';
    boost::mp11::mp_for_each<boost::describe::describe_members<Struct, boost::describe::mod_public>>(
        [&](auto member) {
            if (out.back() != '{') out += ',';
            out += '"';
            out += member.name;
            out += "\":";
            append_canonical(out, value.*member.pointer);
        });
    out += '}';
}

inline void append_canonical(std::string& out, const messages::WriteRecord& effect) {
    append_canonical(out, effect.record);
}

}  // namespace trunkline::replay
