#include "apps/trunklined/adapter_outlets.hpp"

#include <spdlog/spdlog.h>

namespace trunkline::apps {

namespace {

void write_log(const messages::WriteLog& line) {
    constexpr std::array levels{spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                                spdlog::level::err};
    const auto level = levels.at(static_cast<std::size_t>(line.level));
    if (line.interaction)
        spdlog::log(level, "{} {}", to_uuid_text(line.interaction), line.text);
    else
        spdlog::log(level, "{}", line.text);
}

}  // namespace

void AdapterOutlets::connect(sip::SipServer& sip, tlib::TlibServer& tlib, db::ScriptDatabases& databases,
                             web::WebClient& web) {
    sip_ = &sip;
    tlib_ = &tlib;
    databases_ = &databases;
    web_ = &web;
}

Result<void> AdapterOutlets::commit(std::span<const records::Record> records) {
    const auto written = rows_are_in_the_batch_ ? spool_.commit() : spool_.append(records);
    rows_are_in_the_batch_ = written.has_error();
    if (written.has_error()) return written.error();
    return {};
}

bool AdapterOutlets::takes_texts(std::string& why) {
    const auto health = spool_.health();
    if (!health.is_bad()) return true;
    why = health.error;
    if (why.empty())
        why = "the spool is 90 % full, " + std::to_string(health.rows_waiting) + " rows wait; " +
              (database_is_there_() ? "PostgreSQL is there and takes them: where this comes again, raise "
                                      "reporting.spool_max_mib"
                                    : "PostgreSQL is away: bring it back, or raise reporting.spool_max_mib");
    return false;
}

void AdapterOutlets::say_whether_work_is_taken(bool taken) {
    if (sip_ != nullptr) sip_->set_taking_work(taken);
}

void AdapterOutlets::carry_out(messages::Effect effect) {
    if (const auto* event = std::get_if<messages::EmitEvent>(&effect)) {
        if (tlib_ != nullptr) tlib_->carry_out(*event);
    } else if (const auto* line = std::get_if<messages::WriteLog>(&effect)) {
        write_log(*line);
    } else if (auto* query = std::get_if<messages::RunQuery>(&effect)) {
        if (databases_ != nullptr) databases_->post(std::move(*query));
    } else if (auto* request = std::get_if<messages::SendHttp>(&effect)) {
        if (web_ != nullptr) web_->post(std::move(*request));
    } else if (sip_ != nullptr) {
        sip_->carry_out(std::move(effect));
    }
}

void AdapterOutlets::flush() {
    if (tlib_ != nullptr) tlib_->flush();
    if (sip_ != nullptr) sip_->flush();
}

}  // namespace trunkline::apps
