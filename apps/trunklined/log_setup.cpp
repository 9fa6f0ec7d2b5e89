#include "apps/trunklined/log_setup.hpp"

#include <spdlog/details/log_msg.h>
#include <spdlog/formatter.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "adapters/tlib/message_log.hpp"
#include "engine/base/kv_list.hpp"
#include "engine/base/printable.hpp"

namespace trunkline::apps {

namespace {

/// One JSON object a line; a text with quotes or line ends in it stays one line and stays JSON.
class JsonLine : public spdlog::formatter {
  public:
    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
        const auto at =
            std::chrono::duration_cast<std::chrono::microseconds>(message.time.time_since_epoch()).count();
        const auto level = spdlog::level::to_string_view(message.level);
        std::string line = "{\"at_us\":" + std::to_string(at) + ",\"level\":";
        append_json_string(line, {level.data(), level.size()});
        line += ",\"text\":";
        append_json_string(line, {message.payload.data(), message.payload.size()});
        line += "}\n";
        out.append(line.data(), line.data() + line.size());
    }
    [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
        return std::make_unique<JsonLine>();
    }
};

/// A line for people. Whatever foreign words are in it, it stays one line and steers no terminal; only the
/// message log (log.messages), which writes out control characters itself, is made of several.
class TextLine : public spdlog::formatter {
  public:
    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
        const std::string_view payload(message.payload.data(), message.payload.size());
        if (is_printable(payload) || message.logger_name == spdlog::string_view_t(tlib::message_log_name))
            return lines_.format(message, out);
        const std::string safe = printable(payload);
        spdlog::details::log_msg one_line = message;
        one_line.payload = safe;
        lines_.format(one_line, out);
        message.color_range_start = one_line.color_range_start;
        message.color_range_end = one_line.color_range_end;
    }
    [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
        return std::make_unique<TextLine>();
    }

  private:
    spdlog::pattern_formatter lines_{"%Y-%m-%d %H:%M:%S.%e %^%l%$ %v"};
};

}  // namespace

void set_up_log(const Settings::Log& settings) {
    std::shared_ptr<spdlog::logger> logger;
    if (settings.json) {
        logger =
            std::make_shared<spdlog::logger>("trunkline", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        logger->set_formatter(std::make_unique<JsonLine>());
    } else {
        logger = std::make_shared<spdlog::logger>("trunkline",
                                                  std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
        logger->set_formatter(std::make_unique<TextLine>());
    }
    logger->set_level(spdlog::level::from_str(settings.level));
    logger->flush_on(spdlog::level::info);
    spdlog::set_default_logger(std::move(logger));
}

}  // namespace trunkline::apps
