#include "db/config/site_file.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "db/config/yaml_fields.hpp"
#include "engine/base/utf8.hpp"

namespace trunkline::config {
namespace {

using model::Finding;

constexpr std::size_t max_bytes = std::size_t{64} << 20U;
constexpr int max_depth = 16;
constexpr int max_nodes = 5'000'000;

bool is_control(char c) { return (c >= 0 && c < ' ' && c != '\n' && c != '\t' && c != '\r') || c == 0x7f; }

// Reads the events first: what is too deep, too big or unfolds itself by aliases never becomes a tree.
class Guard : public YAML::EventHandler {
  public:
    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { count(mark); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        throw YAML::ParserException(mark,
                                    "aliases (*name) are not taken in a site file; write the values out");
    }
    void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                  const std::string& value) override {
        count(mark);
        // An unfinished quotation too: the reader hands it over with the mark of the text's end in it.
        if (std::any_of(value.begin(), value.end(), is_control))
            throw YAML::ParserException(mark,
                                        "a control character in a value, or a quotation without its end");
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {
        enter(mark);
    }
    void OnSequenceEnd() override { --depth_; }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {
        enter(mark);
    }
    void OnMapEnd() override { --depth_; }

  private:
    int depth_ = 0, nodes_ = 0;
    void count(const YAML::Mark& mark) {
        if (++nodes_ > max_nodes) throw YAML::ParserException(mark, "more than 5,000,000 values in one file");
    }
    void enter(const YAML::Mark& mark) {
        count(mark);
        if (++depth_ > max_depth) throw YAML::ParserException(mark, "more than 16 levels deep");
    }
};

void take_password(SiteFile& file, GivenPassword::Owner owner, const std::string& scope,
                   const std::string& name, std::string plain, const std::string& path) {
    if (plain.empty() || plain.size() > 1024)
        file.problems.push_back(
            {Finding::Severity::error, path,
             "must be a password of 1 to 1024 bytes; leave the key out to keep the one that is"});
    else
        file.secrets.push_back({owner, scope, name, std::move(plain), path});
}

void read_password(SiteFile& file, Fields& fields, GivenPassword::Owner owner, const std::string& scope,
                   const std::string& name) {
    std::string plain;
    const bool given = fields.has("password");
    fields.text("password", plain);
    if (given) take_password(file, owner, scope, name, std::move(plain), fields.path() + ".password");
}

model::Person read_person(SiteFile& file, Fields& fields, const std::string& tenant) {
    model::Person person;
    fields.text("user_name", person.user_name);
    fields.text("employee_id", person.employee_id);
    if (person.employee_id.empty()) person.employee_id = person.user_name;
    fields.text("first_name", person.first_name);
    fields.text("last_name", person.last_name);
    fields.flag("is_agent", person.is_agent);
    read_password(file, fields, GivenPassword::Owner::person, tenant, person.user_name);
    fields.whole_numbers("skills", person.skills);
    fields.texts("agent_logins", person.agent_logins);
    fields.text("default_place", person.default_place);
    fields.text("capacity_rule", person.capacity_rule);
    fields.options("options", person.options);
    return person;
}

model::Tenant read_tenant(SiteFile& file, Fields& fields) {
    model::Tenant tenant;
    fields.text("name", tenant.name);
    fields.text("timezone", tenant.timezone);
    fields.text("capacity_rule", tenant.capacity_rule);
    fields.options("options", tenant.options);
    std::vector<std::string> skills;
    fields.texts("skills", skills);
    for (std::string& skill : skills) tenant.skills.push_back({.name = std::move(skill)});
    fields.named_maps("lists", [&](const std::string& name, std::map<std::string, std::string> entries) {
        tenant.lists.push_back({.name = name, .entries = std::move(entries)});
    });
    fields.objects("capacity_rules", "name", [&](Fields& f) {
        model::CapacityRule& rule = tenant.capacity_rules.emplace_back();
        f.text("name", rule.name);
        f.text("script", rule.script);
    });
    fields.objects("persons", "user_name",
                   [&](Fields& f) { tenant.persons.push_back(read_person(file, f, tenant.name)); });
    fields.objects("agent_groups", "name", [&](Fields& f) {
        model::AgentGroup& group = tenant.agent_groups.emplace_back();
        f.text("name", group.name);
        f.texts("agents", group.agents);
        f.text("script", group.script);
        f.options("options", group.options);
    });
    fields.objects("places", "name", [&](Fields& f) {
        model::Place& place = tenant.places.emplace_back();
        f.text("name", place.name);
        f.texts("dns", place.dns);
        f.text("capacity_rule", place.capacity_rule);
        f.options("options", place.options);
    });
    fields.objects("place_groups", "name", [&](Fields& f) {
        model::PlaceGroup& group = tenant.place_groups.emplace_back();
        f.text("name", group.name);
        f.texts("places", group.places);
    });
    return tenant;
}

model::Dn read_dn(SiteFile& file, Fields& fields, const std::string& sw) {
    model::Dn dn;
    fields.text("number", dn.number);
    fields.text("type", dn.type);
    fields.text("strategy", dn.strategy);
    fields.options("options", dn.options);
    const auto section = dn.options.find("TServer");
    if (section == dn.options.end()) return dn;
    if (auto password = section->second.extract("password"); !password.empty())
        take_password(file, GivenPassword::Owner::dn, sw, dn.number, std::move(password.mapped()),
                      fields.path() + ".options.TServer.password");
    if (section->second.empty()) dn.options.erase(section);
    return dn;
}

model::Switch read_switch(SiteFile& file, Fields& fields) {
    model::Switch sw;
    fields.text("name", sw.name);
    fields.text("tenant", sw.tenant);
    fields.options("options", sw.options);
    fields.objects("agent_logins", "code", [&](Fields& f) {
        model::AgentLogin& login = sw.agent_logins.emplace_back();
        f.text("code", login.code);
        f.options("options", login.options);
    });
    fields.objects("dns", "number", [&](Fields& f) { sw.dns.push_back(read_dn(file, f, sw.name)); });
    return sw;
}

void read_document(SiteFile& file, const YAML::Node& document) {
    Fields top(file, document, "");
    top.objects("tenants", "name", [&](Fields& f) { file.site.tenants.push_back(read_tenant(file, f)); });
    top.objects("switches", "name", [&](Fields& f) { file.site.switches.push_back(read_switch(file, f)); });
    top.objects("applications", "name", [&](Fields& f) {
        model::Application& application = file.site.applications.emplace_back();
        f.text("name", application.name);
        f.text("type", application.type);
        f.text("tenant", application.tenant);
        read_password(file, f, GivenPassword::Owner::application, "", application.name);
        f.options("options", application.options);
    });
}

}  // namespace

SiteFile parse_site(const std::string& text, std::string name) {
    SiteFile file;
    file.name = std::move(name);
    const auto refuse = [&](std::string message) {
        file.problems.push_back({Finding::Severity::error, "", std::move(message)});
        return std::move(file);
    };
    if (text.size() > max_bytes) return refuse("is larger than 64 MiB; import the site in parts");
    if (!is_utf8(text)) return refuse("is not UTF-8; save it in that encoding");
    try {
        std::istringstream stream(text);
        YAML::Parser parser(stream);
        Guard guard;
        parser.HandleNextDocument(guard);
        if (parser.HandleNextDocument(guard))
            return refuse("holds more than one YAML document (a line `---`); write one");
        const YAML::Node document = YAML::Load(text);
        if (!document.IsDefined() || document.IsNull())
            return refuse("is empty; write tenants, switches or applications, or {} for none of them");
        read_document(file, document);
    } catch (const YAML::Exception& error) {
        file.lines[""] = error.mark.line + 1;
        return refuse("cannot be read as YAML, column " + std::to_string(error.mark.column + 1) + ": " +
                      error.msg);
    }
    return file;
}

SiteFile read_site_file(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream text;
    if (std::filesystem::is_directory(path))
        throw std::runtime_error(path.string() + ": is a folder, and no site file; name the file in it");
    if (stream && stream.peek() != std::ifstream::traits_type::eof()) text << stream.rdbuf();
    if (stream.bad() || !stream.is_open() || !text)
        throw std::runtime_error(path.string() + ": cannot be read; is it there, and may you read it?");
    return parse_site(text.str(), path.filename().string());
}

}  // namespace trunkline::config
