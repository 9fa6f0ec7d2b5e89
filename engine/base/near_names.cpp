#include "engine/base/near_names.hpp"

#include <algorithm>
#include <cctype>

namespace trunkline {
namespace {

constexpr std::size_t longest = 64, most_named = 3;

bool same(char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

// How many letters to insert, remove or replace (Levenshtein), whatever the case.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t n = 0; n <= b.size(); ++n) row[n] = n;
    for (std::size_t y = 1; y <= a.size(); ++y) {
        std::size_t diagonal = row[0];
        row[0] = y;
        for (std::size_t x = 1; x <= b.size(); ++x) {
            const std::size_t replaced = diagonal + (same(a[y - 1], b[x - 1]) ? 0 : 1);
            diagonal = row[x];
            row[x] = std::min({replaced, row[x] + 1, row[x - 1] + 1});
        }
    }
    return row[b.size()];
}

}  // namespace

std::string did_you_mean(std::string_view wrong, const std::vector<std::string_view>& known,
                         std::size_t letters) {
    if (wrong.size() > longest) return "";
    const std::size_t most = letters > 0 ? letters : std::max<std::size_t>(2, wrong.size() / 4);
    std::vector<std::pair<std::size_t, std::string_view>> near;
    for (const std::string_view name : known)
        if (const std::size_t away = distance(wrong, name); away <= most) near.emplace_back(away, name);
    if (near.empty()) return "";
    std::sort(near.begin(), near.end());
    std::string text = "; did you mean ";
    for (std::size_t n = 0; n < std::min(near.size(), most_named); ++n)
        text += (n == 0 ? "" : " or ") + std::string(near[n].second);
    return text + "?";
}

}  // namespace trunkline
