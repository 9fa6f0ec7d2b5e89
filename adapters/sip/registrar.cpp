#include "adapters/sip/registrar.hpp"

#include <algorithm>
#include <charconv>

#include "adapters/mime/mime.hpp"
#include "adapters/sip/address.hpp"
#include "adapters/sip/callbacks.hpp"
#include "adapters/sip/uri.hpp"

namespace trunkline::sip {
namespace {

constexpr std::size_t remembered_registrations = 100'000;  // those of the last 32 s
constexpr std::size_t longest_field = 512;                 // of what is kept of a stranger's binding

Bindings::Seconds wall_now() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

/// A number of seconds; more digits than anybody means are a long time, and no number is nothing.
std::optional<std::int64_t> seconds_of(const char* text) {
    if (text == nullptr || *text == '\0') return std::nullopt;
    std::uint32_t value = 0;
    const std::string_view all(text);
    const auto [end, error] = std::from_chars(all.data(), all.data() + all.size(), value);
    if (error == std::errc::result_out_of_range) return std::int64_t{0xFFFFFFFF};
    if (error != std::errc() || end != all.data() + all.size()) return std::nullopt;
    return value;
}

/// The credentials for our realm that were made with the strongest algorithm.
std::optional<Credentials> credentials_of(const sip_t* sip, const std::string& realm) {
    std::optional<Credentials> best;
    for (const sip_authorization_t* one = sip->sip_authorization; one != nullptr; one = one->au_next) {
        if (one->au_scheme == nullptr || mime::lower_trimmed(one->au_scheme) != "digest") continue;
        std::string text;
        for (const char* const* param = one->au_params; param != nullptr && *param != nullptr; ++param) {
            text += (text.empty() ? "" : ", ") + std::string(*param);
        }
        auto read = parse_credentials(text);
        if (read && read->realm == realm && (!best || read->algorithm == DigestAlgorithm::sha256))
            best = std::move(read);
    }
    return best;
}

/// What a REGISTER asks for.
struct Wish {
    int refusal = 0;  // 400, 423; 0 where it is clear
    bool all_gone = false;
    std::vector<Binding> bindings;
};

Wish wish_of(const sip_t* sip, const RegistrarSettings& settings, Bindings::Seconds now,
             const std::string& route) {
    Wish wish;
    std::int64_t by_default = settings.longest_expiry;
    if (sip->sip_expires != nullptr) by_default = static_cast<std::int64_t>(sip->sip_expires->ex_delta);
    for (const sip_contact_t* one = sip->sip_contact; one != nullptr; one = one->m_next) {
        if (one->m_url->url_type == url_any) {  // RFC 3261 10.2.2: alone, and with Expires: 0
            wish.all_gone = true;
            const bool alone = one == sip->sip_contact && one->m_next == nullptr;
            return alone && sip->sip_expires != nullptr && by_default == 0 ? wish : Wish{.refusal = 400};
        }
        Binding binding{url_text(one->m_url), 0, sip->sip_call_id->i_id, sip->sip_cseq->cs_seq, route};
        const auto uri = parse_uri(binding.contact);
        if (!uri || uri->scheme == "tel" || one->m_url->url_headers != nullptr ||
            binding.contact.size() > longest_field || binding.call_id.size() > longest_field ||
            wish.bindings.size() >= Bindings::most_of_a_dn) {
            return {.refusal = 400};
        }
        const std::int64_t seconds = seconds_of(one->m_expires).value_or(by_default);
        if (seconds > 0 && seconds < settings.least_expiry) return {.refusal = 423};
        binding.expires = now + std::min(seconds, settings.longest_expiry);
        wish.bindings.push_back(std::move(binding));
    }
    return wish;
}

}  // namespace

Registrar::Registrar(Exchange& exchange)
    : exchange_(exchange), settings_(exchange.settings().registrar), accepted_(remembered_registrations) {}

Registrar::~Registrar() = default;

void Registrar::open() {
    if (settings_.store == nullptr) return;
    bindings_.restore(settings_.store->load(), wall_now());
    accounts_changed();  // while we were away
    for (const auto& [name, bindings] : bindings_.all()) tell(name);
    arm();
}

void Registrar::take(MessageHandle request, const sip_t* sip) {
    const TransactionKey key = exchange_.key_of(sip);
    const auto dn_asked = parse_uri(url_text(sip->sip_to->a_url));
    if (!dn_asked || dn_asked->plain_user().empty()) return exchange_.reply(std::move(request), 404);
    const std::string dn = dn_asked->plain_user();
    const auto asked = parse_uri(url_text(sip->sip_request->rq_url));
    if (!asked) return exchange_.reply(std::move(request), 400);
    const auto account = settings_.account_of(asked->host, dn);
    // Sent again because our answer was lost: its count is used, and what it asked for is done.
    if (account && accepted_.find(key, steady_now()).seen != DuplicateTable::Seen::never)
        return accept(std::move(request), account->name);

    const auto credentials = credentials_of(sip, settings_.realm);
    const Offered offered = offer_for(request.get(), dn, credentials ? &*credentials : nullptr, key);
    // An unknown DN is answered as a wrong password is: nobody learns here which DNs there are.
    if (!account || !credentials || credentials->username != dn ||
        !is_right(*credentials, account->secret, "REGISTER"))
        return challenge_again(std::move(request), false, offered);
    const auto proven = parse_uri(credentials->uri);
    if (!proven || asked->identity() != proven->identity()) return exchange_.reply(std::move(request), 400);
    if (nonces_.use(credentials->nonce, credentials->uses(), steady_now()) != Nonces::Use::good)
        return challenge_again(std::move(request), true, offered);
    change(std::move(request), sip, *account, key);
}

Registrar::Offered Registrar::offer_for(const msg_t* request, const std::string& dn,
                                        const Credentials* credentials, const TransactionKey& key) {
    const std::string who = dn + " " + peer_of(request, nullptr).host;
    if (credentials == nullptr)
        return asked_.ask(who, key, steady_now()) ? Offered::md5_alone : Offered::both;
    if (credentials->algorithm == DigestAlgorithm::md5) return Offered::md5_alone;
    asked_.forget(who);
    return Offered::both;
}

std::optional<std::string> Registrar::route_of(const std::string& host, const std::string& number) const {
    const auto account = is_there() ? settings_.account_of(host, number) : std::nullopt;
    const auto bound = account ? bindings_.of(account->name, wall_now()) : std::vector<Binding>();
    return bound.empty() ? std::nullopt : std::optional(bound.back().route);
}

void Registrar::challenge_again(MessageHandle request, bool stale, Offered offered) {
    std::string lines;
    for (const DigestAlgorithm algorithm : {DigestAlgorithm::sha256, DigestAlgorithm::md5}) {
        if (offered == Offered::md5_alone && algorithm != DigestAlgorithm::md5) continue;
        lines +=
            "WWW-Authenticate: " + challenge(algorithm, settings_.realm, nonces_.make(steady_now()), stale) +
            "\r\n";
    }
    exchange_.reply(std::move(request), 401, {.more = lines.c_str()});
}

void Registrar::change(MessageHandle request, const sip_t* sip, const EndpointAccount& account,
                       const TransactionKey& key) {
    const std::string& name = account.name;
    const TransportHandle transport = transport_of(exchange_.agent(), request.get());
    const Peer peer = peer_of(request.get(), transport.get());
    const Wish wish = wish_of(sip, settings_, wall_now(), reply_route(peer, sip->sip_contact));
    if (wish.refusal != 0) {
        const std::string least = "Min-Expires: " + std::to_string(settings_.least_expiry) + "\r\n";
        const ReplyHeaders headers{.more = wish.refusal == 423 ? least.c_str() : nullptr};
        return exchange_.reply(std::move(request), wish.refusal, headers);
    }
    const auto before = bindings_.of(name, wall_now());
    const Bindings::Change done = wish.all_gone
                                      ? bindings_.clear(name, sip->sip_call_id->i_id, sip->sip_cseq->cs_seq)
                                      : bindings_.put(name, wish.bindings, wall_now());
    if (done == Bindings::Change::out_of_order) return exchange_.reply(std::move(request), 500);
    if (done == Bindings::Change::too_many) return exchange_.reply(std::move(request), 403);
    if (accepted_.insert(key)) accepted_.answer(key, 200, steady_now());
    proven_.insert_or_assign(name, account.secret);
    if (bindings_.of(name, wall_now()) != before) changed(name);
    accept(std::move(request), name);
}

void Registrar::accounts_changed() {
    if (!settings_.secret_of) return;
    std::vector<std::string> bound;
    for (const auto& [name, bindings] : bindings_.all()) bound.push_back(name);
    for (const std::string& name : bound) {
        const auto secret = settings_.secret_of(name);
        const auto proven = secret ? proven_.emplace(name, *secret).first : proven_.end();
        if (proven != proven_.end() && proven->second == *secret) continue;
        bindings_.drop(name);
        changed(name);
    }
}

void Registrar::accept(MessageHandle request, const std::string& name) {
    std::string lines;
    const Bindings::Seconds now = wall_now();
    for (const Binding& one : bindings_.of(name, now)) {
        lines += "Contact: <" + one.contact + ">;expires=" + std::to_string(one.expires - now) + "\r\n";
    }
    exchange_.reply(std::move(request), 200, {.more = lines.empty() ? nullptr : lines.c_str()});
}

void Registrar::changed(const std::string& name) {
    const auto bindings = bindings_.of(name, wall_now());
    if (settings_.store != nullptr) settings_.store->save(name, bindings);
    if (bindings.empty()) proven_.erase(name);
    tell(name);
    arm();
}

void Registrar::tell(const std::string& name) {
    if (!settings_.bound) return;
    const auto bindings = bindings_.of(name, wall_now());
    const Binding newest = bindings.empty() ? Binding() : bindings.back();
    settings_.bound(name, newest.contact, newest.route);
}

void Registrar::arm() {
    const auto next = bindings_.next_expiry();
    if (!next) return timer_.reset();
    if (timer_ == nullptr) timer_.reset(su_timer_create(su_root_task(exchange_.root()), 1000));
    const std::int64_t wait = std::max<std::int64_t>(*next - wall_now(), 0) * 1000 + 1;
    su_timer_set_interval(timer_.get(), callbacks::timer, this, wait);
}

void Registrar::on_timer() {
    for (const std::string& name : bindings_.expire(wall_now())) changed(name);
    arm();
}

}  // namespace trunkline::sip
