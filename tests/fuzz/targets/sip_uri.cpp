// Addresses of strangers.
#include "adapters/sip/uri.hpp"
#include "tests/fuzz/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trunkline;
    const auto uri = sip::parse_uri(fuzz::text_of(data, size));
    if (!uri) return 0;
    (void)uri->plain_user();
    (void)uri->param("transport");
    (void)uri->effective_port();
    const std::string identity = uri->identity();
    const auto again = sip::parse_uri(identity);
    fuzz::promise(again.has_value(), "an identity is an address");
    fuzz::promise(again->identity() == identity, "an identity has one spelling");
    return 0;
}
