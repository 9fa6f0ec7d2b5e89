// Session descriptions of strangers.
#include "adapters/sip/sdp.hpp"
#include "tests/fuzz/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view offer = trunkline::fuzz::text_of(data, size);
    const bool messages = trunkline::sip::offers_messages(offer);
    const std::string answer = trunkline::sip::answer_messages(offer, "192.0.2.1", 5060, 1);
    trunkline::fuzz::promise(answer.size() <= 4096 + 8 * size, "an answer is not much longer than its offer");
    if (messages)
        trunkline::fuzz::promise(trunkline::sip::offers_messages(answer), "what is offered is answered");
    return 0;
}
