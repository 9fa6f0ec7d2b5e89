#include "tests/bench/load/sip_lines.hpp"

namespace trunkline::bench {

std::string_view header(std::string_view message, std::string_view name) {
    const auto at = message.find(name);
    if (at == std::string_view::npos) return {};
    return message.substr(at + 2, message.find("\r\n", at + 2) - at);
}

std::string_view value(std::string_view line) {
    const auto colon = line.find(": ");
    return colon == std::string_view::npos ? std::string_view{}
                                           : line.substr(colon + 2, line.size() - colon - 4);
}

void write_answer(std::string& answer, std::string_view request, std::string_view status_line,
                  std::string_view more) {
    constexpr std::string_view via = "\r\nVia: ";
    answer.assign("SIP/2.0 ").append(status_line).append("\r\n");
    for (auto at = request.find(via); at != std::string_view::npos; at = request.find(via, at + 2))
        answer += header(request.substr(at), via);
    answer += header(request, "\r\nFrom: ");
    const std::string_view to = header(request, "\r\nTo: ");
    answer.append(to.substr(0, to.size() - 2)).append(to.find(";tag=") == to.npos ? ";tag=b\r\n" : "\r\n");
    for (std::string_view name : {"\r\nCall-ID: ", "\r\nCSeq: "}) answer += header(request, name);
    answer.append(more).append("Content-Length: 0\r\n\r\n");
}

}  // namespace trunkline::bench
