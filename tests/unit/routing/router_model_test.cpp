// The router against a model that looks at everything each time: whoever it chooses, and whomever a freed
// agent gets, must be the one that the rules say. Nobody overtakes; a freed slot is used at once.
#include <gmock/gmock.h>

#include "engine/base/random.hpp"
#include "tests/unit/routing/routing_floor.hpp"

namespace trunkline::routing::testing {
namespace {

constexpr std::uint64_t agents_there = 30;
constexpr std::array<const char*, 9> expressions{"s0 >= 3",
                                                 "s1 >= 1 and s2 >= 2",
                                                 "s0 >= 1 or s3 >= 4",
                                                 "not (s1 > 2)",
                                                 "s4 = 5",
                                                 "s2 < 3 and s3 != 0",
                                                 "s5 >= 1 and (s0 > 1 or s1 > 1)",
                                                 "nobody_has_it >= 1",
                                                 "s5 <= 9"};
constexpr std::array<const char*, 3> statistics{"StatTimeInReadyState", "StatAgentLoading",
                                                "StatAgentSkill:s0"};

class Model {
  public:
    struct Agent {
        Standing standing;
        bool there = false;
    };
    struct Waiting {
        std::vector<std::string> expressions;
        std::string statistic;
        int priority = 0;
        TimePoint entered;
        bool paused = false;
        std::vector<Router::PassedOver> passed_over;
    };

    model::SharedSnapshot config;
    std::vector<Agent> agents{agents_there};
    std::map<CallUuid, Waiting> waiting;

    bool fits(const Waiting& w, std::size_t agent) const {
        const auto& skills = config->persons()[agent].object->skills;
        const auto level = [&](std::string_view skill) {
            const auto found = skills.find(std::string(skill));
            return found == skills.end() ? 0 : found->second;
        };
        return std::any_of(w.expressions.begin(), w.expressions.end(), [&](const std::string& expression) {
            return model::SkillExpression::parse(expression)->matches(level);
        });
    }
    bool takes(const Waiting& w, std::size_t agent, TimePoint now, bool passed_over_too) const {
        for (const auto& p : w.passed_over)
            if (p.agent == config->persons()[agent].id && p.until > now && (p.declined || !passed_over_too))
                return false;
        return true;
    }
    std::optional<std::size_t> best_for(const Waiting& w, TimePoint now) const {
        for (const bool passed_over_too : {false, true}) {
            std::optional<std::size_t> best;
            for (std::size_t a = 0; a < agents.size(); ++a)
                if (able(a) && fits(w, a) && takes(w, a, now, passed_over_too) &&
                    (!best || before(w, a, *best)))
                    best = a;
            if (best) return best;
        }
        return std::nullopt;
    }
    std::optional<CallUuid> first_for(std::size_t agent, TimePoint now) const {
        if (!able(agent)) return std::nullopt;
        for (const bool passed_over_too : {false, true}) {
            std::optional<CallUuid> first;
            for (const auto& [id, w] : waiting)
                if (!w.paused && fits(w, agent) && takes(w, agent, now, passed_over_too) &&
                    (!first ||
                     std::tuple(-w.priority, w.entered, id) <
                         std::tuple(-waiting.at(*first).priority, waiting.at(*first).entered, *first)))
                    first = id;
            if (first) return first;
        }
        return std::nullopt;
    }
    bool all_declined(const Waiting& w, TimePoint now) const {
        bool any = false;
        for (std::size_t a = 0; a < agents.size(); ++a) {
            if (!agents[a].there || !fits(w, a)) continue;
            any = true;
            if (takes(w, a, now, true)) return false;
        }
        return any;
    }

  private:
    bool able(std::size_t a) const { return agents[a].there && agents[a].standing.ability == Ability::able; }
    bool before(const Waiting& w, std::size_t a, std::size_t b) const { return order(w, a) < order(w, b); }
    std::tuple<double, bool, TimePoint, PersonId> order(const Waiting& w, std::size_t a) const {
        const Standing& s = agents[a].standing;
        double figure = 0;
        if (w.statistic == "StatAgentLoading") figure = -s.load.total();
        if (w.statistic == "StatAgentSkill:s0") {
            const auto& skills = config->persons()[a].object->skills;
            figure = skills.contains("s0") ? skills.at("s0") : 0;
        }
        return {-figure, s.busy(), s.idle_since, config->persons()[a].id};
    }
};

model::SharedSnapshot random_site(Random& dice) {
    std::vector<model::Person> persons;
    for (std::uint64_t a = 0; a < agents_there; ++a) {
        std::map<std::string, int> skills;
        for (int s = 0; s < 6; ++s)
            if (dice.below(2) == 0) skills["s" + std::to_string(s)] = static_cast<int>(dice.below(6));
        persons.push_back(person_with("agent" + std::to_string(a), skills));
    }
    return site_of(persons);
}

class Walk {
  public:
    Walk(std::uint64_t seed, Upkeep upkeep) : dice_(seed), router_(upkeep) {
        model_.config = random_site(dice_);
        router_.configure(model_.config);
    }
    void step(std::uint64_t number) {
        now_ += milliseconds(static_cast<int>(dice_.below(20'000)));
        const std::size_t a = dice_.below(agents_there);
        switch (dice_.below(12)) {
            case 0:
                log_in_or_out(a);
                break;
            case 1:
            case 2:
            case 3:
                change_standing(a);
                break;
            case 4:
            case 5:
                wait(number);
                break;
            case 11:
                if (dice_.below(20) == 0) reconfigure();
                break;
            default:
                change_a_waiting_one();
        }
        check();
    }

    std::size_t pools_in_order() const { return router_.pools_in_order(); }

  private:
    void log_in_or_out(std::size_t a) {
        auto& agent = model_.agents[a];
        agent = {Standing{}, !agent.there};
        if (agent.there)
            router_.add_seat(seat_of(model_.config->persons()[a]));
        else
            router_.remove_seat(seat_of(model_.config->persons()[a]).dn);
    }
    void change_standing(std::size_t a) {
        if (!model_.agents[a].there) return;
        Standing s = able_since(now_, {static_cast<int>(dice_.below(3)), 0, 0});
        if (dice_.below(3) == 0) s.ability = Ability::not_ready;
        model_.agents[a].standing = s;
        router_.set_standing(seat_of(model_.config->persons()[a]).dn, s);
    }
    void wait(std::uint64_t number) {
        Model::Waiting w;
        w.statistic = statistics[dice_.below(statistics.size())];
        w.priority = static_cast<int>(dice_.below(3));
        w.entered = now_;
        RouteRequest request;
        for (std::uint64_t t = 0; t <= dice_.below(3); ++t) {
            w.expressions.emplace_back(expressions[dice_.below(expressions.size())]);
            request.targets.push_back(to_skill(w.expressions.back()).targets[0]);
        }
        request.statistic = w.statistic;
        ASSERT_TRUE(router_.add(call(number), TenantId(1), request, w.priority, w.entered));
        model_.waiting[call(number)] = w;
    }
    void change_a_waiting_one() {
        if (model_.waiting.empty()) return;
        auto at = model_.waiting.begin();
        std::advance(at, dice_.below(model_.waiting.size()));
        auto& [id, w] = *at;
        const std::uint64_t what = dice_.below(5);
        if (what == 0) {
            router_.remove(id, now_);
            router_.forget(id);
            model_.waiting.erase(at);
        } else if (what == 1) {
            w.priority = static_cast<int>(dice_.below(5));
            router_.set_priority(id, w.priority);
        } else if (what == 2) {
            w.paused = !w.paused;
            w.paused ? router_.pause(id) : router_.resume(id);
        } else {
            const PersonId agent = model_.config->persons()[dice_.below(agents_there)].id;
            const Router::PassedOver p{agent, now_ + seconds(60), what == 3};
            std::erase_if(w.passed_over, [&](const auto& before) { return before.agent == agent; });
            w.passed_over.push_back(p);
            router_.pass_over(id, agent, p.until, p.declined);
        }
    }
    void reconfigure() {
        model_.config = random_site(dice_);
        router_.configure(model_.config);
    }
    void check() {
        ASSERT_THAT(router_.inconsistencies(), ::testing::IsEmpty());
        for (const auto& [id, w] : model_.waiting) {
            const auto chosen = router_.choose(id, now_);
            const auto best = w.paused ? std::nullopt : model_.best_for(w, now_);
            ASSERT_EQ(chosen.has_value(), best.has_value());
            if (best) {
                ASSERT_EQ(chosen->agent, model_.config->persons()[*best].id);
            }
            ASSERT_EQ(router_.somebody_for(id, now_), best.has_value());
            ASSERT_EQ(router_.all_declined(id, now_), model_.all_declined(w, now_));
        }
        for (std::size_t a = 0; a < agents_there; ++a)
            ASSERT_EQ(router_.interaction_for(seat_of(model_.config->persons()[a]).dn, now_),
                      model_.first_for(a, now_));
    }

    Random dice_;
    Model model_;
    Router router_;
    TimePoint now_ = at(0);
};

// Pools that are looked through at each ask, pools that keep their order from the first ask on, and pools
// that go to and fro between the two: the choice is the same.
constexpr Upkeep never_in_order{1'000, 1, 1};
constexpr Upkeep always_in_order{0, 0, 0};
constexpr Upkeep now_and_then{3, 1, 8};

// lessons B4.34, B4.37, B4.39, B4.40: nobody starves beside a free agent, nobody overtakes.
TEST(Router, ChoosesAsAModelDoesThatLooksAtEverybodyEachTime) {
    std::size_t came = 0, went = 0;
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        SCOPED_TRACE(seed);
        Walk walk(seed, std::array{never_in_order, always_in_order, now_and_then}[seed % 3]);
        std::size_t before = 0;
        for (std::uint64_t number = 1; number <= 400; ++number) {
            walk.step(number);
            if (::testing::Test::HasFatalFailure()) return;
            const std::size_t after = walk.pools_in_order();
            if (seed % 3 == 2) came += after > before, went += after < before;
            before = after;
        }
        if (seed % 3 == 0) {
            EXPECT_EQ(walk.pools_in_order(), 0U);
        }
    }
    EXPECT_GT(came, 20U);
    EXPECT_GT(went, 5U);
}

}  // namespace
}  // namespace trunkline::routing::testing
