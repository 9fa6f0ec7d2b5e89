// application/dialog-info+xml (RFC 4235): the calls of an address, all of them or those that changed. What a
// document says; what it means with those before it is dialog_watch.hpp. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <pugixml.hpp>

#include "engine/base/error.hpp"

namespace trunkline::presence {

inline constexpr std::size_t most_dialogs = 128;

/// RFC 4235 3.7.1. Replaced, cancelled and the other reasons only say why a dialog terminated; they are not
/// read.
enum class DialogState : std::uint8_t { trying, proceeding, early, confirmed, terminated };

struct Dialog {
    std::string id;
    DialogState state = DialogState::trying;
    bool incoming = false;  // direction="recipient"; one that does not say was made by the watched side
};

struct DialogInfo {
    std::string entity;
    std::uint64_t version = 0;
    bool full = false;
    std::vector<Dialog> dialogs;
};

/// `root` must be {urn:ietf:params:xml:ns:dialog-info}dialog-info with version and state (RFC 4235 4.1.1);
/// each dialog has an id and a state.
[[nodiscard]] Result<DialogInfo> read_dialog_info(pugi::xml_node root);

}  // namespace trunkline::presence
