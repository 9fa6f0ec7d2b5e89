// The HTTP server: pages, admin API, metrics and WebSockets, on a thread of its own, over TCP and over a unix
// socket for trunkctl with the same routes (contracts/configuration.md). It routes and guards; what is
// answered is the routes' affair. Routes are added before start(); start() and stop() belong to the
// composition's thread. Errors of start() are std::runtime_error in words.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "adapters/http/message.hpp"
#include "adapters/http/web_socket.hpp"
#include "adapters/tls/server_certificates.hpp"

namespace trunkline::http {

struct HttpSettings {
    std::string listen = "127.0.0.1:8080";  // "" for none; port 0 takes a free one
    std::string control_socket;             // path of the unix socket, mode 0600; "" for none
    std::string token;                      // bearer token; empty: nothing can be changed over TCP
    bool token_for_reads = false;           // auth.required
    std::vector<std::string>
        allowed_hosts;  // names for the header Host besides the loopback ones and that of `listen`
    std::shared_ptr<const tls::ServerCertificates> certificates;  // null: TCP is plain
    std::size_t max_header_bytes = 16U * 1024U;
    std::size_t max_body_bytes = 32U * 1024U * 1024U;
    std::size_t max_connections = 4096;
    std::size_t max_waiting = 512;  // of them without a whole request; for one more the oldest is closed
    std::chrono::seconds request_limit{60};  // to send a request, to take a response, and between two of them
    std::chrono::milliseconds handshake_limit = std::chrono::seconds(10);  // for TLS
};

class HttpServer {
  public:
    explicit HttpServer(HttpSettings);
    ~HttpServer();  // stops
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// `pattern` like "/api/v1/trace/{id}"; the first that fits in the order of adding.
    void route(Verb, std::string_view pattern, Access, Handler);
    /// WebSockets at `path` go to `accept` once their handshake is done. They need no token: Host and Origin
    /// are checked, and who speaks over them is the receiver's affair.
    void web_socket(std::string path, WebSocketAcceptor accept,
                    std::size_t max_message_bytes = 1024U * 1024U);

    void start();
    /// `host:port` in use after start(); "" where TCP is off.
    [[nodiscard]] std::string listening() const;
    /// Closes every connection and ends the thread. What comes after (replies, frames) is dropped.
    void stop();

  private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

}  // namespace trunkline::http
