// Site files: whatever is wrong is a problem with its path, never an exception; what is right comes back.
#include "db/config/site_file.hpp"
#include "tests/fuzz/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trunkline;
    const config::SiteFile file = config::parse_site(std::string(fuzz::text_of(data, size)), "site.yaml");
    for (const model::Finding& problem : file.problems)
        fuzz::promise(!file.text(problem).empty(), "a problem has words");
    if (!file.problems.empty()) return 0;
    const std::string yaml = config::to_yaml(file.site);
    const config::SiteFile again = config::parse_site(yaml, "site.yaml");
    fuzz::promise(again.problems.empty(), "what is exported can be imported");
    fuzz::promise(config::to_yaml(again.site) == yaml, "what was imported is exported the same");
    return 0;
}
