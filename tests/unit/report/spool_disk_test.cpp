// The spool on a disk that fails: nothing that was committed is missing, nothing is there twice.
#include "db/report/spool_disk.hpp"

#include <gtest/gtest.h>

#include <cerrno>

#include "db/report/copy_text.hpp"
#include "db/report/spool.hpp"
#include "db/report/spool_reader.hpp"
#include "tests/unit/report/records_kit.hpp"
#include "tests/unit/report/temp_folder.hpp"

namespace db = trunkline::db;
namespace records = trunkline::records;
using namespace trunkline::test;

namespace {

/// Fails as told; each failure is used up by one call.
class BadDisk : public db::SpoolDisk {
  public:
    int write_fails = 0, cut_fails = 0, sync_fails = 0, make_fails = 0;
    std::size_t most = SIZE_MAX;  // bytes that one write takes
    bool torn = false;            // a write that fails has written half

    int make(const char* path) override { return used_up(make_fails) ? -1 : SpoolDisk::make(path); }
    ssize_t write(int file, const char* bytes, std::size_t size) override {
        if (!used_up(write_fails)) return SpoolDisk::write(file, bytes, std::min(size, most));
        if (torn) {
            torn = false;
            ++write_fails;  // what follows the half fails
            return SpoolDisk::write(file, bytes, size / 2);
        }
        errno = ENOSPC;
        return -1;
    }
    int cut(int file, off_t size) override { return used_up(cut_fails) ? -1 : SpoolDisk::cut(file, size); }
    int sync(int file) override { return used_up(sync_fails) ? -1 : SpoolDisk::sync(file); }

  private:
    static bool used_up(int& failures) {
        if (failures == 0) return false;
        --failures;
        errno = EIO;
        return true;
    }
};

class SpoolOnABadDisk : public ::testing::TestWithParam<db::Durability> {
  protected:
    void SetUp() override { open(); }
    void open() {
        spool.reset();
        spool = db::Spool::open({folder.path(), 1U << 20U, GetParam(), 16384, disk}).value();
    }
    bool append(int n) {
        return spool
            ->append(std::vector<records::Record>{
                message(static_cast<std::uint64_t>(n), "text " + std::to_string(n))})
            .has_value();
    }
    /// What a reader finds, in its order.
    [[nodiscard]] std::vector<std::string> texts() const {
        db::SpoolReader reader(folder.path());
        reader.seek({1, 0});
        std::vector<std::string> found;
        while (true) {
            const auto batch = reader.read(100, spool->mark().end);
            if (batch.rows.empty()) return found;
            for (const auto& row : batch.rows) found.emplace_back(db::column_of(row.row, 8));
        }
    }
    static std::vector<std::string> numbered(int last) {
        std::vector<std::string> all;
        for (int n = 1; n <= last; ++n) all.push_back("text " + std::to_string(n));
        return all;
    }

    const TempFolder folder;
    std::shared_ptr<BadDisk> disk = std::make_shared<BadDisk>();
    std::unique_ptr<db::Spool> spool;
};

TEST_P(SpoolOnABadDisk, KeepsTheRowsOfAWriteThatFailedUntilOneWorks) {
    ASSERT_TRUE(append(1));
    disk->write_fails = 3;
    for (int n = 2; n <= 4; ++n) EXPECT_FALSE(append(n));
    EXPECT_TRUE(spool->health().is_bad());
    EXPECT_NE(spool->health().error.find("Free or repair its disk"), std::string::npos);
    EXPECT_EQ(texts(), numbered(1)) << "nobody reads what is not safe";
    EXPECT_TRUE(append(5));
    EXPECT_EQ(texts(), numbered(5));
    EXPECT_FALSE(spool->health().is_bad());
    open();
    EXPECT_EQ(texts(), numbered(5));
}

TEST_P(SpoolOnABadDisk, GoesOnAfterAWriteThatTookOnlyAPart) {
    disk->most = 7;
    for (int n = 1; n <= 300; ++n) ASSERT_TRUE(append(n));
    EXPECT_EQ(texts(), numbered(300));
}

TEST_P(SpoolOnABadDisk, TakesBackTheHalfOfABatch) {
    ASSERT_TRUE(append(1));
    disk->write_fails = 1;
    disk->torn = true;
    EXPECT_FALSE(append(2));
    EXPECT_TRUE(append(3));
    EXPECT_EQ(texts(), numbered(3));
    open();
    EXPECT_EQ(texts(), numbered(3));
}

TEST_P(SpoolOnABadDisk, GoesOnInAnotherFileWhereTheHalfCannotBeTakenBack) {
    ASSERT_TRUE(append(1));
    disk->write_fails = 1;
    disk->torn = true;
    disk->cut_fails = 1;
    EXPECT_FALSE(append(2));
    disk->make_fails = 1;
    EXPECT_FALSE(append(3));
    EXPECT_TRUE(append(4));
    EXPECT_EQ(texts(), numbered(4));
    open();
    EXPECT_EQ(texts(), numbered(4));
}

TEST_P(SpoolOnABadDisk, WritesAgainInAnotherFileWhatWasNotSynced) {
    if (GetParam() == db::Durability::process) GTEST_SKIP() << "nothing is synced";
    ASSERT_TRUE(append(1));
    disk->sync_fails = 2;
    EXPECT_FALSE(append(2));
    EXPECT_FALSE(append(3)) << "the other file's header is synced too";
    EXPECT_TRUE(append(4));
    EXPECT_EQ(texts(), numbered(4));
    open();
    EXPECT_EQ(texts(), numbered(4));
    EXPECT_EQ(spool->mark().rows, 4U);
}

INSTANTIATE_TEST_SUITE_P(Durabilities, SpoolOnABadDisk,
                         ::testing::Values(db::Durability::process, db::Durability::machine),
                         [](const auto& of) {
                             return of.param == db::Durability::process ? "Process" : "Machine";
                         });

}  // namespace

TEST(Spool, LeavesRoomForNewTextsWhenPostgreSqlHasAllHoweverSmallItIs) {
    const TempFolder folder;
    // Segments of the usual size would never be left behind.
    const auto spool = db::Spool::open({folder.path(), 1U << 20U}).value();
    int n = 0;
    while (!spool->health().is_bad()) {
        ++n;
        ASSERT_TRUE(spool
                        ->append(std::vector<records::Record>{
                            message(static_cast<std::uint64_t>(n), std::string(1000, 'x'))})
                        .has_value());
    }
    spool->release(spool->mark().end, spool->mark().rows);
    EXPECT_FALSE(spool->health().is_bad());
}
