#include "apps/settings/reader.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "engine/base/host_port.hpp"
#include "engine/base/near_names.hpp"
#include "engine/base/words.hpp"

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

constexpr auto no_dsn =
    "is no connection string; write keywords as in \"host=db1 dbname=crm user=reader\", or a postgresql:// "
    "address";

}  // namespace

Reader::Reader(YAML::Node root, std::string file, const Environment& environment)
    : root_(std::move(root)), file_(std::move(file)), environment_(environment) {
    if (root_.IsDefined() && !root_.IsNull() && !root_.IsMap())
        throw SettingsError(file_ + ":1: the file must hold sections such as 'sip: {listen: [...]}'");
    refuse_doubles(root_, "");
}

std::string Reader::line_of(const YAML::Node& node) const {
    return file_ + ":" + std::to_string(node.Mark().line + 1) + ": ";
}

std::string Reader::at(const YAML::Node& node, const std::string& key) const { return line_of(node) + key; }

/// YAML forbids a second one, the parser takes it, and which of the two counts nobody should have to know.
void Reader::refuse_doubles(const YAML::Node& map, const std::string& section) const {
    if (!map.IsDefined() || !map.IsMap()) return;
    std::map<std::string, int> lines;
    for (const auto& item : map) {
        if (!item.first.IsScalar()) continue;
        const auto name = joined(section, item.first.Scalar());
        const auto [first, is_new] = lines.emplace(name, item.first.Mark().line + 1);
        if (!is_new)
            throw SettingsError(at(item.first, name) + ": is there twice; it is in line " +
                                std::to_string(first->second) + " already");
        refuse_doubles(item.second, name);
    }
}

std::optional<std::string> Reader::variable(const std::string& name) {
    variables_.insert(name);
    const auto found = environment_.find(name);
    return found == environment_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Reader::Found> Reader::find(std::string_view section, std::string_view key) {
    const auto name = joined(section, key);
    known_.insert(name);
    if (!section.empty()) sections_.insert(std::string(section));
    const auto named = variable_name(section, key);
    if (auto value = variable(named)) {
        const bool null = *value == "null";
        const auto where = "environment variable " + named;
        places_[name] = where + ": ";
        return Found{std::move(*value), where + ": ", where, YAML::Node(YAML::NodeType::Undefined), null};
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
    places_[name] = line_of(node);
    return Found{node.IsScalar() ? node.Scalar() : std::string(), line_of(node), at(node, name), node,
                 node.IsNull()};
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
    const auto value = number_in<std::int64_t>(found->text);
    if (!value || *value < least || *value > most)
        throw SettingsError(found->where + ": must be a whole number from " + std::to_string(least) + " to " +
                            std::to_string(most) + ", not '" + found->text + "'");
    return value;
}

void Reader::address(std::string_view section, std::string_view key, std::string& out) {
    const auto found = scalar(section, key);
    if (!found) return;
    if (const auto at = parse_host_port(found->text); !at)
        throw SettingsError(found->where + ": " + at.error().message);
    out = found->text;
}

void Reader::dsn(std::string_view section, std::string_view key, std::string& out) {
    const auto found = scalar(section, key);
    if (!found) return;
    if (!is_dsn(found->text)) throw SettingsError(found->where + ": " + no_dsn);
    out = found->text;
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
        places_[joined(section, key) + "[" + std::to_string(out.size()) + "]"] = line_of(item);
        out.push_back(item.Scalar());
    }
}

void Reader::dsns(std::string_view section, std::string_view key, std::map<std::string, std::string>& out) {
    const auto found = find(section, key);
    if (!found || found->null) return;
    out.clear();
    const auto take = [&](const std::string& name, const std::string& text, const std::string& place) {
        const auto full = joined(section, key) + "." + name;
        if (text.empty() || !is_dsn(text)) throw SettingsError(place + full + ": " + no_dsn);
        places_[full] = place;
        out[name] = text;
    };
    if (found->node.IsDefined()) {
        if (!found->node.IsMap()) throw SettingsError(found->where + ": must be a section of name: dsn");
        for (const auto& item : found->node) {
            const auto name = item.first.IsScalar() ? item.first.Scalar() : std::string("?");
            take(name, item.second.IsScalar() ? item.second.Scalar() : std::string(), line_of(item.first));
        }
        return;
    }
    for (const auto& part : split_at_commas(found->text)) {
        const auto equals = part.find('=');
        if (equals == std::string::npos) throw SettingsError(found->where + ": must be name=dsn, name=dsn");
        take(part.substr(0, equals), part.substr(equals + 1), found->place);
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
        auto value = variable(variable_name(name, key));
        std::string where = "environment variable " + variable_name(name, key);
        if (value) places_[name] = where + ": ";
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

std::string Reader::unknown(const std::string& name, std::string_view section) const {
    std::vector<std::string_view> near(section.empty() ? sections_.begin() : sections_.end(),
                                       sections_.end());
    for (const auto& known : known_)
        if (section.empty() ? known.find('.') == std::string::npos
                            : known.starts_with(std::string(section) + "."))
            near.push_back(known);
    return name + ": unknown setting" + did_you_mean(name, near);
}

void Reader::refuse_unknown_keys() const {
    if (!root_.IsMap()) return;
    for (const auto& top : root_) {
        const auto name = top.first.IsScalar() ? top.first.Scalar() : std::string("?");
        if (known_.contains(name)) continue;
        if (!sections_.contains(name)) throw SettingsError(line_of(top.first) + unknown(name, ""));
        if (!top.second.IsMap()) continue;  // null: the section's defaults
        for (const auto& item : top.second) {
            const auto full = name + "." + (item.first.IsScalar() ? item.first.Scalar() : std::string("?"));
            if (!known_.contains(full)) throw SettingsError(line_of(item.first) + unknown(full, name));
        }
    }
}

void Reader::refuse_unknown_variables() const {
    for (const auto& [name, value] : environment_) {
        if (variables_.contains(name)) continue;
        const auto section = std::find_if(sections_.begin(), sections_.end(), [&](const std::string& one) {
            return name.starts_with(variable_name(one, ""));
        });
        if (section == sections_.end()) continue;
        std::vector<std::string_view> near;
        for (const auto& known : variables_)
            if (known.starts_with(variable_name(*section, ""))) near.push_back(known);
        throw SettingsError("environment variable " + name + ": unknown setting" +
                            did_you_mean(name, near, 3) + "; unset it, or set the right one");
    }
}

}  // namespace trunkline::apps
