// Pager-mode legs of ours: where their texts go, and which incoming MESSAGE is a reply on one of them. A
// reply is known by whom it is for, by who wrote it and by the peer it comes from, which must be one that our
// own texts went to: a stranger with a forged From is none. SIP thread.
#pragma once

#include <deque>
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
    struct Way {
        std::string route;      // the next hop
        std::string peer_name;  // under which name what comes from there is known
    };
    /// A leg whose ways are not known yet: its texts have to wait for set_ways().
    void open(const messages::OpenLeg& leg);
    /// In the order in which they are to be tried.
    void set_ways(const std::string& leg_key, std::deque<Way> ways);
    /// The way in use did not serve a text: the leg turns to the next one (RFC 3263 4.3). False where the
    /// text has been everywhere; the next one begins with the way after that.
    bool next_way(const std::string& leg_key);
    /// A text ended, by the way in use.
    void text_ended(const std::string& leg_key);
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
        messages::OpenLeg opened;
        std::deque<Way> ways;              // the one in use comes first
        std::size_t failed = 0;            // of them, for the text that is on its way
        std::vector<std::string> writers;  // keys of replies_
        bool ended = false;
    };
    /// What the party writes comes from where our texts go.
    void listen(Leg& leg);
    std::unordered_map<std::string, Leg> legs_;
    std::unordered_map<std::string, std::string> replies_;  // who writes to whom from where -> leg
};

}  // namespace trunkline::sip
