// A customer at a terminal: a small SIP user agent that writes to one number in pager mode and shows what
// comes back. It runs on a thread of its own; send() may be called from any other, the callbacks come on that
// thread. Failure: start() throws what a person can act on; a text that is not delivered is told to
// on_answer.
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace trunkline::sip {

struct ChatSettings {
    std::string from;                  // "ann" or "ann@example.com"
    std::string to;                    // "1111"
    std::string server = "127.0.0.1";  // numeric address
    int port = 5060;
    std::string transport = "udp";  // or "tcp"
};

class ChatClient {
  public:
    struct Callbacks {
        std::function<void(std::string text)> on_text;
        /// How a text of ours ended: the final status (408: nobody answered) and its reason phrase.
        std::function<void(int status, std::string reason)> on_answer;
    };

    ChatClient(ChatSettings settings, Callbacks callbacks);
    ~ChatClient();
    ChatClient(const ChatClient&) = delete;
    ChatClient& operator=(const ChatClient&) = delete;

    /// Opens a port of its own. Throws std::runtime_error when the settings name no server that can be
    /// reached by number.
    void start();
    /// Sends one text; texts arrive in the order in which they were given.
    void send(std::string text);
    void stop();

  private:
    class Inner;
    std::unique_ptr<Inner> inner_;
};

}  // namespace trunkline::sip
