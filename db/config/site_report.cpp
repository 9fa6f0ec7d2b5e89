// The report of a site file: which findings, in which order, at which line.
#include <algorithm>

#include "db/config/site_file.hpp"

namespace trunkline::config {

using model::Finding;

int SiteFile::line_of(std::string path) const {
    for (;;) {
        if (const auto at = lines.find(path); at != lines.end()) return at->second;
        const std::size_t end = path.find_last_of(".[");
        if (end == std::string::npos) return 0;
        path.resize(end);
    }
}

int SiteFile::line_of(const Finding& finding) const {
    const auto second = again.find(finding.path);
    return second == again.end() ? line_of(finding.path) : second->second;
}

std::string SiteFile::text(const Finding& finding) const {
    const int line = line_of(finding);
    std::string out = name + (line > 0 ? ":" + std::to_string(line) : std::string()) + ": " +
                      (finding.path.empty() ? "" : finding.path + ": ") + finding.message;
    if (again.contains(finding.path))
        out += " (it is in line " + std::to_string(line_of(finding.path)) + " already)";
    return out;
}

std::vector<Finding> SiteFile::report(std::vector<Finding> checked) const {
    // A value that could not be read is missing in what was checked.
    const auto follows = [this](const Finding& finding) {
        return std::any_of(problems.begin(), problems.end(), [&](const Finding& problem) {
            return !problem.path.empty() && problem.path == finding.path;
        });
    };
    std::vector<Finding> all = problems;
    for (Finding& finding : checked)
        if (problems.size() > 1000 || !follows(finding)) all.push_back(std::move(finding));
    std::stable_sort(all.begin(), all.end(),
                     [this](const Finding& a, const Finding& b) { return line_of(a) < line_of(b); });
    return all;
}

}  // namespace trunkline::config
