// T-Library messages: one JSON object, read and written again.
#include <boost/json.hpp>

#include "engine/messages/t_message_json.hpp"
#include "tests/fuzz/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trunkline;
    namespace json = boost::json;
    boost::system::error_code error;
    const json::value value = json::parse(fuzz::text_of(data, size), error);
    if (error || !value.is_object()) return 0;
    const auto message = messages::from_json(value.get_object());
    if (!message) {
        fuzz::promise(!message.error().message.empty(), "an error has words");
        return 0;
    }
    std::string text;
    messages::append_json(text, *message, 1, TimePoint{});
    const json::value written = json::parse(text, error);
    fuzz::promise(!error && written.is_object(), "a message is written as one JSON object");
    const auto again = messages::from_json(written.get_object());
    fuzz::promise(again.has_value(), "what was written can be read");
    std::string twice;
    messages::append_json(twice, *again, 1, TimePoint{});
    fuzz::promise(twice == text, "what was read is written the same");
    return 0;
}
