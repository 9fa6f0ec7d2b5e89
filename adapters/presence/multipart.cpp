#include "adapters/presence/multipart.hpp"

#include "adapters/mime/mime.hpp"
#include "adapters/presence/text.hpp"

namespace trunkline::presence {
namespace {

constexpr std::size_t longest_boundary = 70;  // RFC 2046 5.1.1

bool is_packed(std::string_view encoding) {
    return !encoding.empty() && encoding != "binary" && encoding != "8bit" && encoding != "7bit";
}

}  // namespace

Result<std::vector<Part>> split_parts(std::string_view body, std::string_view boundary) {
    if (boundary.empty() || boundary.size() > longest_boundary)
        return refusal("the multipart's Content-Type has no boundary, or one longer than 70 characters");
    std::vector<Part> parts;
    for (const std::string_view text : mime::split_parts(body, boundary, most_parts + 1)) {
        if (parts.size() == most_parts)
            return refusal("the multipart has more than " + std::to_string(most_parts) + " parts");
        const mime::Entity entity = mime::parse_entity(text);
        if (is_packed(entity.transfer_encoding))
            return refusal("a part of the multipart has a Content-Transfer-Encoding; SIP needs none");
        parts.push_back({mime::parse_content_type(entity.content_type).type, entity.body});
    }
    if (parts.empty()) return refusal("the multipart has no part between its boundaries");
    return parts;
}

}  // namespace trunkline::presence
