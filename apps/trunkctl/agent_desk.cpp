#include "apps/trunkctl/agent_desk.hpp"

#include <array>
#include <boost/json.hpp>
#include <ostream>

namespace trunkline::ctl {
namespace json = boost::json;
namespace {

constexpr int already_logged_in = 1706;
constexpr int private_message_of_a_text = 3001;

std::string text_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::int64_t number_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_int64() ? value->as_int64() : -1;
}

// A key of a key-value list, in either of its forms; the last where it is repeated.
std::string key_of(const json::object& event, std::string_view list, std::string_view key) {
    const json::value* value = event.if_contains(list);
    if (value == nullptr) return {};
    if (value->is_object()) return text_of(value->as_object(), key);
    std::string found;
    if (value->is_array())
        for (const json::value& pair : value->as_array())
            if (pair.is_array() && pair.as_array().size() == 2 && pair.at(0).is_string() &&
                pair.at(1).is_string() && pair.at(0).as_string() == key)
                found = std::string(pair.at(1).as_string());
    return found;
}

}  // namespace

std::string printable(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        // C1 control characters are two bytes in UTF-8.
        const bool c1 = byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
        if (byte == '\n') {
            out += "\n    ";
        } else if (c1) {
            out += '?';
            ++i;
        } else {
            out += (byte < 0x20 && byte != '\t') || byte == 0x7f ? '?' : text[i];
        }
    }
    return out;
}

AgentDesk::AgentDesk(const AgentOptions& options, Send send, std::ostream& out, std::ostream& err)
    : options_(options), send_(std::move(send)), out_(out), err_(err) {}

void AgentDesk::open() {
    json::object more{{"ApplicationName", options_.application}};
    if (!options_.application_password.empty()) more["Password"] = options_.application_password;
    if (!options_.switch_name.empty()) more["Switch"] = options_.switch_name;
    request("RequestRegisterClient", std::move(more));
}

void AgentDesk::request(const char* name, json::object more) {
    json::object object{{"message", name}, {"ReferenceID", ++last_reference_}};
    for (auto& [key, value] : more) object[key] = std::move(value);
    send_(std::move(object));
}

void AgentDesk::received(const json::object& event) {
    static constexpr std::array<std::pair<std::string_view, Step>, 13> steps{{
        {"EventLinkConnected", &AgentDesk::on_link_connected},
        {"EventRegistered", &AgentDesk::on_registered},
        {"EventAgentLogin", &AgentDesk::on_login},
        {"EventAgentReady", &AgentDesk::on_ready},
        {"EventAgentNotReady", &AgentDesk::on_not_ready},
        {"EventAgentLogout", &AgentDesk::on_logout},
        {"EventRinging", &AgentDesk::on_ringing},
        {"EventEstablished", &AgentDesk::on_established},
        {"EventPrivateInfo", &AgentDesk::on_text},
        {"EventReleased", &AgentDesk::on_released},
        {"EventAbandoned", &AgentDesk::on_released},
        {"EventDiverted", &AgentDesk::on_released},
        {"EventError", &AgentDesk::on_error},
    }};
    const std::string name = text_of(event, "message");
    for (const auto& [known, step] : steps)
        if (known == name) (this->*step)(event);
    take_lines();
}

void AgentDesk::on_link_connected(const json::object&) {
    request("RequestRegisterAddress", {{"ThisDN", options_.dn}});
}

void AgentDesk::on_registered(const json::object&) {
    json::object more{{"ThisDN", options_.dn}, {"AgentID", options_.login}};
    if (!options_.password.empty()) more["Password"] = options_.password;
    request("RequestAgentLogin", std::move(more));
}

void AgentDesk::on_login(const json::object&) {
    logged_in_ = let_in_ = true;
    out_ << "logged in as " << options_.login << " on " << options_.dn << std::endl;
    request("RequestAgentReady", {{"ThisDN", options_.dn}});
}

void AgentDesk::on_ready(const json::object&) {
    out_ << "ready" << std::endl;
    if (std::exchange(greeted_, true) || options_.by_itself) return;
    out_ << "/answer takes a chat, then lines are texts; /release ends it; /help lists the rest" << std::endl;
}

void AgentDesk::on_not_ready(const json::object& event) {
    const std::string reason = key_of(event, "Reasons", "ReasonCode");
    if (greeted_) out_ << "not ready" << (reason.empty() ? "" : ": " + printable(reason)) << std::endl;
}

void AgentDesk::on_logout(const json::object&) {
    logged_in_ = false;
    out_ << "logged out" << std::endl;
    if (quitting_) end(false);
}

AgentDesk::Chat& AgentDesk::chat_of(const std::string& conn_id) {
    Chat& chat = chats_[conn_id];
    if (chat.number == 0) chat.number = ++last_chat_;
    return chat;
}

void AgentDesk::on_ringing(const json::object& event) {
    const std::string conn_id = text_of(event, "ConnID");
    Chat& chat = chat_of(conn_id);
    chat.other = printable(text_of(event, "OtherDN"));
    out_ << '[' << chat.number << "] ringing: " << chat.other << " wrote to "
         << printable(text_of(event, "DNIS")) << " (" << conn_id << ')' << std::endl;
    if (options_.by_itself) request("RequestAnswerCall", {{"ThisDN", options_.dn}, {"ConnID", conn_id}});
}

void AgentDesk::on_established(const json::object& event) {
    const std::string conn_id = text_of(event, "ConnID");
    Chat& chat = chat_of(conn_id);
    if (chat.other.empty()) chat.other = printable(text_of(event, "OtherDN"));
    chat.established = true;
    current_ = conn_id;
    out_ << '[' << chat.number << "] with " << chat.other << std::endl;
}

void AgentDesk::on_text(const json::object& event) {
    if (number_of(event, "PrivateMsgID") != private_message_of_a_text) return;
    if (text_of(event, "OtherDN") == options_.dn) return;  // the copy of the agent's own text
    const Chat& chat = chat_of(text_of(event, "ConnID"));
    out_ << '[' << chat.number << "] " << printable(text_of(event, "OtherDN")) << ": "
         << printable(key_of(event, "Extensions", "im")) << std::endl;
}

void AgentDesk::on_released(const json::object& event) {
    const auto found = chats_.find(text_of(event, "ConnID"));
    if (found == chats_.end()) return;
    out_ << '[' << found->second.number << "] ended" << std::endl;
    const bool was_current = found->first == current_;
    chats_.erase(found);
    if (was_current) current_.clear();
    if (!current_.empty()) return;
    for (const auto& [conn_id, chat] : chats_)
        if (chat.established) current_ = conn_id;
}

void AgentDesk::on_error(const json::object& event) {
    // A desktop that comes back finds its agent where it was.
    if (!let_in_ && number_of(event, "ErrorCode") == already_logged_in) return on_login(event);
    const std::string why = text_of(event, "ErrorMessage");
    const bool lacks_switch =
        !let_in_ && options_.switch_name.empty() && why.find("'Switch'") != std::string::npos;
    err_ << "refused: " << printable(why) << " (error " << number_of(event, "ErrorCode") << ')'
         << (lacks_switch ? "; name yours with --switch NAME" : "") << std::endl;
    if (!let_in_ || quitting_) end(!let_in_);
}

void AgentDesk::line(std::string text) {
    if (text.ends_with('\r')) text.pop_back();
    if (text.empty()) return;
    lines_.push_back(std::move(text));
    take_lines();
}

// At a terminal a line that cannot be taken is refused at once; a script's waits for its chat.
void AgentDesk::take_lines() {
    while (!lines_.empty() && !over_ && (take(lines_.front()) || !options_.by_itself)) lines_.pop_front();
}

bool AgentDesk::take(const std::string& line) {
    if (!line.starts_with('/'))
        return about_current("RequestPrivateService", {{"PrivateMsgID", private_message_of_a_text},
                                                       {"Extensions", json::object{{"im", line}}}});
    const std::size_t blank = line.find(' ');
    return command(line.substr(1, blank == std::string::npos ? blank : blank - 1),
                   blank == std::string::npos ? std::string() : line.substr(blank + 1));
}

bool AgentDesk::about_current(const char* name, json::object more) {
    if (current_.empty()) {
        if (!options_.by_itself) err_ << "no chat is at hand: /answer takes one that rings" << std::endl;
        return false;
    }
    more["ThisDN"] = options_.dn;
    more["ConnID"] = current_;
    request(name, std::move(more));
    return true;
}

const std::string* AgentDesk::oldest_ringing() const {
    const std::string* oldest = nullptr;
    int number = 0;
    for (const auto& [conn_id, chat] : chats_)
        if (!chat.established && (oldest == nullptr || chat.number < number)) {
            oldest = &conn_id;
            number = chat.number;
        }
    return oldest;
}

bool AgentDesk::command(const std::string& word, const std::string& rest) {
    if (word == "release") {
        if (!about_current("RequestReleaseCall")) return false;
        if (options_.by_itself) current_.clear();  // the next line of a script waits for the next chat
        return true;
    }
    if (word == "answer") {
        if (const std::string* conn_id = oldest_ringing())
            request("RequestAnswerCall", {{"ThisDN", options_.dn}, {"ConnID", *conn_id}});
        else if (!options_.by_itself)
            err_ << "nothing rings" << std::endl;
    } else if (word == "ready") {
        request("RequestAgentReady", {{"ThisDN", options_.dn}});
    } else if (word == "notready") {
        json::object more{{"ThisDN", options_.dn}};
        if (!rest.empty()) more["Reasons"] = json::object{{"ReasonCode", rest}};
        request("RequestAgentNotReady", std::move(more));
    } else if (word == "logout") {
        request("RequestAgentLogout", {{"ThisDN", options_.dn}});
    } else if (word == "login") {
        on_registered({});
    } else if (word == "chat") {
        for (const auto& [conn_id, chat] : chats_)
            if (chat.established && std::to_string(chat.number) == rest) current_ = conn_id;
        if (!current_.empty()) out_ << "texts go to [" << chats_.at(current_).number << ']' << std::endl;
    } else if (word == "quit") {
        quit();
    } else {
        (word == "help" ? out_ : err_)
            << "/answer, /release, /chat N, /ready, /notready [REASON], /login, /logout, /quit; "
               "any other line is a text to the current chat"
            << std::endl;
    }
    return true;
}

void AgentDesk::quit() {
    if (quitting_) return;
    quitting_ = true;
    if (!logged_in_) return end(false);
    request("RequestAgentLogout", {{"ThisDN", options_.dn}});
}

void AgentDesk::end(bool failed) {
    over_ = true;
    failed_ = failed;
}

}  // namespace trunkline::ctl
