#include "tests/random/kit/check.hpp"

namespace trunkline::random_test {

void Check::found(const char* kind, const std::string& detail) { findings_.push_back({kind, detail}); }

void Check::expect(bool holds, const char* kind, const std::string& detail) {
    if (!holds) found(kind, detail);
}

std::string word_of(const messages::Query& query) {
    const auto* word =
        query.parameters.empty() ? nullptr : std::get_if<std::string>(&query.parameters.front().is);
    return word == nullptr ? "" : *word;
}
std::string word_of(const messages::HttpRequest& request) {
    return request.url.substr(request.url.rfind('/') + 1);
}

Checks all_checks(Ledger& l, Findings& f) {
    Checks checks;
    checks.push_back(check_of_clients(l, f));
    checks.push_back(check_of_legs(l, f));
    checks.push_back(check_of_party_legs(l, f));
    checks.push_back(check_of_texts(l, f));
    checks.push_back(check_of_parties(l, f));
    checks.push_back(check_of_routing_points(l, f));
    checks.push_back(check_of_agents(l, f));
    checks.push_back(check_of_routing(l, f));
    checks.push_back(check_of_waiting(l, f));
    checks.push_back(check_of_queues(l, f));
    checks.push_back(check_of_outside(l, f));
    checks.push_back(check_of_rows(l, f));
    return checks;
}

}  // namespace trunkline::random_test
