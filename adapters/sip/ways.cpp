#include "adapters/sip/ways.hpp"

#include <spdlog/spdlog.h>

#include "adapters/sip/address.hpp"
#include "adapters/sip/party_texts.hpp"
#include "adapters/sip/uri.hpp"
#include "engine/base/words.hpp"

namespace trunkline::sip {
namespace {

constexpr std::size_t most_known = 1000;

/// What there is to look up; a host that is a number has nothing.
std::optional<DnsQuestion> question_of(const Uri& uri) {
    if (uri.scheme == "tel" || is_number(plain_host(uri.host)) || !uri.param("maddr").empty())
        return std::nullopt;
    const std::string transport = lower_case(uri.param("transport"));
    return DnsQuestion{uri.host, uri.port, uri.scheme == "sips" ? "tls" : transport};
}

}  // namespace

void Ways::find(const std::string& address, Then then) {
    const auto uri = parse_uri(address);
    const auto question = uri ? question_of(*uri) : std::nullopt;
    if (!question) {
        const auto peer = way_to(agent_, address);
        return then(peer ? std::vector<Peer>{*peer} : std::vector<Peer>());
    }
    if (const auto known = known_.find(*question);
        known != known_.end() && Clock::now() < known->second.until)
        return then(peers_of(address, known->second.targets));
    const auto [asking, first] = asking_.try_emplace(*question, last_ + 1);
    if (first && !resolver_.ask(++last_, *question)) {
        asking_.erase(asking);
        return then({});
    }
    Waiting& waiting = waiting_[asking->second];
    waiting.question = *question;
    waiting.asked.emplace_back(address, std::move(then));
}

void Ways::answered(std::uint64_t id, DnsAnswer answer) {
    const auto found = waiting_.extract(id);
    if (found.empty()) return;
    const Waiting& waiting = found.mapped();
    asking_.erase(waiting.question);
    if (answer.targets.empty())
        spdlog::warn(
            "sip: no address is known for the host {}: what goes there fails. See to its name, or "
            "write its number.",
            waiting.question.host);
    const std::vector<DnsTarget> targets = answer.targets;
    keep(waiting.question, std::move(answer));
    for (const auto& [address, then] : waiting.asked) then(peers_of(address, targets));
}

void Ways::keep(const DnsQuestion& question, DnsAnswer answer) {
    const auto now = Clock::now();
    if (known_.size() >= most_known)
        std::erase_if(known_, [now](const auto& one) { return one.second.until <= now; });
    if (known_.size() >= most_known) known_.clear();
    known_.insert_or_assign(question, Known{std::move(answer.targets), now + answer.good_for});
}

std::vector<Peer> Ways::peers_of(const std::string& address, const std::vector<DnsTarget>& targets) const {
    std::vector<Peer> peers;
    const auto uri = parse_uri(address);
    for (const DnsTarget& target : targets) {
        // The name stays: a certificate is checked against it.
        const auto peer = way_to(agent_, uri->scheme + ":" + uri->host + ":" + std::to_string(target.port) +
                                             ";transport=" + target.transport + ";maddr=" + target.address);
        if (peer) peers.push_back(*peer);
    }
    return peers;
}

}  // namespace trunkline::sip
