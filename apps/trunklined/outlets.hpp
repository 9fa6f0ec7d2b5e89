// Where the effects of the engine go: the spool first, then the adapters. The engine loop calls these on the
// engine thread only; none of them may block longer than one write to disk.
#pragma once

#include <span>

#include "engine/base/error.hpp"
#include "engine/messages/effects.hpp"

namespace trunkline::apps {

class Outlets {
  public:
    virtual ~Outlets() = default;
    /// Puts the records of a batch where a crash does not lose them, all or none. An error: nothing of the
    /// batch may leave; the loop calls again.
    [[nodiscard]] virtual Result<void> commit(std::span<const records::Record>) = 0;
    /// False while new texts must be refused (the spool is nearly full or bad), with the reason in `why`.
    [[nodiscard]] virtual bool takes_texts(std::string& why) = 0;
    /// Whether customers who begin are taken: said when it changes, for peers who ask before they send any.
    virtual void say_whether_work_is_taken(bool) {}
    /// An effect other than WriteRecord, in the order in which they leave.
    virtual void carry_out(messages::Effect) = 0;
    /// The batch is over: one wake-up or write for all of it.
    virtual void flush() = 0;
};

}  // namespace trunkline::apps
