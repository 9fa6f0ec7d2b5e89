// An engine that only remembers: what scripts asked of the port, in order and word for word, so that two runs
// can be compared.
#pragma once

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
    std::map<std::string, std::string> options;
    std::map<std::string, std::string> lists;  // "list/key"
    TimePoint time{std::chrono::seconds(1'700'000'000)};
    bool customer_there = true;
    bool throws = false;

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
    void attach(CallUuid id, const KvList& pairs) override {
        if (throws) throw std::runtime_error("the engine threw");
        for (const auto& [key, value] : pairs) data[id].set(key, value);
        std::string json;
        append_json(json, pairs);
        calls.push_back("attach " + json);
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
    std::optional<std::string> option(CallUuid, std::string_view object, std::string_view section,
                                      std::string_view key) const override {
        return look_up(options, std::string(object) + "/" + std::string(section) + "/" + std::string(key));
    }
    std::optional<std::string> list_entry(CallUuid, std::string_view list,
                                          std::string_view key) const override {
        return look_up(lists, std::string(list) + "/" + std::string(key));
    }

  private:
    static std::optional<std::string> look_up(const std::map<std::string, std::string>& in,
                                              const std::string& key) {
        const auto found = in.find(key);
        return found == in.end() ? std::nullopt : std::optional(found->second);
    }
    Random dice_{42};
};

}  // namespace trunkline::scripting::testing
