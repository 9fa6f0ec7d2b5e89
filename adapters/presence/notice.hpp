// The room's door: the body of a NOTIFY or BENOTIFY, or of the 200 that carries the first one (MS-PRES), as
// presence. Formats: PIDF with RPID and CUCM's ways, dialog-info, MS-PRES categories, LCS 2005, rlmi and
// multipart/related of these. No I/O, no state but the watch that is handed in; never throws for what a
// stranger sends.
#pragma once

#include <string_view>
#include <vector>

#include "adapters/presence/dialog_watch.hpp"
#include "adapters/presence/presence.hpp"
#include "adapters/presence/rlmi.hpp"
#include "engine/base/error.hpp"

namespace trunkline::presence {

/// What is read, for the header Accept of SUBSCRIBE.
inline constexpr const char* accepted_types =
    "application/pidf+xml, application/dialog-info+xml, application/msrtc-event-categories+xml, "
    "text/xml+msrtc.pidf, "
    "application/rlmi+xml, multipart/related";

struct Notice {
    /// One where the document is about one person; none where it brings no news of who can be reached (a late
    /// or repeated dialog-info, a note alone); several only of a multipart. Until the next one the last one
    /// holds.
    std::vector<Presence> presences;
    /// Whom to subscribe to again.
    std::vector<Resubscribe> resubscribes;
    /// Of a multipart: why parts were not read. The others count all the same: one person's odd client must
    /// not hide everybody else of the batch.
    std::vector<Error> refused;
};

/// `content_type` as the header writes it, with its parameters; `dialogs` belongs to the subscription that
/// this came from. The error is one sentence without the document's content.
[[nodiscard]] Result<Notice> read_notice(std::string_view content_type, std::string_view body,
                                         DialogWatch& dialogs);

}  // namespace trunkline::presence
