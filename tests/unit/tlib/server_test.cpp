#include "bench_kit.hpp"

namespace trunkline::tlib::test {
using messages::MessageId;
using messages::PasswordCheck;
using messages::TMessage;

class Opening : public ServerBench {};

TEST_F(Opening, RefusesEverythingElseFirstWith54) {
    auto client = connect();
    client->send(R"({"message":"RequestAgentReady","ThisDN":"1001","ReferenceID":7})");
    const auto error = client->next();
    EXPECT_EQ(error.at("message"), "EventError");
    EXPECT_EQ(code_of(error), 54);
    EXPECT_EQ(error.at("ReferenceID"), 7);
    EXPECT_EQ(error.at("ThisDN"), "1001");
    EXPECT_TRUE(commands.empty());
    client->send(R"({"message":"Ping"})");
    EXPECT_EQ(json::serialize(client->next()), R"({"message":"Pong"})");
}

TEST_F(Opening, TellsSwitchTenantAndVersionAndThenLetsTheEngineKnow) {
    auto client = connect();
    client->send(
        R"({"message":"RequestRegisterClient","ApplicationName":"desktop","ReferenceID":1,"Protocol":"x"})");
    const auto connected = client->next();
    EXPECT_EQ(connected.at("message"), "EventLinkConnected");
    EXPECT_EQ(connected.at("ReferenceID"), 1);
    EXPECT_EQ(connected.at("Switch"), "sip_switch");
    EXPECT_EQ(connected.at("Tenant"), "Resources");
    EXPECT_EQ(connected.at("ServerVersion"), "0.0-test");
    EXPECT_EQ(connected.at("SessionID").as_string().size(), 32U);
    EXPECT_TRUE(connected.at("Capabilities").is_array());
    EXPECT_EQ(connected.at("EventSequenceNumber"), 1);
    EXPECT_EQ(json::serialize(connected.at("Time")), R"({"sec":1211305747,"usec":240000})");
    const auto opened = take<messages::ClientOpened>();
    EXPECT_EQ(opened.application, "desktop");
    EXPECT_EQ(opened.sw, configuration->switch_named("sip_switch")->id);
    EXPECT_EQ(opened.tenant, configuration->tenant("Resources")->id);
}

TEST_F(Opening, KnowsOnlyConfiguredApplicationsAndTheirPasswords) {
    auto client = connect();
    client->send(R"({"message":"RequestRegisterClient","ApplicationName":"nobody"})");
    EXPECT_EQ(code_of(client->next()), 53);
    client->send(R"({"message":"RequestRegisterClient"})");
    EXPECT_EQ(code_of(client->next()), 53);
    client->send(R"({"message":"RequestRegisterClient","ApplicationName":"guarded"})");
    EXPECT_EQ(code_of(client->next()), 259);
    client->send(R"({"message":"RequestRegisterClient","ApplicationName":"guarded","Password":"wrong"})");
    EXPECT_EQ(code_of(client->next()), 259);
    EXPECT_TRUE(commands.empty());
    client->send(R"({"message":0,"ApplicationName":"guarded","Password":"right"})");
    EXPECT_EQ(client->next().at("message"), "EventLinkConnected");
    client->send(R"({"message":"RequestRegisterClient","ApplicationName":"guarded","Password":"right"})");
    EXPECT_EQ(code_of(client->next()), 43);
}

TEST_F(Opening, NeedsASwitchWhereTheTenantHasSeveral) {
    auto client = connect();
    client->send(R"({"message":"RequestRegisterClient","ApplicationName":"seller"})");
    EXPECT_EQ(code_of(client->next()), 53);
    client->send(R"({"message":"RequestRegisterClient","ApplicationName":"seller","Switch":"nowhere"})");
    EXPECT_EQ(code_of(client->next()), 53);
    client->send(R"({"message":"RequestRegisterClient","ApplicationName":"seller","Switch":"sip_switch"})");
    EXPECT_EQ(code_of(client->next()), 53) << "a switch of another tenant";
    client->send(R"({"message":"RequestRegisterClient","ApplicationName":"seller","Switch":"sales_b"})");
    EXPECT_EQ(client->next().at("Switch"), "sales_b");

    model::Site site = two_tenants();
    site.switches[1].options["TServer"]["default"] = "true";
    configuration = std::make_shared<const model::Snapshot>(site);
    auto second = connect();
    second->send(R"({"message":"RequestRegisterClient","ApplicationName":"seller"})");
    EXPECT_EQ(second->next().at("Switch"), "sales_a");
    auto third = connect();
    third->send(R"({"message":"RequestRegisterClient","ApplicationName":"anywhere","Switch":"sales_b"})");
    EXPECT_EQ(third->next().at("Tenant"), "Sales");
}

class Requests : public ServerBench {};

TEST_F(Requests, AboutTheServerAreAnsweredWithWhatItIs) {
    auto unopened = connect();
    unopened->send(R"({"message":"RequestQueryServer"})");
    EXPECT_EQ(code_of(unopened->next()), 54);
    auto client = open();
    client->send(R"({"message":"RequestQueryServer","ReferenceID":9})");
    const auto info = client->next();
    EXPECT_EQ(info.at("message"), "EventServerInfo");
    EXPECT_EQ(info.at("ReferenceID"), 9);
    EXPECT_EQ(info.at("ServerVersion"), "0.0-test");
    EXPECT_EQ(info.at("Switch"), "sip_switch");
    EXPECT_EQ(info.at("Tenant"), "Resources");
    EXPECT_EQ(info.at("ServerRole"), 0);
    EXPECT_EQ(json::serialize(info.at("ServerStartTime")), R"({"sec":1211305747,"usec":240000})");
    EXPECT_TRUE(info.at("Capabilities").is_array());
    EXPECT_TRUE(commands.empty());
}

TEST_F(Requests, ReachTheEngineAsTheyAreAndInOrder) {
    ClientId id;
    auto client = open(&id);
    client->send(
        R"({"message":"RequestRegisterAddress","ThisDN":"1001@sip_switch","ReferenceID":2,"Unknown":[1]})");
    client->send_text("{\"message\":\"RequestAgentReady\",\"ThisDN\":\"1001\"}\r\n\r\n");
    const auto first = take<messages::ClientRequest>();
    EXPECT_EQ(first.client, id);
    EXPECT_EQ(first.request.message, MessageId::request_register_address);
    EXPECT_EQ(first.request.this_dn, "1001@sip_switch");
    EXPECT_EQ(first.request.reference_id, 2);
    EXPECT_EQ(take<messages::ClientRequest>().request.message, MessageId::request_agent_ready);
}

TEST_F(Requests, AreRefusedWithTheirReferenceIDAndTheConnectionStays) {
    auto client = open();
    const auto code = [&](const std::string& text) {
        client->send(text);
        const auto error = client->next();
        EXPECT_EQ(error.at("message"), "EventError") << text;
        EXPECT_FALSE(error.at("ErrorMessage").as_string().empty());
        return code_of(error);
    };
    client->send(R"({"message":"RequestFlyToTheMoon","ReferenceID":3})");
    const auto unknown = client->next();
    EXPECT_EQ(code_of(unknown), 51);
    EXPECT_EQ(unknown.at("ReferenceID"), 3);
    EXPECT_EQ(code(R"({"message":"EventRinging"})"), 51);
    EXPECT_EQ(code(R"({"message":60})"), 51);
    EXPECT_EQ(code(R"({"message":4294967304})"), 51) << "2^32 + 8 is not RequestAgentLogin";
    EXPECT_EQ(code(R"({"message":true})"), 53);
    EXPECT_EQ(code(R"({"ReferenceID":3})"), 53);
    EXPECT_EQ(code(R"([1,2])"), 53);
    EXPECT_EQ(code(R"("text")"), 53);
    EXPECT_EQ(code(R"({"message":"RequestAgentReady","ThisDN":17})"), 53);
    EXPECT_EQ(code(R"({"message":"RequestAgentLogin","ThisDN":"1001","Password":17})"), 53);
    EXPECT_EQ(code(std::string(40, '[') + std::string(40, ']')), 53);
    EXPECT_TRUE(commands.empty());
}

TEST_F(Requests, OwnErrorsDoNotOvertakeTheAnswersOfTheEngine) {
    // An engine that answers in the handler that the first command of a batch posts, as the composition does.
    server = std::make_unique<TlibServer>(
        loop.io, settings,
        [&](messages::Command command) {
            asio::post(loop.io, [&, command = std::move(command)] {
                const auto* request = std::get_if<messages::ClientRequest>(&command);
                if (request == nullptr) return;
                emit({.message = MessageId::event_agent_ready, .reference_id = request->request.reference_id},
                     {request->client});
                server->flush();
            });
        },
        authenticator, [this] { return configuration; });
    server->start();
    auto second = connect();
    second->send(R"({"message":"RequestRegisterClient","ApplicationName":"desktop"})");
    EXPECT_EQ(second->next().at("message"), "EventLinkConnected");
    second->send_text(
        "{\"message\":\"RequestAgentReady\",\"ThisDN\":\"1001\",\"ReferenceID\":1}\n{\"message\":"
        "\"Nonsense\",\"ReferenceID\":2}\n"
        "{\"message\":\"Ping\"}\n");
    const auto first = second->next();
    const auto error = second->next();
    EXPECT_EQ(first.at("message"), "EventAgentReady");
    EXPECT_EQ(error.at("ReferenceID"), 2);
    EXPECT_LT(first.at("EventSequenceNumber").as_int64(), error.at("EventSequenceNumber").as_int64());
    EXPECT_EQ(second->next().at("message"), "Pong");
}

TEST_F(Requests, OfAClosedClientEndInOneClientClosed) {
    ClientId id;
    auto client = open(&id);
    auto never_opened = connect();
    never_opened->close();
    client->close();
    EXPECT_EQ(take<messages::ClientClosed>().client, id);
    EXPECT_TRUE(loop.until([&] { return server->clients() == 0; }));
    EXPECT_TRUE(commands.empty());
}

class NotJson : public ServerBench {};

TEST_F(NotJson, IsAnsweredThenClosed) {
    ClientId id;
    auto client = open(&id);
    client->send("GET / HTTP/1.1");
    EXPECT_EQ(code_of(client->next()), 53);
    EXPECT_TRUE(client->ends());
    client->close();
    EXPECT_EQ(take<messages::ClientClosed>().client, id);
    EXPECT_TRUE(loop.until([&] { return server->clients() == 0; }));
}

TEST_F(NotJson, OfTooManyBytesIsAnsweredThenClosed) {
    auto client = open();
    const std::string piece(64U * 1024U, 'a');
    for (int i = 0; i < 18; ++i) client->send_text(piece), loop.settle();
    EXPECT_EQ(code_of(client->next()), 53);
    EXPECT_TRUE(client->ends());
}

class Login : public ServerBench {};

TEST_F(Login, WaitsForThePasswordCheckAndKeepsOrder) {
    ClientId id;
    auto client = open(&id);
    auto other = open();
    authenticator.hold = true;
    client->send(R"({"message":"RequestAgentLogin","ThisDN":"1001","AgentID":"1001","Password":"right"})");
    client->send(R"({"message":"RequestAgentReady","ThisDN":"1001"})");
    client->send(R"({"message":"RequestAgentLogin","ThisDN":"1002","AgentID":"1001","Password":"wrong"})");
    client->send(R"({"message":"RequestAgentLogout","ThisDN":"1001"})");
    EXPECT_TRUE(loop.until([&] { return authenticator.held.size() == 1; }));
    other->send(R"({"message":"RequestAgentReady","ThisDN":"1003"})");
    EXPECT_EQ(take<messages::ClientRequest>().request.this_dn, "1003") << "others do not wait";
    authenticator.release();
    const auto login = take<messages::ClientRequest>();
    EXPECT_EQ(login.request.message, MessageId::request_agent_login);
    EXPECT_EQ(login.password, PasswordCheck::right);
    EXPECT_EQ(take<messages::ClientRequest>().request.message, MessageId::request_agent_ready);
    EXPECT_TRUE(loop.until([&] { return authenticator.held.size() == 1; }));
    EXPECT_TRUE(commands.empty());
    authenticator.release();
    EXPECT_EQ(take<messages::ClientRequest>().password, PasswordCheck::wrong);
    EXPECT_EQ(take<messages::ClientRequest>().request.message, MessageId::request_agent_logout);
}

TEST_F(Login, WhoseClientLeavesMeanwhileIsForgotten) {
    ClientId id;
    auto client = open(&id);
    authenticator.hold = true;
    client->send(R"({"message":"RequestAgentLogin","ThisDN":"1001","AgentID":"1001","Password":"right"})");
    EXPECT_TRUE(loop.until([&] { return authenticator.held.size() == 1; }));
    server->stop();
    EXPECT_EQ(take<messages::ClientClosed>().client, id);
    EXPECT_TRUE(client->ends());
    client->close();
    authenticator.release();
    EXPECT_TRUE(loop.until([&] { return server->clients() == 0; }));
    EXPECT_TRUE(commands.empty());
}

class Events : public ServerBench {};

TEST_F(Events, AreSerialisedOnceAndCarryOneSequenceNumberForAllClients) {
    ClientId a, b, c;
    auto first = open(&a);
    auto second = open(&b);
    auto third = open(&c);
    TMessage event{.message = MessageId::event_private_info};
    event.this_dn = "1001";
    event.private_msg_id = messages::private_msg_im;
    emit(event, {a, b});
    emit({.message = MessageId::event_ringing}, {b, c});
    server->flush();
    const auto at_first = first->next();
    const auto at_second = second->next();
    EXPECT_EQ(at_first, at_second);
    EXPECT_EQ(at_first.at("ThisDN"), "1001");
    const auto number = at_first.at("EventSequenceNumber").as_int64();
    EXPECT_EQ(second->next().at("EventSequenceNumber").as_int64(), number + 1);
    EXPECT_EQ(third->next().at("message"), "EventRinging");
    EXPECT_EQ(first->waiting(), 0U);
}

TEST_F(Events, LeaveAtTheEndOfTheBatchOnly) {
    ClientId a;
    auto client = open(&a);
    emit({.message = MessageId::event_ringing}, {a});
    loop.settle();
    EXPECT_EQ(client->waiting(), 0U);
    server->flush();
    EXPECT_EQ(client->next().at("message"), "EventRinging");
    emit({.message = MessageId::event_released}, {ClientId(999)});  // gone meanwhile: nobody gets it
    server->flush();
}

class SlowClient : public ServerBench {
  protected:
    void configure() override { settings.client_queue_bytes = 64U * 1024U; }
};

TEST_F(SlowClient, IsDisconnectedAndNobodyWaits) {
    ClientId slow, quick;
    auto sleeper = open(&slow);
    auto reader = open(&quick);
    TMessage event{.message = MessageId::event_private_info};
    event.this_dn = std::string(8000, 'x');
    int sent = 0;
    // The sleeper reads nothing more; the kernel's buffers take some megabytes first.
    RawClient deaf(loop, server->listening());
    deaf.send(R"({"message":"RequestRegisterClient","ApplicationName":"desktop"})");
    const ClientId deaf_id = take<messages::ClientOpened>().client;
    while (commands.empty() && sent < 20'000) {
        emit(event, {deaf_id, quick});
        server->flush();
        ++sent;
        EXPECT_EQ(reader->next().at("message"), "EventPrivateInfo");
    }
    EXPECT_EQ(take<messages::ClientClosed>().client, deaf_id);
    emit(event, {deaf_id, quick, slow});
    server->flush();
    EXPECT_EQ(reader->next().at("message"), "EventPrivateInfo");
    EXPECT_EQ(sleeper->next().at("message"), "EventPrivateInfo");
    EXPECT_EQ(server->clients(), 2U);
}

class IdleClient : public ServerBench {
    void configure() override { settings.idle_limit = std::chrono::seconds(1); }
};

TEST_F(IdleClient, IsDisconnectedAfterTheLimit) {
    ClientId id;
    auto client = open(&id);
    EXPECT_TRUE(client->ends());
    EXPECT_EQ(take<messages::ClientClosed>().client, id);
}

TEST_F(IdleClient, WhoPingsStays) {
    auto silent = open();
    auto pinging = open();
    pinging->send(R"({"message":"Ping"})");
    const auto limit =
        std::chrono::steady_clock::now() + std::chrono::seconds(20);  // only a failure reaches it
    while (server->clients() == 2U && std::chrono::steady_clock::now() < limit) {
        EXPECT_EQ(pinging->next().at("message"), "Pong");
        pinging->send(R"({"message":"Ping"})");
    }
    EXPECT_TRUE(silent->ends());
    EXPECT_EQ(pinging->next().at("message"), "Pong");
}

class UnopenedClient : public ServerBench {
    void configure() override { settings.opening_limit = std::chrono::seconds(1); }
};

TEST_F(UnopenedClient, IsDisconnectedInTimeThoughItPings) {
    auto stays = open();
    auto stranger = connect();
    const auto limit =
        std::chrono::steady_clock::now() + std::chrono::seconds(20);  // only a failure reaches it
    bool ended = false;
    while (!ended && std::chrono::steady_clock::now() < limit) {
        try {
            stranger->send(R"({"message":"Ping"})");
            ended = stranger->next().is_null();
        } catch (const boost::system::system_error&) {
            ended = true;  // it was closed while we wrote
        }
    }
    EXPECT_TRUE(ended);
    stays->send(R"({"message":"Ping"})");
    EXPECT_EQ(stays->next().at("message"), "Pong");
}

class Listening : public ServerBench {};

TEST_F(Listening, OnATakenAddressSaysWhatToDo) {
    TlibSettings same = settings;
    same.listen = server->listening();
    TlibServer second(loop.io, same, {}, authenticator, [this] { return configuration; });
    try {
        second.start();
        FAIL() << "two servers on one port";
    } catch (const std::runtime_error& error) {
        EXPECT_NE(std::string(error.what()).find("tlib.listen"), std::string::npos);
        EXPECT_NE(std::string(error.what()).find("choose another address"), std::string::npos);
    }
}

// A WebSocket as the HTTP thread would hold it: here its other thread is this one.
struct FakeSocket {
    void send(Frames frames) {
        for (const Frame& frame : frames) got.push_back(json::parse(*frame));
    }
    std::size_t unsent_bytes() const { return unsent; }
    void taken(std::size_t bytes) { taken_bytes += bytes; }
    void finish() { finished = true; }
    void abort() { aborted = true; }
    std::string peer() const { return "browser"; }
    std::vector<json::value> got;
    std::size_t unsent = 0, taken_bytes = 0;
    bool finished = false, aborted = false;
};

class Remote : public ServerBench {};

TEST_F(Remote, CarriesTheSameObjects) {
    const auto socket = std::make_shared<FakeSocket>();
    const auto end = server->open(socket);
    const std::string opening = R"({"message":"RequestRegisterClient","ApplicationName":"desktop"})";
    end->received(opening);
    const ClientId id = take<messages::ClientOpened>().client;
    EXPECT_TRUE(loop.until([&] { return !socket->got.empty(); }));
    EXPECT_EQ(socket->got[0].at("message"), "EventLinkConnected");
    EXPECT_EQ(socket->taken_bytes, opening.size());
    authenticator.hold = true;
    end->received(R"({"message":"RequestAgentLogin","ThisDN":"1001","AgentID":"1001","Password":"right"})");
    end->received(R"({"message":"RequestAgentReady","ThisDN":"1001"})");
    EXPECT_TRUE(loop.until([&] { return authenticator.held.size() == 1; }));
    loop.settle();
    EXPECT_TRUE(commands.empty());
    authenticator.release();
    EXPECT_EQ(take<messages::ClientRequest>().password, PasswordCheck::right);
    EXPECT_EQ(take<messages::ClientRequest>().request.message, MessageId::request_agent_ready);
    emit({.message = MessageId::event_ringing}, {id});
    server->flush();
    EXPECT_EQ(socket->got.back().at("message"), "EventRinging");
    end->closed();
    EXPECT_EQ(take<messages::ClientClosed>().client, id);
    EXPECT_TRUE(socket->aborted);
}

TEST_F(Remote, IsDroppedWhereTooMuchWaitsForIt) {
    const auto socket = std::make_shared<FakeSocket>();
    const auto end = server->open(socket);
    end->received(R"({"message":"RequestRegisterClient","ApplicationName":"desktop"})");
    const ClientId id = take<messages::ClientOpened>().client;
    socket->unsent = settings.client_queue_bytes;
    emit({.message = MessageId::event_ringing}, {id});
    EXPECT_EQ(take<messages::ClientClosed>().client, id);
    EXPECT_TRUE(socket->aborted);
}

}  // namespace trunkline::tlib::test
