// The engine with everybody who deals with it: carries out steps on a World, shows each command and its
// effects to the ledger, the checks and the coverage. One run, one thread.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>

#include "tests/random/kit/check.hpp"
#include "tests/random/kit/coverage.hpp"
#include "tests/random/kit/step.hpp"
#include "tests/support/world.hpp"

namespace trunkline::random_test {

class Stage {
  public:
    /// Without checks the strategies of the project may run too, which tell no ledger what they hear.
    Stage(std::uint64_t seed, bool with_checks);

    /// False where the engine refused: EventError, or an answer of 400 and above.
    bool carry_out(const Step&);
    /// Everybody goes; then nothing may be left.
    void farewell();

    Findings findings;
    Coverage coverage;
    std::int64_t commands = 0;
    /// Called with the effects of each command, where set.
    std::function<void(const messages::Effects&)> watch;

    // What a generator looks at.
    [[nodiscard]] Ledger& ledger() { return ledger_; }
    [[nodiscard]] const Engine& engine() const { return world_.engine; }
    [[nodiscard]] TimePoint now() const { return world_.now; }
    [[nodiscard]] std::size_t unanswered_texts() const { return unanswered_.size(); }
    [[nodiscard]] std::size_t probes() const { return probes_.size(); }
    [[nodiscard]] std::size_t outside_requests() const { return outside_.size(); }
    [[nodiscard]] bool draining() const { return draining_; }
    [[nodiscard]] bool knows_person(const std::string& user) const { return !absent_.contains(user); }
    static std::string leg_key(const std::string& session);
    /// "p3@2001" of a pager-mode leg, "p3@2001@east" of the second tenant, "s17" of a dialog.
    static std::string label_of(const SessionFacts&);
    /// "c5", or "e5" of the second tenant.
    static ClientId client_of(const std::string& label);
    static std::string label_of(ClientId);

  private:
    using Handler = void (Stage::*)(const Step&);
    static const std::map<StepKind, Handler>& handlers();

    void pager_text(const Step&);
    void session_open(const Step&);
    void session_text(const Step&);
    void customer_leaves(const Step&);
    void party_says(const Step&);
    void leg_answers(const Step&);
    void probe_answers(const Step&);
    void text_answered(const Step&);
    void client_opens(const Step&);
    void client_closes(const Step&);
    void logs_in(const Step&);
    void dn_request(const Step&);
    void reserves(const Step&);
    void session_request(const Step&);
    void outside_answers(const Step&);
    void time_passes(const Step&);
    void drains(const Step&);
    void configure(const Step&);
    void scripts(const Step&);

    void on_command(const messages::Command&, const messages::Effects&);
    void ask(const std::string& client, messages::TMessage);

    Ledger ledger_;
    testing::World world_;
    Checks checks_;
    std::map<std::string, model::Person> absent_;
    model::Site site_;
    std::deque<TextId> unanswered_;
    std::deque<messages::ProbeEndpoint> probes_;
    struct OutsideRequest {
        OutsideId id;
        bool query = false;
        std::string word;  // by which the script knows its answer
    };
    void answer_outside(const OutsideRequest&, bool error);
    std::deque<OutsideRequest> outside_;
    OutsideRequest last_answered_;
    std::set<std::string> legs_;
    std::uint64_t txn_ = 0;
    std::int64_t reference_ = 0;
    bool legal_ = true, draining_ = false;
};

}  // namespace trunkline::random_test
