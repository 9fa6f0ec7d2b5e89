// A real PostgreSQL for tests: one private cluster a test process, made when the first test asks for it, and
// a fresh database a test, copied from a migrated template. Both go away with the process, also when it
// crashes: a guard process outside waits for the end of this one. Used by the test's thread; failures are
// exceptions.
#pragma once

#include <string>
#include <vector>

namespace trunkline::test {

using Table = std::vector<std::vector<std::string>>;

class PostgresCluster {
  public:
    static PostgresCluster& instance();
    /// As the role trunkline, who owns the databases.
    [[nodiscard]] std::string dsn(const std::string& database) const;
    void stop();
    void start();

    ~PostgresCluster();
    PostgresCluster(const PostgresCluster&) = delete;
    PostgresCluster& operator=(const PostgresCluster&) = delete;

  private:
    friend class TestDatabase;
    PostgresCluster();
    void make_template();
    std::string folder_, dsn_of_trunkline_;
    bool has_template_ = false;
    int next_database_ = 1;
    int guard_ = -1;       // process id
    int guard_pipe_ = -1;  // closed by our end, however we end
};

/// A database of its own for one test; dropped with the object.
class TestDatabase {
  public:
    enum class Schema { migrated, empty };
    explicit TestDatabase(Schema schema = Schema::migrated);
    ~TestDatabase();
    TestDatabase(const TestDatabase&) = delete;
    TestDatabase& operator=(const TestDatabase&) = delete;

    [[nodiscard]] const std::string& dsn() const { return dsn_; }
    /// Runs one or more statements; the last one's rows as text ("" for NULL).
    Table query(const std::string& sql) const;
    /// The first column of the first row.
    [[nodiscard]] std::string value(const std::string& sql) const;

  private:
    std::string name_, dsn_;
};

}  // namespace trunkline::test
