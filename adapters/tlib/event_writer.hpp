// Gives every event its EventSequenceNumber (one sequence per server) and its Time, and serialises it, once
// for all its clients. Engine thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "adapters/tlib/transport.hpp"
#include "engine/base/time.hpp"
#include "engine/messages/t_message.hpp"

namespace trunkline::tlib {

class EventWriter {
  public:
    explicit EventWriter(std::function<TimePoint()> now);

    /// `more` is appended to the object as it is: `,"Name":value` for attributes that TMessage lacks.
    [[nodiscard]] Frame write(const messages::TMessage& event, std::string_view more = {});
    [[nodiscard]] TimePoint now() const { return now_(); }

  private:
    std::function<TimePoint()> now_;
    std::uint64_t sequence_ = 0;
};

}  // namespace trunkline::tlib
