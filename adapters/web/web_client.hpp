// Carries out the web requests of scripts on a thread of its own. post() may be called from any thread and
// never blocks; every request is answered once, from that thread. So many at once, so many waiting, beyond
// that "busy". The destructor drops what is under way.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/messages/commands.hpp"

namespace trunkline::web {

struct WebSettings {
    std::vector<std::string> allow;  // scripts.http_allow
    std::string user_agent = "Trunkline";
    std::string ca_file;  // trusted besides the system's
    std::size_t most_at_once = 64;
    std::size_t most_waiting = 1000;
};

class WebClient {
  public:
    using Answer = std::function<void(messages::Command)>;

    /// Throws std::runtime_error where an entry of `allow` is none.
    WebClient(WebSettings, Answer);
    ~WebClient();
    WebClient(const WebClient&) = delete;
    WebClient& operator=(const WebClient&) = delete;

    void post(messages::SendHttp);

  private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

}  // namespace trunkline::web
