#include "adapters/tlib/event_writer.hpp"

#include "engine/messages/t_message_json.hpp"

namespace trunkline::tlib {

EventWriter::EventWriter(std::function<TimePoint()> now) : now_(std::move(now)) {
    if (!now_) now_ = [] { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); };
}

Frame EventWriter::write(const messages::TMessage& event, std::string_view more) {
    auto text = std::make_shared<std::string>();
    text->reserve(512 + more.size());
    messages::append_json(*text, event, ++sequence_, now_());
    if (!more.empty()) {
        text->pop_back();
        *text += more;
        *text += '}';
    }
    return text;
}

}  // namespace trunkline::tlib
