// A stranger's XML with limits, before anything is made of it: UTF-8, 64 KiB, no DTD (so no entities but
// XML's own five and character references), one root, bounded depth and counts. Any thread; nothing throws
// but for lost memory.
#pragma once

#include <string_view>

#include <pugixml.hpp>

#include "engine/base/error.hpp"

namespace trunkline::presence {

inline constexpr std::size_t largest_document = 64 * 1024;  // bytes, of a multipart all its parts together
inline constexpr int deepest_element = 32;
inline constexpr int most_nodes = 4000;     // elements and texts
inline constexpr int most_attributes = 64;  // of one element, its namespace declarations among them

/// The document; its one element is `document_element()`. The error says what is wrong and never holds
/// content.
[[nodiscard]] Result<pugi::xml_document> read_xml(std::string_view bytes);

}  // namespace trunkline::presence
