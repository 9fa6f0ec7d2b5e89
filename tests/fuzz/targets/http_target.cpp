// Request targets of the HTTP door.
#include "adapters/http/target.hpp"
#include "tests/fuzz/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trunkline;
    const auto target = http::parse_target(fuzz::text_of(data, size));
    if (!target) return 0;
    fuzz::promise(target->path.find('\0') == std::string::npos, "a path has no zero byte");
    for (const std::string& segment : target->segments)
        fuzz::promise(http::percent_decode(http::percent_encode(segment)) == segment,
                      "coding goes both ways");
    return 0;
}
