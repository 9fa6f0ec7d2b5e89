#include "tests/random/kit/stage.hpp"

#include <algorithm>

#include "tests/random/kit/proving_site.hpp"

namespace trunkline::random_test {

using messages::MessageId;
using messages::TMessage;

namespace {

constexpr ClientId watcher(1'000'000), last_one(1'000'001);

SharedKv one_pair(const std::string& key, const std::string& value) {
    KvList list;
    list.add(key, value);
    return std::make_shared<const KvList>(std::move(list));
}

std::string user_part(const std::string& session) { return session.substr(0, session.find('@')); }

// What changes from run to run in words about a fault: numbers and ids.
std::string without_numbers(const std::string& words) {
    std::string out;
    bool hex = false;
    for (const char c : words) {
        const bool digit = (c >= '0' && c <= '9') || (hex && (c == '-' || (c >= 'a' && c <= 'f')));
        if (!digit) out += c;
        hex = digit;
    }
    return out;
}

}  // namespace

Stage::Stage(std::uint64_t seed, bool with_checks) : world_(proving_site(), {}, seed), site_(proving_site()) {
    ledger_.configure(site_);
    ledger_.generation = 1;  // what the world has loaded
    if (with_checks) checks_ = all_checks(ledger_, findings, watcher);
    world_.watch = [this](const messages::Command& command, bool before, const messages::Effects& effects) {
        if (!before) {
            on_command(command, effects);
            return;
        }
        ledger_.begin(command, world_.now);
        coverage.begin(ledger_);
        for (auto& check : checks_) check->begin();
    };
    world_.command(messages::ScriptsLoaded{proving_scripts(0), nullptr});
    world_.command(messages::ClientOpened{watcher, TenantId(1), SwitchId(1), "desktop"});
    for (const auto& point : {routing_points(), stock_routing_points()})
        for (const auto& [number, strategy] : point) {
            TMessage request;
            request.message = MessageId::request_register_address;
            request.this_dn = number;
            request.reference_id = ++reference_;
            world_.command(messages::ClientRequest{watcher, std::move(request), {}});
        }
    commands = 0;
}

void Stage::on_command(const messages::Command&, const messages::Effects& effects) {
    ++commands;
    if (watch) watch(effects);
    for (const messages::Effect& effect : effects) {
        ledger_.learn(effect);
        coverage.see(effect);
        for (auto& check : checks_) check->see(effect);
        if (const auto* send = std::get_if<messages::SendText>(&effect)) unanswered_.push_back(send->id);
        if (const auto* answer = std::get_if<messages::AnswerText>(&effect))
            legal_ = legal_ && answer->status < 400;
        if (const auto* emit = std::get_if<messages::EmitEvent>(&effect))
            legal_ = legal_ && emit->event->message != MessageId::event_error;
    }
    if (const auto* offered = std::get_if<messages::SessionOffered>(ledger_.command))
        legal_ = legal_ && ledger_.session_at(offered->leg.key) != nullptr;
    for (auto& check : checks_) check->end(world_.engine);
    coverage.end(ledger_, world_.engine);
    ledger_.end();
}

bool Stage::carry_out(const Step& step) {
    legal_ = true;
    world_.clear();
    (this->*handlers().at(step.kind))(step);
    for (std::string& words : world_.broken)
        findings.push_back({"invariant: " + without_numbers(words), words});
    world_.broken.clear();
    return legal_;
}

void Stage::farewell() {
    for (const std::string& leg : legs_) world_.command(messages::LegEnded{leg, messages::LegEnd::released});
    for (const TextId id : std::exchange(unanswered_, {})) world_.command(messages::TextAnswered{id, 200});
    world_.command(messages::ClientOpened{last_one, TenantId(1), SwitchId(1), "desktop"});
    const auto seats = ledger_.seats;
    for (const auto& [dn, seat] : seats)
        for (const MessageId what : {MessageId::request_register_address, MessageId::request_agent_logout}) {
            TMessage request;
            request.message = what;
            request.this_dn = dn;
            request.reference_id = ++reference_;
            world_.command(messages::ClientRequest{last_one, std::move(request), {}});
        }
    const std::set<ClientId> clients = ledger_.clients;
    for (const ClientId client : clients) world_.command(messages::ClientClosed{client});
    for (std::string& words : world_.broken)
        findings.push_back({"invariant: " + without_numbers(words), words});
    for (const std::string& words : world_.engine.residue())
        findings.push_back({"residue: " + without_numbers(words), words});
    for (auto& check : checks_) check->finish();
}

std::string Stage::leg_key(const std::string& session) {
    const std::size_t at = session.find('@');
    return at == std::string::npos ? "dialog " + session
                                   : testing::World::pager_key(session.substr(0, at), session.substr(at + 1));
}

std::string Stage::label_of(const SessionFacts& session) {
    return session.kind == messages::LegKind::pager ? session.ani + "@" + session.point : session.ani;
}

ClientId Stage::client_of(const std::string& label) {
    return ClientId(label.size() < 2 ? 0 : std::stoull(label.substr(1)));
}

const std::map<StepKind, Stage::Handler>& Stage::handlers() {
    static const std::map<StepKind, Handler> table{
        {StepKind::pager_text, &Stage::pager_text},
        {StepKind::session_open, &Stage::session_open},
        {StepKind::session_text, &Stage::session_text},
        {StepKind::customer_leaves, &Stage::customer_leaves},
        {StepKind::text_answered, &Stage::text_answered},
        {StepKind::client_opens, &Stage::client_opens},
        {StepKind::client_closes, &Stage::client_closes},
        {StepKind::registers, &Stage::dn_request},
        {StepKind::unregisters, &Stage::dn_request},
        {StepKind::logs_in, &Stage::logs_in},
        {StepKind::ready, &Stage::dn_request},
        {StepKind::not_ready, &Stage::dn_request},
        {StepKind::logs_out, &Stage::dn_request},
        {StepKind::answers, &Stage::session_request},
        {StepKind::releases, &Stage::session_request},
        {StepKind::says, &Stage::session_request},
        {StepKind::attaches, &Stage::session_request},
        {StepKind::updates, &Stage::session_request},
        {StepKind::deletes_pair, &Stage::session_request},
        {StepKind::deletes_all, &Stage::session_request},
        {StepKind::unsupported, &Stage::session_request},
        {StepKind::time_passes, &Stage::time_passes},
        {StepKind::skill_changes, &Stage::configure},
        {StepKind::person_toggles, &Stage::configure},
        {StepKind::scripts_load, &Stage::scripts},
        {StepKind::scripts_break, &Stage::scripts},
        {StepKind::scripts_refused, &Stage::scripts},
    };
    return table;
}

void Stage::pager_text(const Step& step) {
    const std::string key = testing::World::pager_key(step.who, step.dn);
    legs_.insert(key);
    world_.command(messages::TextReceived{SipTxnId(++txn_),
                                          {messages::LegKind::pager, key, "sip:192.0.2.1:5060"},
                                          step.dn,
                                          host,
                                          "sip:" + step.who + "@example.com",
                                          step.who,
                                          step.text});
}

void Stage::session_open(const Step& step) {
    const std::string key = leg_key(step.who);
    if (ledger_.session_at(key) != nullptr) return;
    legs_.insert(key);
    world_.command(messages::SessionOffered{SipTxnId(++txn_),
                                            {messages::LegKind::session, key, key},
                                            step.dn,
                                            host,
                                            "sip:" + step.who + "@example.com",
                                            step.who});
}

void Stage::session_text(const Step& step) {
    const std::string key = leg_key(step.who);
    world_.command(messages::TextReceived{
        SipTxnId(++txn_), {messages::LegKind::session, key, key}, "", "", "", step.who, step.text});
}

void Stage::customer_leaves(const Step& step) {
    world_.command(messages::LegEnded{leg_key(step.session), static_cast<messages::LegEnd>(step.number)});
}

void Stage::text_answered(const Step& step) {
    if (unanswered_.empty()) return;
    const auto which = unanswered_.begin() + step.at % static_cast<std::int64_t>(unanswered_.size());
    const TextId id = *which;
    unanswered_.erase(which);
    world_.command(messages::TextAnswered{id, static_cast<int>(step.number)});
}

void Stage::client_opens(const Step& step) {
    if (ledger_.clients.contains(client_of(step.who))) return;
    world_.command(messages::ClientOpened{client_of(step.who), TenantId(1), SwitchId(1), "desktop"});
}

void Stage::client_closes(const Step& step) {
    if (ledger_.clients.contains(client_of(step.who)))
        world_.command(messages::ClientClosed{client_of(step.who)});
}

void Stage::ask(const std::string& client, TMessage request) {
    if (!ledger_.clients.contains(client_of(client))) return;  // its adapter would not pass it on
    request.reference_id = ++reference_;
    world_.command(
        messages::ClientRequest{client_of(client), std::move(request), messages::PasswordCheck::none_needed});
}

void Stage::logs_in(const Step& step) {
    TMessage request;
    request.message = MessageId::request_agent_login;
    request.this_dn = step.dn;
    request.agent_id = step.text;
    if (step.number != 0) request.agent_work_mode = step.number;
    ask(step.who, std::move(request));
}

void Stage::dn_request(const Step& step) {
    static const std::map<StepKind, MessageId> messages_of{
        {StepKind::registers, MessageId::request_register_address},
        {StepKind::unregisters, MessageId::request_unregister_address},
        {StepKind::ready, MessageId::request_agent_ready},
        {StepKind::not_ready, MessageId::request_agent_not_ready},
        {StepKind::logs_out, MessageId::request_agent_logout}};
    TMessage request;
    request.message = messages_of.at(step.kind);
    request.this_dn = step.dn;
    if (!step.text.empty()) request.reasons = one_pair("ReasonCode", step.text);
    ask(step.who, std::move(request));
}

void Stage::session_request(const Step& step) {
    static const std::map<StepKind, MessageId> messages_of{
        {StepKind::answers, MessageId::request_answer_call},
        {StepKind::releases, MessageId::request_release_call},
        {StepKind::says, MessageId::request_private_service},
        {StepKind::attaches, MessageId::request_attach_user_data},
        {StepKind::updates, MessageId::request_update_user_data},
        {StepKind::deletes_pair, MessageId::request_delete_pair},
        {StepKind::deletes_all, MessageId::request_delete_user_data},
        {StepKind::unsupported, MessageId::request_hold_call}};
    TMessage request;
    request.message = messages_of.at(step.kind);
    request.this_dn = step.dn;
    const auto conn = ledger_.conn_of_leg.find(leg_key(step.session));
    request.conn_id = conn == ledger_.conn_of_leg.end() ? ConnId(0x4711) : conn->second;
    if (step.kind == StepKind::says) {
        request.private_msg_id = messages::private_msg_im;
        request.extensions = one_pair("im", step.text);
    }
    if (step.kind == StepKind::attaches || step.kind == StepKind::updates)
        request.user_data = one_pair("note_" + user_part(step.session), step.text);
    if (step.kind == StepKind::deletes_pair) request.data_key = step.text;
    ask(step.who, std::move(request));
}

void Stage::time_passes(const Step& step) { world_.pass(milliseconds(step.number)); }

void Stage::configure(const Step& step) {
    auto& persons = site_.tenants[0].persons;
    const auto person =
        std::find_if(persons.begin(), persons.end(), [&](const auto& p) { return p.user_name == step.who; });
    if (step.kind == StepKind::skill_changes) {
        if (person == persons.end()) return;
        person->skills[step.text] = static_cast<int>(step.number);
    } else if (person != persons.end()) {
        absent_.emplace(step.who, *person);
        persons.erase(person);
    } else if (const auto back = absent_.extract(step.who); !back.empty()) {
        persons.push_back(back.mapped());
    }
    ++site_.revision;
    ledger_.configure(site_);
    world_.command(messages::ConfigChanged{std::make_shared<const model::Snapshot>(site_)});
}

void Stage::scripts(const Step& step) {
    if (step.kind == StepKind::scripts_refused)
        world_.command(messages::ScriptsRefused{"hash", {"strategies/greets.lua:1: on purpose"}});
    else
        world_.command(messages::ScriptsLoaded{
            proving_scripts(step.kind == StepKind::scripts_break ? -1 : step.number), nullptr});
}

}  // namespace trunkline::random_test
