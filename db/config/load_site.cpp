#include "db/config/load_site.hpp"

#include <charconv>
#include <map>
#include <unordered_map>

#include "db/config/site_rows.hpp"
#include "db/postgres/connection.hpp"
#include "engine/model/names.hpp"

namespace trunkline::config {
namespace {

template <class Number>
Number number(std::string_view text) {
    Number value{};
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

class Loader {
  public:
    explicit Loader(db::Connection& connection) : connection_(connection) {}

    model::Site load() {
        site_.revision = newest_revision(connection_);
        tenants();
        switches();
        parts_of_tenants();
        members();
        applications();
        return std::move(site_);
    }

  private:
    using Pair = std::pair<std::string, std::string>;
    db::Connection& connection_;
    model::Site site_;
    std::map<std::string, std::size_t, std::less<>> tenant_at_, switch_at_;
    std::map<Pair, std::size_t> place_at_, person_at_, group_at_, place_group_at_;

    // Calls `read(rows, row)` for each row; the dbids' order is that in which the objects came.
    template <class Read>
    void each(const std::string& sql, Read read) {
        const auto rows = connection_.run(sql);
        for (int row = 0; row < rows.size(); ++row)
            read([&rows, row](int column) { return std::string(rows.at(row, column)); });
    }
    model::Tenant& tenant(const std::string& name) { return site_.tenants[tenant_at_.at(name)]; }

    void tenants() {
        each("SELECT dbid, name, timezone, capacity_rule, options FROM config.tenant ORDER BY dbid",
             [this](auto at) {
                 tenant_at_.emplace(at(1), site_.tenants.size());
                 model::Tenant& object = site_.tenants.emplace_back();
                 object.dbid = number<std::uint32_t>(at(0));
                 object.name = at(1);
                 object.timezone = at(2);
                 object.capacity_rule = at(3);
                 object.options = options_of_json(at(4));
             });
    }

    void switches() {
        each("SELECT dbid, name, tenant, options FROM config.switch ORDER BY dbid", [this](auto at) {
            switch_at_.emplace(at(1), site_.switches.size());
            model::Switch& object = site_.switches.emplace_back();
            object.dbid = number<std::uint32_t>(at(0));
            object.name = at(1);
            object.tenant = at(2);
            object.options = options_of_json(at(3));
        });
        each("SELECT dbid, switch, code, options FROM config.agent_login ORDER BY dbid", [this](auto at) {
            site_.switches[switch_at_.at(at(1))].agent_logins.push_back(
                {number<std::uint32_t>(at(0)), at(2), options_of_json(at(3))});
        });
        each("SELECT dbid, switch, number, type, strategy, options FROM config.dn ORDER BY dbid",
             [this](auto at) {
                 site_.switches[switch_at_.at(at(1))].dns.push_back(
                     {number<std::uint32_t>(at(0)), at(2), at(3), at(4), options_of_json(at(5))});
             });
    }

    void parts_of_tenants() {
        each("SELECT dbid, tenant, name FROM config.skill ORDER BY dbid", [this](auto at) {
            tenant(at(1)).skills.push_back({number<std::uint32_t>(at(0)), at(2)});
        });
        each("SELECT dbid, tenant, name, entries FROM config.list ORDER BY dbid", [this](auto at) {
            tenant(at(1)).lists.push_back({number<std::uint32_t>(at(0)), at(2), text_map_of_json(at(3))});
        });
        each("SELECT dbid, tenant, name, script FROM config.capacity_rule ORDER BY dbid", [this](auto at) {
            tenant(at(1)).capacity_rules.push_back({number<std::uint32_t>(at(0)), at(2), at(3)});
        });
        each("SELECT dbid, tenant, name, capacity_rule, options FROM config.place ORDER BY dbid",
             [this](auto at) {
                 place_at_.emplace(Pair(at(1), at(2)), tenant(at(1)).places.size());
                 tenant(at(1)).places.push_back(
                     {number<std::uint32_t>(at(0)), at(2), {}, at(3), options_of_json(at(4))});
             });
        each(
            "SELECT p.dbid, p.tenant, p.user_name, coalesce(p.employee_id, p.user_name), p.first_name, "
            "p.last_name, "
            "p.is_agent, p.default_place, p.capacity_rule, p.options, EXISTS (SELECT FROM config.secret AS s "
            "WHERE "
            "s.kind = 'person' AND s.owner = p.dbid AND s.name = 'password') FROM config.person AS p ORDER "
            "BY p.dbid",
            [this](auto at) {
                person_at_.emplace(Pair(at(1), at(2)), tenant(at(1)).persons.size());
                model::Person& object = tenant(at(1)).persons.emplace_back();
                object.dbid = number<std::uint32_t>(at(0));
                object.user_name = at(2);
                object.employee_id = at(3);
                object.first_name = at(4);
                object.last_name = at(5);
                object.is_agent = at(6) == "t";
                object.default_place = at(7);
                object.capacity_rule = at(8);
                object.options = options_of_json(at(9));
                object.has_password = at(10) == "t";
            });
        each("SELECT dbid, tenant, name, script, options FROM config.agent_group ORDER BY dbid",
             [this](auto at) {
                 group_at_.emplace(Pair(at(1), at(2)), tenant(at(1)).agent_groups.size());
                 tenant(at(1)).agent_groups.push_back(
                     {number<std::uint32_t>(at(0)), at(2), {}, at(3), options_of_json(at(4))});
             });
        each("SELECT dbid, tenant, name FROM config.place_group ORDER BY dbid", [this](auto at) {
            place_group_at_.emplace(Pair(at(1), at(2)), tenant(at(1)).place_groups.size());
            tenant(at(1)).place_groups.push_back({number<std::uint32_t>(at(0)), at(2), {}});
        });
    }

    void members() {
        const model::SwitchNames names(site_);
        const auto written = [&](const std::string& switch_name, const std::string& name) {
            return names.written(site_.switches[switch_at_.at(switch_name)], name);
        };
        const auto person = [this](const std::string& t, const std::string& name) -> model::Person& {
            return tenant(t).persons[person_at_.at(Pair(t, name))];
        };
        each("SELECT tenant, place, switch, number FROM config.place_dn ORDER BY dbid", [&](auto at) {
            tenant(at(0)).places[place_at_.at(Pair(at(0), at(1)))].dns.push_back(written(at(2), at(3)));
        });
        each("SELECT tenant, person, skill, level FROM config.person_skill",
             [&](auto at) { person(at(0), at(1)).skills.emplace(at(2), number<int>(at(3))); });
        each("SELECT tenant, person, switch, code FROM config.person_agent_login ORDER BY dbid",
             [&](auto at) { person(at(0), at(1)).agent_logins.push_back(written(at(2), at(3))); });
        each("SELECT tenant, agent_group, person FROM config.agent_group_member ORDER BY dbid", [&](auto at) {
            tenant(at(0)).agent_groups[group_at_.at(Pair(at(0), at(1)))].agents.push_back(at(2));
        });
        each("SELECT tenant, place_group, place FROM config.place_group_member ORDER BY dbid", [&](auto at) {
            tenant(at(0)).place_groups[place_group_at_.at(Pair(at(0), at(1)))].places.push_back(at(2));
        });
    }

    void applications() {
        each(
            "SELECT a.dbid, a.name, a.type, a.tenant, a.options, EXISTS (SELECT FROM config.secret AS s "
            "WHERE s.kind = "
            "'application' AND s.owner = a.dbid AND s.name = 'password') FROM config.application AS a ORDER "
            "BY a.dbid",
            [this](auto at) {
                model::Application& object = site_.applications.emplace_back();
                object.dbid = number<std::uint32_t>(at(0));
                object.name = at(1);
                object.type = at(2);
                object.tenant = at(3);
                object.options = options_of_json(at(4));
                object.has_password = at(5) == "t";
            });
    }
};

}  // namespace

model::Site load_site(db::Connection& connection) { return Loader(connection).load(); }

std::uint64_t newest_revision(db::Connection& connection) {
    return number<std::uint64_t>(
        connection.run("SELECT coalesce(max(revision), 0) FROM config.change").at(0, 0));
}

}  // namespace trunkline::config
