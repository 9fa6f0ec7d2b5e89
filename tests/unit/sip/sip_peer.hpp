// A SIP peer of plain sockets and raw text, so that the tests see exactly what is on the wire; and an engine
// that only remembers what came in. Every wait ends at an event or, with a failure, after a generous
// time-out.
#pragma once

#include <netinet/in.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "adapters/sip/sip_server.hpp"

namespace trunkline::sip::test {

/// A server on loopback at ports that are free, over UDP and TCP.
inline SipSettings loopback_settings() {
    SipSettings settings;
    settings.listen = {"udp:127.0.0.1:0", "tcp:127.0.0.1:0"};
    return settings;
}

/// The server's side of the door: commands in the order in which they came.
class CommandSink {
  public:
    PostCommand post();
    /// The next command; fails the test and gives TimersDue when none comes.
    messages::Command next();
    /// The next command, which has to be a T.
    template <class T>
    T next_as();
    /// How many came that nobody took.
    std::size_t waiting();

  private:
    std::mutex mutex_;
    std::condition_variable came_;
    std::deque<messages::Command> commands_;
};

template <class T>
T CommandSink::next_as() {
    messages::Command command = next();
    if (const T* one = std::get_if<T>(&command)) return *one;
    throw std::runtime_error("another command came than the test expects");
}

/// One message off the wire.
struct SipText {
    std::string raw;
    [[nodiscard]] std::string first_line() const { return raw.substr(0, raw.find("\r\n")); }
    [[nodiscard]] std::string header(const std::string& name) const;
    [[nodiscard]] std::string body() const;
    [[nodiscard]] int status() const;          // 0 for a request
    [[nodiscard]] std::string method() const;  // of a request
};

class SipPeer {
  public:
    /// Connects to one of SipServer::listening(), from `host`: any 127.x.y.z is somebody else.
    explicit SipPeer(const std::string& server, std::string host = "127.0.0.1");
    ~SipPeer();
    SipPeer(const SipPeer&) = delete;
    SipPeer& operator=(const SipPeer&) = delete;

    void send(const std::string& raw) const;
    /// The next message; throws std::runtime_error when none comes within 10 s.
    SipText receive();
    /// The next message that is no provisional response.
    SipText receive_final();
    /// Whether anything is there after `milliseconds` of waiting.
    bool hears_something(int milliseconds);
    /// Waits for the end of the connection; what comes before it is thrown away.
    bool is_closed();
    void answer(const SipText& request, int status) const;

    [[nodiscard]] const std::string& transport() const { return transport_; }
    [[nodiscard]] std::string via(const std::string& branch) const;
    [[nodiscard]] std::string local() const { return host_ + ":" + std::to_string(port_); }
    [[nodiscard]] int port() const { return port_; }

  private:
    bool read_more(int milliseconds);
    std::optional<SipText> take_buffered();

    std::string transport_, host_;
    int socket_ = -1;
    int port_ = 0;
    std::string buffer_;               // TCP
    std::deque<std::string> packets_;  // UDP
};

/// A request line, headers and a body, with what every request needs.
struct Request {
    std::string method = "MESSAGE";
    std::string uri = "sip:1111@cc.example.com";
    std::string branch = "z9hG4bK-1";
    std::string from = "<sip:ann@example.com>;tag=a1";
    std::string to = "<sip:1111@cc.example.com>";
    std::string call_id = "call-1";
    int cseq = 1;
    std::string content_type = "text/plain";
    std::string more;  // further header lines, each with its end
    std::string body;
    [[nodiscard]] std::string text(const SipPeer& peer) const;
};

inline const char* const message_offer =
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=session\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=message 5060 sip "
    "null\r\n";

}  // namespace trunkline::sip::test
