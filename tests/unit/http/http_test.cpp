#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "adapters/http/client.hpp"
#include "adapters/http/guard.hpp"
#include "adapters/http/router.hpp"
#include "adapters/http/server.hpp"
#include "adapters/http/target.hpp"

namespace trunkline::http {
namespace {
namespace asio = boost::asio;
namespace beast = boost::beast;

TEST(Target, IsSplitBeforeItIsDecoded) {
    const auto target = parse_target("/api/v1/trace/a%2Fb%20c?object=All+Agents&json&x=1&x=%3D");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->segments, (std::vector<std::string>{"api", "v1", "trace", "a/b c"}));
    EXPECT_EQ(target->query.at("object"), "All Agents");
    EXPECT_EQ(target->query.at("json"), "");
    EXPECT_EQ(target->query.at("x"), "=");
    EXPECT_EQ(percent_decode(percent_encode("Grüße & /?")), "Grüße & /?");
    for (const char* broken : {"", "api", "/%", "/%1", "/%zz", "/a%00b", "/a?x=%g1", "http://host/a", "*"})
        EXPECT_FALSE(parse_target(broken)) << broken;
}

TEST(Hosts, AreLoopbackOrTheListenAddressOrNamed) {
    const Guard guard({.listen_host = "10.1.2.3", .allowed_hosts = {"cc.example.com"}});
    const auto status = [&](std::string_view host, std::string_view origin = {}) {
        const auto refused = guard.check_host(host, origin, "10.9.9.9");
        return refused ? refused->status : 200;
    };
    for (const char* good : {"localhost", "LOCALHOST:8080", "127.0.0.1:8080", "127.8.8.8", "[::1]:8080",
                             "10.1.2.3:8080", "10.9.9.9", "CC.example.com:80"})
        EXPECT_EQ(status(good), 200) << good;
    for (const char* bad :
         {"evil.example", "localhost.evil.example", "10.1.2.4", "[::2]", "cc.example.com.evil"})
        EXPECT_EQ(status(bad), 403) << bad;
    EXPECT_EQ(status(""), 400);
    EXPECT_EQ(status("127.0.0.1:8080", "http://127.0.0.1:8080"), 200);
    EXPECT_EQ(status("localhost", "http://localhost:80"), 200);
    EXPECT_EQ(status("127.0.0.1:8080", "http://127.0.0.1:9090"), 403);
    EXPECT_EQ(status("127.0.0.1:8080", "http://evil.example"), 403);
    EXPECT_EQ(status("127.0.0.1:8080", "null"), 403);
}

TEST(Tokens, AreComparedWhole) {
    EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
    for (const char* wrong : {"", "ab", "abd", "abcabc", "abca"})
        EXPECT_FALSE(equal_in_constant_time(wrong, "abc")) << wrong;
    EXPECT_FALSE(Guard({}).check_token(Access::read, ""));
    EXPECT_EQ(Guard({}).check_token(Access::change, "Bearer ")->status, 403);
    const Guard strict({.token = "t", .token_for_reads = true});
    EXPECT_FALSE(strict.check_token(Access::open, ""));
    EXPECT_EQ(strict.check_token(Access::read, "")->status, 401);
    EXPECT_FALSE(strict.check_token(Access::change, "bearer t"));
}

class Server : public ::testing::Test {
  protected:
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("trunkline-http-" + std::to_string(::getpid()));
    HttpSettings settings{.listen = "127.0.0.1:0", .token = "secret-token"};
    std::unique_ptr<HttpServer> server;
    std::vector<std::thread> threads;

    void SetUp() override {
        std::filesystem::create_directories(folder);
        settings.control_socket = folder / "control.sock";
    }
    void TearDown() override {
        server.reset();
        for (std::thread& thread : threads) thread.join();
        std::filesystem::remove_all(folder);
    }
    void make() {
        server = std::make_unique<HttpServer>(settings);
        server->route(Verb::get, "/healthz", Access::open,
                      [](Request, const Reply& reply) { reply({.body = "fine"}); });
        server->route(Verb::get, "/echo/{name}", Access::read, [this](Request request, const Reply& reply) {
            threads.emplace_back(
                [request, reply] { reply({.body = request.param("name") + request.query_or("more", "-")}); });
        });
        server->route(Verb::post, "/change", Access::change, [](Request request, const Reply& reply) {
            reply({.status = 201, .body = std::move(request.body)});
        });
        server->route(Verb::get, "/forgets", Access::open, [](Request, const Reply&) {});
        server->route(Verb::get, "/throws", Access::open,
                      [](Request, const Reply&) { throw std::runtime_error("broken"); });
    }
    void start() {
        make();
        server->start();
    }
    ClientResponse ask(Verb verb, const std::string& target, const std::string& body = {},
                       const std::string& token = {}) {
        const auto answer =
            call({.url = "http://" + server->listening(), .token = token}, verb, target, body);
        EXPECT_TRUE(answer) << answer.error().message;
        return answer ? *answer : ClientResponse{};
    }
    ClientResponse ask_socket(Verb verb, const std::string& target, const std::string& body = {}) {
        const auto answer = call({.control_socket = settings.control_socket}, verb, target, body);
        EXPECT_TRUE(answer) << answer.error().message;
        return answer ? *answer : ClientResponse{};
    }
    // What comes back to these bytes, up to the end of the connection.
    std::string raw(const std::string& bytes) {
        asio::io_context io;
        asio::ip::tcp::socket socket(io);
        const std::string at = server->listening();
        socket.connect({asio::ip::make_address("127.0.0.1"),
                        static_cast<std::uint16_t>(std::stoi(at.substr(at.find(':') + 1)))});
        asio::write(socket, asio::buffer(bytes));
        std::string back;
        boost::system::error_code end;
        asio::read(socket, asio::dynamic_buffer(back), end);
        return back;
    }
};

TEST_F(Server, AnswersItsRoutesAlsoFromOtherThreads) {
    start();
    EXPECT_EQ(ask(Verb::get, "/healthz").body, "fine");
    EXPECT_EQ(ask(Verb::get, "/echo/a%2Fb?more=c").body, "a/bc");
    const std::string two =
        raw("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nHEAD /healthz HTTP/1.1\r\nHost: "
            "localhost\r\nConnection: close\r\n\r\n");
    EXPECT_NE(two.find("fine"), std::string::npos);
    EXPECT_EQ(two.find("fine", two.find("fine") + 1), std::string::npos) << "HEAD has no body";
}

TEST_F(Server, SaysInWordsWhatIsNotThere) {
    start();
    const auto missing = ask(Verb::get, "/nowhere");
    EXPECT_EQ(missing.status, 404);
    EXPECT_NE(missing.error_text().find("/nowhere"), std::string::npos);
    const auto method = ask(Verb::post, "/healthz");
    EXPECT_EQ(method.status, 405);
    EXPECT_NE(method.error_text().find("GET"), std::string::npos);
    EXPECT_EQ(ask(Verb::get, "/forgets").status, 500);
    EXPECT_EQ(ask(Verb::get, "/throws").status, 500);
    EXPECT_EQ(ask(Verb::get, "/healthz").status, 200) << "and lives on";
}

TEST_F(Server, ChangesNothingWithoutTheTokenOverTcp) {
    start();
    EXPECT_EQ(ask(Verb::post, "/change", "x").status, 401);
    EXPECT_EQ(ask(Verb::post, "/change", "x", "wrong").status, 401);
    const auto changed = ask(Verb::post, "/change", "x", "secret-token");
    EXPECT_EQ(changed.status, 201);
    EXPECT_EQ(changed.body, "x");
    EXPECT_EQ(ask_socket(Verb::post, "/change", "y").body, "y") << "the file's permissions decide there";
}

TEST_F(Server, RefusesForeignHostsAndOrigins) {
    start();
    const auto status = [&](const std::string& headers) {
        return raw("GET /healthz HTTP/1.1\r\n" + headers + "Connection: close\r\n\r\n").substr(9, 3);
    };
    EXPECT_EQ(status("Host: localhost\r\n"), "200");
    EXPECT_EQ(status("Host: evil.example\r\n"), "403");
    EXPECT_EQ(status("Host: localhost\r\nHost: evil.example\r\n"), "400");
    EXPECT_EQ(status("Host: localhost\r\nOrigin: http://evil.example\r\n"), "403");
    EXPECT_EQ(status(""), "400");
}

TEST_F(Server, BoundsWhatItReads) {
    settings.max_body_bytes = 1000;
    start();
    EXPECT_EQ(ask_socket(Verb::post, "/change", std::string(1000, 'x')).status, 201);
    EXPECT_EQ(ask_socket(Verb::post, "/change", std::string(1001, 'x')).status, 413);
    EXPECT_EQ(
        raw("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n").substr(9, 3),
        "431");
    EXPECT_EQ(raw("MESSAGE sip:1111@localhost SIP/2.0\r\n\r\n").substr(9, 3), "400");
}

// A socket that somebody holds and says nothing over, or only this.
class Silent {
  public:
    Silent(const std::string& at, std::string_view words) : socket_(io_) {
        socket_.connect({asio::ip::make_address("127.0.0.1"),
                         static_cast<std::uint16_t>(std::stoi(at.substr(at.find(':') + 1)))});
        asio::write(socket_, asio::buffer(words.data(), words.size()));
    }
    /// What comes until the other side closes.
    std::string rest() {
        std::string back;
        boost::system::error_code end;
        asio::read(socket_, asio::dynamic_buffer(back), end);
        return back;
    }

  private:
    asio::io_context io_;
    asio::ip::tcp::socket socket_;
};

using Attacks = Server;

TEST_F(Attacks, BySilentConnectionsLoseTheOldestAndOthersAreServed) {
    settings.max_waiting = 4;
    start();
    std::vector<std::unique_ptr<Silent>> held;
    for (int i = 0; i < 20; ++i) {
        held.push_back(
            std::make_unique<Silent>(server->listening(), i % 2 == 0 ? "" : "GET /healthz HTTP/1.1\r\nHo"));
        EXPECT_EQ(ask(Verb::get, "/healthz").status, 200);
    }
    EXPECT_EQ(held.front()->rest(), "");
    EXPECT_EQ(ask_socket(Verb::get, "/healthz").status, 200);
}

TEST_F(Attacks, BySlowRequestsEndAtTheirTime) {
    settings.request_limit = std::chrono::seconds(1);
    start();
    Silent header(server->listening(), "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ");
    Silent body(server->listening(),
                "POST /change HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                "secret-token\r\nContent-Length: 9\r\n\r\nx");
    EXPECT_EQ(header.rest(), "");
    EXPECT_EQ(body.rest(), "");
}

TEST_F(Attacks, ByLongBodiesOfStrangersAreRefusedBeforeTheyAreRead) {
    start();
    const std::string post = "POST /change HTTP/1.1\r\nHost: localhost\r\n";
    for (const char* more : {"Content-Length: 30000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n",
                             "Authorization: Bearer wrong\r\nContent-Length: 30000000\r\n\r\n"})
        EXPECT_EQ(raw(post + more).substr(9, 3), "401") << more;
    EXPECT_EQ(
        raw("GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 30000000\r\n\r\n").substr(9, 3),
        "413");
    EXPECT_EQ(ask(Verb::post, "/change", std::string(1'000'000, 'x'), "secret-token").status, 201);
}

TEST_F(Server, KeepsItsSocketToItsUserAndClearsOneThatACrashLeft) {
    {
        asio::io_context io;
        asio::local::stream_protocol::acceptor left(
            io, asio::local::stream_protocol::endpoint(settings.control_socket));
    }
    ASSERT_TRUE(std::filesystem::exists(settings.control_socket));
    start();
    struct stat found {};
    ASSERT_EQ(::stat(settings.control_socket.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, 0600U);
    EXPECT_EQ(ask_socket(Verb::get, "/healthz").body, "fine");
    HttpServer second({.listen = "", .control_socket = settings.control_socket});
    EXPECT_THROW(second.start(), std::runtime_error) << "somebody answers there";
    EXPECT_EQ(ask_socket(Verb::get, "/healthz").body, "fine");
    server->stop();
    EXPECT_FALSE(std::filesystem::exists(settings.control_socket));
    const auto answer = call({.control_socket = settings.control_socket}, Verb::get, "/healthz");
    ASSERT_FALSE(answer);
    EXPECT_NE(answer.error().message.find("no server answers at " + settings.control_socket),
              std::string::npos);
    EXPECT_NE(answer.error().message.find("./run"), std::string::npos);
}

TEST_F(Server, DropsARepliesThatComesAfterItsEnd) {
    make();
    std::promise<Reply> kept;
    server->route(Verb::get, "/later", Access::open,
                  [&](Request, const Reply& reply) { kept.set_value(reply); });
    server->start();
    std::thread asker(
        [url = "http://" + server->listening()] { EXPECT_FALSE(call({.url = url}, Verb::get, "/later")); });
    Reply reply = kept.get_future().get();
    server.reset();
    asker.join();
    reply({.body = "too late"});
}

// A raw WebSocket client, blocking.
class SocketClient {
  public:
    SocketClient(const std::string& at, const std::string& origin = {}) : stream_(io_) {
        stream_.next_layer().connect({asio::ip::make_address("127.0.0.1"),
                                      static_cast<std::uint16_t>(std::stoi(at.substr(at.find(':') + 1)))});
        stream_.set_option(
            beast::websocket::stream_base::decorator([origin](beast::websocket::request_type& request) {
                if (!origin.empty()) request.set(beast::http::field::origin, origin);
            }));
        stream_.handshake(at, "/tlib", error);
    }
    void send(const std::string& text) { stream_.write(asio::buffer(text)); }
    void send_binary() {
        stream_.binary(true);
        stream_.write(asio::buffer("x", 1));
    }
    std::string next() {
        beast::flat_buffer buffer;
        stream_.read(buffer, error);
        return beast::buffers_to_string(buffer.data());
    }
    void close() { stream_.close(beast::websocket::close_code::normal, error); }
    beast::error_code error;
    unsigned reason() const { return stream_.reason().code; }

  private:
    asio::io_context io_;
    beast::websocket::stream<asio::ip::tcp::socket> stream_;
};

class WebSockets : public Server {
  protected:
    std::promise<void> closed;
    std::promise<std::shared_ptr<WebSocket>> first_opened;
    std::atomic<bool> take_at_once = true, opened_once = false, closed_once = false;
    // The first that was opened; waits for it.
    std::shared_ptr<WebSocket> take_socket() { return first_opened.get_future().get(); }
    void SetUp() override {
        Server::SetUp();
        make();
        server->web_socket("/tlib", [this](std::shared_ptr<WebSocket> opened) {
            if (!opened_once.exchange(true)) first_opened.set_value(opened);
            return WebSocketReceiver{.received =
                                         [this, socket = opened](std::string text) {
                                             const auto size = text.size();
                                             socket->send({std::make_shared<const std::string>("one " + text),
                                                           std::make_shared<const std::string>("two")});
                                             if (take_at_once) socket->taken(size);
                                         },
                                     .closed =
                                         [this] {
                                             if (!closed_once.exchange(true)) closed.set_value();
                                         }};
        });
        server->start();
    }
};

TEST_F(WebSockets, CarryTextBothWaysAndTellTheirEnd) {
    SocketClient client(server->listening());
    const auto socket = take_socket();
    ASSERT_FALSE(client.error) << client.error.message();
    client.send("hello");
    EXPECT_EQ(client.next(), "one hello");
    EXPECT_EQ(client.next(), "two");
    client.close();
    closed.get_future().wait();
    EXPECT_EQ(socket->unsent_bytes(), 0U);
    socket->send({std::make_shared<const std::string>("to nobody")});
}

TEST_F(WebSockets, FinishWhenEverythingHasLeft) {
    SocketClient client(server->listening());
    const auto socket = take_socket();
    client.send("x");
    EXPECT_EQ(client.next(), "one x");
    socket->send(Frames(100, std::make_shared<const std::string>(std::string(10'000, 'y'))));
    socket->finish();
    EXPECT_EQ(client.next(), "two");
    for (int i = 0; i < 100; ++i) EXPECT_EQ(client.next().size(), 10'000U);
    client.next();
    EXPECT_EQ(client.error, beast::websocket::error::closed);
    closed.get_future().wait();
}

TEST_F(WebSockets, RefuseForeignOriginsUnknownPathsAndBinary) {
    EXPECT_TRUE(SocketClient(server->listening(), "http://evil.example").error);
    EXPECT_FALSE(SocketClient(server->listening(), "http://" + server->listening()).error);
    EXPECT_EQ(raw("GET /other HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: "
                  "upgrade\r\nSec-WebSocket-Version: 13\r\n"
                  "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\nGET /healthz HTTP/1.1\r\nHost: "
                  "localhost\r\nConnection: close\r\n\r\n")
                  .substr(9, 3),
              "404");
    SocketClient client(server->listening());
    client.send_binary();
    client.next();
    EXPECT_EQ(client.reason(), beast::websocket::close_code::unknown_data);
}

TEST_F(WebSockets, StopReadingWhileNothingIsTaken) {
    take_at_once = false;
    SocketClient client(server->listening());
    const auto socket = take_socket();
    const std::string big(200'000, 'x');
    client.send(big);
    client.send(big);
    EXPECT_EQ(client.next().size(), big.size() + 4);
    client.next();
    EXPECT_EQ(client.next().size(), big.size() + 4);
    client.next();
    client.send("third");  // waits in the kernel
    socket->taken(2 * big.size());
    EXPECT_EQ(client.next(), "one third");
}

TEST_F(WebSockets, EndWithTheServer) {
    SocketClient client(server->listening());
    const auto socket = take_socket();
    client.send("x");
    client.next();
    server.reset();
    closed.get_future().wait();
    socket->send({std::make_shared<const std::string>("too late")});
    socket->abort();
    while (!client.error) client.next();
}

}  // namespace
}  // namespace trunkline::http
