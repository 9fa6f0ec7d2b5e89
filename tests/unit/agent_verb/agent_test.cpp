// The terminal agent against a T-Library server in this process; a small script of events stands where the
// engine would.
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio.hpp>
#include <boost/json.hpp>
#include <sstream>
#include <thread>

#include "adapters/tlib/server.hpp"
#include "apps/trunkctl/agent.hpp"
#include "apps/trunkctl/agent_desk.hpp"

namespace trunkline::ctl {
namespace {
namespace json = boost::json;
using messages::MessageId;
using messages::TMessage;

class NoPasswords : public tlib::Authenticator {
    void check_application(std::string, std::optional<std::string>, Done done) override {
        done(messages::PasswordCheck::none_needed);
    }
    void check_login(SwitchId, std::string, std::optional<std::string> password, Done done) override {
        done(password ? messages::PasswordCheck::right : messages::PasswordCheck::missing);
    }
};

// Answers each request with its event; a text rings the agent once he is ready, and one is written once he
// answered.
class Script {
  public:
    explicit Script(std::function<void(TMessage)> emit) : emit_(std::move(emit)) {}
    void take(const messages::ClientRequest& from) {
        const TMessage& request = from.request;
        requests.push_back(std::string(name_of(request.message)));
        TMessage event;
        event.reference_id = request.reference_id;
        event.this_dn = request.this_dn;
        event.conn_id = request.conn_id;
        switch (request.message) {
            case MessageId::request_register_address:
                return answer(event, MessageId::event_registered);
            case MessageId::request_agent_login:
                if (from.password == messages::PasswordCheck::missing) return refuse(event);
                return answer(event, MessageId::event_agent_login);
            case MessageId::request_agent_ready:
                answer(event, MessageId::event_agent_ready);
                event.conn_id = ConnId(0xabc);
                event.other_dn = "carol";
                event.dnis = "1111";
                return answer(event, MessageId::event_ringing);
            case MessageId::request_answer_call: {
                answer(event, MessageId::event_established);
                return text(event, "carol", "my \x1b[2J invoice is wrong");
            }
            case MessageId::request_private_service:
                said.push_back(std::string(request.extensions->text("im")));
                return text(event, "1001", said.back());
            case MessageId::request_release_call:
                return answer(event, MessageId::event_released);
            case MessageId::request_agent_logout:
                return answer(event, MessageId::event_agent_logout);
            default:
                return;
        }
    }
    std::vector<std::string> requests, said;

  private:
    void answer(TMessage event, MessageId id) {
        event.message = id;
        emit_(std::move(event));
    }
    void refuse(TMessage event) {
        event.error_code = 259;
        event.error_message = "the password is missing";
        answer(event, MessageId::event_error);
    }
    void text(TMessage event, const char* sender, const std::string& words) {
        event.other_dn = sender;
        event.private_msg_id = messages::private_msg_im;
        KvList extensions;
        extensions.add("im", words);
        event.extensions = std::make_shared<const KvList>(std::move(extensions));
        answer(event, MessageId::event_private_info);
    }
    std::function<void(TMessage)> emit_;
};

class Agent : public ::testing::Test {
  protected:
    boost::asio::io_context io;
    NoPasswords passwords;
    ClientId client;
    std::unique_ptr<tlib::TlibServer> server;
    Script script{[this](TMessage event) {
        server->carry_out({std::make_shared<const TMessage>(std::move(event)), {client}});
    }};
    std::thread engine;
    AgentOptions options{.login = "1001", .dn = "1001", .password = "word", .by_itself = true};
    std::ostringstream out, err;

    void SetUp() override {
        model::Site site;
        site.tenants = {{.name = "Resources"}};
        site.switches = {{.name = "sip_switch", .tenant = "Resources"}};
        site.applications = {{.name = "desktop"}};
        auto snapshot = std::make_shared<const model::Snapshot>(std::move(site));
        server = std::make_unique<tlib::TlibServer>(
            io, tlib::TlibSettings{.listen = "127.0.0.1:0"},
            [this](messages::Command command) {
                boost::asio::post(io, [this, command = std::move(command)] {
                    if (const auto* opened = std::get_if<messages::ClientOpened>(&command))
                        client = opened->client;
                    if (const auto* request = std::get_if<messages::ClientRequest>(&command))
                        script.take(*request);
                    server->flush();
                });
            },
            passwords, [snapshot] { return snapshot; });
        server->start();
        options.server = *parse_host_port(server->listening());
        engine = std::thread([this] {
            const auto work = boost::asio::make_work_guard(io);
            io.run();
        });
    }
    void TearDown() override {
        io.stop();
        engine.join();
    }
    int run(const std::string& input) {
        int ends[2];
        EXPECT_EQ(::pipe(ends), 0);
        EXPECT_EQ(::write(ends[1], input.data(), input.size()), static_cast<ssize_t>(input.size()));
        ::close(ends[1]);
        const int status = run_agent(options, ends[0], out, err);
        ::close(ends[0]);
        return status;
    }
};

TEST_F(Agent, OffATerminalAnswersByItselfAndWritesItsLinesInOrder) {
    EXPECT_EQ(run("hello\nand \"goodbye\"\n/release\n/quit\n"), 0) << err.str();
    EXPECT_EQ(script.said, (std::vector<std::string>{"hello", "and \"goodbye\""}));
    EXPECT_EQ(script.requests,
              (std::vector<std::string>{"RequestRegisterAddress", "RequestAgentLogin", "RequestAgentReady",
                                        "RequestAnswerCall", "RequestPrivateService", "RequestPrivateService",
                                        "RequestReleaseCall", "RequestAgentLogout"}));
    EXPECT_EQ(out.str(),
              "logged in as 1001 on 1001\nready\n[1] ringing: carol wrote to 1111 (0000000000000abc)\n[1] "
              "with carol\n"
              "[1] carol: my ?[2J invoice is wrong\n[1] ended\nlogged out\n");
}

TEST_F(Agent, WhoIsNotLetInSaysWhyAndFails) {
    options.password.clear();
    EXPECT_EQ(run(""), 1);
    EXPECT_EQ(err.str(), "refused: the password is missing (error 259)\n");
    options.server.port = 1;
    EXPECT_EQ(run(""), 1);
    EXPECT_NE(err.str().find("./run"), std::string::npos);
}

TEST(AgentDesk, AtATerminalRefusesALineWithoutAChat) {
    std::ostringstream out, err;
    std::vector<json::object> sent;
    AgentDesk desk(
        {.login = "1001", .dn = "1001"}, [&](json::object message) { sent.push_back(std::move(message)); },
        out, err);
    desk.line("hello");
    EXPECT_FALSE(desk.full());
    EXPECT_TRUE(sent.empty());
    EXPECT_NE(err.str().find("/answer"), std::string::npos);
    desk.received({{"message", "EventRinging"}, {"ConnID", "00000000000000aa"}, {"OtherDN", "carol"}});
    EXPECT_TRUE(sent.empty()) << "the agent decides";
    desk.line("/answer");
    EXPECT_EQ(sent.back().at("message"), "RequestAnswerCall");
    desk.received({{"message", "EventEstablished"}, {"ConnID", "00000000000000aa"}});
    desk.line("/notready lunch");
    EXPECT_EQ(json::serialize(sent.back().at("Reasons")), R"({"ReasonCode":"lunch"})");
    desk.line("hello");
    EXPECT_EQ(json::serialize(sent.back().at("Extensions")), R"({"im":"hello"})");
    EXPECT_EQ(sent.back().at("ConnID"), "00000000000000aa");
}

TEST(AgentDesk, ShowsNoTerminalControls) {
    EXPECT_EQ(printable("a\x1b]0;x\x07\xc2\x9b"
                        "1mü\tb\nc"),
              "a?]0;x??1mü\tb\n    c");
}

}  // namespace
}  // namespace trunkline::ctl
