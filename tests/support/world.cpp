#include "tests/support/world.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace trunkline::testing {
using messages::MessageId;
using messages::TMessage;

std::string Left::sequence(ClientId client) const {
    std::string out;
    for (const Event& e : events) {
        if (std::find(e.clients.begin(), e.clients.end(), client) == e.clients.end()) continue;
        if (!out.empty()) out += ' ';
        out += std::string(messages::name_of(e.event.message)) + "@" + e.event.this_dn;
    }
    return out;
}

std::vector<TMessage> Left::events_of(ClientId client, MessageId id) const {
    std::vector<TMessage> found;
    for (const Event& e : events)
        if (e.event.message == id && std::find(e.clients.begin(), e.clients.end(), client) != e.clients.end())
            found.push_back(e.event);
    return found;
}

model::Site small_site() {
    model::Site site;
    model::Tenant tenant;
    tenant.name = "Resources";
    tenant.skills = {{0, "billing"}, {0, "english"}};
    tenant.lists = {{0, "vip", {{"sip:rich@example.com", "gold"}}}};
    tenant.capacity_rules = {{0, "two_chats", "two_chats_or_one_call"}};
    tenant.capacity_rule = "two_chats";
    model::Switch sw;
    sw.name = "sip_switch";
    sw.tenant = "Resources";
    const auto agent = [&](const std::string& name, const std::string& number,
                           std::map<std::string, int> skills) {
        model::Person person;
        person.user_name = name;
        person.employee_id = "E" + number;
        person.is_agent = true;
        person.skills = std::move(skills);
        person.agent_logins = {number};
        person.default_place = "P" + number;
        tenant.persons.push_back(person);
        tenant.places.push_back({0, "P" + number, {number}, "", {}});
        sw.agent_logins.push_back({0, number, {}});
        sw.dns.push_back({0,
                          number,
                          "Extension",
                          "",
                          {{"TServer", {{"multimedia", "true"}, {"sip-signaling-chat", "false"}}}}});
    };
    agent("ann", "1001", {{"billing", 7}, {"english", 5}});
    agent("bob", "1002", {{"billing", 2}, {"english", 8}});
    agent("eve", "1003", {});
    tenant.agent_groups = {{0, "All_Agents", {"ann", "bob", "eve"}, "", {}},
                           {0, "Billing", {}, "billing >= 5", {}}};
    sw.dns.push_back({0,
                      "1111",
                      "RoutingPoint",
                      "main",
                      {{"TServer", {{"default-dn", "1001"}, {"after-routing-timeout", "20"}}}}});
    sw.dns.push_back({0, "1112", "RoutingPoint", "", {{"TServer", {{"default-dn", "1002"}}}}});
    site.tenants.push_back(std::move(tenant));
    site.switches.push_back(std::move(sw));
    site.applications.push_back({0, "desktop", "AgentDesktop", "", false, {}});
    return site;
}

std::shared_ptr<const scripting::ScriptSources> scripts_with(
    const std::map<std::string, std::string>& strategies) {
    namespace fs = std::filesystem;
    auto sources = std::make_shared<scripting::ScriptSources>();
    const fs::path root = fs::path(TRUNKLINE_SOURCE_DIR) / "scripts";
    const auto add = [&](std::string path, std::string shown, std::string text) {
        const std::string hash = std::to_string(std::hash<std::string>{}(text));
        sources->files.push_back({std::move(path), std::move(shown), std::move(text), hash});
    };
    if (fs::exists(root))
        for (const auto& entry : fs::recursive_directory_iterator(root)) {
            if (entry.path().extension() != ".lua" || entry.path().string().find("spec") != std::string::npos)
                continue;
            std::ifstream in(entry.path());
            std::stringstream text;
            text << in.rdbuf();
            const std::string path = fs::relative(entry.path(), root).string();
            add(path, "scripts/" + path, text.str());
        }
    for (const auto& [name, text] : strategies)
        add("strategies/" + name + ".lua", "strategies/" + name + ".lua", text);
    std::sort(sources->files.begin(), sources->files.end(),
              [](const auto& a, const auto& b) { return a.path < b.path; });
    for (const auto& file : sources->files) sources->hash += file.hash;
    return sources;
}

World::World(model::Site site, std::map<std::string, std::string> strategies, std::uint64_t seed,
             bool explain_all, scripting::Budgets budgets, scripting::TraceKept trace)
    : now(std::chrono::sys_days(std::chrono::year(2026) / 11 / 20)),
      engine({seed, 1, now, budgets, explain_all, trace}) {
    command(messages::ConfigChanged{std::make_shared<const model::Snapshot>(std::move(site))});
    command(messages::ScriptsLoaded{scripts_with(strategies), nullptr});
}

void World::command(messages::Command command) {
    messages::Effects effects;
    const std::size_t kind = command.index();
    if (watch) {
        const messages::Command seen = command;
        watch(seen, true, effects);
        engine.handle(std::move(command), now, effects);
        watch(seen, false, effects);
    } else {
        engine.handle(std::move(command), now, effects);
    }
    sort(std::move(effects));
    for (std::string& words : engine.broken_invariants())
        broken.push_back("after command kind " + std::to_string(kind) + ": " + std::move(words));
}

void World::sort(messages::Effects&& effects) {
    for (messages::Effect& effect : effects) {
        if (auto* e = std::get_if<messages::EmitEvent>(&effect))
            left.events.push_back({*e->event, {e->clients.begin(), e->clients.end()}});
        else if (auto* t = std::get_if<messages::SendText>(&effect)) {
            left.texts.push_back(*t);
            undelivered_.push_back(t->id);
        } else if (auto* a = std::get_if<messages::AnswerText>(&effect))
            left.answers.push_back(*a);
        else if (auto* s = std::get_if<messages::AnswerSession>(&effect))
            left.session_answers.push_back(*s);
        else if (auto* o = std::get_if<messages::OpenLeg>(&effect))
            left.opened_legs.push_back(*o);
        else if (auto* p = std::get_if<messages::ProbeEndpoint>(&effect)) {
            left.probes.push_back(*p);
            unprobed_.push_back(*p);
        } else if (auto* l = std::get_if<messages::EndLeg>(&effect))
            left.ended_legs.push_back(*l);
        else if (auto* r = std::get_if<messages::WriteRecord>(&effect))
            left.records.push_back(r->record);
        else if (auto* w = std::get_if<messages::WriteLog>(&effect))
            left.logs.push_back(*w);
        left.all.push_back(std::move(effect));
    }
}

void World::pass(Duration duration) {
    const TimePoint until = now + duration;
    for (auto next = engine.next_deadline(); next && *next <= until; next = engine.next_deadline()) {
        now = std::max(now, *next);
        command(messages::TimersDue{});
    }
    now = until;
}

std::string World::pager_key(const std::string& customer, const std::string& number) {
    return number + "@sip_switch|sip:" + customer + "@example.com|192.0.2.1";
}

int World::text(const std::string& customer, const std::string& words, const std::string& number) {
    const SipTxnId txn(++last_txn_);
    const std::string key = pager_key(customer, number);
    if (std::find(legs_.begin(), legs_.end(), key) == legs_.end()) legs_.push_back(key);
    command(messages::TextReceived{txn,
                                   {messages::LegKind::pager, key, "sip:192.0.2.1:5060"},
                                   number,
                                   "cc.example.com",
                                   "sip:" + customer + "@example.com",
                                   customer,
                                   words});
    for (const auto& answer : left.answers)
        if (answer.txn == txn) return answer.status;
    broken.push_back("a text was not answered");
    return 0;
}

std::string World::session(const std::string& customer, const std::string& number) {
    std::string key = "d" + std::to_string(++last_leg_);
    legs_.push_back(key);
    command(messages::SessionOffered{SipTxnId(++last_txn_),
                                     {messages::LegKind::session, key, key},
                                     number,
                                     "cc.example.com",
                                     "sip:" + customer + "@example.com",
                                     customer});
    return key;
}

int World::session_text(const std::string& leg_key, const std::string& words) {
    const SipTxnId txn(++last_txn_);
    command(
        messages::TextReceived{txn, {messages::LegKind::session, leg_key, leg_key}, "", "", "", "", words});
    for (const auto& answer : left.answers)
        if (answer.txn == txn) return answer.status;
    broken.push_back("a text was not answered");
    return 0;
}

void World::answer_probes(bool answers) {
    for (const auto& probe : std::exchange(unprobed_, {}))
        command(messages::EndpointProbed{probe.dn, probe.target, answers});
}

int World::leg_text(const std::string& leg_key, const std::string& words) {
    const SipTxnId txn(++last_txn_);
    command(messages::LegText{txn, leg_key, words});
    for (const auto& answer : left.answers)
        if (answer.txn == txn) return answer.status;
    broken.push_back("a text was not answered");
    return 0;
}

void World::leave(const std::string& leg_key, messages::LegEnd how) {
    command(messages::LegEnded{leg_key, how});
}

void World::deliver_texts(int status) {
    for (const TextId id : std::exchange(undelivered_, {})) command(messages::TextAnswered{id, status});
}

ClientId World::client() {
    const ClientId id(++last_client_);
    clients_.push_back(id);
    command(messages::ClientOpened{id, TenantId(1), SwitchId(1), "desktop"});
    return id;
}

void World::close(ClientId id) {
    std::erase(clients_, id);
    dns_.erase(id);
    command(messages::ClientClosed{id});
}

int World::request(ClientId client, TMessage request) {
    request.reference_id = ++last_reference_;
    const std::size_t before = left.events.size();
    const auto reference = request.reference_id;
    command(messages::ClientRequest{client, std::move(request), messages::PasswordCheck::none_needed});
    for (std::size_t i = before; i < left.events.size(); ++i)
        if (left.events[i].event.message == MessageId::event_error &&
            left.events[i].event.reference_id == reference)
            return static_cast<int>(*left.events[i].event.error_code);
    return 0;
}

namespace {

TMessage dn_request(MessageId id, const std::string& dn, ConnId conn = {}) {
    TMessage request;
    request.message = id;
    request.this_dn = dn;
    request.conn_id = conn;
    return request;
}

}  // namespace

int World::register_dn(ClientId client, const std::string& dn) {
    dns_[client].push_back(dn);
    return request(client, dn_request(MessageId::request_register_address, dn));
}
int World::log_in(ClientId client, const std::string& dn, const std::string& agent_id, int work_mode) {
    TMessage login = dn_request(MessageId::request_agent_login, dn);
    login.agent_id = agent_id;
    if (work_mode != 0) login.agent_work_mode = work_mode;
    return request(client, std::move(login));
}
int World::ready(ClientId client, const std::string& dn) {
    return request(client, dn_request(MessageId::request_agent_ready, dn));
}
int World::not_ready(ClientId client, const std::string& dn) {
    return request(client, dn_request(MessageId::request_agent_not_ready, dn));
}
int World::log_out(ClientId client, const std::string& dn) {
    return request(client, dn_request(MessageId::request_agent_logout, dn));
}
int World::answer(ClientId client, const std::string& dn, ConnId conn) {
    return request(client, dn_request(MessageId::request_answer_call, dn, conn));
}
int World::release(ClientId client, const std::string& dn, ConnId conn) {
    return request(client, dn_request(MessageId::request_release_call, dn, conn));
}
int World::say(ClientId client, const std::string& dn, ConnId conn, const std::string& words) {
    TMessage say = dn_request(MessageId::request_private_service, dn, conn);
    say.private_msg_id = messages::private_msg_im;
    KvList list;
    list.add("im", words);
    say.extensions = std::make_shared<const KvList>(std::move(list));
    return request(client, std::move(say));
}

ClientId World::ready_agent(const std::string& dn, const std::string& agent_id) {
    const ClientId id = client();
    register_dn(id, dn);
    log_in(id, dn, agent_id);
    ready(id, dn);
    return id;
}

ConnId World::ringing(const std::string& dn) const {
    for (auto it = left.events.rbegin(); it != left.events.rend(); ++it)
        if (it->event.message == MessageId::event_ringing && it->event.this_dn == dn)
            return it->event.conn_id;
    return {};
}

void World::end_everything() {
    for (int round = 0; round < 3 && !engine.interactions(now).empty(); ++round)
        for (const std::string& leg : std::vector<std::string>(legs_)) leave(leg);
    deliver_texts();
    for (const ClientId id : std::vector<ClientId>(clients_)) {
        for (const std::string& dn : std::vector<std::string>(dns_[id])) log_out(id, dn);
        close(id);
    }
    // An agent whose client has gone before him: another one logs him out.
    for (const AgentRow& row : engine.agents(now)) {
        const ClientId id = client();
        register_dn(id, row.dn);
        log_out(id, row.dn);
        close(id);
    }
}

}  // namespace trunkline::testing
