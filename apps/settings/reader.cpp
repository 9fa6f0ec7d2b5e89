#include "apps/settings/reader.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace trunkline::apps {

namespace {

std::string joined(std::string_view section, std::string_view key) {
    return section.empty() ? std::string(key) : std::string(section) + "." + std::string(key);
}

std::string variable_name(std::string_view section, std::string_view key) {
    auto name =
        "TRUNKLINE_" + (section.empty() ? std::string() : std::string(section) + "_") + std::string(key);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return c == '.' ? '_' : std::toupper(c); });
    return name;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string> split_at_commas(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        if (const auto part = trimmed(text.substr(0, comma)); !part.empty()) parts.emplace_back(part);
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return parts;
}

}  // namespace

Reader::Reader(YAML::Node root, std::string file, const Environment& environment)
    : root_(std::move(root)), file_(std::move(file)), environment_(environment) {
    if (root_.IsDefined() && !root_.IsNull() && !root_.IsMap())
        throw SettingsError(file_ + ":1: the file must hold sections such as 'sip: {listen: [...]}'");
}

std::string Reader::at(const YAML::Node& node, const std::string& key) const {
    return file_ + ":" + std::to_string(node.Mark().line + 1) + ": " + key;
}

std::optional<Reader::Found> Reader::find(std::string_view section, std::string_view key) {
    const auto name = joined(section, key);
    known_.insert(name);
    if (!section.empty()) sections_.insert(std::string(section));
    const auto variable = variable_name(section, key);
    if (auto value = environment_(variable)) {
        const bool null = *value == "null";
        return Found{std::move(*value), "environment variable " + variable,
                     YAML::Node(YAML::NodeType::Undefined), null};
    }
    if (!root_.IsMap()) return std::nullopt;
    const YAML::Node& root = root_;  // operator[] of a const node adds nothing
    YAML::Node parent = root_;
    if (!section.empty()) {
        const auto node = root[std::string(section)];
        if (!node.IsDefined() || node.IsNull()) return std::nullopt;
        if (!node.IsMap())
            throw SettingsError(at(node, std::string(section)) + ": must be a section with keys in it");
        parent.reset(node);
    }
    const YAML::Node& within = parent;
    const auto node = within[std::string(key)];
    if (!node.IsDefined()) return std::nullopt;
    return Found{node.IsScalar() ? node.Scalar() : std::string(), at(node, name), node, node.IsNull()};
}

std::optional<Reader::Found> Reader::scalar(std::string_view section, std::string_view key) {
    auto found = find(section, key);
    if (!found || found->null) return std::nullopt;
    if (found->node.IsDefined() && !found->node.IsScalar())
        throw SettingsError(found->where + ": one value is expected here, not a list or a section");
    return found;
}

void Reader::text(std::string_view section, std::string_view key, std::string& out) {
    if (auto found = scalar(section, key)) out = std::move(found->text);
}

void Reader::choice(std::string_view section, std::string_view key, std::string& out,
                    const std::vector<std::string>& allowed) {
    const auto found = scalar(section, key);
    if (!found) return;
    if (std::find(allowed.begin(), allowed.end(), found->text) == allowed.end()) {
        std::string words;
        for (const auto& word : allowed) words += (words.empty() ? "" : ", ") + word;
        throw SettingsError(found->where + ": must be one of " + words + ", not '" + found->text + "'");
    }
    out = found->text;
}

void Reader::flag(std::string_view section, std::string_view key, bool& out) {
    const auto found = scalar(section, key);
    if (!found) return;
    if (found->text != "true" && found->text != "false")
        throw SettingsError(found->where + ": must be true or false, not '" + found->text + "'");
    out = found->text == "true";
}

std::optional<std::int64_t> Reader::integer(std::string_view section, std::string_view key,
                                            std::int64_t least, std::int64_t most) {
    const auto found = scalar(section, key);
    if (!found) return std::nullopt;
    std::int64_t value = 0;
    const auto* end = found->text.data() + found->text.size();
    const auto [stopped, error] = std::from_chars(found->text.data(), end, value);
    if (error != std::errc{} || stopped != end || value < least || value > most)
        throw SettingsError(found->where + ": must be a whole number from " + std::to_string(least) + " to " +
                            std::to_string(most) + ", not '" + found->text + "'");
    return value;
}

void Reader::list(std::string_view section, std::string_view key, std::vector<std::string>& out) {
    const auto found = find(section, key);
    if (!found || found->null) return;
    if (!found->node.IsDefined() || found->node.IsScalar()) {
        out = split_at_commas(found->text);
        return;
    }
    if (!found->node.IsSequence()) throw SettingsError(found->where + ": must be a list");
    out.clear();
    for (const auto& item : found->node) {
        if (!item.IsScalar())
            throw SettingsError(at(item, joined(section, key)) + ": each item must be one value");
        out.push_back(item.Scalar());
    }
}

void Reader::pairs(std::string_view section, std::string_view key, std::map<std::string, std::string>& out) {
    const auto found = find(section, key);
    if (!found || found->null) return;
    if (found->node.IsDefined()) {
        if (!found->node.IsMap()) throw SettingsError(found->where + ": must be a section of name: value");
        out.clear();
        for (const auto& item : found->node) {
            if (!item.second.IsScalar())
                throw SettingsError(at(item.second, joined(section, key)) + ": must be name: value");
            out[item.first.Scalar()] = item.second.Scalar();
        }
        return;
    }
    out.clear();
    for (const auto& part : split_at_commas(found->text)) {
        const auto equals = part.find('=');
        if (equals == std::string::npos)
            throw SettingsError(found->where + ": must be name=value, name=value");
        out[part.substr(0, equals)] = part.substr(equals + 1);
    }
}

void Reader::path(std::string_view section, std::string_view key, const fs::path& folder, fs::path& out) {
    std::optional<fs::path> value = out;
    path(section, key, folder, value);
    out = value.value_or(out);
}

void Reader::path(std::string_view section, std::string_view key, const fs::path& folder,
                  std::optional<fs::path>& out) {
    if (const auto found = scalar(section, key)) {
        if (found->text.empty()) throw SettingsError(found->where + ": a path is expected");
        out = found->text;
    }
    if (out) out = (folder / *out).lexically_normal();
}

void Reader::paths(std::string_view section, std::string_view key, const fs::path& folder,
                   std::vector<fs::path>& out) {
    std::vector<std::string> words;
    for (const auto& item : out) words.push_back(item.string());
    list(section, key, words);
    out.clear();
    for (const auto& word : words) out.push_back((folder / word).lexically_normal());
}

void Reader::tls(std::string_view section, const fs::path& folder, std::optional<TlsFiles>& out) {
    const auto group = find(section, "tls");
    const auto name = joined(section, "tls");
    const bool written = group && !group->null;
    if (written && !(group->node.IsDefined() && group->node.IsMap()))
        throw SettingsError(group->where + ": must be {cert: FILE, key: FILE} or null" +
                            (group->node.IsDefined() ? "" : "; or set " + variable_name(name, "cert")));
    TlsFiles files;
    bool any = false;
    const std::array<std::pair<const char*, fs::path*>, 3> keys{
        {{"cert", &files.cert}, {"key", &files.key}, {"ca", &files.ca}}};
    for (const auto& [key, path] : keys) {
        auto value = environment_(variable_name(name, key));
        std::string where = "environment variable " + variable_name(name, key);
        if (!value && written) {
            const YAML::Node& within = group->node;
            const auto node = within[key];
            if (!node.IsDefined() || node.IsNull()) continue;
            if (!node.IsScalar()) throw SettingsError(at(node, joined(name, key)) + ": a path is expected");
            value = node.Scalar();
            where = at(node, joined(name, key));
        }
        if (!value || *value == "null") continue;
        if (value->empty()) throw SettingsError(where + ": a path is expected");
        *path = (folder / *value).lexically_normal();
        any = true;
    }
    if (written)
        for (const auto& item : group->node) {
            const auto key = item.first.IsScalar() ? item.first.Scalar() : std::string("?");
            if (key != "cert" && key != "key" && key != "ca")
                throw SettingsError(at(item.first, joined(name, key)) + ": unknown setting");
        }
    if (any)
        out = files;
    else if (written)
        throw SettingsError(group->where + ": names no file; write {cert: FILE, key: FILE} or null");
}

void Reader::refuse_unknown_keys() const {
    if (!root_.IsMap()) return;
    for (const auto& top : root_) {
        const auto name = top.first.IsScalar() ? top.first.Scalar() : std::string("?");
        if (known_.contains(name)) continue;
        if (!sections_.contains(name)) throw SettingsError(at(top.first, name) + ": unknown setting");
        if (!top.second.IsMap()) continue;  // null: the section's defaults
        for (const auto& item : top.second) {
            const auto full = name + "." + (item.first.IsScalar() ? item.first.Scalar() : std::string("?"));
            if (!known_.contains(full)) throw SettingsError(at(item.first, full) + ": unknown setting");
        }
    }
}

}  // namespace trunkline::apps
