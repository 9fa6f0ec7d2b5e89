#include "tests/random/kit/stage.hpp"

#include <algorithm>

#include "tests/random/kit/proving_site.hpp"

namespace trunkline::random_test {

using messages::MessageId;
using messages::TMessage;

namespace {

// The clients of the stage itself, one a tenant; and the one that comes last.
std::vector<ClientId> watchers() {
    return {ClientId(first_watcher), ClientId(first_east_client + first_watcher)};
}
ClientId last_one(const std::string& realm) {
    return ClientId((realm.empty() ? 0 : first_east_client) + first_watcher + 1);
}

messages::ClientOpened opening(ClientId client) {
    const std::uint32_t home = realm_of(client).empty() ? 1 : 2;
    return {client, TenantId(home), SwitchId(home), "desktop"};
}

std::string host_of(const std::string& dn) { return realm_in(dn).empty() ? host : east_host; }

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
    if (with_checks) checks_ = all_checks(ledger_, findings);
    world_.watch = [this](const messages::Command& command, bool before, const messages::Effects& effects) {
        if (!before) {
            on_command(command, effects);
            return;
        }
        const auto next = world_.engine.next_deadline();
        ledger_.timers_due = next && *next <= world_.now;
        ledger_.begin(command, world_.now);
        coverage.begin(ledger_);
        for (auto& check : checks_) check->begin();
    };
    world_.command(messages::ScriptsLoaded{proving_scripts(0), nullptr});
    for (const ClientId watcher : watchers()) world_.command(opening(watcher));
    std::vector<std::string> watched = virtual_queues();
    for (const auto& points : {routing_points(), stock_routing_points()})
        for (const auto& [number, strategy] : points) watched.push_back(number);
    for (const std::string& number : watched) {
        TMessage request;
        request.message = MessageId::request_register_address;
        request.this_dn = without_realm(number);
        request.reference_id = ++reference_;
        world_.command(
            messages::ClientRequest{watchers()[realm_in(number).empty() ? 0 : 1], std::move(request), {}});
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
        if (const auto* probe = std::get_if<messages::ProbeEndpoint>(&effect)) probes_.push_back(*probe);
        if (const auto* query = std::get_if<messages::RunQuery>(&effect))
            outside_.push_back({query->id, true, word_of(query->query)});
        if (const auto* http = std::get_if<messages::SendHttp>(&effect))
            outside_.push_back({http->id, false, word_of(http->request)});
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
    for (const char* realm : {"", east}) world_.command(opening(last_one(realm)));
    const auto seats = ledger_.seats;
    for (const auto& [dn, seat] : seats)
        for (const MessageId what : {MessageId::request_register_address, MessageId::request_agent_logout}) {
            TMessage request;
            request.message = what;
            request.this_dn = without_realm(dn);
            request.reference_id = ++reference_;
            world_.command(messages::ClientRequest{last_one(realm_in(dn)), std::move(request), {}});
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
    return at == std::string::npos
               ? "dialog " + session
               : testing::World::pager_key(session.substr(0, at), without_realm(session.substr(at + 1))) +
                     realm_in(session);
}

std::string Stage::label_of(const SessionFacts& session) {
    return session.kind == messages::LegKind::pager ? session.ani + "@" + session.point + session.realm
                                                    : session.ani;
}

ClientId Stage::client_of(const std::string& label) {
    const std::uint64_t base = label.starts_with("e") ? first_east_client : 0;
    return ClientId(base + (label.size() < 2 ? 0 : std::stoull(label.substr(1))));
}

std::string Stage::label_of(ClientId client) {
    const bool far = !realm_of(client).empty();
    std::string label(1, far ? 'e' : 'c');
    return label.append(std::to_string(client.value() - (far ? first_east_client : 0)));
}

const std::map<StepKind, Stage::Handler>& Stage::handlers() {
    static const std::map<StepKind, Handler> table{
        {StepKind::pager_text, &Stage::pager_text},
        {StepKind::session_open, &Stage::session_open},
        {StepKind::session_text, &Stage::session_text},
        {StepKind::customer_leaves, &Stage::customer_leaves},
        {StepKind::party_says, &Stage::party_says},
        {StepKind::leg_answers, &Stage::leg_answers},
        {StepKind::probe_answers, &Stage::probe_answers},
        {StepKind::text_answered, &Stage::text_answered},
        {StepKind::client_opens, &Stage::client_opens},
        {StepKind::client_closes, &Stage::client_closes},
        {StepKind::registers, &Stage::dn_request},
        {StepKind::unregisters, &Stage::dn_request},
        {StepKind::logs_in, &Stage::logs_in},
        {StepKind::ready, &Stage::dn_request},
        {StepKind::not_ready, &Stage::dn_request},
        {StepKind::logs_out, &Stage::dn_request},
        {StepKind::reserves, &Stage::reserves},
        {StepKind::disturbs_not, &Stage::dn_request},
        {StepKind::answers, &Stage::session_request},
        {StepKind::releases, &Stage::session_request},
        {StepKind::says, &Stage::session_request},
        {StepKind::attaches, &Stage::session_request},
        {StepKind::updates, &Stage::session_request},
        {StepKind::deletes_pair, &Stage::session_request},
        {StepKind::deletes_all, &Stage::session_request},
        {StepKind::redirects, &Stage::session_request},
        {StepKind::routes, &Stage::session_request},
        {StepKind::distributes, &Stage::session_request},
        {StepKind::unsupported, &Stage::session_request},
        {StepKind::outside_answers, &Stage::outside_answers},
        {StepKind::time_passes, &Stage::time_passes},
        {StepKind::skill_changes, &Stage::configure},
        {StepKind::person_toggles, &Stage::configure},
        {StepKind::scripts_load, &Stage::scripts},
        {StepKind::scripts_break, &Stage::scripts},
        {StepKind::scripts_refused, &Stage::scripts},
        {StepKind::drains, &Stage::drains},
    };
    return table;
}

void Stage::pager_text(const Step& step) {
    const std::string key = leg_key(step.who + "@" + step.dn);
    legs_.insert(key);
    world_.command(messages::TextReceived{SipTxnId(++txn_),
                                          {messages::LegKind::pager, key, "sip:192.0.2.1:5060"},
                                          without_realm(step.dn),
                                          host_of(step.dn),
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
                                            without_realm(step.dn),
                                            host_of(step.dn),
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

void Stage::party_says(const Step& step) {
    const SessionFacts* session = ledger_.session_at(leg_key(step.session));
    const std::string leg = session == nullptr || step.number == 1 ? "out-0" : session->out_leg;
    if (!leg.empty()) world_.command(messages::LegText{SipTxnId(++txn_), leg, step.text});
}

void Stage::leg_answers(const Step& step) {
    const SessionFacts* session = ledger_.session_at(leg_key(step.session));
    if (session == nullptr || session->out_leg.empty() || session->out_kind != messages::LegKind::session)
        return;
    const std::string leg = session->out_leg;
    if (step.number == 1) {
        if (session->out_answered) world_.command(messages::LegEnded{leg, messages::LegEnd::released});
    } else if (session->out_answered) {
        return;
    } else if (step.number == 200) {
        world_.command(messages::LegAnswered{leg});
    } else {
        world_.command(messages::LegFailed{leg, static_cast<int>(step.number)});
    }
}

void Stage::probe_answers(const Step& step) {
    if (probes_.empty()) return;
    const messages::ProbeEndpoint probe = probes_.front();
    probes_.pop_front();
    world_.command(messages::EndpointProbed{probe.dn, probe.target, step.number == 1});
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
    world_.command(opening(client_of(step.who)));
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
    request.this_dn = without_realm(step.dn);
    request.agent_id = step.text;
    request.this_queue = step.other;
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
    request.message = step.kind != StepKind::disturbs_not ? messages_of.at(step.kind)
                      : step.number != 0                  ? MessageId::request_set_dnd_on
                                                          : MessageId::request_set_dnd_off;
    request.this_dn = without_realm(step.dn);
    if (!step.text.empty()) request.reasons = one_pair("ReasonCode", step.text);
    if (step.number != 0) request.agent_work_mode = step.number;
    ask(step.who, std::move(request));
}

void Stage::reserves(const Step& step) {
    TMessage request;
    request.message = MessageId::request_reserve_agent;
    request.this_dn = without_realm(step.dn);
    request.timeout = step.number;
    request.priority = step.at;
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
        {StepKind::redirects, MessageId::request_redirect_call},
        {StepKind::routes, MessageId::request_route_call},
        {StepKind::distributes, MessageId::request_distribute_user_event},
        {StepKind::unsupported, MessageId::request_hold_call}};
    TMessage request;
    request.message = messages_of.at(step.kind);
    request.this_dn = without_realm(step.dn);
    const auto conn = ledger_.conn_of_leg.find(leg_key(step.session));
    request.conn_id = conn == ledger_.conn_of_leg.end() ? ConnId(0x4711) : conn->second;
    if (step.kind == StepKind::says) {
        request.private_msg_id = messages::private_msg_im;
        request.extensions = one_pair("im", step.text);
    }
    if (step.kind == StepKind::redirects || step.kind == StepKind::routes)
        request.other_dn = without_realm(step.other);
    if (step.kind == StepKind::distributes) {
        request.other_dn = without_realm(step.other);
        request.user_event = 7001;
        request.user_data = one_pair("note", step.text);
    }
    if (step.kind == StepKind::attaches || step.kind == StepKind::updates)
        request.user_data = one_pair("note_" + user_part(step.session), step.text);
    if (step.kind == StepKind::deletes_pair) request.data_key = step.text;
    ask(step.who, std::move(request));
}

void Stage::outside_answers(const Step& step) {
    const auto how = static_cast<OutsideAnswer>(step.number);
    if (how == OutsideAnswer::unknown)
        return answer_outside({OutsideId(4'711'000'000), true, "nobody"}, false);
    if (how == OutsideAnswer::again) {
        if (last_answered_.id) answer_outside(last_answered_, false);
        return;
    }
    if (outside_.empty()) return;
    const auto which = outside_.begin() + step.at % static_cast<std::int64_t>(outside_.size());
    last_answered_ = *which;
    outside_.erase(which);
    answer_outside(last_answered_, how == OutsideAnswer::error);
}

void Stage::answer_outside(const OutsideRequest& request, bool error) {
    const std::string words = error ? "on purpose" : "";
    if (request.query) {
        messages::QueryResult result{{"word"}, {{messages::SqlValue{request.word}}}, words};
        if (error) result.rows.clear();
        world_.command(messages::QueryAnswered{request.id, std::move(result)});
    } else {
        world_.command(messages::HttpAnswered{
            request.id, {error ? 0 : 200, {}, {error ? std::string{} : request.word}, words}});
    }
}

void Stage::drains(const Step&) {
    draining_ = true;
    world_.command(messages::Drain{});
}

void Stage::time_passes(const Step& step) { world_.pass(milliseconds(step.number)); }

void Stage::configure(const Step& step) {
    auto& persons = site_.tenants[realm_in(step.who).empty() ? 0 : 1].persons;
    const auto person = std::find_if(persons.begin(), persons.end(),
                                     [&](const auto& p) { return p.user_name == without_realm(step.who); });
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
