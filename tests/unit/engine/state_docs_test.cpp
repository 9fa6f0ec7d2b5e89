// docs/t-library.md prints what each request does in each state. Its tables are what the engine answers,
// asked here; this test fails where the page is stale. TRUNKLINE_WRITE_DOCS=1 writes it anew.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "engine/messages/message_id.hpp"
#include "tests/unit/engine/engine_test.hpp"

namespace trunkline::testing {
namespace {

using messages::MessageId;
using messages::TMessage;

class StateDocs : public EngineTest {
  protected:
    struct Situation {
        World* world = nullptr;
        ClientId client;
        std::string dn;
        ConnId conn;
    };

    Situation agent_in(const std::string& state) {
        const AnnIn there = ann_in(state);
        return {there.world, there.ann, "1001", {}};
    }

    // Of the session that ann's DN, or the routing point, is a party of; 1002 is another agent's DN.
    Situation session_in(const std::string& state) {
        World& world = start(route_to_all);
        const ClientId ann = world.ready_agent("1001", "1001"), bob = world.ready_agent("1002", "1002");
        world.not_ready(bob, "1002");
        if (state == "clients route it" || state == "a strategy routes it") {
            const std::string point = state == "clients route it" ? "1112" : "1111";
            const ClientId router = world.client();
            world.register_dn(router, point);
            world.not_ready(ann, "1001");
            world.text("carl", "hello", point);
            return {&world, router, point, parse_conn_id(world.interactions()[0].conn_id)};
        }
        world.text("carl", "hello");
        const ConnId conn = world.ringing("1001");
        if (state == "established" || state == "ended") world.answer(ann, "1001", conn);
        if (state == "ended") world.release(ann, "1001", conn);
        if (state == "of others") return {&world, bob, "1002", conn};
        return {&world, ann, "1001", conn};
    }

    // Everything that a request could need; what it does not need is ignored.
    static TMessage request_of(MessageId id, std::int64_t work_mode, const Situation& at) {
        TMessage request;
        request.message = id;
        request.this_dn = at.dn;
        request.conn_id = at.conn;
        request.agent_id = "1001";
        request.other_dn = at.dn == "1002" ? "1001" : "1002";
        request.data_key = "k";
        request.timeout = 1'000;
        request.address_info_type = 0;
        request.treatment_type = 7;
        request.private_msg_id = messages::private_msg_im;
        if (id == MessageId::request_agent_not_ready || id == MessageId::request_agent_login)
            request.agent_work_mode = work_mode;
        KvList list;
        list.add("im", "words");
        list.add("TEXT", "words");
        list.add("MSGTXT", "words");
        request.user_data = request.extensions = request.treatment_parms =
            std::make_shared<const KvList>(std::move(list));
        return request;
    }

    // The event with its ReferenceID, or the error's code.
    static std::string answer_to(const Situation& at, TMessage request) {
        at.world->clear();
        const int code = at.world->request(at.client, std::move(request));
        if (code != 0) return std::to_string(code);
        for (const auto& event : at.world->left.events)
            if (event.event.reference_id) {
                std::string name(messages::name_of(event.event.message));
                return name.starts_with("Event") ? name.substr(5) : name;
            }
        return "nothing";
    }

    static bool of_an_agent(MessageId id) {
        switch (id) {
            case MessageId::request_agent_login:
            case MessageId::request_agent_logout:
            case MessageId::request_agent_ready:
            case MessageId::request_agent_not_ready:
            case MessageId::request_set_dnd_on:
            case MessageId::request_set_dnd_off:
            case MessageId::request_reserve_agent:
                return true;
            default:
                return false;
        }
    }
    // Of a DN, in every state the same; and those that the adapter answers.
    static bool of_a_dn(MessageId id) {
        switch (id) {
            case MessageId::request_register_client:
            case MessageId::request_query_server:
            case MessageId::request_query_address:
            case MessageId::request_register_address:
            case MessageId::request_unregister_address:
                return true;
            default:
                return false;
        }
    }
    static std::vector<MessageId> requests() {
        std::vector<MessageId> found;
        for (int id = 0; id <= 182; ++id)
            if (const auto known = messages::message_id(id);
                known && messages::name_of(*known).starts_with("Request"))
                found.push_back(*known);
        return found;
    }

    static std::string row(const std::vector<std::string>& cells) {
        std::string out = "|";
        for (const std::string& cell : cells) out += " " + cell + " |";
        return out + "\n";
    }
    static std::string head(std::vector<std::string> cells) {
        const std::string line = row(cells);
        for (std::string& cell : cells) cell = "---";
        return line + row(cells);
    }

    std::string agent_table() {
        const std::vector<std::string> states{"LoggedOut",     "NotReady",   "Ready",
                                              "AfterCallWork", "LegalGuard", "Busy"};
        std::vector<std::string> cells{"request"};
        cells.insert(cells.end(), states.begin(), states.end());
        std::string out = head(cells);
        for (const MessageId id : requests()) {
            if (!of_an_agent(id)) continue;
            const bool modes = id == MessageId::request_agent_not_ready;
            for (const std::int64_t mode :
                 modes ? std::vector<std::int64_t>{0, 2, 3} : std::vector<std::int64_t>{0}) {
                cells = {std::string(messages::name_of(id)) +
                         (mode == 0 ? "" : ", work mode " + std::to_string(mode))};
                for (const std::string& state : states) {
                    const Situation at = agent_in(state);
                    cells.push_back(answer_to(at, request_of(id, mode, at)));
                }
                out += row(cells);
            }
        }
        return out;
    }

    std::string session_table(std::string& unsupported) {
        const std::vector<std::string> states{"ringing",   "established",      "ended",
                                              "of others", "clients route it", "a strategy routes it"};
        std::vector<std::string> cells{"request"};
        cells.insert(cells.end(), states.begin(), states.end());
        std::string out = head(cells);
        for (const MessageId id : requests()) {
            if (of_an_agent(id) || of_a_dn(id)) continue;
            cells = {std::string(messages::name_of(id))};
            for (const std::string& state : states) {
                const Situation at = session_in(state);
                cells.push_back(answer_to(at, request_of(id, 0, at)));
            }
            if (std::all_of(cells.begin() + 1, cells.end(), [](const auto& cell) { return cell == "51"; }))
                unsupported += (unsupported.empty() ? "" : ", ") + cells[0].substr(7);
            else
                out += row(cells);
        }
        return out;
    }
};

TEST_F(StateDocs, PrintWhatEveryRequestDoesInEveryState) {
    const std::string file = std::string(TRUNKLINE_SOURCE_DIR) + "/docs/t-library.md";
    const std::string begin = "<!-- from here on written by test_engine -->\n";
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    const std::string page = text.str();
    const std::size_t at = page.find(begin);
    ASSERT_NE(at, std::string::npos) << file;
    std::string unsupported, made = page.substr(0, at) + begin;
    made += "\n### Requests of an agent, by the agent's state\n\n" + agent_table();
    made += "\n### Requests about a session, by its state at the DN\n\n" + session_table(unsupported);
    made += "\n### Requests that are answered 51\n\n" + unsupported + ".\n";
    if (std::getenv("TRUNKLINE_WRITE_DOCS") != nullptr) std::ofstream(file) << made;
    EXPECT_TRUE(page == made || std::getenv("TRUNKLINE_WRITE_DOCS") != nullptr)
        << "docs/t-library.md is stale: TRUNKLINE_WRITE_DOCS=1 build/bin/test_engine "
           "--gtest_filter='StateDocs.*'";
}

}  // namespace
}  // namespace trunkline::testing
