#include "apps/trunkctl/agent_link.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>
#include <stdexcept>

namespace trunkline::ctl {
namespace asio = boost::asio;
namespace {

constexpr std::size_t longest_message = 16U * 1024U * 1024U;
constexpr std::chrono::seconds heartbeat{20};

}  // namespace

AgentLink::AgentLink(asio::io_context& io, Received received, Lost lost)
    : socket_(io), heart_(io), received_(std::move(received)), lost_(std::move(lost)) {}

void AgentLink::connect(const HostPort& server) {
    try {
        asio::ip::tcp::resolver resolver(socket_.get_executor());
        asio::connect(socket_, resolver.resolve(server.host, std::to_string(server.port)));
        socket_.set_option(asio::ip::tcp::no_delay(true));
    } catch (const boost::system::system_error& error) {
        throw std::runtime_error("no T-Library server answers at " + to_text(server) + " (" +
                                 error.code().message() +
                                 "): start it with ./run, or name another with --server HOST:PORT");
    }
    read();
    beat();
}

void AgentLink::send(const boost::json::object& message) {
    boost::system::error_code error;  // a broken line is told by read()
    asio::write(socket_, asio::buffer(boost::json::serialize(message) + "\n"), error);
}

void AgentLink::close() {
    boost::system::error_code ignored;
    heart_.cancel();
    socket_.close(ignored);
}

void AgentLink::read() {
    asio::async_read_until(
        socket_, asio::dynamic_buffer(input_, longest_message), '\n',
        [this](const boost::system::error_code& error, std::size_t size) {
            if (error == asio::error::operation_aborted) return;
            if (error) return lost_(error == asio::error::eof ? "it closed the connection" : error.message());
            boost::json::error_code broken;
            const auto message = boost::json::parse(std::string_view(input_).substr(0, size - 1), broken);
            input_.erase(0, size);
            if (broken || !message.is_object()) return lost_("it sent something that is no JSON object");
            received_(message.as_object());
            if (socket_.is_open()) read();
        });
}

// Keeps a server with an idle limit from closing a quiet desktop.
void AgentLink::beat() {
    heart_.expires_after(heartbeat);
    heart_.async_wait([this](const boost::system::error_code& cancelled) {
        if (cancelled || !socket_.is_open()) return;
        send({{"message", "Ping"}});
        beat();
    });
}

}  // namespace trunkline::ctl
