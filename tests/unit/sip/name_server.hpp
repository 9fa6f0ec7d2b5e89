// A name server of a test's own: answers over UDP on loopback from a table, says NXDOMAIN of everything else,
// or nothing at all.
#pragma once

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace trunkline::sip::test {

class NameServer {
  public:
    NameServer();
    ~NameServer();
    NameServer(const NameServer&) = delete;
    NameServer& operator=(const NameServer&) = delete;

    // All of these before the first question.
    void a(const std::string& name, const std::string& address);
    void srv(const std::string& name, int priority, int weight, int port, const std::string& target);
    void naptr(const std::string& name, int order, const std::string& service, const std::string& target);
    void be_silent() { silent_ = true; }

    [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] int asked() const { return asked_; }

  private:
    void run();

    int socket_ = -1;
    int port_ = 0;
    std::atomic<bool> silent_{false}, over_{false};
    std::atomic<int> asked_{0};
    std::map<std::pair<std::string, int>, std::vector<std::string>> records_;  // name, type -> data
    std::thread thread_;
};

}  // namespace trunkline::sip::test
