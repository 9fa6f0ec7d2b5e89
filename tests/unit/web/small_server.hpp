// A web server for tests, on a free port of 127.0.0.1: answers each connection with the text that its rule
// gives, after it has read the request. With a certificate it speaks TLS. One thread; ends with the object.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/http.hpp>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace trunkline::web::testing {

using Request = boost::beast::http::request<boost::beast::http::string_body>;

/// A certificate for this name (or address) that vouches for itself, and its key, as PEM.
struct Identity {
    std::string certificate, key;
};
[[nodiscard]] Identity make_identity(const std::string& name);

class SmallServer {
  public:
    /// What is written back, byte for byte; none: nothing, the connection stays open.
    using Rule = std::function<std::optional<std::string>(const Request&)>;

    explicit SmallServer(Rule, std::optional<Identity> = std::nullopt);
    ~SmallServer();
    SmallServer(const SmallServer&) = delete;
    SmallServer& operator=(const SmallServer&) = delete;

    [[nodiscard]] std::string port() const;
    /// "http://127.0.0.1:port" and this.
    [[nodiscard]] std::string at(const std::string& path, const std::string& host = "127.0.0.1") const;
    [[nodiscard]] std::vector<Request> seen() const;

  private:
    boost::asio::io_context io_;
    boost::asio::ip::tcp::acceptor acceptor_;
    Rule rule_;
    std::unique_ptr<boost::asio::ssl::context> tls_;
    mutable std::mutex mutex_;
    std::vector<Request> seen_;
    std::vector<boost::asio::ip::tcp::socket> kept_;
    std::thread thread_;

    void accept();
    void serve(boost::asio::ip::tcp::socket);
    template <class Stream>
    bool talk(Stream&);
};

/// An answer with this status and body.
[[nodiscard]] std::string reply(int status, const std::string& body, const std::string& headers = "");

}  // namespace trunkline::web::testing
