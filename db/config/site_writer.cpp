// to_yaml: the writing half of the site file. What an object does not have is left out.
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cctype>

#include "db/config/site_file.hpp"
#include "engine/base/words.hpp"

namespace trunkline::config {
namespace {

// Options are written as the guides write them: true, 20. Whatever YAML could take for something else is
// quoted.
bool is_plain_option(const std::string& text) {
    if (text == "true" || text == "false") return true;
    if (text.empty() || text.size() > 9 || (text.size() > 1 && text[0] == '0')) return false;
    return std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

bool is_plain_word(const std::string& text) {
    static constexpr std::string_view reserved[] = {"true", "false", "yes", "no", "on",
                                                    "off",  "null",  "y",   "n"};
    const std::string lower = lower_case(text);
    if (std::find(std::begin(reserved), std::end(reserved), lower) != std::end(reserved)) return false;
    if (text.empty() || std::isalpha(static_cast<unsigned char>(text[0])) == 0) return false;
    return std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '/';
    });
}

class Writer {
  public:
    std::string site(const model::Site& site) {
        out_ << YAML::BeginMap;
        objects("tenants", site.tenants, [this](const model::Tenant& t) { tenant(t); });
        objects("switches", site.switches, [this](const model::Switch& s) { sw(s); });
        objects("applications", site.applications, [this](const model::Application& a) {
            text("name", a.name);
            text("type", a.type);
            text("tenant", a.tenant);
            options(a.options);
        });
        out_ << YAML::EndMap;
        return std::string(out_.c_str()) + "\n";
    }

  private:
    YAML::Emitter out_;

    void word(const std::string& value) {
        if (is_plain_word(value))
            out_ << value;
        else
            out_ << YAML::DoubleQuoted << value;
    }
    void text(const char* key, const std::string& value) {
        if (value.empty()) return;
        out_ << YAML::Key << key << YAML::Value;
        word(value);
    }
    void texts(const char* key, const std::vector<std::string>& values) {
        if (values.empty()) return;
        out_ << YAML::Key << key << YAML::Value << YAML::Flow << YAML::BeginSeq;
        for (const std::string& value : values) word(value);
        out_ << YAML::EndSeq;
    }
    void flow_map(const std::map<std::string, std::string>& values) {
        out_ << YAML::Flow << YAML::BeginMap;
        for (const auto& [key, value] : values) {
            out_ << YAML::Key;
            word(key);
            out_ << YAML::Value;
            if (is_plain_option(value))
                out_ << value;
            else
                word(value);
        }
        out_ << YAML::EndMap;
    }
    void options(const model::Options& options) {
        if (options.empty()) return;
        out_ << YAML::Key << "options" << YAML::Value << YAML::BeginMap;
        for (const auto& [section, values] : options) {
            out_ << YAML::Key;
            word(section);
            out_ << YAML::Value;
            flow_map(values);
        }
        out_ << YAML::EndMap;
    }
    template <class List, class Write>
    void objects(const char* key, const List& list, Write write) {
        if (list.empty()) return;
        out_ << YAML::Key << key << YAML::Value << YAML::BeginSeq;
        for (const auto& object : list) {
            out_ << YAML::BeginMap;
            write(object);
            out_ << YAML::EndMap;
        }
        out_ << YAML::EndSeq;
    }

    void tenant(const model::Tenant& tenant) {
        text("name", tenant.name);
        text("timezone", tenant.timezone);
        text("capacity_rule", tenant.capacity_rule);
        options(tenant.options);
        std::vector<std::string> skills;
        for (const model::Skill& skill : tenant.skills) skills.push_back(skill.name);
        texts("skills", skills);
        if (!tenant.lists.empty()) {
            out_ << YAML::Key << "lists" << YAML::Value << YAML::BeginMap;
            for (const model::List& list : tenant.lists) {
                out_ << YAML::Key;
                word(list.name);
                out_ << YAML::Value;
                flow_map(list.entries);
            }
            out_ << YAML::EndMap;
        }
        objects("capacity_rules", tenant.capacity_rules, [this](const model::CapacityRule& rule) {
            text("name", rule.name);
            text("script", rule.script);
        });
        objects("persons", tenant.persons, [this](const model::Person& p) { person(p); });
        objects("agent_groups", tenant.agent_groups, [this](const model::AgentGroup& group) {
            text("name", group.name);
            texts("agents", group.agents);
            text("script", group.script);
            options(group.options);
        });
        objects("places", tenant.places, [this](const model::Place& place) {
            text("name", place.name);
            texts("dns", place.dns);
            text("capacity_rule", place.capacity_rule);
            options(place.options);
        });
        objects("place_groups", tenant.place_groups, [this](const model::PlaceGroup& group) {
            text("name", group.name);
            texts("places", group.places);
        });
    }

    void person(const model::Person& person) {
        text("user_name", person.user_name);
        if (person.employee_id != person.user_name) text("employee_id", person.employee_id);
        text("first_name", person.first_name);
        text("last_name", person.last_name);
        if (person.is_agent) out_ << YAML::Key << "is_agent" << YAML::Value << true;
        if (!person.skills.empty()) {
            out_ << YAML::Key << "skills" << YAML::Value << YAML::Flow << YAML::BeginMap;
            for (const auto& [skill, level] : person.skills) {
                out_ << YAML::Key;
                word(skill);
                out_ << YAML::Value << level;
            }
            out_ << YAML::EndMap;
        }
        texts("agent_logins", person.agent_logins);
        text("default_place", person.default_place);
        text("capacity_rule", person.capacity_rule);
        options(person.options);
    }

    void sw(const model::Switch& sw) {
        text("name", sw.name);
        text("tenant", sw.tenant);
        options(sw.options);
        objects("agent_logins", sw.agent_logins, [this](const model::AgentLogin& login) {
            text("code", login.code);
            options(login.options);
        });
        objects("dns", sw.dns, [this](const model::Dn& dn) {
            text("number", dn.number);
            text("type", dn.type);
            text("strategy", dn.strategy);
            options(dn.options);
        });
    }
};

}  // namespace

std::string to_yaml(const model::Site& site) { return Writer().site(site); }

}  // namespace trunkline::config
