// The router alone at the sizes that it promises: what a decision costs by number of agents and of distinct
// expressions, what a new expression and a new agent cost, what waits in memory. Agents have 6 of 60 skills
// at levels 1 to 10; an expression asks for two skills. Run: build/bin/bench_engine --benchmark_filter=Scale
#include <benchmark/benchmark.h>
#include <malloc.h>

#include "engine/base/random.hpp"
#include "engine/routing/router.hpp"

namespace trunkline::routing {
namespace {

constexpr std::uint64_t skills = 60;

model::SharedSnapshot site_of(std::int64_t agents, Random& dice) {
    model::Site site;
    model::Tenant tenant;
    tenant.name = "T";
    for (std::int64_t i = 0; i < agents; ++i) {
        model::Person person;
        person.user_name = "agent" + std::to_string(i);
        person.employee_id = person.user_name;
        person.is_agent = true;
        while (person.skills.size() < 6)
            person.skills["skill" + std::to_string(dice.below(skills))] =
                1 + static_cast<int>(dice.below(10));
        tenant.persons.push_back(std::move(person));
    }
    site.tenants.push_back(std::move(tenant));
    return std::make_shared<const model::Snapshot>(std::move(site));
}

class Scale {
  public:
    explicit Scale(std::int64_t agents) : config_(site_of(agents, dice_)) {
        router.configure(config_);
        for (const model::PersonEntry& person : config_->persons()) {
            log_in(person);
            router.set_standing(dn_of(person), {Ability::able, {}, now += milliseconds(1), "Ready", now});
        }
    }
    void log_in(const model::PersonEntry& person) {
        agents::Seat seat;
        seat.agent = person.id;
        seat.dn = dn_of(person);
        seat.tenant = person.tenant;
        router.add_seat(seat);
    }
    static DnId dn_of(const model::PersonEntry& person) { return DnId(person.id.value()); }
    const model::PersonEntry& somebody() {
        return config_->persons()[dice_.below(config_->persons().size())];
    }
    // The n-th of many expressions; about one agent in 250 fits.
    static RouteRequest expression(std::uint64_t n) {
        const std::uint64_t first = n % skills;
        const std::uint64_t second = (first + 1 + n / skills % (skills - 1)) % skills;
        const std::uint64_t level = n / (skills * (skills - 1));
        RouteRequest request;
        request.targets = {{TargetKind::skill, "skill" + std::to_string(first) +
                                                   " >= " + std::to_string(1 + level) + " and skill" +
                                                   std::to_string(second) + " >= 5"}};
        return request;
    }
    std::uint64_t roll(std::uint64_t bound) { return dice_.below(bound); }

    Router router;
    TimePoint now{};

  private:
    Random dice_{7};
    model::SharedSnapshot config_;
};

// One interaction comes, the best agent is found and explained, he is taken and freed again.
void ScaleDecision(benchmark::State& state) {
    Scale scale(state.range(0));
    const auto expressions = static_cast<std::uint64_t>(state.range(1));
    std::vector<RouteRequest> requests;
    for (std::uint64_t n = 0; n < expressions; ++n) requests.push_back(Scale::expression(n));
    for (std::uint64_t n = 0; n < expressions; ++n) {
        scale.router.add({1, n + 1}, TenantId(1), requests[n], 0, scale.now);
        scale.router.remove({1, n + 1}, scale.now);
    }
    std::uint64_t number = expressions + 1;
    std::int64_t decided = 0;
    for (auto _ : state) {
        const CallUuid id{1, ++number};
        scale.now += milliseconds(1);
        scale.router.add(id, TenantId(1), requests[scale.roll(expressions)], 0, scale.now);
        const auto choice = scale.router.choose(id, scale.now);
        if (choice) {
            ++decided;
            scale.router.offered(id, *choice, scale.now);
            scale.router.set_standing(choice->dn, {Ability::at_capacity, {1, 0, 0}, scale.now, "Busy", {}});
        }
        scale.router.remove(id, scale.now);
        if (choice) scale.router.set_standing(choice->dn, {Ability::able, {}, scale.now, "Ready", scale.now});
    }
    state.counters["decided"] = static_cast<double>(decided) / static_cast<double>(state.iterations());
}
BENCHMARK(ScaleDecision)
    ->ArgsProduct({{10'000, 100'000}, {1, 100, 10'000}})
    ->Unit(benchmark::kMicrosecond)
    ->Iterations(20'000);

// The choice alone, with its explanation.
void ScaleChoice(benchmark::State& state) {
    Scale scale(state.range(0));
    const auto expressions = static_cast<std::uint64_t>(state.range(1));
    for (std::uint64_t n = 0; n < expressions; ++n)
        scale.router.add({1, n + 1}, TenantId(1), Scale::expression(n), 0, scale.now);
    for (auto _ : state) {
        auto choice = scale.router.choose({1, 1 + scale.roll(expressions)}, scale.now);
        benchmark::DoNotOptimize(choice);
    }
}
BENCHMARK(ScaleChoice)->ArgsProduct({{10'000, 100'000}, {1, 100, 10'000}})->Unit(benchmark::kMicrosecond);

// 100,000 wait, nobody is able; an agent is freed: who gets him.
void ScaleFreedAgent(benchmark::State& state) {
    Scale scale(10'000);
    const auto expressions = static_cast<std::uint64_t>(state.range(0));
    for (std::uint64_t n = 0; n < 100'000; ++n)
        scale.router.add({1, n + 1}, TenantId(1), Scale::expression(n % expressions), 0,
                         scale.now += Duration(1));
    for (auto _ : state) {
        const DnId dn = Scale::dn_of(scale.somebody());
        scale.router.set_standing(dn, {Ability::at_capacity, {1, 0, 0}, scale.now, "Busy", {}});
        scale.now += milliseconds(1);
        scale.router.set_standing(dn, {Ability::able, {}, scale.now, "Ready", scale.now});
        auto next = scale.router.interaction_for(dn, scale.now);
        benchmark::DoNotOptimize(next);
    }
}
BENCHMARK(ScaleFreedAgent)->Arg(1)->Arg(100)->Arg(10'000)->Unit(benchmark::kMicrosecond);

void ScaleFirstUseOfAnExpression(benchmark::State& state) {
    Scale scale(state.range(0));
    std::uint64_t n = 0;
    for (auto _ : state) {
        scale.router.add({1, ++n}, TenantId(1), Scale::expression(n), 0, scale.now);
        scale.router.remove({1, n}, scale.now);
    }
}
BENCHMARK(ScaleFirstUseOfAnExpression)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Unit(benchmark::kMicrosecond)
    ->Iterations(2'000);

void ScaleNewAgent(benchmark::State& state) {
    Scale scale(10'000);
    const auto expressions = static_cast<std::uint64_t>(state.range(0));
    for (std::uint64_t n = 0; n < expressions; ++n)
        scale.router.add({1, n + 1}, TenantId(1), Scale::expression(n), 0, scale.now);
    for (auto _ : state) scale.log_in(scale.somebody());
}
BENCHMARK(ScaleNewAgent)->Arg(1)->Arg(100)->Arg(10'000)->Unit(benchmark::kMicrosecond);

// Heap of the router for 100,000 agents and as many waiting in 10,000 lines.
void ScaleBytes(benchmark::State& state) {
    for (auto _ : state) {
        const auto before = mallinfo2().uordblks;
        Scale scale(100'000);
        const auto with_agents = mallinfo2().uordblks;
        for (std::uint64_t n = 0; n < 10'000; ++n)
            scale.router.add({1, n + 1}, TenantId(1), Scale::expression(n), 0, scale.now);
        const auto with_pools = mallinfo2().uordblks;
        for (std::uint64_t n = 10'000; n < 110'000; ++n)
            scale.router.add({1, n + 1}, TenantId(1), Scale::expression(n % 10'000), 0, scale.now);
        state.counters["agent_and_config"] = static_cast<double>(with_agents - before) / 100'000;
        state.counters["expression"] = static_cast<double>(with_pools - with_agents) / 10'000;
        state.counters["waiting"] = static_cast<double>(mallinfo2().uordblks - with_pools) / 100'000;
    }
}
BENCHMARK(ScaleBytes)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace trunkline::routing
