#include "db/report/copy_text.hpp"

#include "engine/base/utf8.hpp"

namespace trunkline::db {

namespace {

bool is_plain(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '\\'; }

void append_escaped(std::string& out, std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        std::size_t end = at;
        while (end < text.size() && is_plain(text[end])) ++end;
        out.append(text, at, end - at);
        at = end;
        if (at == text.size()) return;
        switch (const char c = text[at]) {
            case '\0':
                ++at;
                break;
            case '\\':
                out += "\\\\", ++at;
                break;
            case '\n':
                out += "\\n", ++at;
                break;
            case '\r':
                out += "\\r", ++at;
                break;
            case '\t':
                out += "\\t", ++at;
                break;
            default:
                out += c, ++at;
        }
    }
}

}  // namespace

void append_copy_text(std::string& out, std::string_view text) {
    if (is_utf8(text))
        append_escaped(out, text);
    else
        append_escaped(out, to_valid_utf8(text));
}

std::string without_null_escapes(const std::string& json) {
    if (json.find("\\u0000") == std::string::npos) return json;
    std::string out;
    out.reserve(json.size());
    for (std::size_t at = 0; at < json.size();) {
        if (json[at] != '\\') {
            out += json[at++];
        } else if (json.compare(at, 6, "\\u0000") == 0) {
            out += "\\ufffd";
            at += 6;
        } else {  // any other escape, `\\` among them, keeps its second character from being read as a start
            out.append(json, at, 2);
            at += 2;
        }
    }
    return out;
}

void append_array_element(std::string& out, std::string_view copy_text) {
    if (copy_text == "\\N") {
        out += "NULL";
        return;
    }
    out += '"';
    for (std::size_t at = 0; at < copy_text.size(); ++at) {
        char c = copy_text[at];
        if (c == '\\' && at + 1 < copy_text.size()) {
            c = copy_text[++at];
            c = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
        }
        if (c == '\\' || c == '"') out += '\\';
        out += c;
    }
    out += '"';
}

std::string_view column_of(std::string_view line, std::size_t index) {
    for (; index > 0; --index) {
        const auto tab = line.find('\t');
        if (tab == std::string_view::npos) return {};
        line.remove_prefix(tab + 1);
    }
    return line.substr(0, line.find('\t'));
}

}  // namespace trunkline::db
