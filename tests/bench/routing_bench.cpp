// What a routing decision costs, and what a waiting interaction weighs: the engine alone, in virtual time,
// with every record that production writes. Run: build/bin/bench_engine  (figures in tests/bench/results/)
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <cstdio>

#include "engine/agents/agents.hpp"
#include "engine/routing/router.hpp"
#include "tests/support/world.hpp"

namespace trunkline::testing {
namespace {

constexpr const char* route_to_group = R"(
return function(ix)
  ix:route{targets = {target.group "All_Agents"}, timeout = 3600}
end)";

model::Site site_with(int agents) {
    model::Site site = small_site();
    model::Tenant& tenant = site.tenants[0];
    model::Switch& sw = site.switches[0];
    for (int i = 0; i < agents; ++i) {
        const std::string number = std::to_string(200000 + i);
        model::Person person;
        person.user_name = "agent" + number;
        person.employee_id = "E" + number;
        person.is_agent = true;
        person.skills = {{"billing", i % 10}, {"english", i % 7}};
        person.agent_logins = {number};
        tenant.persons.push_back(person);
        tenant.places.push_back({0, "P" + number, {number}, "", {}});
        sw.agent_logins.push_back({0, number, {}});
        sw.dns.push_back({0,
                          number,
                          "Extension",
                          "",
                          {{"TServer", {{"multimedia", "true"}, {"sip-signaling-chat", "false"}}}}});
        tenant.agent_groups[0].agents.push_back(person.user_name);
    }
    return site;
}

// A world without the invariant checks that tests make after every command.
class Floor {
  public:
    Floor(int agents, const std::string& strategy)
        : now_(std::chrono::sys_days(std::chrono::year(2026) / 11 / 20)), engine_({1, 1, now_, {}, false}) {
        give(messages::ConfigChanged{std::make_shared<const model::Snapshot>(site_with(agents))});
        give(messages::ScriptsLoaded{scripts_with({{"main", strategy}}), nullptr});
        for (int i = 0; i < agents; ++i) {
            const std::string number = std::to_string(200000 + i);
            give(messages::ClientOpened{ClientId(i + 1), TenantId(1), SwitchId(1), "desktop"});
            ask(ClientId(i + 1), messages::MessageId::request_register_address, number);
            ask(ClientId(i + 1), messages::MessageId::request_agent_login, number, {}, number);
            ask(ClientId(i + 1), messages::MessageId::request_agent_ready, number);
            now_ += milliseconds(1);
        }
    }
    void give(messages::Command command) {
        effects_.clear();
        engine_.handle(std::move(command), now_, effects_);
    }
    void ask(ClientId client, messages::MessageId id, const std::string& dn, ConnId conn = {},
             const std::string& agent = {}) {
        messages::TMessage request;
        request.message = id;
        request.this_dn = dn;
        request.conn_id = conn;
        request.agent_id = agent;
        give(messages::ClientRequest{client, std::move(request)});
    }
    void text(int customer) {
        const std::string name = "c" + std::to_string(customer);
        give(messages::TextReceived{SipTxnId(++txn_),
                                    {messages::LegKind::pager, name, "sip:192.0.2.1"},
                                    "1111",
                                    "h",
                                    "sip:" + name + "@e",
                                    name,
                                    "hello"});
    }
    // The agent whom the last command rang.
    std::pair<std::string, ConnId> rung() const {
        for (const auto& effect : effects_)
            if (const auto* e = std::get_if<messages::EmitEvent>(&effect);
                e != nullptr && e->event->message == messages::MessageId::event_ringing)
                return {e->event->this_dn, e->event->conn_id};
        return {};
    }
    void pass(Duration d) { now_ += d; }
    [[nodiscard]] std::int64_t waiting() const { return engine_.status(now_).waiting; }

  private:
    TimePoint now_;
    Engine engine_;
    messages::Effects effects_;
    std::uint64_t txn_ = 0;
};

// A text arrives, a strategy starts, an agent is chosen among N and rings: text to EventRinging with all
// records.
void DecisionAmongAgents(benchmark::State& state) {
    Floor floor(static_cast<int>(state.range(0)), route_to_group);
    int customer = 0;
    for (auto _ : state) {
        floor.text(++customer);
        state.PauseTiming();
        const auto [dn, conn] = floor.rung();
        if (!conn) state.SkipWithError("nobody rang");
        floor.pass(milliseconds(5));
        const ClientId client(static_cast<std::uint64_t>(std::stoi(dn) - 200000 + 1));
        floor.ask(client, messages::MessageId::request_answer_call, dn, conn);
        floor.ask(client, messages::MessageId::request_release_call, dn, conn);
        state.ResumeTiming();
    }
}
BENCHMARK(DecisionAmongAgents)->Arg(100)->Arg(10'000)->Unit(benchmark::kMicrosecond)->Iterations(5000);

// The decision alone: the index is asked for the best of N able agents and explains itself.
void ChoiceAmongAgents(benchmark::State& state) {
    const auto config = std::make_shared<const model::Snapshot>(site_with(static_cast<int>(state.range(0))));
    routing::Router router;
    router.configure(config);
    TimePoint now{};
    for (const model::PersonEntry& person : config->persons()) {
        agents::Seat seat;
        seat.agent = person.id;
        seat.dn = DnId(person.id.value());
        seat.tenant = TenantId(1);
        router.add_seat(seat);
        router.set_standing(seat.dn, {routing::Ability::able, {}, now += milliseconds(1), "Ready", now});
    }
    routing::RouteRequest request;
    request.targets = {{routing::TargetKind::group, "All_Agents"}};
    router.add(CallUuid{1, 1}, TenantId(1), request, 0, now);
    for (auto _ : state) {
        auto choice = router.choose(CallUuid{1, 1}, now);
        benchmark::DoNotOptimize(choice);
        router.set_standing(choice->dn, {routing::Ability::able, {}, now += milliseconds(1), "Ready", now});
    }
}
BENCHMARK(ChoiceAmongAgents)->Arg(100)->Arg(10'000)->Unit(benchmark::kMicrosecond);

// A whole session in the engine: first text, route, answer, two texts each way, release.
void WholeSession(benchmark::State& state) {
    Floor floor(100, route_to_group);
    int customer = 0;
    for (auto _ : state) {
        floor.text(++customer);
        const auto [dn, conn] = floor.rung();
        const ClientId client(static_cast<std::uint64_t>(std::stoi(dn) - 200000 + 1));
        floor.ask(client, messages::MessageId::request_answer_call, dn, conn);
        floor.text(customer);
        floor.ask(client, messages::MessageId::request_release_call, dn, conn);
        floor.pass(milliseconds(1));
    }
}
BENCHMARK(WholeSession)->Unit(benchmark::kMicrosecond)->Iterations(20'000);

// Bytes on the heap for one interaction that waits in ix:route with its suspended coroutine and its text.
void BytesOfAWaitingInteraction(benchmark::State& state) {
    for (auto _ : state) {
        Floor floor(0, route_to_group);
        const auto before = mallinfo2().uordblks;
        const int waiting = 100'000;
        for (int i = 0; i < waiting; ++i) floor.text(i);
        state.counters["bytes"] = static_cast<double>(mallinfo2().uordblks - before) / waiting;
    }
}
BENCHMARK(BytesOfAWaitingInteraction)->Unit(benchmark::kMillisecond)->Iterations(1);

// What everybody feels of a reload: the new generation, built before and elsewhere as in production, is put
// in force while 10,000 wait and 10,000 agents are asked about anew.
void PauseOfAReload(benchmark::State& state) {
    const std::map<std::string, std::string> strategies{
        {"main", "return function(ix) ix:route{targets = {target.skill \"billing >= 100\"}} end"}};
    Floor floor(10'000, strategies.at("main"));
    for (int i = 0; i < 10'000; ++i) floor.text(i);
    for (auto _ : state) {
        state.PauseTiming();
        const auto sources = scripts_with(strategies);
        auto built = scripting::build(*sources, {}).generation;
        state.ResumeTiming();
        floor.give(messages::ScriptsLoaded{sources, std::move(built)});
    }
    state.counters["waiting"] = static_cast<double>(floor.waiting());
}
BENCHMARK(PauseOfAReload)->Unit(benchmark::kMillisecond)->Iterations(20);

}  // namespace
}  // namespace trunkline::testing
