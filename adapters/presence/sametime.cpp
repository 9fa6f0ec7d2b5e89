#include "adapters/presence/sametime.hpp"

#include "adapters/presence/text.hpp"

namespace trunkline::presence {
namespace {

constexpr int not_known = -32'768;
constexpr int offline = 0;
constexpr int mobile = 0x200;

std::string_view activity_of(int status) {
    if (status == mobile) return "mobile";
    switch (status > 0 ? status & ~mobile : status) {
        case 8:
            return "meeting";
        case 32:
            return "";
        case 64:
            return "idle";
        case 96:
            return "away";
        case 128:
            return "dnd";
        default:
            return "other";
    }
}

}  // namespace

Presence read_sametime(std::string_view entity, int status, std::string_view note) {
    Presence presence{
        .entity = one_line(entity, longest_entity), .source = Source::sametime, .status = status};
    offer_note(presence, note);
    if (status == not_known || status == offline) return presence;
    presence.basic = Basic::open;
    add_activity(presence, activity_of(status));
    return presence;
}

}  // namespace trunkline::presence
