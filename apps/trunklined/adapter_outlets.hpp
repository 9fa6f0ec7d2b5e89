// The outlets of a running server: the spool, the SIP adapter, the T-Library adapter, what scripts reach
// outside, and the log. Engine
// thread only.
#pragma once

#include <functional>

#include "adapters/sip/sip_server.hpp"
#include "adapters/tlib/server.hpp"
#include "adapters/web/web_client.hpp"
#include "apps/trunklined/outlets.hpp"
#include "db/report/spool.hpp"
#include "db/scripts/script_databases.hpp"

namespace trunkline::apps {

class AdapterOutlets : public Outlets {
  public:
    AdapterOutlets(db::Spool& spool, std::function<bool()> database_is_there)
        : spool_(spool), database_is_there_(std::move(database_is_there)) {}
    /// The adapters are made after the loop that this belongs to; no effect leaves before all are here.
    void connect(sip::SipServer&, tlib::TlibServer&, db::ScriptDatabases&, web::WebClient&);

    [[nodiscard]] Result<void> commit(std::span<const records::Record>) override;
    [[nodiscard]] bool takes_texts(std::string& why) override;
    void say_whether_work_is_taken(bool) override;
    void carry_out(messages::Effect) override;
    void flush() override;

  private:
    db::Spool& spool_;
    std::function<bool()> database_is_there_;
    sip::SipServer* sip_ = nullptr;
    tlib::TlibServer* tlib_ = nullptr;
    db::ScriptDatabases* databases_ = nullptr;
    web::WebClient* web_ = nullptr;
    bool rows_are_in_the_batch_ = false;  // the spool keeps the rows of a commit that failed
};

}  // namespace trunkline::apps
