#include "tests/bench/report/played_sessions.hpp"

#include <stdexcept>

#include "tests/support/world.hpp"

namespace trunkline::bench {
namespace {

constexpr int first_agent = 200000;

model::Site site(int agents) {
    model::Site site = testing::small_site();
    model::Tenant& tenant = site.tenants[0];
    tenant.capacity_rules.push_back({0, "bench", "bench"});
    tenant.capacity_rule = "bench";
    for (int i = 0; i < agents; ++i) {
        const std::string number = std::to_string(first_agent + i);
        model::Person person;
        person.user_name = "agent" + number;
        person.employee_id = "E" + number;
        person.is_agent = true;
        person.agent_logins = {number};
        person.capacity_rule = "bench";
        tenant.persons.push_back(person);
        tenant.places.push_back({0, "P" + number, {number}, "", {}});
        site.switches[0].agent_logins.push_back({0, number, {}});
        site.switches[0].dns.push_back(
            {0,
             number,
             "Extension",
             "",
             {{"TServer", {{"multimedia", "true"}, {"sip-signaling-chat", "false"}}}}});
        tenant.agent_groups[0].agents.push_back(person.user_name);
    }
    return site;
}

std::shared_ptr<const scripting::ScriptSources> scripts() {
    auto sources = std::make_shared<scripting::ScriptSources>(*testing::scripts_with({{"main", R"(
return function(ix)
  ix:send_text("Hello, what is it about?")
  ix:attach{topic = "billing"}
  ix:route{targets = {target.group "All_Agents"}, timeout = 3600}
end)"}}));
    sources->files.push_back({"capacity/bench.lua", "capacity/bench.lua",
                              "return function(load, media) return media == 'chat' and load.chat < 1000 end",
                              "b"});
    return sources;
}

}  // namespace

PlayedSessions::PlayedSessions(Shape shape, TimePoint from, OnRecord on_record)
    : shape_(shape), now_(from), on_record_(std::move(on_record)), engine_({1, 1, from, {}, false}) {
    give(messages::ConfigChanged{std::make_shared<const model::Snapshot>(site(shape_.agents))});
    give(messages::ScriptsLoaded{scripts(), nullptr});
    for (int i = 0; i < shape_.agents; ++i) {
        const std::string number = std::to_string(first_agent + i);
        const ClientId client(static_cast<std::uint64_t>(i) + 1);
        give(messages::ClientOpened{client, TenantId(1), SwitchId(1), "desktop"});
        ask(client, messages::MessageId::request_register_address, number);
        ask(client, messages::MessageId::request_agent_login, number, {}, number);
        ask(client, messages::MessageId::request_agent_ready, number);
    }
}

void PlayedSessions::give(messages::Command command) {
    std::deque<messages::Command> next{std::move(command)};
    for (; !next.empty(); next.pop_front()) {
        now_ += Duration(50);
        messages::Effects effects;
        engine_.handle(std::move(next.front()), now_, effects);
        for (const auto& effect : effects) {
            if (const auto* record = std::get_if<messages::WriteRecord>(&effect)) on_record_(record->record);
            if (const auto* text = std::get_if<messages::SendText>(&effect))
                next.emplace_back(messages::TextAnswered{text->id, 200});
            const auto* event = std::get_if<messages::EmitEvent>(&effect);
            if (event == nullptr || event->event->message != messages::MessageId::event_ringing) continue;
            ringing_ = event->event->this_dn;
            rung_ = event->event->conn_id;
        }
    }
}

void PlayedSessions::ask(ClientId client, messages::MessageId id, const std::string& dn, ConnId conn,
                         const std::string& agent) {
    messages::TMessage request;
    request.message = id;
    request.this_dn = dn;
    request.conn_id = conn;
    request.agent_id = agent;
    give(messages::ClientRequest{client, std::move(request)});
}

void PlayedSessions::write(const std::string& customer) {
    give(messages::TextReceived{SipTxnId(++transactions_),
                                {messages::LegKind::pager, customer, "sip:192.0.2.1:5060"},
                                "1111",
                                "cc.example.com",
                                "sip:" + customer + "@example.com",
                                customer,
                                "A text of a customer, as long as texts of customers usually are."});
}

void PlayedSessions::say(const Session& session) {
    messages::TMessage request;
    request.message = messages::MessageId::request_private_service;
    request.this_dn = session.dn;
    request.conn_id = session.conn;
    request.private_msg_id = messages::private_msg_im;
    KvList list;
    list.add("im", "What an agent answers to that, which is about as long.");
    request.extensions = std::make_shared<const KvList>(std::move(list));
    give(messages::ClientRequest{session.client, std::move(request)});
}

void PlayedSessions::open() {
    ringing_.clear();
    Session session;
    session.customer = "customer" + std::to_string(++customers_);
    write(session.customer);
    if (ringing_.empty()) throw std::runtime_error("the bench's agents are not rung: is its site right?");
    session.dn = ringing_;
    session.conn = rung_;
    session.client = ClientId(static_cast<std::uint64_t>(std::stoi(session.dn) - first_agent) + 1);
    ask(session.client, messages::MessageId::request_answer_call, session.dn, session.conn);
    live_.push_back(std::move(session));
}

bool PlayedSessions::go_on(Session& session) {
    if (session.said < shape_.texts) {
        write(session.customer);
        say(session);
        ++session.said;
        return true;
    }
    ask(session.client, messages::MessageId::request_release_call, session.dn, session.conn);
    return false;
}

void PlayedSessions::play_one() {
    while (live_.size() < static_cast<std::size_t>(shape_.live)) open();
    // In turn: each says something while all others wait, until one has ended.
    for (bool ended = false; !ended; live_.pop_front()) {
        Session session = std::move(live_.front());
        ended = !go_on(session);
        if (!ended) live_.push_back(std::move(session));
    }
}

void PlayedSessions::finish() {
    for (; !live_.empty(); live_.pop_front())
        while (go_on(live_.front())) {
        }
}

}  // namespace trunkline::bench
