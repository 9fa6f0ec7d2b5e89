#include "db/config/yaml_fields.hpp"

#include <algorithm>
#include <set>

#include "engine/base/near_names.hpp"
#include "engine/base/words.hpp"

namespace trunkline::config {
namespace {

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

// A map's pairs: yaml-cpp's own iterator cannot be taken apart.
std::vector<std::pair<YAML::Node, YAML::Node>> entries(const YAML::Node& map) {
    std::vector<std::pair<YAML::Node, YAML::Node>> out;
    out.reserve(map.size());
    for (const auto& entry : map) out.emplace_back(entry.first, entry.second);
    return out;
}

}  // namespace

Fields::Fields(SiteFile& file, const YAML::Node& node, std::string path)
    : file_(file), path_(std::move(path)) {
    for (std::string around = file.again.empty() ? "" : path_; !around.empty() && !in_a_repetition_;) {
        in_a_repetition_ = file.again.contains(around);
        const std::size_t end = around.find_last_of(".[");
        around.resize(end == std::string::npos ? 0 : end);
    }
    if (!path_.empty()) remember(node, path_);
    if (node.IsNull()) return;
    if (!node.IsMap()) {
        problem(path_, "must be a map (`key: value` lines)");
        return;
    }
    for (const auto& [key, value] : entries(node)) {
        if (!key.IsScalar()) {
            problem(path_, "has a key that is not a plain word");
            continue;
        }
        once(key, path_of(key.Scalar()));
        if (!entries_.emplace(key.Scalar(), Entry{value}).second)
            problem(path_of(key.Scalar()), "is there twice in the same map");
    }
}

Fields::~Fields() {
    for (const auto& [key, entry] : entries_)
        if (!entry.used)
            problem(path_of(key), "is an unknown key; known here: " + joined(known_) +
                                      did_you_mean(key, {known_.begin(), known_.end()}, 2));
}

void Fields::problem(const std::string& path, std::string message) {
    file_.problems.push_back({model::Finding::Severity::error, path, std::move(message)});
}

void Fields::remember(const YAML::Node& node, const std::string& path) {
    const int line = node.Mark().line;
    file_.lines.emplace(path, line < 0 ? 0 : line + 1);
}

void Fields::once(const YAML::Node& node, const std::string& path) {
    // Inside of an object that is there twice everything is: the object says so for all of it.
    if (!in_a_repetition_ && file_.lines.contains(path))
        file_.again.emplace(path, std::max(0, node.Mark().line) + 1);
    remember(node, path);
}

const YAML::Node* Fields::take(const std::string& key) {
    known_.push_back(key);
    const auto entry = entries_.find(key);
    if (entry == entries_.end()) return nullptr;
    entry->second.used = true;
    return &entry->second.value;
}

std::optional<std::string> Fields::scalar(const YAML::Node& node, const std::string& path) {
    if (node.IsNull()) return std::string();
    if (!node.IsScalar()) {
        problem(path, "must be a single value");
        return std::nullopt;
    }
    const std::string& value = node.Scalar();
    const auto forbidden = [](unsigned char c) { return c < 0x20 && c != '\n' && c != '\t'; };
    if (value.size() <= 65536 && std::none_of(value.begin(), value.end(), forbidden)) return value;
    problem(path, "must be a text of at most 65536 bytes without control characters");
    return std::nullopt;
}

void Fields::text(const std::string& key, std::string& out) {
    if (const YAML::Node* node = take(key))
        if (auto value = scalar(*node, path_of(key))) out = std::move(*value);
}

void Fields::flag(const std::string& key, bool& out) {
    const YAML::Node* node = take(key);
    if (node == nullptr) return;
    const auto value = scalar(*node, path_of(key));
    if (!value) return;
    if (*value == "true" || *value == "yes" || *value == "on")
        out = true;
    else if (*value == "false" || *value == "no" || *value == "off" || value->empty())
        out = false;
    else
        problem(path_of(key), "must be true or false");
}

void Fields::texts(const std::string& key, std::vector<std::string>& out) {
    const YAML::Node* node = take(key);
    if (node == nullptr) return;
    out.clear();
    if (node->IsNull()) return;
    if (!node->IsSequence()) {
        problem(path_of(key), "must be a list: [one, two]");
        return;
    }
    std::set<std::string> seen;
    for (const YAML::Node& item : *node) {
        auto value = scalar(item, path_of(key));
        if (!value) continue;
        const std::string here = path_of(key) + "[" + *value + "]";
        once(item, here);
        if (!seen.insert(*value).second) {
            problem(here, "is there twice in the same list");
            continue;
        }
        out.push_back(std::move(*value));
    }
}

std::map<std::string, std::string> Fields::scalars_of_map(const YAML::Node& node, const std::string& path) {
    std::map<std::string, std::string> out;
    if (node.IsNull()) return out;
    if (!node.IsMap()) {
        problem(path, "must be a map: {key: value}");
        return out;
    }
    for (const auto& [key, value] : entries(node)) {
        auto name = scalar(key, path);
        if (!name) continue;
        if (name->empty()) problem(path, "has an empty key");
        const std::string below = path + "." + *name;
        once(key, below);
        auto text = scalar(value, below);
        if (text && !out.emplace(*name, std::move(*text)).second)
            problem(below, "is there twice in the same map");
    }
    return out;
}

void Fields::text_map(const std::string& key, std::map<std::string, std::string>& out) {
    if (const YAML::Node* node = take(key)) out = scalars_of_map(*node, path_of(key));
}

void Fields::whole_numbers(const std::string& key, std::map<std::string, int>& out) {
    const YAML::Node* node = take(key);
    if (node == nullptr) return;
    out.clear();
    for (const auto& [name, text] : scalars_of_map(*node, path_of(key))) {
        if (const auto value = number_in<int>(text))
            out.emplace(name, *value);
        else
            problem(path_of(key) + "." + name, "must be a whole number");
    }
}

void Fields::options(const std::string& key, model::Options& out) {
    const YAML::Node* node = take(key);
    if (node == nullptr) return;
    out.clear();
    if (node->IsNull()) return;
    if (!node->IsMap()) {
        problem(path_of(key), "must be a map of sections: {TServer: {key: value}}");
        return;
    }
    for (const auto& [section, values] : entries(*node)) {
        const auto name = scalar(section, path_of(key));
        if (!name) continue;
        once(section, path_of(key) + "." + *name);
        if (!out.emplace(*name, scalars_of_map(values, path_of(key) + "." + *name)).second)
            problem(path_of(key) + "." + *name, "is there twice in the same map");
    }
}

void Fields::objects(const std::string& key, const std::string& name_key,
                     const std::function<void(Fields&)>& read) {
    const YAML::Node* node = take(key);
    if (node == nullptr || node->IsNull()) return;
    if (!node->IsSequence()) {
        problem(path_of(key), "must be a list of objects, each beginning with `- " + name_key + ":`");
        return;
    }
    std::size_t index = 0;
    for (const YAML::Node& item : *node) {
        std::string name = std::to_string(index++);
        if (item.IsMap())
            for (const auto& [field, value] : entries(item))
                if (field.IsScalar() && field.Scalar() == name_key && (value.IsScalar() || value.IsNull()))
                    name = value.IsNull() ? "" : value.Scalar();
        const std::string here = path_of(key) + "[" + name + "]";
        once(item, here);
        Fields fields(file_, item, here);
        if (!item.IsMap()) continue;
        if (fields.has(name_key) && !name.empty()) {
            read(fields);
            continue;
        }
        problem(fields.path() + "." + name_key, fields.has(name_key) ? "is empty: every object needs one"
                                                                     : "is missing: every object needs one");
        fields.entries_.clear();  // nobody asked for the rest, but it is not unknown
    }
}

void Fields::named_maps(
    const std::string& key,
    const std::function<void(const std::string&, std::map<std::string, std::string>)>& read) {
    const YAML::Node* node = take(key);
    if (node == nullptr || node->IsNull()) return;
    if (!node->IsMap()) {
        problem(path_of(key), "must be a map from names to maps");
        return;
    }
    for (const auto& [name, values] : entries(*node)) {
        const auto text = scalar(name, path_of(key));
        if (!text) continue;
        const std::string path = path_of(key) + "[" + *text + "]";
        once(name, path);
        read(*text, scalars_of_map(values, path));
    }
}

}  // namespace trunkline::config
