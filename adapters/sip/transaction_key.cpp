#include "adapters/sip/transaction_key.hpp"

#include <cstdio>
#include <cstring>
#include <random>
#include <string>

#include "adapters/sip/sofia.hpp"
#include "engine/base/ids.hpp"
// sofia.hpp first.
#include <sofia-sip/su_md5.h>

namespace trunkline::sip {
namespace {

/// Adds a text with its end, so that ("ab", "c") and ("a", "bc") differ.
void add(su_md5_t* digest, const char* text) {
    su_md5_update(digest, text == nullptr ? "" : text, text == nullptr ? 1 : std::strlen(text) + 1);
}

}  // namespace

TransactionDigest::TransactionDigest(std::string secret) : secret_(std::move(secret)) {
    if (!secret_.empty()) return;
    std::random_device dice;
    for (int word = 0; word < 4; ++word) secret_ += std::to_string(dice());
}

TransactionKey TransactionDigest::of(const sip_t* request) const {
    su_md5_t digest[1];
    su_md5_init(digest);
    su_md5_update(digest, secret_.data(), secret_.size());
    const sip_via_t* via = request->sip_via;
    const bool has_branch =
        via != nullptr && via->v_branch != nullptr && std::strncmp(via->v_branch, "z9hG4bK", 7) == 0;
    add(digest, request->sip_request->rq_method_name);
    add(digest, via == nullptr ? nullptr : via->v_host);
    add(digest, via == nullptr ? nullptr : via->v_port);
    add(digest, request->sip_call_id == nullptr ? nullptr : request->sip_call_id->i_id);
    add(digest, request->sip_from == nullptr ? nullptr : request->sip_from->a_tag);
    const std::uint32_t sequence = request->sip_cseq == nullptr ? 0 : request->sip_cseq->cs_seq;
    su_md5_update(digest, &sequence, sizeof sequence);
    if (has_branch) {
        add(digest, via->v_branch);
    } else {  // a client of RFC 2543
        add(digest, url_text(request->sip_request->rq_url).c_str());
        add(digest, request->sip_to == nullptr ? nullptr : request->sip_to->a_tag);
    }
    std::array<std::uint64_t, 2> sum{};
    su_md5_digest(digest, reinterpret_cast<std::uint8_t*>(sum.data()));
    su_md5_deinit(digest);
    return {sum[0], sum[1]};
}

std::string TransactionDigest::text_of(const TransactionKey& key) {
    return to_call_uuid_text({key.high, key.low});
}

TransactionKey TransactionDigest::key_in(const std::string& text) {
    const CallUuid parsed = parse_call_uuid(text);
    return {parsed.high, parsed.low};
}

std::string TransactionDigest::tag_of(const TransactionKey& key) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx",
                  static_cast<unsigned long long>(key.high ^ (key.low * 0x9e3779b97f4a7c15U)));
    return text;
}

}  // namespace trunkline::sip
