// Bodies of MESSAGE: the first line is Content-Type, the second Content-Encoding, the rest the body.
#include "adapters/sip/text_body.hpp"
#include "engine/base/utf8.hpp"
#include "tests/fuzz/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trunkline;
    std::string_view input = fuzz::text_of(data, size);
    const std::string_view type = fuzz::take_line(input);
    const std::string_view encoding = fuzz::take_line(input);
    const sip::TextBody body = sip::read_text_body(type, encoding, input);
    fuzz::promise(body.refusal == 0 || body.refusal == 413 || body.refusal == 415, "a refusal is 413 or 415");
    fuzz::promise(is_utf8(body.text) && body.text.find('\0') == std::string::npos,
                  "a text is valid UTF-8 without NUL");
    fuzz::promise(body.refusal == 0 || body.text.empty(), "what is refused has no text");
    return 0;
}
