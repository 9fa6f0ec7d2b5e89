// Pager-mode legs of ours: where their texts go, and which incoming MESSAGE is a reply on one of them. A
// reply is known by whom it is for, by who wrote it and by the peer it comes from, which must be the one that
// our own texts go to: a stranger with a forged From is none. SIP thread.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/sip/caller.hpp"
#include "adapters/sip/nta_agent.hpp"
#include "engine/messages/effects.hpp"

namespace trunkline::sip {

/// The way to a SIP address that is written with a number for its host or in its maddr; none for a name
/// alone, for tel, or an address of this server's own. A sips address is reached over TLS and must show a
/// certificate for its host; transport=tls takes any.
[[nodiscard]] std::optional<Peer> way_to(const NtaAgent& agent, const std::string& address);

class PartyTexts {
  public:
    /// A leg whose way is not known yet: its texts have to wait for set_way().
    void open(const messages::OpenLeg& leg);
    /// `peer_name`: under which name what comes from there is known.
    void set_way(const messages::OpenLeg& leg, const Peer& peer, const std::string& peer_name);
    /// No reply counts any more. The way stays for the texts that are still to go: forget() ends it.
    void end(const std::string& leg_key);
    void forget(const std::string& leg_key);
    [[nodiscard]] bool ended(const std::string& leg_key) const;

    /// The next hop of the leg's texts; null where it has none, and for what is no leg of ours.
    [[nodiscard]] const std::string* route_of(const std::string& leg_key) const;
    [[nodiscard]] bool knows(const std::string& leg_key) const { return legs_.contains(leg_key); }
    /// The leg that a text from the peer of this name continues; null where there is none.
    [[nodiscard]] const std::string* leg_of(const Caller& caller, const std::string& peer) const;

  private:
    struct Leg {
        std::string route;                 // "" where there is no way
        std::vector<std::string> writers;  // keys of replies_
        bool ended = false;
    };
    std::unordered_map<std::string, Leg> legs_;
    std::unordered_map<std::string, std::string> replies_;  // who writes to whom from where -> leg
};

}  // namespace trunkline::sip
