// run_agent: the desk, the line to the server and the input, on one loop.
#include <fcntl.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <ostream>

#include "apps/trunkctl/agent.hpp"
#include "apps/trunkctl/agent_desk.hpp"
#include "apps/trunkctl/agent_link.hpp"

namespace trunkline::ctl {
namespace asio = boost::asio;
namespace {

constexpr std::size_t longest_line = 1024U * 1024U;
constexpr std::chrono::seconds farewell{5};

// The loop makes the input non-blocking, which the shell that shares it must not find after us.
class KeepFlags {
  public:
    explicit KeepFlags(int file) : file_(file), flags_(::fcntl(file, F_GETFL)) {}
    ~KeepFlags() {
        if (flags_ != -1) ::fcntl(file_, F_SETFL, flags_);
    }
    KeepFlags(const KeepFlags&) = delete;
    KeepFlags& operator=(const KeepFlags&) = delete;

  private:
    int file_, flags_;
};

class AgentRun {
  public:
    AgentRun(const AgentOptions& options, int input, std::ostream& out, std::ostream& err)
        : options_(options),
          err_(err),
          link_(
              io_, [this](const boost::json::object& event) { received(event); },
              [this](const std::string& why) { lost(why); }),
          desk_(
              options, [this](const boost::json::object& message) { link_.send(message); }, out, err),
          input_(io_, ::dup(input)),
          signals_(io_, SIGINT, SIGTERM),
          farewell_(io_) {}

    int run() {
        try {
            link_.connect(options_.server, options_.tls);
        } catch (const std::runtime_error& error) {
            err_ << error.what() << std::endl;
            return 1;
        }
        signals_.async_wait([this](const boost::system::error_code& cancelled, int) {
            if (!cancelled) quit();
        });
        desk_.open();
        read_line();
        io_.run();
        return desk_.failed() || lost_ ? 1 : 0;
    }

  private:
    void received(const boost::json::object& event) {
        desk_.received(event);
        look();
    }
    // After every step: are we done, may we read on?
    void look() {
        if (desk_.over()) return stop();
        if (!desk_.full()) read_line();
    }
    void read_line() {
        if (reading_ || ended_) return;
        reading_ = true;
        asio::async_read_until(input_, asio::dynamic_buffer(typed_, longest_line), '\n',
                               [this](const boost::system::error_code& error, std::size_t size) {
                                   reading_ = false;
                                   if (error == asio::error::operation_aborted) return;
                                   if (error) return input_ended();
                                   std::string line = typed_.substr(0, size - 1);
                                   typed_.erase(0, size);
                                   desk_.line(std::move(line));
                                   look();
                               });
    }
    // Ctrl-D leaves; a script's end leaves an agent who goes on answering by himself.
    void input_ended() {
        ended_ = true;
        if (!options_.by_itself) return quit();
        if (!typed_.empty()) desk_.line(std::exchange(typed_, {}));
        look();
    }
    void quit() {
        desk_.quit();
        farewell_.expires_after(farewell);
        farewell_.async_wait([this](const boost::system::error_code& cancelled) {
            if (!cancelled) stop();
        });
        look();
    }
    void lost(const std::string& why) {
        lost_ = true;
        err_ << "the server at " << to_text(options_.server) << " is gone: " << why << std::endl;
        stop();
    }
    void stop() {
        link_.close();
        io_.stop();
    }

    AgentOptions options_;
    std::ostream& err_;
    asio::io_context io_{1};
    AgentLink link_;
    AgentDesk desk_;
    asio::posix::stream_descriptor input_;
    asio::signal_set signals_;
    asio::steady_timer farewell_;
    std::string typed_;
    bool reading_ = false, ended_ = false, lost_ = false;
};

}  // namespace

int run_agent(const AgentOptions& options, int input, std::ostream& out, std::ostream& err) {
    const KeepFlags keep(input);
    return AgentRun(options, input, out, err).run();
}

}  // namespace trunkline::ctl
