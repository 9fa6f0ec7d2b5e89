// The calls of one watched address, put together from the dialog-info documents of one subscription (RFC
// 4235 4.3). Owned by whoever owns the subscription, and called from there only; a new subscription gets a
// new one.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "adapters/presence/dialog_info.hpp"
#include "adapters/presence/presence.hpp"

namespace trunkline::presence {

class DialogWatch {
  public:
    enum class Outcome : std::uint8_t {
        news,       // presence() is what holds now
        nothing,    // a repeated or late document, or one after a gap whose full state was asked for already
        ask_again,  // a document is missing: refresh the subscription, its full state mends it
    };
    [[nodiscard]] Outcome take(const DialogInfo&);

    /// Open, on-the-phone while a dialog is confirmed or goes out, alerting while one comes in. A document
    /// says nothing of whether the phone is there: who is watched by dialogs alone is open.
    [[nodiscard]] Presence presence() const;

  private:
    /// What the calls are is not known any more.
    [[nodiscard]] Outcome lose();
    void apply(const DialogInfo&);

    struct Call {
        DialogState state = DialogState::trying;
        bool incoming = false;
    };
    std::map<std::string, Call> calls_;  // by the id of the dialog
    std::string entity_;
    std::uint64_t version_ = 0;
    bool heard_ = false;     // version_ is one
    bool complete_ = false;  // calls_ are all there are
    bool asked_ =
        false;  // for the full state, once a gap: a notifier that answers with partial ones makes no loop
};

}  // namespace trunkline::presence
