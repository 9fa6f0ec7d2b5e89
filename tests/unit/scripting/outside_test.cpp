// db.query and http.*, from the script's line to the Wait and from the Answer back to a value.
#include "tests/unit/scripting/scripts.hpp"

namespace trunkline::scripting::testing {
namespace {

using messages::SqlNull;
using messages::SqlValue;
using ::testing::HasSubstr;

class Asking : public Scripts {
  protected:
    /// What the first wait of a strategy with this body reads like; the error where there was one.
    std::string asks(const std::string& body) {
        host().close(id);
        load_body(body);
        const Run run = start();
        if (run.error) return run.error->message;
        return run.wait ? to_text(*run.wait) : "no wait";
    }
    /// What the strategy logs when it is answered this.
    std::string hears(const std::string& body, const Answer& answer) {
        host().close(id);
        port.calls.clear();
        load_body(body);
        EXPECT_EQ(start().outcome, Outcome::waiting);
        const Run run = host().resume(id, answer);
        return run.error ? run.error->message : logged();
    }
};

TEST_F(Asking, QueriesLeaveWithTheirParametersAndTime) {  // lessons B8.64: nobody waits for the answer
    EXPECT_EQ(asks(R"(db.query("SELECT 1"))"), "query SELECT 1 [] 5");
    EXPECT_EQ(asks(R"(db.query("SELECT $1", {ix.ani, 5, true, nil, 2.5}, {database = "crm", timeout = 2}))"),
              "query crm: SELECT $1 ['sue', 5, true, nil, 2.500000] 2");
    EXPECT_EQ(asks(R"(db.query("SELECT $1, $2", table.pack(1, nil)))"), "query SELECT $1, $2 [1, nil] 5");
}

TEST_F(Asking, RowsAreTablesByColumnAndNullIsNil) {
    const messages::QueryResult result{
        {"name", "vip", "visits", "share"},
        {{SqlValue{"Sue"}, SqlValue{true}, SqlValue{std::int64_t{3}}, SqlValue{0.5}},
         {SqlValue{SqlNull{}}, SqlValue{false}, SqlValue{std::int64_t{0}}, SqlValue{2.0}}},
        ""};
    EXPECT_EQ(hears(R"(local rows = db.query("SELECT")
        log.info(#rows)
        for _, row in ipairs(rows) do log.info(row.name, row.vip, row.visits, math.type(row.visits), row.share) end)",
                    QueryCame{result}),
              "2|Sue true 3 integer 0.5|nil false 0 integer 2.0");
}

TEST_F(Asking, WhatFailedIsNilAndAMessage) {
    const std::string query = R"(log.info(db.query("SELECT")))";
    EXPECT_EQ(hears(query, QueryCame{{{}, {}, "busy"}}), "nil busy");
    EXPECT_EQ(hears(query, TimedOut{}), "nil timeout");
    EXPECT_EQ(hears(query, Abandoned{}), "nil abandoned");
    const std::string web = R"(log.info(http.get("https://example.com/")))";
    EXPECT_EQ(hears(web, HttpCame{{0, {}, {}, "no certificate"}}), "nil no certificate");
    EXPECT_EQ(hears(web, TimedOut{}), "nil timeout");
}

TEST_F(Asking, WebRequestsLeaveWithHeadersBodyAndTime) {
    EXPECT_EQ(
        asks(R"(http.get("https://example.com/a?b=c", {headers = {accept = "text/plain", ["X-N"] = 5}}))"),
        "http get https://example.com/a?b=c X-N=5 accept=text/plain 5");
    EXPECT_EQ(asks(R"(http.post("https://example.com/", "a=b", {timeout = 1.5}))"),
              "http post https://example.com/ a=b 1.5");
    EXPECT_EQ(asks(R"(http.post("https://example.com/", {text = "hi", n = {1, 2}}))"),
              R"(http post https://example.com/ content-type=application/json {"n":[1,2],"text":"hi"} 5)");
}

TEST_F(Asking, AnswersOfAnyStatusAreAnswers) {
    messages::HttpResult result{404, {{"content-type", "text/plain"}, {"x", "a"}, {"x", "b"}}, {"none"}, ""};
    EXPECT_EQ(hears(R"(local r = http.get("https://example.com/")
        log.info(r.status, r.body, r.headers["content-type"], r.headers.x))",
                    HttpCame{result}),
              "404 none text/plain a, b");
}

// lessons B8: what a query or a request was given may be a customer's, and traces are read by many.
TEST_F(Asking, TracesNameDatabaseAndHostButNoValues) {
    asks(R"(db.query("SELECT * FROM t WHERE name = 'Smith'", {"secret"}))");
    asks(R"(http.get("https://user:pw@crm.example.com:8443/customers/Smith?card=4111"))");
    ASSERT_EQ(port.traces.size(), 2U);
    EXPECT_THAT(port.traces[0], HasSubstr(R"({"database":"","parameters":1,"timeout":5E0})"));
    EXPECT_THAT(port.traces[1], HasSubstr(R"({"host":"crm.example.com:8443","timeout":5E0})"));
}

struct WrongAsking {
    const char* body;
    const char* says;
};

TEST_F(Asking, MisuseNamesTheLineAndWhatIsRight) {
    for (const WrongAsking& wrong : std::initializer_list<WrongAsking>{
             {"db.query()", "db.query: the statement must be a string, got no value"},
             {"db.query('')", "db.query: the statement must not be empty"},
             {"db.query('SELECT \\0')", "must not hold a zero byte"},
             {"db.query(('x'):rep(70000))", "must not be longer than 65536 bytes"},
             {"db.query('SELECT 1', 5)", "the parameters must be a list for $1, $2 and so on"},
             {"db.query('SELECT 1', {name = 'x'})", "found the key name"},
             {"db.query('SELECT 1', {{}})",
              "parameter $1 must be nil, a boolean, a number or a string, got table"},
             {"db.query('SELECT 1', {n = 1001})", "at most 1000 parameters"},
             {"db.query('SELECT 1', {}, {timeout = 'x'})", "timeout must be a number of seconds"},
             {"db.query('SELECT 1', {}, {timeout = 61})", "timeout must be at most 60 seconds"},
             {"db.query('SELECT 1', {}, {base = 'x'})", "unknown key 'base'; known are database, timeout"},
             {"http.get()", "http.get: the address must be a string, got no value"},
             {"http.get('')", "the address must not be empty"},
             {"http.get('https://a/', {headers = 5})", "headers must be a table"},
             {"http.get('https://a/', {headers = {['a b'] = 'x'}})", "'a b' is no name of a header"},
             {"http.get('https://a/', {headers = {host = 'x'}})",
              "the header host is set by the server itself"},
             {"http.get('https://a/', {headers = {a = 'x\\r\\nb: c'}})",
              "must be one line without control characters"},
             {"http.get('https://a/', {body = 'x'})", "unknown key 'body'; known are headers, timeout"},
             {"http.post('https://a/')",
              "http.post: the body must be a string, or a table, which goes out as JSON"},
             {"http.post('https://a/', {f = print})", "has no JSON form"},
             {"http.post('https://a/', ('x'):rep(300000))", "must not be longer than 262144 bytes"},
         }) {
        const std::string error = error_of(wrong.body);
        EXPECT_THAT(error, HasSubstr("strategies/main.lua:2: ")) << wrong.body;
        EXPECT_THAT(error, HasSubstr(wrong.says)) << wrong.body;
    }
}

TEST_F(Asking, NothingIsAskedWhileAFileLoads) {
    const BuildResult built =
        build(sources({{"strategies/main.lua", "db.query('SELECT 1')\nreturn function() end"}}), budgets);
    ASSERT_EQ(built.errors.size(), 1U);
    EXPECT_THAT(built.errors[0].message, HasSubstr("db.query needs an interaction"));
}

TEST_F(Asking, ACapacityRuleCannotAsk) {
    const BuildResult built =
        build(sources({{"capacity/asks.lua", "return function() return http.get('https://a/') ~= nil end"}}),
              budgets);
    ASSERT_EQ(built.errors.size(), 1U);
    EXPECT_THAT(built.errors[0].message, HasSubstr("http.get needs an interaction"));
}

}  // namespace
}  // namespace trunkline::scripting::testing
