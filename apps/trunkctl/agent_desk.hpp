// What an agent at the terminal sees and does: events of the server become lines, lines of the agent become
// requests. Without sockets and files, so that a test can hold both ends. One thread.
#pragma once

#include <boost/json/object.hpp>
#include <deque>
#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "apps/trunkctl/agent.hpp"

namespace trunkline::ctl {

class AgentDesk {
  public:
    using Send = std::function<void(boost::json::object)>;
    AgentDesk(const AgentOptions&, Send, std::ostream& out, std::ostream& err);

    /// Sends the first request; the events that follow lead on to the log-in.
    void open();
    void received(const boost::json::object& event);
    /// A line of the agent: a text, or a command that begins with a slash.
    void line(std::string text);
    /// Logs out where the agent is logged in; over() follows.
    void quit();

    /// Lines wait for a chat: read no more until they are gone.
    [[nodiscard]] bool full() const { return !lines_.empty(); }
    /// The agent has left, or was never let in; then failed() tells which.
    [[nodiscard]] bool over() const { return over_; }
    [[nodiscard]] bool failed() const { return failed_; }

  private:
    struct Chat {
        int number = 0;
        std::string other;
        bool established = false;
    };
    using Step = void (AgentDesk::*)(const boost::json::object&);

    void on_link_connected(const boost::json::object&);
    void on_registered(const boost::json::object&);
    void on_login(const boost::json::object&);
    void on_ready(const boost::json::object&);
    void on_not_ready(const boost::json::object&);
    void on_logout(const boost::json::object&);
    void on_ringing(const boost::json::object&);
    void on_established(const boost::json::object&);
    void on_text(const boost::json::object&);
    void on_released(const boost::json::object&);
    void on_error(const boost::json::object&);

    void take_lines();
    [[nodiscard]] bool take(const std::string& line);
    [[nodiscard]] bool command(const std::string& word, const std::string& rest);
    [[nodiscard]] bool about_current(const char* request, boost::json::object more = {});
    void request(const char* name, boost::json::object more = {});
    void end(bool failed);
    Chat& chat_of(const std::string& conn_id);
    [[nodiscard]] const std::string* oldest_ringing() const;

    AgentOptions options_;
    Send send_;
    std::ostream& out_;
    std::ostream& err_;
    std::map<std::string, Chat> chats_;  // by ConnID
    std::string current_;                // ConnID of the chat that texts go to; "" for none
    std::deque<std::string> lines_;      // of a script that runs ahead
    int last_chat_ = 0, last_reference_ = 0;
    bool let_in_ = false, logged_in_ = false, greeted_ = false, quitting_ = false, over_ = false,
         failed_ = false;
};

/// `text` without characters that would move a terminal's cursor or change its state.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace trunkline::ctl
