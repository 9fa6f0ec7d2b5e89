#include "adapters/sip/dialog_texts.hpp"

#include "adapters/sip/caller.hpp"

namespace trunkline::sip {

int DialogTexts::take(nta_incoming_t* request, const sip_t* sip, const Command& command) {
    TextBody body = body_of(sip);
    const bool room = exchange_.accepting() && unanswered_.size() < exchange_.settings().unanswered_limit;
    const int refusal = body.refusal != 0 ? body.refusal : body.shown && !room ? 503 : 0;
    if (refusal != 0) {
        const IncomingHandle answered(request);
        const ReplyHeaders headers = headers_for(refusal);
        nta_incoming_treply(request, refusal, sip_status_phrase(refusal), SIPTAG_ACCEPT_STR(headers.accept),
                            SIPTAG_RETRY_AFTER_STR(headers.retry_after), TAG_END());
        return 0;
    }
    if (!body.shown) return 200;
    const SipTxnId txn = exchange_.next_txn();
    unanswered_.emplace(txn, IncomingHandle(request));
    exchange_.post(command(txn, std::move(body.text)));
    return 0;
}

bool DialogTexts::answer(const messages::AnswerText& answer) {
    const auto found = unanswered_.find(answer.txn);
    if (found == unanswered_.end()) return false;
    const ReplyHeaders headers = headers_for(answer.status);
    nta_incoming_treply(found->second.get(), answer.status, sip_status_phrase(answer.status),
                        SIPTAG_SERVER_STR(exchange_.settings().user_agent.c_str()),
                        SIPTAG_RETRY_AFTER_STR(headers.retry_after), TAG_END());
    unanswered_.erase(found);
    return true;
}

}  // namespace trunkline::sip
