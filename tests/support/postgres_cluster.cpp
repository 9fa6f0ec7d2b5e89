#include "tests/support/postgres_cluster.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "db/migrate/migrate.hpp"
#include "db/postgres/connection.hpp"

namespace trunkline::test {

namespace {

const std::string script = TRUNKLINE_SOURCE_DIR "/db/cluster";

std::string output_of(const std::string& command) {
    FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error("no process for: " + command);
    std::string text;
    std::array<char, 4096> part{};
    while (const std::size_t got = std::fread(part.data(), 1, part.size(), pipe))
        text.append(part.data(), got);
    if (::pclose(pipe) != 0) throw std::runtime_error(command + " failed: " + text);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

// Disks need not be safe here: a test's database dies with it.
const char* const settings = " fsync=off full_page_writes=off synchronous_commit=off";

}  // namespace

PostgresCluster& PostgresCluster::instance() {
    static PostgresCluster cluster;
    return cluster;
}

PostgresCluster::PostgresCluster() {
    std::string name = "/tmp/trunkline-test-pg.XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a folder under /tmp");
    folder_ = name;
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw std::runtime_error("no pipe for the guard of the test's cluster");
    guard_pipe_ = ends[1];
    const std::string wait_and_clean = "read -r _; '" + script + "' remove '" + folder_ + "'";
    const std::array<const char*, 4> arguments{"bash", "-c", wait_and_clean.c_str(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);  // not in reach of a Ctrl-C meant for the test
    const int failed = ::posix_spawnp(&guard_, "bash", &actions, &attributes,
                                      const_cast<char* const*>(arguments.data()), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    ::close(ends[0]);
    if (failed != 0) throw std::runtime_error("cannot start bash");
    start();
}

PostgresCluster::~PostgresCluster() {
    ::close(guard_pipe_);
    ::waitpid(guard_, nullptr, 0);
}

void PostgresCluster::start() {
    output_of("'" + script + "' start '" + folder_ + "'" + settings);
    dsn_of_trunkline_ = output_of("'" + script + "' dsn '" + folder_ + "'");
}

void PostgresCluster::stop() { output_of("'" + script + "' stop '" + folder_ + "'"); }

std::string PostgresCluster::dsn(const std::string& database) const {
    return dsn_of_trunkline_ + " dbname=" + database;  // of two, libpq takes the last
}

void PostgresCluster::make_template() {
    if (has_template_) return;
    db::Connection(dsn("trunkline")).run("CREATE DATABASE migrated");
    db::migrate(dsn("migrated"), [](const std::string&) {});
    has_template_ = true;
}

TestDatabase::TestDatabase(Schema schema) {
    auto& cluster = PostgresCluster::instance();
    if (schema == Schema::migrated) cluster.make_template();
    name_ = "test_" + std::to_string(cluster.next_database_++);
    dsn_ = cluster.dsn(name_);
    const std::string source = schema == Schema::migrated ? "migrated" : "template1";
    // As files: ten times as quick as page by page through the log, which nobody reads here.
    db::Connection(cluster.dsn("trunkline"))
        .run("CREATE DATABASE " + name_ + " TEMPLATE " + source + " STRATEGY FILE_COPY");
}

TestDatabase::~TestDatabase() {
    try {
        db::Connection(PostgresCluster::instance().dsn("trunkline"))
            .run("DROP DATABASE " + name_ + " WITH (FORCE)");
    } catch (const std::exception& error) {
        std::fprintf(stderr, "test database %s was not dropped: %s\n", name_.c_str(), error.what());
    }
}

Table TestDatabase::query(const std::string& sql) const {
    db::Connection connection(dsn_);
    const auto rows = connection.run(sql);
    Table table;
    for (int row = 0; row < rows.size(); ++row) {
        auto& cells = table.emplace_back();
        for (int column = 0; column < rows.columns(); ++column) cells.emplace_back(rows.at(row, column));
    }
    return table;
}

std::string TestDatabase::value(const std::string& sql) const { return query(sql).at(0).at(0); }

}  // namespace trunkline::test
