// Chooses the next step from what is the case: customers write to whom they can write, agents answer what
// rings. A few steps are wrong on purpose. The same seed and the same engine give the same steps.
#pragma once

#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "engine/base/random.hpp"
#include "tests/random/kit/stage.hpp"

namespace trunkline::random_test {

class Generator {
  public:
    /// `stock`: customers write to the project's own strategies too.
    Generator(std::uint64_t seed, bool stock);
    [[nodiscard]] Step next(Stage&);

  private:
    struct Choice {
        std::uint64_t weight;
        Step step;
    };
    using Choices = std::vector<Choice>;

    void customers(Stage&, Choices&);
    void clients(Stage&, Choices&);
    void agents_at(Stage&, const std::string& client, const std::string& dn, Choices&);
    void parties_at(Stage&, const std::string& client, const std::string& dn, Choices&);
    void routers_at(Stage&, const std::string& client, const std::string& dn, Choices&);
    void outside(Stage&, Choices&);
    void wrong(Stage&, Choices&);
    void plan_many_generations();
    [[nodiscard]] std::string words();
    template <class List>
    [[nodiscard]] const typename List::value_type& one_of(const List& list) {
        return *std::next(list.begin(), static_cast<std::ptrdiff_t>(dice_.below(list.size())));
    }

    Random dice_;
    std::vector<std::string> points_;
    std::uint64_t texts_ = 0, sessions_ = 0, clients_ = 0;
    std::int64_t version_ = 0;
    std::deque<Step> planned_;  // comes before anything chosen
};

}  // namespace trunkline::random_test
