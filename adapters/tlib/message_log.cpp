#include "adapters/tlib/message_log.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <boost/algorithm/string/predicate.hpp>
#include <boost/json.hpp>
#include <ctime>

#include "engine/base/kv_list.hpp"
#include "engine/base/printable.hpp"
#include "engine/messages/message_id.hpp"

namespace trunkline::tlib {
namespace {
namespace json = boost::json;

constexpr std::string_view indent = "\t";
constexpr int max_depth = 32;

std::string clock_text(std::int64_t seconds_since_epoch) {
    const auto at = static_cast<std::time_t>(seconds_since_epoch);
    std::tm local{};
    localtime_r(&at, &local);
    return fmt::format("{:02}:{:02}:{:02}", local.tm_hour, local.tm_min, local.tm_sec);
}

std::string clock_text(TimePoint at, int digits) {
    const std::int64_t us = at.time_since_epoch().count();
    const std::string fraction = fmt::format("{:06}", us % 1'000'000);
    return clock_text(us / 1'000'000) + '.' + fraction.substr(0, static_cast<std::size_t>(digits));
}

// The size that the list has in its packed form: a count, and type, key and value with their ends for each
// pair.
std::size_t packed_size(const KvList& list, int depth = 0) {
    std::size_t size = 4;
    for (const auto& [key, value] : list) {
        size += 1 + key.size() + 1;
        if (const auto* text = std::get_if<std::string>(&value.is))
            size += text->size() + 1;
        else if (const auto* inner = std::get_if<KvList>(&value.is); inner != nullptr && depth < max_depth)
            size += packed_size(*inner, depth + 1);
        else
            size += 4;
    }
    return size;
}

// Whatever is called a password, wherever it stands.
bool is_secret(std::string_view name) { return boost::algorithm::icontains(name, "password"); }

void append_list(std::string& out, const KvList& list, int depth) {
    for (const auto& [key, value] : list) {
        for (int i = 0; i < depth; ++i) out += indent;
        out += fmt::format("'{}'", printable(key));
        if (is_secret(key)) {
            out += "\t(not shown)\n";
        } else if (const auto* text = std::get_if<std::string>(&value.is)) {
            out += fmt::format("\t'{}'\n", printable(*text));
        } else if (const auto* number = std::get_if<std::int64_t>(&value.is)) {
            out += fmt::format("\t{}\n", *number);
        } else {
            out += "(list)\n";
            if (depth < max_depth) append_list(out, std::get<KvList>(value.is), depth + 1);
        }
    }
}

void append_time(std::string& out, const json::object& time) {
    const json::value* sec = time.if_contains("sec");
    const json::value* usec = time.if_contains("usec");
    if (usec != nullptr && usec->is_int64())
        out += fmt::format("\tAttributeTimeinuSecs\t{}\n", usec->as_int64());
    if (sec != nullptr && sec->is_int64())
        out += fmt::format("\tAttributeTimeinSecs\t{} ({})\n", sec->as_int64(), clock_text(sec->as_int64()));
}

std::string name_of_message(const json::object& message) {
    const json::value* name = message.if_contains("message");
    if (name == nullptr) return "(none)";
    if (name->is_string()) return printable(name->as_string());
    constexpr std::int64_t largest = 10'000;
    const bool number = name->is_int64() && name->as_int64() >= 0 && name->as_int64() <= largest;
    const auto id = number ? messages::message_id(static_cast<int>(name->as_int64())) : std::nullopt;
    return id ? std::string(messages::name_of(*id)) : json::serialize(*name);
}

bool is_identifier(std::string_view name) { return name.ends_with("ConnID"); }

void append_attribute(std::string& out, std::string_view name, const json::value& value) {
    if (is_secret(name)) {
        out += fmt::format("\tAttribute{}\t(not shown)\n", name);
    } else if (name == "EventSequenceNumber" && value.is_int64()) {
        out += fmt::format("\tAttributeEventSequenceNumber\t{:016x}\n", value.as_int64());
    } else if (name == "Time" && value.is_object()) {
        append_time(out, value.as_object());
    } else if (value.is_string()) {
        const std::string text = printable(value.as_string());
        out += is_identifier(name) ? fmt::format("\tAttribute{}\t{}\n", name, text)
                                   : fmt::format("\tAttribute{}\t'{}'\n", name, text);
    } else if (value.is_object() || value.is_array()) {
        try {
            const KvList list = kv_from_json(value);
            out += fmt::format("\tAttribute{}\t[{}] {:02x} {:02x} 00 00..\n", name, packed_size(list),
                               (list.size() >> 8U) & 0xffU, list.size() & 0xffU);
            append_list(out, list, 2);
        } catch (const std::invalid_argument&) {  // not a key-value list: as it came
            out += fmt::format("\tAttribute{}\t{}\n", name, json::serialize(value));
        }
    } else {
        out += fmt::format("\tAttribute{}\t{}\n", name, json::serialize(value));
    }
}

}  // namespace

std::string format_message(Direction direction, const json::object& message, std::string_view server_version,
                           TimePoint at) {
    std::string out = fmt::format("@{} [0] {} {}: message {}\n", clock_text(at, 4), server_version,
                                  direction == Direction::sent ? "distribute_event" : "request from client",
                                  name_of_message(message));
    for (const auto& [key, value] : message)
        if (key != "message") append_attribute(out, printable(key), value);
    return out;
}

std::string format_trace(Direction direction, std::string_view message_name, const LoggedClient& client,
                         TimePoint at) {
    const bool sent = direction == Direction::sent;
    return fmt::format("{} Trc {} {} {} [{}] ({:08x} {} {})", clock_text(at, 3), sent ? "04542" : "04541",
                       message_name, sent ? "sent to" : "received from", client.id, client.id,
                       client.application.empty() ? "-" : client.application, client.peer);
}

MessageLog::MessageLog(bool on, std::string server_version) : on_(on), version_(std::move(server_version)) {
    if (on_) log_ = spdlog::default_logger()->clone(std::string(message_log_name));
}

void MessageLog::sent(std::string_view json_text, const std::vector<LoggedClient>& clients,
                      TimePoint at) const {
    if (!on_) return;
    const json::value message = json::parse(json_text);
    std::string text = format_message(Direction::sent, message.as_object(), version_, at);
    for (const LoggedClient& client : clients)
        text += format_trace(Direction::sent, name_of_message(message.as_object()), client, at) + '\n';
    text.pop_back();
    log_->info("{}", text);
}

void MessageLog::received(const json::object& message, const LoggedClient& client, TimePoint at) const {
    if (!on_) return;
    std::string text = format_message(Direction::received, message, version_, at);
    text += format_trace(Direction::received, name_of_message(message), client, at);
    log_->info("{}", text);
}

}  // namespace trunkline::tlib
