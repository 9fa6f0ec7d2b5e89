#include "adapters/sip/binding_file.hpp"

#include <spdlog/spdlog.h>

#include <boost/url/encode.hpp>
#include <boost/url/grammar/lut_chars.hpp>
#include <charconv>
#include <fstream>
#include <sstream>
#include <system_error>

#include "engine/base/words.hpp"

namespace trunkline::sip {
namespace {

/// A value as a word: what would end a word or a line is escaped, and so is the escape itself.
std::string word(const std::string& value) {
    static constexpr auto stands_plain = [](char c) { return c > ' ' && c < 0x7F && c != '%'; };
    static constexpr boost::urls::grammar::lut_chars plain(stands_plain);
    return "." + boost::urls::encode(value, plain);  // the point: so that an empty value is a word too
}

std::string value_of(const std::string& word) {
    std::string out;
    for (std::size_t at = 1; at < word.size(); ++at) {
        const auto escaped = word[at] == '%' && at + 2 < word.size()
                                 ? number_in<unsigned char>(std::string_view(word).substr(at + 1, 2), 16)
                                 : std::nullopt;
        out += escaped ? static_cast<char>(*escaped) : word[at];
        if (escaped) at += 2;
    }
    return out;
}

std::string line_of(const std::string& dn, const std::vector<Binding>& bindings) {
    std::ostringstream line;
    line << word(dn);
    for (const Binding& one : bindings) {
        line << ' ' << one.expires << ' ' << one.cseq << ' ' << word(one.call_id) << ' ' << word(one.contact)
             << ' ' << word(one.route);
    }
    line << " .\n";  // a line without its end was cut off by a kill
    return line.str();
}

/// The DN and its bindings; false for a line that makes no sense.
bool read_line(const std::string& text, std::string& dn, std::vector<Binding>& bindings) {
    std::istringstream line(text);
    std::string first;
    if (!(line >> dn) || text.size() < 2 || text.compare(text.size() - 2, 2, " .") != 0) return false;
    dn = value_of(dn);
    while (line >> first && first != ".") {
        Binding one;
        std::string call_id, contact, route;
        const auto end = first.data() + first.size();
        if (std::from_chars(first.data(), end, one.expires).ptr != end ||
            !(line >> one.cseq >> call_id >> contact >> route)) {
            return false;
        }
        one.call_id = value_of(call_id);
        one.contact = value_of(contact);
        one.route = value_of(route);
        bindings.push_back(std::move(one));
    }
    return true;
}

}  // namespace

BindingStore::All BindingFile::load() {
    live_.clear();
    std::ifstream file(path_);
    std::string text;
    while (std::getline(file, text)) {
        std::string dn;
        std::vector<Binding> bindings;
        if (!read_line(text, dn, bindings)) continue;
        if (bindings.empty()) {
            live_.erase(dn);
        } else {
            live_[dn] = std::move(bindings);
        }
    }
    rewrite();
    return live_;
}

void BindingFile::save(const std::string& dn, const std::vector<Binding>& bindings) {
    if (bindings.empty()) {
        live_.erase(dn);
    } else {
        live_[dn] = bindings;
    }
    if (lines_ > 1000 + 4 * live_.size()) return rewrite();
    std::ofstream file(path_, std::ios::app);
    file << line_of(dn, bindings) << std::flush;
    ++lines_;
    if (!file)
        spdlog::error(
            "sip: cannot write {}: endpoints will have to register again after a restart. "
            "See that there is room and that the program may write there.",
            path_.string());
}

void BindingFile::rewrite() {
    const std::filesystem::path fresh = path_.string() + ".new";
    std::error_code error;
    {
        std::ofstream file(fresh, std::ios::trunc);
        for (const auto& [dn, bindings] : live_) file << line_of(dn, bindings);
        file.flush();
        if (!file) error = std::make_error_code(std::errc::io_error);
    }
    if (!error) std::filesystem::rename(fresh, path_, error);
    lines_ = live_.size();
    if (error)
        spdlog::error("sip: cannot write {}: {}. Endpoints will have to register again after a restart.",
                      path_.string(), error.message());
}

}  // namespace trunkline::sip
