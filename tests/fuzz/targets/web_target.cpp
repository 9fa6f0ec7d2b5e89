// Where a web server far away sends a script's request on to: the first line is where it was asked, the rest
// what it says.
#include "adapters/web/address_rules.hpp"
#include "adapters/web/target.hpp"
#include "tests/fuzz/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trunkline;
    std::string_view input = fuzz::text_of(data, size);
    const auto asked = web::read_target(std::string(fuzz::take_line(input)));
    if (!asked) return 0;
    const auto next = web::redirected(*asked, std::string(input));
    if (!next) {
        fuzz::promise(!next.error().message.empty(), "an error has words");
        return 0;
    }
    for (const std::string& text : {next->host, next->path, next->authority()})
        fuzz::promise(text.find_first_of("\r\n ") == std::string::npos,
                      "nothing of it ends a line of the request");
    fuzz::promise(next->host.find('@') == std::string::npos, "no name of a user is in it");
    const auto again = web::read_target(next->url);
    fuzz::promise(again && again->same_place(*next) && again->path == next->path,
                  "an address has one meaning");
    return 0;
}
