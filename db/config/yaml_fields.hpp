// Reads one map of a YAML file key by key and keeps count: what nobody asked for is an unknown key, what is
// of the wrong kind is a problem with its path, and every path's line is remembered. Private to this room;
// one thread.
#pragma once

#include <yaml-cpp/yaml.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/config/site_file.hpp"

namespace trunkline::config {

class Fields {
  public:
    /// `node` is a map, or is reported as not being one.
    Fields(SiteFile& file, const YAML::Node& node, std::string path);
    /// Reports the keys that nobody asked for.
    ~Fields();
    Fields(const Fields&) = delete;
    Fields& operator=(const Fields&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] bool has(const std::string& key) const { return entries_.contains(key); }

    // Each leaves `out` as it is where the key is absent.
    void text(const std::string& key, std::string& out);
    void flag(const std::string& key, bool& out);
    void texts(const std::string& key, std::vector<std::string>& out);
    void text_map(const std::string& key, std::map<std::string, std::string>& out);
    void whole_numbers(const std::string& key, std::map<std::string, int>& out);
    void options(const std::string& key, model::Options& out);

    /// A list of maps. Their paths go by the text of `name_key` where they have it, else by their place in
    /// the list.
    void objects(const std::string& key, const std::string& name_key,
                 const std::function<void(Fields&)>& read);
    /// A map from names to maps of texts.
    void named_maps(
        const std::string& key,
        const std::function<void(const std::string& name, std::map<std::string, std::string>)>& read);

    void problem(const std::string& path, std::string message);

  private:
    struct Entry {
        YAML::Node value;
        bool used = false;
    };
    SiteFile& file_;
    std::string path_;
    std::map<std::string, Entry> entries_;
    std::vector<std::string> known_;
    bool in_a_repetition_ = false;

    const YAML::Node* take(const std::string& key);
    [[nodiscard]] std::string path_of(const std::string& key) const {
        return path_.empty() ? key : path_ + "." + key;
    }
    std::optional<std::string> scalar(const YAML::Node& node, const std::string& path);
    std::map<std::string, std::string> scalars_of_map(const YAML::Node& node, const std::string& path);
    void remember(const YAML::Node& node, const std::string& path);
    /// remember(), for what a file may say once only.
    void once(const YAML::Node& node, const std::string& path);
};

}  // namespace trunkline::config
