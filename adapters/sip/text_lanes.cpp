#include "adapters/sip/text_lanes.hpp"

#include <optional>

namespace trunkline::sip {

struct TextLanes::Lane final : ResponseListener {
    Lane(TextLanes& lanes, messages::LegAddress address) : owner(lanes), leg(std::move(address)) {}

    void on_response(int status, const sip_t* sip) override {
        if (status < 200 || !sent) return;
        owner.ended(*this, status, nta_sip_is_internal(sip) != 0);
    }

    TextLanes& owner;
    messages::LegAddress leg;
    std::deque<messages::SendText> waiting;
    OutgoingHandle request;
    std::optional<messages::SendText> sent;  // the text that is on its way
    std::string peer;                        // counted for it
    bool held = false;
    bool crowded = false;  // stands in crowds_
};

TextLanes::TextLanes(Exchange& exchange, PeerProofs& proofs, Carrier& carrier)
    : exchange_(exchange), proofs_(proofs), carrier_(carrier) {}

TextLanes::~TextLanes() = default;

TextLanes::Lane& TextLanes::lane_of(const messages::LegAddress& leg) {
    auto& lane = lanes_[leg.key];
    if (!lane) lane = std::make_unique<Lane>(*this, leg);
    return *lane;
}

void TextLanes::send(messages::SendText text) {
    Lane& lane = lane_of(text.leg);
    if (lane.waiting.size() >= exchange_.settings().texts_per_leg ||
        waiting_ >= exchange_.settings().texts_limit) {
        return exchange_.post(messages::TextAnswered{text.id, 503});
    }
    ++waiting_;
    lane.waiting.push_back(std::move(text));
    advance(lane);
}

void TextLanes::hold(const messages::LegAddress& leg) { lane_of(leg).held = true; }

void TextLanes::resume(const std::string& leg_key) {
    const auto found = lanes_.find(leg_key);
    if (found == lanes_.end()) return;
    found->second->held = false;
    advance(*found->second);
}

void TextLanes::advance(Lane& lane) {
    while (!lane.held && !lane.sent && !lane.waiting.empty()) {
        if (!admitted(lane)) return;
        lane.sent = std::move(lane.waiting.front());
        lane.waiting.pop_front();
        --waiting_;
        if (!begin(lane)) {
            const TextId text = lane.sent->id;
            lane.sent.reset();
            if (!lane.peer.empty()) proofs_.end(std::exchange(lane.peer, {}));
            exchange_.post(messages::TextAnswered{text, 481});
        }
    }
    if (lane.held || lane.sent) return;
    const messages::LegAddress leg = std::move(lane.leg);
    lanes_.erase(leg.key);
    carrier_.lane_empty(leg);
}

// Sofia calls no listener before the call that makes its request has returned.
bool TextLanes::begin(Lane& lane) {
    do {
        lane.request = carrier_.begin(*lane.sent, lane);
    } while (lane.request == nullptr && carrier_.goes_another_way(lane.leg, 503, true));
    return lane.request != nullptr;
}

void TextLanes::ended(Lane& lane, int status, bool by_stack) {
    if (carrier_.goes_another_way(lane.leg, status, by_stack) && begin(lane)) return;
    const TextId text = lane.sent->id;
    lane.sent.reset();
    lane.request.reset();
    exchange_.post(messages::TextAnswered{text, status});
    const messages::LegAddress leg = lane.leg;
    const std::string peer = std::exchange(lane.peer, {});
    carrier_.text_ended(leg, status, by_stack);
    resume(leg.key);
    if (peer.empty()) return;
    proofs_.end(peer);
    if (!by_stack && status < 300) proofs_.prove(peer);
    after(peer, by_stack && !proofs_.proven(peer));
}

bool TextLanes::admitted(Lane& lane) {
    if (lane.crowded) return false;
    std::string peer = carrier_.stranger_at(lane.leg);
    if (peer.empty()) return true;
    if (!proofs_.begin(peer)) {
        lane.crowded = true;
        crowds_[peer].push_back(lane.leg.key);
        return false;
    }
    lane.peer = std::move(peer);
    return true;
}

void TextLanes::after(const std::string& peer, bool silent) {
    auto crowd = crowds_.extract(peer);
    if (crowd.empty()) return;
    for (const std::string& key : crowd.mapped()) {
        const auto lane = lanes_.find(key);
        if (lane == lanes_.end() || !lane->second->crowded) continue;
        lane->second->crowded = false;
        if (silent) give_up(*lane->second);
        resume(key);  // waits again where it is not its turn yet
    }
}

void TextLanes::give_up(Lane& lane) {
    for (const messages::SendText& text : lane.waiting) exchange_.post(messages::TextAnswered{text.id, 408});
    waiting_ -= lane.waiting.size();
    lane.waiting.clear();
}

}  // namespace trunkline::sip
