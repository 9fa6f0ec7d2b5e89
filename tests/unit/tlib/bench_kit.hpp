// A T-Library server in this process over real loopback sockets, with a recorder where the engine would be.
// Everything runs on the test's thread: expect() turns the loop until what is awaited has come, or fails
// after a long limit.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio.hpp>
#include <boost/json.hpp>
#include <deque>

#include "adapters/tlib/server.hpp"

namespace trunkline::tlib::test {
namespace asio = boost::asio;
namespace json = boost::json;

/// Answers at once unless told to hold; then `release()` answers the oldest question.
class ScriptedAuthenticator : public Authenticator {
  public:
    void check_application(std::string name, std::optional<std::string> password, Done done) override {
        asked.push_back(name);
        answer(password, name == "guarded", done);
    }
    void check_login(SwitchId, std::string code, std::optional<std::string> password, Done done) override {
        asked.push_back(code);
        answer(password, code == "1001", done);
    }
    void release() {
        held.front()();
        held.pop_front();
    }
    std::vector<std::string> asked;
    std::deque<std::function<void()>> held;
    bool hold = false;

  private:
    void answer(const std::optional<std::string>& password, bool needed, const Done& done) {
        using messages::PasswordCheck;
        const PasswordCheck check = !needed                ? PasswordCheck::none_needed
                                    : !password            ? PasswordCheck::missing
                                    : *password == "right" ? PasswordCheck::right
                                                           : PasswordCheck::wrong;
        if (hold)
            held.push_back([done, check] { done(check); });
        else
            done(check);
    }
};

class Loop {
  public:
    asio::io_context io;
    /// Turns the loop until `done()`; false after the limit, which only a failure reaches.
    template <class Done>
    bool until(Done done) {
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!done()) {
            if (std::chrono::steady_clock::now() > limit) return false;
            io.restart();
            io.run_one_for(std::chrono::milliseconds(50));
        }
        return true;
    }
    void settle() {
        io.restart();
        while (io.poll() != 0) io.restart();
    }
};

/// A client that knows lines and JSON only.
class RawClient {
  public:
    RawClient(Loop& loop, const std::string& at) : loop_(loop), socket_(loop.io) {
        const auto colon = at.rfind(':');
        socket_.connect({asio::ip::make_address(at.substr(0, colon)),
                         static_cast<std::uint16_t>(std::stoi(at.substr(colon + 1)))});
    }
    void send_text(std::string_view text) { asio::write(socket_, asio::buffer(text.data(), text.size())); }
    void send(const std::string& object) { send_text(object + "\n"); }
    /// The next message; null after the end of the connection.
    json::value next() {
        if (!reading_) read();
        if (!loop_.until([&] { return !lines_.empty() || ended_; })) ADD_FAILURE() << "nothing came";
        if (lines_.empty()) return nullptr;
        const std::string line = lines_.front();
        lines_.pop_front();
        return json::parse(line);
    }
    bool ends() {
        if (!reading_) read();
        return loop_.until([&] { return ended_; });
    }
    std::size_t waiting() const { return lines_.size(); }
    void close() { socket_.close(); }

  private:
    void read() {
        reading_ = true;
        asio::async_read_until(socket_, asio::dynamic_buffer(buffer_), '\n',
                               [this](boost::system::error_code error, std::size_t size) {
                                   if (error) {
                                       ended_ = true;
                                       return;
                                   }
                                   lines_.push_back(buffer_.substr(0, size - 1));
                                   buffer_.erase(0, size);
                                   read();
                               });
    }
    Loop& loop_;
    asio::ip::tcp::socket socket_;
    std::string buffer_;
    std::deque<std::string> lines_;
    bool reading_ = false, ended_ = false;
};

inline model::Site two_tenants() {
    model::Site site;
    site.tenants = {{.name = "Resources"}, {.name = "Sales"}};
    site.switches = {{.name = "sip_switch", .tenant = "Resources"},
                     {.name = "sales_a", .tenant = "Sales"},
                     {.name = "sales_b", .tenant = "Sales"}};
    site.applications = {
        {.name = "desktop", .type = "AgentDesktop", .tenant = "Resources"},
        {.name = "guarded", .type = "AgentDesktop", .tenant = "Resources", .has_password = true},
        {.name = "seller", .type = "AgentDesktop", .tenant = "Sales"},
        {.name = "anywhere", .type = "AgentDesktop"}};
    return site;
}

class ServerBench : public ::testing::Test {
  protected:
    Loop loop;
    ScriptedAuthenticator authenticator;
    TlibSettings settings;
    model::SharedSnapshot configuration = std::make_shared<const model::Snapshot>(two_tenants());
    std::vector<messages::Command> commands;
    std::unique_ptr<TlibServer> server;

    void SetUp() override {
        settings.listen = "127.0.0.1:0";
        settings.server_version = "0.0-test";
        settings.now = [] { return TimePoint(Duration(1'211'305'747'240'000)); };
        configure();
        server = std::make_unique<TlibServer>(
            loop.io, settings, [this](messages::Command command) { commands.push_back(std::move(command)); },
            authenticator, [this] { return configuration; });
        server->start();
    }
    virtual void configure() {}

    std::unique_ptr<RawClient> connect() { return std::make_unique<RawClient>(loop, server->listening()); }
    /// A client that is open as `application`, its ClientOpened taken from the commands.
    std::unique_ptr<RawClient> open(ClientId* id = nullptr, const std::string& application = "desktop") {
        auto client = connect();
        client->send(R"({"message":"RequestRegisterClient","ApplicationName":")" + application + R"("})");
        EXPECT_EQ(client->next().at("message"), "EventLinkConnected");
        const auto opened = take<messages::ClientOpened>();
        if (id != nullptr) *id = opened.client;
        return client;
    }
    /// Waits for the next command and takes it; it must be of this type.
    template <class Expected>
    Expected take() {
        if (!loop.until([&] { return !commands.empty(); })) {
            ADD_FAILURE() << "no command came";
            return {};
        }
        messages::Command command = std::move(commands.front());
        commands.erase(commands.begin());
        auto* found = std::get_if<Expected>(&command);
        if (found == nullptr) {
            ADD_FAILURE() << "another command came, number " << command.index();
            return {};
        }
        return std::move(*found);
    }
    void emit(messages::TMessage event, std::initializer_list<ClientId> clients) {
        server->carry_out(
            {std::make_shared<const messages::TMessage>(std::move(event)), {clients.begin(), clients.end()}});
    }
};

inline std::int64_t code_of(const json::value& event) { return event.at("ErrorCode").as_int64(); }

}  // namespace trunkline::tlib::test
