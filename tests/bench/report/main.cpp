// How many rows a second the report writer brings from the spool into the real tables, indexes and updates
// included: `tests/bench/run_report` runs it on a private PostgreSQL. Prints one JSON object.
#include <sys/resource.h>

#include <boost/json.hpp>
#include <boost/program_options.hpp>
#include <chrono>
#include <iostream>
#include <map>

#include "db/postgres/connection.hpp"
#include "db/report/report_writer.hpp"
#include "db/report/spool.hpp"
#include "tests/bench/report/played_sessions.hpp"

namespace {

namespace db = trunkline::db;
namespace po = boost::program_options;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

double cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Spooled {
    std::int64_t rows = 0, updates = 0, messages = 0, interactions = 0;
};

// Sessions until there are that many rows, in batches as the engine commits them.
Spooled fill(db::Spool& spool, std::int64_t rows, trunkline::bench::PlayedSessions::Shape shape) {
    Spooled spooled;
    std::int64_t uncommitted = 0;
    const auto now = std::chrono::time_point_cast<trunkline::Duration>(std::chrono::system_clock::now());
    trunkline::bench::PlayedSessions sessions(shape, now, [&](const trunkline::records::Record& record) {
        spool.add(record);
        ++spooled.rows;
        ++uncommitted;
        spooled.updates += std::visit(
            [](const auto& row) { return std::decay_t<decltype(row)>::key.empty() ? 0 : 1; }, record);
        spooled.messages += std::holds_alternative<trunkline::records::Message>(record) ? 1 : 0;
        spooled.interactions +=
            std::holds_alternative<trunkline::records::InteractionStarted>(record) ? 1 : 0;
    });
    const auto commit = [&] {
        if (const auto done = spool.commit(); !done) throw std::runtime_error(done.error().message);
        uncommitted = 0;
    };
    while (spooled.rows < rows) {
        sessions.play_one();
        if (uncommitted > 200) commit();
    }
    sessions.finish();
    commit();
    return spooled;
}

}  // namespace

int main(int count, char** words) {
    std::string dsn, folder;
    std::int64_t rows = 0;
    std::size_t batch = 0;
    trunkline::bench::PlayedSessions::Shape shape;
    po::options_description known;
    known.add_options()("dsn", po::value(&dsn)->required())("spool", po::value(&folder)->required())(
        "rows", po::value(&rows)->default_value(600'000))("batch", po::value(&batch)->default_value(1000))(
        "texts", po::value(&shape.texts)->default_value(10))("live",
                                                             po::value(&shape.live)->default_value(200));
    try {
        po::variables_map given;
        po::store(po::parse_command_line(count, words, known), given);
        po::notify(given);
        auto spool = db::Spool::open({folder}).value();
        const auto spooled = fill(*spool, rows, shape);

        const double cpu_before = cpu_seconds();
        const auto start = Clock::now();
        db::ReportWriter writer({dsn, 1, batch, std::chrono::milliseconds(200), {}}, *spool);
        if (!writer.flush_and_wait(std::chrono::minutes(10)))
            throw std::runtime_error(writer.metrics().error);
        const double seconds = seconds_since(start);
        const double cpu = cpu_seconds() - cpu_before;
        const auto metrics = writer.metrics();

        db::Connection connection(dsn);
        const auto value = [&](const std::string& sql) {
            return std::stoll(std::string(connection.run(sql).at(0, 0)));
        };
        const bool adds_up =
            value("SELECT count(*) FROM reporting.message WHERE status = 'delivered'") == spooled.messages &&
            value("SELECT count(*) FROM reporting.interaction WHERE outcome = 'handled'") ==
                spooled.interactions &&
            metrics.rows_refused == 0;
        std::cout << boost::json::serialize(boost::json::object{
                         {"rows_per_second", static_cast<double>(spooled.rows) / seconds},
                         {"rows", spooled.rows},
                         {"of_them_updates", spooled.updates},
                         {"messages", spooled.messages},
                         {"interactions", spooled.interactions},
                         {"batches", metrics.batches},
                         {"seconds", seconds},
                         {"writer_cpu_us_a_row", cpu * 1e6 / static_cast<double>(spooled.rows)},
                         {"adds_up", adds_up}})
                  << '\n';
        return adds_up ? 0 : 1;
    } catch (const std::exception& error) {
        std::cerr << "bench_report: " << error.what() << '\n';
        return 1;
    }
}
