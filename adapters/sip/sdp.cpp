#include "adapters/sip/sdp.hpp"

#include <algorithm>
#include <vector>

namespace trunkline::sip {
namespace {

struct MediaLine {
    std::string_view media, port, protocol, formats;
};

bool same(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return (x | 32) == (y | 32); });
}

std::string_view next_word(std::string_view& rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(word.size());
    return word;
}

std::vector<MediaLine> media_lines(std::string_view sdp) {
    constexpr std::size_t most = 16;  // a stranger's offer; nobody needs more lines
    std::vector<MediaLine> lines;
    while (!sdp.empty() && lines.size() < most) {
        std::string_view line = sdp.substr(0, sdp.find('\n'));
        sdp.remove_prefix(std::min(line.size() + 1, sdp.size()));
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (line.substr(0, 2) != "m=") continue;
        line.remove_prefix(2);
        MediaLine media;
        media.media = next_word(line);
        media.port = next_word(line);
        media.protocol = next_word(line);
        line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
        media.formats = line;
        lines.push_back(media);
    }
    return lines;
}

bool is_message_line(const MediaLine& line) {
    return (same(line.media, "message") || same(line.media, "x-ms-message")) && same(line.protocol, "sip");
}

}  // namespace

bool offers_messages(std::string_view sdp) {
    const auto lines = media_lines(sdp);
    return std::any_of(lines.begin(), lines.end(), is_message_line);
}

bool takes_messages(std::string_view sdp) {
    const auto lines = media_lines(sdp);
    return std::any_of(lines.begin(), lines.end(),
                       [](const MediaLine& line) { return is_message_line(line) && line.port != "0"; });
}

std::string offer_messages(std::string_view host, int port, std::uint64_t session) {
    return answer_messages("m=message 0 sip null\r\n", host, port, session, 1);
}

std::string answer_messages(std::string_view offer, std::string_view host, int port, std::uint64_t session,
                            std::uint64_t version) {
    const bool six = host.find(':') != std::string_view::npos;
    const std::string address = std::string(six ? "IN IP6 " : "IN IP4 ") + std::string(host);
    std::string sdp = "v=0\r\no=- " + std::to_string(session) + " " + std::to_string(version) + " " +
                      address + "\r\ns=-\r\nc=" + address + "\r\nt=0 0\r\n";
    bool taken = false;
    for (const MediaLine& line : media_lines(offer)) {
        sdp += "m=" + std::string(line.media);
        if (!taken && is_message_line(line)) {
            taken = true;
            sdp += " " + std::to_string(port) + " sip null\r\na=accept-types:text/plain\r\n";
        } else {
            sdp += " 0 " + std::string(line.protocol) + " " + std::string(line.formats) + "\r\n";
        }
    }
    return sdp;
}

}  // namespace trunkline::sip
