#include "adapters/presence/dialog_info.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "adapters/presence/names.hpp"
#include "adapters/presence/text.hpp"

namespace trunkline::presence {
namespace {

constexpr std::string_view space = "urn:ietf:params:xml:ns:dialog-info";
constexpr std::size_t longest_id = 256;
constexpr std::size_t longest_uri = 256;

constexpr std::array<std::pair<std::string_view, DialogState>, 5> states{{
    {"trying", DialogState::trying},
    {"proceeding", DialogState::proceeding},
    {"early", DialogState::early},
    {"confirmed", DialogState::confirmed},
    {"terminated", DialogState::terminated},
}};

std::optional<std::uint64_t> version_of(std::string_view text) {
    text = trimmed(text);
    std::uint64_t version = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, fault] = std::from_chars(text.data(), end, version);
    if (fault != std::errc{} || stop != end) return std::nullopt;
    return version;
}

Result<Dialog> read_dialog(pugi::xml_node element) {
    const std::string_view id = attribute(element, "id");
    if (id.empty() || id.size() > longest_id)
        return refusal("a dialog of a dialog-info document has no id or one of more than 256 bytes");
    const std::string text = text_of(child(element, space, "state"));
    const std::string_view word = trimmed(text);
    for (const auto& [name, state] : states)
        if (name == word)
            return Dialog{.id = std::string(id),
                          .state = state,
                          .incoming = trimmed(attribute(element, "direction")) == "recipient"};
    return refusal("the state of a dialog is none of RFC 4235", word);
}

}  // namespace

Result<DialogInfo> read_dialog_info(pugi::xml_node root) {
    if (!is(root, space, "dialog-info"))
        return refusal("the document is no dialog-info: its root is not <dialog-info> of RFC 4235",
                       root.name());
    const auto version = version_of(attribute(root, "version"));
    if (!version) return refusal("the version of a dialog-info document is missing or no number");
    const std::string_view state = trimmed(attribute(root, "state"));
    if (state != "full" && state != "partial")
        return refusal("the state of a dialog-info document is neither full nor partial", state);
    DialogInfo info{.entity = one_line(attribute(root, "entity"), longest_uri),
                    .version = *version,
                    .full = state == "full"};
    for (const pugi::xml_node element : children(root, space, "dialog")) {
        auto dialog = read_dialog(element);
        if (!dialog) return dialog.error();
        if (info.dialogs.size() == most_dialogs)
            return refusal("a dialog-info document has more than " + std::to_string(most_dialogs) +
                           " dialogs");
        info.dialogs.push_back(*std::move(dialog));
    }
    return info;
}

}  // namespace trunkline::presence
