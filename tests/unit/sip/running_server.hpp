// A server that runs as long as the test, and the engine behind it, which must have taken everything that
// came when the test ends. What a fixture holds of its own is gone by then, unless it stops the server
// before.
#pragma once

#include <gtest/gtest.h>

#include "adapters/sip/sip_server.hpp"
#include "sip_peer.hpp"

namespace trunkline::sip::test {

/// `Base`: testing::Test or a TestWithParam.
template <class Base>
class RunningServer : public Base {
  public:
    explicit RunningServer(SipSettings settings = loopback_settings())
        : server(std::move(settings), commands.post()) {
        server.start();
    }
    ~RunningServer() override {
        server.stop();
        EXPECT_EQ(commands.waiting(), 0U) << "commands came that the test did not expect";
    }

    /// The last of the server's doors over this transport.
    [[nodiscard]] std::string door(const std::string& transport = "udp") const {
        std::string last;
        for (const std::string& one : server.listening())
            if (one.starts_with(transport)) last = one;
        return last;
    }
    template <class T>
    void carry_out(T effect) {
        server.carry_out(std::move(effect));
        server.flush();
    }

    CommandSink commands;
    SipServer server;
};

}  // namespace trunkline::sip::test
