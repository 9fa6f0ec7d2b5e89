// Authorization headers of strangers.
#include "adapters/sip/digest.hpp"
#include "tests/fuzz/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trunkline;
    const auto credentials = sip::parse_credentials(fuzz::text_of(data, size));
    if (!credentials) return 0;
    fuzz::promise(!credentials->nonce.empty(), "credentials are for a nonce");
    fuzz::promise(!sip::is_right(*credentials, {}, "REGISTER"), "who has no secret lets nobody in");
    const std::string secret(64, 'a');
    (void)sip::is_right(*credentials, {secret.substr(32), secret}, "REGISTER");
    (void)credentials->uses();
    return 0;
}
