#include "adapters/presence/xml.hpp"

#include <iterator>
#include <string>

#include "adapters/presence/text.hpp"

namespace trunkline::presence {
namespace {

/// Stops at the first limit that is passed; pugixml walks without recursion.
struct Limits : pugi::xml_tree_walker {
    std::string passed;
    int nodes = 0;
    int roots = 0;

    bool for_each(pugi::xml_node& node) override {
        const auto attributes = std::distance(node.attributes_begin(), node.attributes_end());
        if (node.type() == pugi::node_doctype)
            passed = "it has a DTD (<!DOCTYPE>); presence documents have none";
        else if (++nodes > most_nodes)
            passed = "it has more than " + std::to_string(most_nodes) + " elements and texts";
        else if (depth() >= deepest_element)
            passed = "its elements nest deeper than " + std::to_string(deepest_element);
        else if (attributes > most_attributes)
            passed = "an element has more than " + std::to_string(most_attributes) + " attributes";
        else if (depth() == 0 && node.type() == pugi::node_element && ++roots > 1)
            passed = "it has more than one root element";
        return passed.empty();
    }
};

}  // namespace

Result<pugi::xml_document> read_xml(std::string_view bytes) {
    if (bytes.size() > largest_document)
        return refusal("the document is larger than " + std::to_string(largest_document) + " bytes");
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    if (trimmed(bytes).empty()) return refusal("the document is empty");
    if (!is_xml_text(bytes))
        return refusal(
            "the document is not UTF-8 text; other encodings and control characters are not taken");
    pugi::xml_document document;
    // parse_doctype only makes a DTD visible: pugixml expands no entity of a DTD in any mode.
    const auto parsed = document.load_buffer(bytes.data(), bytes.size(),
                                             pugi::parse_default | pugi::parse_doctype, pugi::encoding_utf8);
    if (!parsed)
        return refusal("the document is not well-formed XML at byte " + std::to_string(parsed.offset) + ": " +
                       parsed.description());
    Limits limits;
    document.traverse(limits);
    if (!limits.passed.empty()) return refusal("the document is refused: " + limits.passed);
    return document;
}

}  // namespace trunkline::presence
