#include "adapters/presence/names.hpp"

namespace trunkline::presence {
namespace {

std::string_view prefix_of(std::string_view qualified) {
    const std::size_t colon = qualified.find(':');
    return colon == std::string_view::npos ? std::string_view{} : qualified.substr(0, colon);
}

/// Whether this attribute declares `prefix`, "" being the default namespace.
bool declares(std::string_view attribute_name, std::string_view prefix) {
    constexpr std::string_view mark = "xmlns";
    if (!attribute_name.starts_with(mark)) return false;
    attribute_name.remove_prefix(mark.size());
    if (prefix.empty()) return attribute_name.empty();
    return attribute_name.starts_with(':') && attribute_name.substr(1) == prefix;
}

std::optional<std::string_view> meaning(pugi::xml_node from, std::string_view prefix) {
    if (prefix == "xml") return "http://www.w3.org/XML/1998/namespace";
    for (; from; from = from.parent())
        for (const pugi::xml_attribute one : from.attributes())
            if (declares(one.name(), prefix)) return one.value();
    if (prefix.empty()) return "";
    return std::nullopt;
}

}  // namespace

std::string_view local_name(std::string_view qualified) {
    const std::size_t colon = qualified.find(':');
    return colon == std::string_view::npos ? qualified : qualified.substr(colon + 1);
}

std::optional<std::string_view> namespace_of(pugi::xml_node element) {
    return meaning(element, prefix_of(element.name()));
}

bool is(pugi::xml_node element, std::string_view space, std::string_view local) {
    return element.type() == pugi::node_element && local_name(element.name()) == local &&
           namespace_of(element) == space;
}

pugi::xml_node child(pugi::xml_node element, std::string_view space, std::string_view local) {
    for (const pugi::xml_node one : element.children())
        if (is(one, space, local)) return one;
    return {};
}

std::vector<pugi::xml_node> children(pugi::xml_node element, std::string_view space, std::string_view local) {
    std::vector<pugi::xml_node> found;
    for (const pugi::xml_node one : element.children())
        if (is(one, space, local)) found.push_back(one);
    return found;
}

std::string_view attribute(pugi::xml_node element, const char* name) {
    return element.attribute(name).value();
}

std::string_view attribute(pugi::xml_node element, std::string_view space, std::string_view local) {
    for (const pugi::xml_attribute one : element.attributes()) {
        const std::string_view prefix = prefix_of(one.name());
        if (!prefix.empty() && local_name(one.name()) == local && meaning(element, prefix) == space)
            return one.value();
    }
    return {};
}

std::string text_of(pugi::xml_node element) {
    std::string text;
    for (const pugi::xml_node one : element.children())
        if (one.type() == pugi::node_pcdata || one.type() == pugi::node_cdata) text += one.value();
    return text;
}

}  // namespace trunkline::presence
