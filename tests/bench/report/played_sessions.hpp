// Records as production writes them: whole sessions played through the real engine in virtual time, many of
// them at once, so that rows come in the mix, the order and the distance from their updates that they have in
// life. One thread.
#pragma once

#include <deque>
#include <functional>
#include <string>

#include "engine/engine.hpp"

namespace trunkline::bench {

class PlayedSessions {
  public:
    struct Shape {
        int agents = 50;
        int live = 200;  // sessions at once
        int texts = 10;  // of the customer, and as many of the agent
    };
    using OnRecord = std::function<void(const records::Record&)>;

    /// Agents log in at `from`; their records go to `on_record` as all others.
    PlayedSessions(Shape shape, TimePoint from, OnRecord on_record);

    /// Plays one session to its end, while the others of `live` go on.
    void play_one();
    /// Ends what is live.
    void finish();

  private:
    struct Session {
        std::string customer, dn;
        ClientId client;
        ConnId conn;
        int said = 0;
    };
    void give(messages::Command);
    void ask(ClientId, messages::MessageId, const std::string& dn, ConnId = {},
             const std::string& agent = {});
    void write(const std::string& customer);
    void say(const Session&);
    void open();
    bool go_on(Session&);

    Shape shape_;
    TimePoint now_;
    OnRecord on_record_;
    Engine engine_;
    std::deque<Session> live_;
    std::uint64_t customers_ = 0, transactions_ = 0;
    std::string ringing_;  // what the last command rang
    ConnId rung_;
};

}  // namespace trunkline::bench
