#include "apps/trunkctl/server_call.hpp"

#include <boost/json.hpp>
#include <fstream>

#include "adapters/http/client.hpp"

namespace trunkline::ctl {

namespace {

/// --token, else the file that a server on this machine made.
std::string token_of(const Call& call) {
    if (call.has("token")) return call.text("token");
    std::string token;
    std::getline(std::ifstream(call.settings.token_path()), token);
    return token;
}

}  // namespace

void add_server_options(po::options_description& options) {
    options.add_options()("url", po::value<std::string>()->value_name("URL"),
                          "a server elsewhere, e.g. https://10.0.0.5:8080")(
        "ca", po::value<std::string>()->value_name("FILE"),
        "whose certificates are trusted with https (PEM); else the system's authorities")(
        "token", po::value<std::string>()->value_name("TOKEN"),
        "its bearer token (var/token on its machine)");
}

Reply ask_server(const Call& call, http::Verb verb, const std::string& target, const std::string& body) {
    http::ClientSettings settings;
    if (call.has("url")) {
        settings.url = call.text("url");
        settings.ca = call.text("ca");
        settings.token = token_of(call);
    } else {
        settings.control_socket = call.settings.control.socket.string();
    }
    const auto response = http::call(settings, verb, target, body);
    if (!response) throw Failure(response.error().message);
    if (response->status == 401)
        throw Failure("the server at " + call.text("url", "the socket") +
                      (settings.token.empty() ? " asks for its bearer token" : " does not know this token") +
                      "; name it with --token TOKEN (it stands in var/token on the server's machine)");
    boost::system::error_code error;
    auto parsed = boost::json::parse(response->body, error);
    if (error)
        throw Failure("the answer of the server is not JSON; is " + call.text("url", "the socket") +
                      " Trunkline's?");
    return {response->status, std::move(parsed)};
}

boost::json::value get_from_server(const Call& call, const std::string& target) {
    auto reply = ask_server(call, http::Verb::get, target);
    if (reply.status == 200) return std::move(reply.body);
    const auto* words = reply.body.is_object() ? reply.body.get_object().if_contains("error") : nullptr;
    throw Failure(words != nullptr && words->is_string()
                      ? std::string(words->get_string())
                      : "the server answered " + std::to_string(reply.status));
}

}  // namespace trunkline::ctl
