#include "adapters/presence/dialog_watch.hpp"

namespace trunkline::presence {

DialogWatch::Outcome DialogWatch::lose() {
    calls_.clear();
    complete_ = false;
    if (asked_) return Outcome::nothing;
    asked_ = true;
    return Outcome::ask_again;
}

void DialogWatch::apply(const DialogInfo& info) {
    if (info.full) calls_.clear();
    for (const Dialog& dialog : info.dialogs) {
        if (dialog.state == DialogState::terminated)
            calls_.erase(dialog.id);
        else
            calls_[dialog.id] = {.state = dialog.state, .incoming = dialog.incoming};
    }
}

DialogWatch::Outcome DialogWatch::take(const DialogInfo& info) {
    // RFC 4235 4.3: lower versions are late. The same one again is taken where it is full: some notifiers
    // never count.
    if (heard_ && (info.version < version_ || (info.version == version_ && !info.full)))
        return Outcome::nothing;
    const bool next = heard_ && info.version - version_ == 1;
    heard_ = true;
    version_ = info.version;
    entity_ = info.entity;
    if (info.full) {
        complete_ = true;
        asked_ = false;
    } else if (complete_ && !next) {
        asked_ = false;
        return lose();
    }
    if (!complete_) return lose();
    apply(info);
    return calls_.size() > most_dialogs ? lose() : Outcome::news;
}

Presence DialogWatch::presence() const {
    Presence presence{.entity = entity_, .source = Source::sip, .basic = Basic::open};
    bool alerting = false;
    for (const auto& [id, call] : calls_) {
        if (call.state != DialogState::confirmed && call.incoming)
            alerting = true;
        else
            add_activity(presence, "on-the-phone");
    }
    if (alerting) add_activity(presence, "alerting");
    return presence;
}

}  // namespace trunkline::presence
