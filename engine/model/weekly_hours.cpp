#include "engine/model/weekly_hours.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>

#include "engine/base/words.hpp"

namespace trunkline::model {
namespace {

constexpr int day_minutes = 24 * 60, week_minutes = 7 * day_minutes;
constexpr std::array<std::string_view, 7> day_names{"monday", "tuesday",  "wednesday", "thursday",
                                                    "friday", "saturday", "sunday"};

struct Wrong {
    std::string message;
};

// Words and numbers with ":" in them, and "-" by itself; where each stands, for messages.
struct Token {
    std::string_view text;
    [[nodiscard]] bool is(std::string_view what) const { return text == what; }
    [[nodiscard]] bool is_word() const {
        return !text.empty() && std::isalpha(static_cast<unsigned char>(text[0])) != 0;
    }
};

std::vector<Token> tokens_of(std::string_view text) {
    std::vector<Token> tokens;
    const auto kind = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return std::isalpha(byte) != 0 ? 'a' : std::isdigit(byte) != 0 || c == ':' ? '1' : c;
    };
    for (std::size_t at = 0; at < text.size();) {
        const char what = kind(text[at]);
        const std::size_t begin = at++;
        if (std::string_view(" \t\n,;").find(what) != std::string_view::npos) continue;
        while (at < text.size() && what != '-' && kind(text[at]) == what) ++at;
        tokens.push_back({text.substr(begin, at - begin)});
    }
    return tokens;
}

class Parser {
  public:
    explicit Parser(std::string_view text) : tokens_(tokens_of(text)) {}

    std::vector<WeeklyHours::Range> run() {
        std::vector<int> days;  // the last ones named; none: every day
        bool days_wait = false;
        while (!done()) {
            if (peek().is_word()) {
                if (!days_wait) days.clear();
                add_days(days);
                days_wait = true;
                continue;
            }
            add_range(days);
            days_wait = false;
        }
        if (days_wait)
            throw Wrong{"no hours after '" + std::string(tokens_.back().text) +
                        "'; write them as in Mon-Fri 09:00-17:30"};
        if (ranges_.empty()) throw Wrong{"no hours in it; write them as in Mon-Fri 09:00-17:30"};
        return std::move(ranges_);
    }

  private:
    [[nodiscard]] bool done() const { return at_ == tokens_.size(); }
    [[nodiscard]] const Token& peek() const { return tokens_[at_]; }
    bool take(std::string_view what) {
        if (done() || !peek().is(what)) return false;
        ++at_;
        return true;
    }

    static int day_of(const Token& token) {
        const std::string name = lower_case(token.text);
        for (std::size_t day = 0; day < day_names.size(); ++day)
            if (name == day_names[day] || name == day_names[day].substr(0, 3)) return static_cast<int>(day);
        throw Wrong{"'" + std::string(token.text) +
                    "' is no day; days are Mon, Tue, Wed, Thu, Fri, Sat, Sun, daily, weekdays and weekend"};
    }

    void add_days(std::vector<int>& days) {
        const Token first = tokens_[at_++];
        const std::string name = lower_case(first.text);
        int from = 0, to = 6;
        if (name == "weekdays") {
            to = 4;
        } else if (name == "weekend") {
            from = 5;
        } else if (name != "daily") {
            from = to = day_of(first);
            if (take("-")) {
                if (done()) throw Wrong{"no day after '" + std::string(first.text) + "-'"};
                to = day_of(tokens_[at_++]);
            }
        }
        for (int day = from;; day = (day + 1) % 7) {
            days.push_back(day);
            if (day == to) return;
        }
    }

    int time() {
        const std::string_view text = done() ? std::string_view{} : tokens_[at_++].text;
        const std::size_t colon = text.find(':');
        const auto hour = number(text.substr(0, colon), 2);
        const auto minute =
            colon == std::string_view::npos ? std::optional(0) : number(text.substr(colon + 1), 2);
        const bool two_digits = colon == std::string_view::npos || text.size() == colon + 3;
        if (!hour || !minute || !two_digits || *minute > 59 || *hour * 60 + *minute > day_minutes)
            throw Wrong{(text.empty() ? "a time is missing" : "'" + std::string(text) + "' is no time") +
                        std::string("; times are 00:00 to 24:00")};
        return *hour * 60 + *minute;
    }

    static std::optional<int> number(std::string_view text, std::size_t most_digits) {
        if (text.empty() || text.size() > most_digits ||
            !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }))
            return std::nullopt;
        return std::stoi(std::string(text));
    }

    void add_range(const std::vector<int>& days) {
        const std::string first(peek().text);
        const int begin = time();
        if (begin == day_minutes) throw Wrong{"nothing begins at 24:00; write 00:00 of the next day"};
        if (!take("-")) throw Wrong{"'" + first + "' is no range of hours; write one as in 09:00-17:30"};
        int end = time();
        if (begin == end)
            throw Wrong{"'" + first + "-" + std::string(tokens_[at_ - 1].text) +
                        "' is empty; the whole day is 00:00-24:00"};
        if (end < begin) end += day_minutes;
        for (int day = 0; day < 7; ++day)
            if (days.empty() || std::find(days.begin(), days.end(), day) != days.end())
                ranges_.push_back({day * day_minutes + begin, day * day_minutes + end});
    }

    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    std::vector<WeeklyHours::Range> ranges_;
};

}  // namespace

Result<WeeklyHours> WeeklyHours::parse(std::string_view text) {
    WeeklyHours hours;
    try {
        hours.ranges_ = Parser(text).run();
    } catch (const Wrong& wrong) {
        return Error{ErrorCode::bad_attribute, wrong.message};
    }
    return hours;
}

bool WeeklyHours::contains(LocalSeconds when) const {
    const auto day = std::chrono::floor<std::chrono::days>(when);
    const auto weekday = std::chrono::weekday(std::chrono::local_days(day)).iso_encoding() - 1;
    const int minute = static_cast<int>(weekday) * day_minutes +
                       static_cast<int>(std::chrono::floor<std::chrono::minutes>(when - day).count());
    return std::any_of(ranges_.begin(), ranges_.end(), [minute](const Range& range) {
        return (range.begin <= minute && minute < range.end) ||
               (range.begin <= minute + week_minutes && minute + week_minutes < range.end);
    });
}

}  // namespace trunkline::model
