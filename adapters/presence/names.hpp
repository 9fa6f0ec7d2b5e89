// Namespaces in XML 1.0 on top of pugixml, which knows only names with colons: a prefix means what the
// nearest xmlns declaration above it says. Presence documents come with any prefix and any default namespace,
// so names are compared as (namespace, local name) only. Pure functions over a document that stays alive;
// nothing throws.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <pugixml.hpp>

namespace trunkline::presence {

/// What stands behind the colon of a qualified name, or all of it.
[[nodiscard]] std::string_view local_name(std::string_view qualified);
/// "" where the element is in none; nothing where its prefix is not declared.
[[nodiscard]] std::optional<std::string_view> namespace_of(pugi::xml_node element);

[[nodiscard]] bool is(pugi::xml_node element, std::string_view space, std::string_view local);
/// The first child element of this name, or a null node, which has no children itself.
[[nodiscard]] pugi::xml_node child(pugi::xml_node element, std::string_view space, std::string_view local);
[[nodiscard]] std::vector<pugi::xml_node> children(pugi::xml_node element, std::string_view space,
                                                   std::string_view local);

/// The value of an attribute without a prefix (such one is in no namespace), or "".
[[nodiscard]] std::string_view attribute(pugi::xml_node element, const char* name);
/// The value of an attribute in a namespace, or "".
[[nodiscard]] std::string_view attribute(pugi::xml_node element, std::string_view space,
                                         std::string_view local);
/// All text directly in an element, around comments and other elements too.
[[nodiscard]] std::string text_of(pugi::xml_node element);

}  // namespace trunkline::presence
