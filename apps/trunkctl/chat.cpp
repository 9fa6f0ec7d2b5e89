// chat: a customer at the terminal. Lines of stdin are texts; what comes back is printed as "< text".
#include <sys/select.h>
#include <unistd.h>

#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <optional>
#include <ostream>

#include "adapters/sip/chat_client.hpp"
#include "apps/trunkctl/agent_desk.hpp"
#include "apps/trunkctl/server_call.hpp"
#include "apps/trunkctl/verbs.hpp"
#include "engine/base/host_port.hpp"

namespace trunkline::ctl {

namespace {

struct Door {
    std::string transport = "udp";
    HostPort at{"127.0.0.1", 5060};
    bool is_open = false;  // a running server says that it listens there
};

/// "udp:0.0.0.0:5060" as an address that can be written to.
std::optional<Door> door_from(const std::string& listen) {
    const auto colon = listen.find(':');
    if (colon == std::string::npos) return std::nullopt;
    auto at = parse_host_port(listen.substr(colon + 1));
    if (!at) return std::nullopt;
    if (at->host == "0.0.0.0") at->host = "127.0.0.1";
    if (at->host == "::") at->host = "::1";
    return Door{listen.substr(0, colon), *at, false};
}

/// --server, else where the running server listens, else where its settings let it.
Door find_door(const Call& call) {
    const auto transport = call.text("transport", "udp");
    if (call.has("server")) {
        const auto at = parse_host_port(call.text("server"));
        if (!at) throw UsageError("--server: " + at.error().message);
        return {transport, *at, false};
    }
    bool server_runs = false;
    std::vector<std::string> listens = call.settings.sip.listen;
    try {
        const auto status = get_from_server(call, "/api/v1/status");
        const std::string sip(status.at(0).at("sip").as_string());
        listens.clear();
        for (std::size_t at = 0; at < sip.size();) {
            const auto comma = std::min(sip.find(", ", at), sip.size());
            listens.push_back(sip.substr(at, comma - at));
            at = comma + 2;
        }
        server_runs = true;
    } catch (const std::exception&) {  // not over HTTP: then by the settings
    }
    for (const auto& listen : listens)
        if (auto door = door_from(listen); door && door->transport == transport && door->at.port != 0) {
            door->is_open = server_runs;
            return *door;
        }
    throw Failure("the server listens on no " + transport + " address; name one with --server HOST:PORT");
}

/// Prints from the client's thread; counts what is on its way, so that the end of the input loses no text.
class Screen {
  public:
    Screen(Door door, std::ostream& out, std::ostream& err) : door_(std::move(door)), out_(out), err_(err) {}
    void show(const std::string& text) {
        const std::lock_guard lock(mutex_);
        out_ << "< " << printable(text) << std::endl;
    }
    void sent() {
        const std::lock_guard lock(mutex_);
        ++on_the_way_;
    }
    void answered(int status, const std::string& reason) {
        const std::lock_guard lock(mutex_);
        --on_the_way_;
        if (status >= 300) {
            failed_ = true;
            err_ << "not delivered: " << status << ' ' << printable(reason) << hint(status) << std::endl;
        }
        changed_.notify_all();
    }
    /// True where every text was answered and none refused.
    bool wait_for_answers(std::chrono::seconds limit) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, limit, [this] { return on_the_way_ <= 0; }) && !failed_;
    }

  private:
    /// Our own SIP stack says 503 or 408 where nobody answers, and so may a server.
    [[nodiscard]] std::string hint(int status) const {
        if (door_.is_open || (status != 503 && status != 408)) return {};
        return ": no server answers at " + door_.transport + ":" + to_text(door_.at) +
               (status == 503 ? ", or it takes no work at the moment" : "") +
               "; start one with ./run, or name another with --server HOST:PORT";
    }

    Door door_;
    std::ostream& out_;
    std::ostream& err_;
    std::mutex mutex_;
    std::condition_variable changed_;
    int on_the_way_ = 0;
    bool failed_ = false;
};

int run_chat(Call& call) {
    const auto door = find_door(call);
    Screen screen(door, call.out, call.err);
    sip::ChatClient client({call.text("from"), call.text("to"), door.at.host, door.at.port, door.transport},
                           {[&](const std::string& text) { screen.show(text); },
                            [&](int status, const std::string& reason) { screen.answered(status, reason); }});
    client.start();
    if (isatty(STDIN_FILENO) != 0) call.err << "Write a line to " << call.text("to") << "; Ctrl-D ends.\n";
    for (std::string line; std::getline(std::cin, line);) {
        if (line.empty()) continue;
        screen.sent();
        client.send(line);
    }
    const bool delivered = screen.wait_for_answers(std::chrono::seconds(35));
    // What the server says last may still come.
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    client.stop();
    return delivered ? 0 : 1;
}

}  // namespace

Verb chat_verb() {
    Verb verb{"chat", "--from NAME --to NUMBER", "be a customer: an instant-message session in the terminal",
              "Each line is a text to the routing point; what comes back is shown behind '<'. A real SIP "
              "user agent: any other\n"
              "can do the same.   Example: trunkctl chat --from carol --to 1111"};
    verb.add_options = [](po::options_description& options) {
        add_server_options(options);
        options.add_options()("from", po::value<std::string>()->required()->value_name("NAME"),
                              "who writes: carol, carol@example.com")(
            "to", po::value<std::string>()->required()->value_name("NUMBER"), "the routing point, e.g. 1111")(
            "server", po::value<std::string>()->value_name("HOST:PORT"), "a SIP server elsewhere")(
            "transport", po::value<std::string>()->value_name("udp|tcp"), "udp where left out");
    };
    verb.run = run_chat;
    verb.needs_settings = false;
    return verb;
}

}  // namespace trunkline::ctl
