#include "adapters/presence/notice.hpp"

#include <iterator>
#include <optional>
#include <string>

#include "adapters/mime/mime.hpp"
#include "adapters/presence/categories.hpp"
#include "adapters/presence/lcs.hpp"
#include "adapters/presence/multipart.hpp"
#include "adapters/presence/pidf.hpp"
#include "adapters/presence/text.hpp"
#include "adapters/presence/xml.hpp"

namespace trunkline::presence {
namespace {

Error not_read(std::string_view type) {
    return {.code = ErrorCode::unsupported,
            .message = refusal("a document of this type is no presence that is read here", type).message};
}

Result<Notice> with(Result<Presence> presence) {
    if (!presence) return presence.error();
    return Notice{.presences = {*std::move(presence)}};
}

Result<Notice> with_categories(pugi::xml_node root) {
    auto presence = read_categories(root);
    if (!presence) return presence.error();
    Notice notice;
    if (*presence) notice.presences.push_back(**std::move(presence));
    return notice;
}

Result<Notice> with_rlmi(pugi::xml_node root) {
    auto again = read_rlmi(root);
    if (!again) return again.error();
    return Notice{.resubscribes = *std::move(again)};
}

Result<Notice> with_dialogs(pugi::xml_node root, DialogWatch* dialogs) {
    // RFC 4662: each resource of a list counts its own versions, and one watch holds one count.
    if (dialogs == nullptr) return refusal("a dialog-info document inside a multipart is not read");
    const auto info = read_dialog_info(root);
    if (!info) return info.error();
    Notice notice;
    switch (dialogs->take(*info)) {
        case DialogWatch::Outcome::news:
            notice.presences.push_back(dialogs->presence());
            break;
        case DialogWatch::Outcome::ask_again:
            notice.resubscribes.push_back({.entity = info->entity, .pool = {}});
            break;
        case DialogWatch::Outcome::nothing:
            break;
    }
    return notice;
}

enum class Format { pidf, dialogs, categories, lcs, rlmi };

std::optional<Format> format_of(std::string_view type) {
    if (type == "application/pidf+xml") return Format::pidf;
    if (type == "application/dialog-info+xml") return Format::dialogs;
    if (type == "application/msrtc-event-categories+xml") return Format::categories;
    if (type == "text/xml+msrtc.pidf") return Format::lcs;
    if (type == "application/rlmi+xml") return Format::rlmi;
    return std::nullopt;
}

/// One document; without `dialogs` it is a part of a multipart.
Result<Notice> read_one(std::string_view type, std::string_view body, DialogWatch* dialogs) {
    const auto format = format_of(type);
    if (!format) return not_read(type);
    const auto document = read_xml(body);
    if (!document) return document.error();
    const pugi::xml_node root = document->document_element();
    switch (*format) {
        case Format::pidf:
            return with(read_pidf(root));
        case Format::dialogs:
            return with_dialogs(root, dialogs);
        case Format::categories:
            return with_categories(root);
        case Format::lcs:
            return with(read_lcs(root));
        case Format::rlmi:
            break;
    }
    return with_rlmi(root);
}

template <class T>
void append(std::vector<T>& to, std::vector<T>&& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

Result<Notice> read_parts(std::string_view body, std::string_view boundary) {
    const auto parts = split_parts(body, boundary);
    if (!parts) return parts.error();
    Notice all;
    for (const Part& part : *parts) {
        auto one = read_one(part.type, part.body, nullptr);
        if (!one) {
            all.refused.push_back(one.error());
            continue;
        }
        append(all.presences, std::move(one->presences));
        append(all.resubscribes, std::move(one->resubscribes));
    }
    if (all.refused.size() == parts->size()) return all.refused.front();
    return all;
}

}  // namespace

Result<Notice> read_notice(std::string_view content_type, std::string_view body, DialogWatch& dialogs) {
    if (body.size() > largest_document)
        return refusal("the document is larger than " + std::to_string(largest_document) + " bytes");
    const mime::ContentType type = mime::parse_content_type(content_type);
    if (type.type == "multipart/related") return read_parts(body, type.boundary);
    return read_one(type.type, body, &dialogs);
}

}  // namespace trunkline::presence
