// The running server: makes every part in order, connects them, and takes them apart again. run() blocks
// until a signal has ended it (SIGTERM and SIGINT drain, a second one ends at once, SIGHUP reloads the
// scripts). What cannot be made throws std::runtime_error in words for the person who started it.
#pragma once

#include <memory>

#include "apps/settings/settings.hpp"

namespace trunkline::apps {

class Server {
  public:
    explicit Server(Settings);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    void run();

  private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

}  // namespace trunkline::apps
