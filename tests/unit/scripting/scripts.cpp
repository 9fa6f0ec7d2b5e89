#include "tests/unit/scripting/scripts.hpp"

#include <fstream>
#include <iterator>
#include <sstream>

namespace trunkline::scripting::testing {

ScriptSources sources(const Files& files) {
    ScriptSources result;
    for (const auto& [path, text] : files) {
        const std::string shown = path.starts_with("strategies/") ? path : "scripts/" + path;
        result.files.push_back({path, shown, text, std::to_string(std::hash<std::string>{}(text))});
    }
    return result;
}

std::string project_file(const std::string& path) {
    std::ifstream in(std::string(TRUNKLINE_SOURCE_DIR) + "/" + path);
    EXPECT_TRUE(in) << path;
    return {std::istreambuf_iterator<char>(in), {}};
}

Files stock_files() {
    Files files;
    for (const std::string path :
         {"treatments/collect_digits.lua", "treatments/play_announcement.lua",
          "treatments/play_announcement_and_collect_digits.lua", "treatments/tell_position.lua",
          "lib/words.lua", "statistics/least_loaded_best_skilled.lua"})
        files[path] = project_file("scripts/" + path);
    return files;
}

namespace {

struct ParameterText {
    std::string operator()(messages::SqlNull) const { return "nil"; }
    std::string operator()(bool is) const { return is ? "true" : "false"; }
    std::string operator()(std::int64_t is) const { return std::to_string(is); }
    std::string operator()(double is) const { return std::to_string(is); }
    std::string operator()(const std::string& is) const { return "'" + is + "'"; }
};

std::string query_text(const messages::Query& query) {
    std::string text = "query ";
    if (!query.database.empty()) text += query.database + ": ";
    text += query.sql + " [";
    for (const auto& parameter : query.parameters)
        text += (text.back() == '[' ? "" : ", ") + std::visit(ParameterText{}, parameter.is);
    std::ostringstream seconds;
    seconds << to_seconds(query.timeout);
    return text + "] " + seconds.str();
}

std::string request_text(const messages::HttpRequest& request) {
    std::ostringstream out;
    out << "http " << (request.method == messages::HttpMethod::get ? "get " : "post ") << request.url;
    for (const auto& header : request.headers) out << " " << header.name << "=" << header.value;
    if (!request.body.empty()) out << " " << request.body;
    out << " " << to_seconds(request.timeout);
    return out.str();
}

}  // namespace

std::string to_text(const Wait& wait) {
    std::ostringstream out;
    if (const auto* text = std::get_if<WaitForText>(&wait)) {
        out << "text " << to_seconds(text->timeout) << (text->first_too ? " first" : "");
    } else if (const auto* route = std::get_if<WaitForRoute>(&wait)) {
        out << "route";
        for (const routing::Target& target : route->request.targets) out << " " << routing::to_text(target);
        out << " " << to_seconds(route->request.timeout);
        if (route->request.priority) out << " priority " << *route->request.priority;
        if (!route->request.virtual_queue.empty()) out << " queue " << route->request.virtual_queue;
    } else if (const auto* to = std::get_if<WaitForRouteTo>(&wait)) {
        out << "to " << to->destination;
    } else if (const auto* event = std::get_if<WaitForEvent>(&wait)) {
        out << "event " << event->message << " " << to_seconds(event->timeout);
    } else if (const auto* client = std::get_if<WaitForClientRoute>(&wait)) {
        out << "client " << to_seconds(client->timeout);
    } else if (const auto* query = std::get_if<WaitForQuery>(&wait)) {
        out << query_text(query->query);
    } else if (const auto* web = std::get_if<WaitForHttp>(&wait)) {
        out << request_text(web->request);
    } else {
        out << "time " << to_seconds(std::get<WaitForTime>(wait).duration);
    }
    return out.str();
}

Scripts::Scripts() {
    InteractionView view;
    view.id = id;
    view.conn_id = ConnId(0x123);
    view.media = "chat";
    view.ani = "sue";
    view.dnis = view.routing_point = "1111";
    view.customer = "sip:sue@example.com";
    view.tenant = "Resources";
    view.call_type = "inbound";
    view.strategy = "main";
    view.state = "treatment";
    view.created = port.time - seconds(5);
    port.interactions[id] = view;
}
Scripts::~Scripts() = default;

scripting::Host& Scripts::host() {
    if (!host_) host_ = std::make_unique<scripting::Host>(port, budgets);
    return *host_;
}

void Scripts::load(Files files) {
    files.merge(stock_files());
    BuildResult built = build(sources(files), budgets);
    for (const ScriptError& error : built.errors) ADD_FAILURE() << error.message;
    ASSERT_TRUE(built.generation);
    host().adopt(Generation(++generation_), std::move(built.generation));
}

std::string Scripts::logged() const {
    std::string text;
    for (const std::string& call : port.calls)
        if (call.starts_with("info: ")) text += (text.empty() ? "" : "|") + call.substr(6);
    return text;
}

std::string Scripts::said(const std::string& body) {
    port.calls.clear();
    load_body(body);
    const Run run = start();
    if (run.error) return run.error->message;
    return logged();
}

std::string Scripts::error_of(const std::string& body) {
    load_body(body);
    const Run run = start();
    return run.error ? run.error->message : "";
}

void Scripts::TearDown() {
    if (!host_) return;
    host_->close(id);
    EXPECT_EQ(host_->runs(), 0U);
    EXPECT_LE(host_->live().size(), 1U);
}

}  // namespace trunkline::scripting::testing
