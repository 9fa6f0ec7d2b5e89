// An engine that only remembers: what scripts asked of the port, in order and word for word, so that two runs
// can be compared.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/base/random.hpp"
#include "engine/scripting/port.hpp"

namespace trunkline::scripting::testing {

class FakePort final : public EnginePort {
  public:
    std::vector<std::string> calls;
    std::vector<std::string> traces;
    std::map<CallUuid, InteractionView> interactions;
    std::map<CallUuid, KvList> data;
    std::set<std::string> absent_targets;  // as routing::to_text
    std::set<std::string> absent_queues;
    std::optional<std::int64_t> place_in_line;
    std::optional<Duration> own_wait;
    std::map<std::string, Duration> waits;  // by routing::to_text of the target
    std::map<std::string, std::string> options;
    std::map<std::string, std::string> lists;  // "list/key"
    std::set<std::string> absent_objects;      // of config.option and config.list
    std::string zone = "UTC";                  // the tenant's
    TimePoint time{std::chrono::seconds(1'700'000'000)};
    bool customer_there = true;
    bool throws = false;
    bool full = false;  // of user data
    std::function<void()> on_attach;

    TimePoint now() const override { return time; }
    std::uint64_t random() override { return dice_(); }
    std::optional<InteractionView> view(CallUuid id) const override {
        const auto found = interactions.find(id);
        return found == interactions.end() ? std::nullopt : std::optional(found->second);
    }
    SharedKv user_data(CallUuid id) const override {
        const auto found = data.find(id);
        return found == data.end() ? nullptr : std::make_shared<const KvList>(found->second);
    }
    Result<void> attach(CallUuid id, const KvList& pairs) override {
        if (throws) throw std::runtime_error("the engine threw");
        if (full) return Error{ErrorCode::bad_attribute, "too much user data"};
        if (on_attach) on_attach();
        for (const auto& [key, value] : pairs) data[id].set(key, value);
        std::string json;
        append_json(json, pairs);
        calls.push_back("attach " + json);
        return {};
    }
    void detach(CallUuid id, std::string_view key) override {
        data[id].erase(key);
        calls.push_back("detach " + std::string(key));
    }
    bool send_text(CallUuid, const std::string& text) override {
        calls.push_back("text " + text);
        return customer_there;
    }
    void set_priority(CallUuid, int priority) override {
        calls.push_back("priority " + std::to_string(priority));
    }
    void raise_priority(CallUuid, int by, Duration every, int limit) override {
        calls.push_back("priority +" + std::to_string(by) + " every " + std::to_string(to_seconds(every)) +
                        " up to " + std::to_string(limit));
    }
    Result<void> enter_queue(CallUuid, std::string_view queue) override {
        if (absent_queues.contains(std::string(queue)))
            return Error{ErrorCode::dn_not_configured,
                         "there is no virtual queue '" + std::string(queue) + "'"};
        calls.push_back("queue " + std::string(queue));
        return {};
    }
    Result<void> leave_queue(CallUuid, std::string_view queue) override {
        calls.push_back("dequeue " + std::string(queue));
        return {};
    }
    std::optional<std::int64_t> position(CallUuid) const override { return place_in_line; }
    Result<statistics::Figure> statistic(CallUuid, std::string_view object,
                                         std::string_view name) const override {
        if (object == "queue:nowhere") return Error{ErrorCode::dn_not_configured, "there is no queue"};
        if (const auto found = figures.find(std::string(object) + ' ' + std::string(name));
            found != figures.end())
            return found->second;
        return Error{ErrorCode::bad_attribute, "there is no statistic '" + std::string(name) + "'"};
    }
    std::map<std::string, statistics::Figure> figures;
    std::optional<Duration> expected_wait(CallUuid) const override { return own_wait; }
    std::optional<Duration> expected_wait(CallUuid, const routing::Target& target) const override {
        const auto found = waits.find(routing::to_text(target));
        return found == waits.end() ? std::nullopt : std::optional(found->second);
    }
    void disconnect(CallUuid, const std::string& reason) override { calls.push_back("disconnect " + reason); }
    void treatment_started(CallUuid, const std::string& name) override { calls.push_back("begin " + name); }
    void treatment_ended(CallUuid, const std::string& result, const std::string& detail) override {
        calls.push_back("end " + result + " " + detail);
    }
    void trace(CallUuid, TraceLevel, const std::string& file, int line, const std::string& step,
               const std::string& detail) override {
        traces.push_back(file + ":" + std::to_string(line) + " " + step + " " + detail);
    }
    void log(CallUuid, const std::string& level, const std::string& text) override {
        calls.push_back(level + ": " + text);
    }
    bool target_exists(CallUuid, const routing::Target& target) const override {
        return !absent_targets.contains(routing::to_text(target));
    }
    ConfigValue option(CallUuid, std::string_view object, std::string_view section,
                       std::string_view key) const override {
        return look_up(options, object, "/" + std::string(section) + "/" + std::string(key));
    }
    ConfigValue list_entry(CallUuid, std::string_view list, std::string_view key) const override {
        return look_up(lists, list, "/" + std::string(key));
    }
    const model::TimeZone& time_zone(CallUuid) const override { return *time_zone_named(zone); }
    const model::TimeZone* time_zone_named(std::string_view name) const override {
        return model::system_time_zones().find(name);
    }

  private:
    ConfigValue look_up(const std::map<std::string, std::string>& in, std::string_view object,
                        const std::string& rest) const {
        if (absent_objects.contains(std::string(object))) return {};
        const auto found = in.find(std::string(object) + rest);
        return {true, found == in.end() ? std::nullopt : std::optional(found->second)};
    }
    Random dice_{42};
};

}  // namespace trunkline::scripting::testing
