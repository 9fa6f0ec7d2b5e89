#include "db/report/spool.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "db/report/copy_text.hpp"
#include "db/report/spool_reader.hpp"
#include "tests/unit/report/records_kit.hpp"
#include "tests/unit/report/temp_folder.hpp"

namespace db = trunkline::db;
namespace records = trunkline::records;
namespace fs = std::filesystem;
using namespace trunkline::test;

namespace {

std::unique_ptr<db::Spool> open_spool(const fs::path& folder, std::uint64_t segment_bytes = 1U << 20U,
                                      std::uint64_t max_bytes = 1U << 30U) {
    return db::Spool::open({folder, max_bytes, db::Durability::process, segment_bytes}).value();
}

// The texts of all messages before the spool's end, from a position on.
std::vector<std::string> texts(const db::Spool& spool, db::SpoolPosition from = {1, 0},
                               std::size_t batch = 7) {
    db::SpoolReader reader(spool.folder());
    reader.seek(from);
    std::vector<std::string> found;
    while (true) {
        const auto rows = reader.read(batch, spool.mark().end);
        if (rows.rows.empty()) return found;
        for (const auto& row : rows.rows) found.emplace_back(db::column_of(row.row, 8));
    }
}

void append_texts(db::Spool& spool, int first, int last) {
    for (int n = first; n <= last; ++n)
        spool
            .append(std::vector<records::Record>{
                message(static_cast<std::uint64_t>(n), "text " + std::to_string(n))})
            .value();
}

std::vector<std::string> numbered(int first, int last) {
    std::vector<std::string> all;
    for (int n = first; n <= last; ++n) all.push_back("text " + std::to_string(n));
    return all;
}

fs::path newest_segment_with_rows(const fs::path& folder) {
    fs::path newest;
    for (const auto& entry : fs::directory_iterator(folder))
        if (db::segment_number(entry.path().filename().string()) > 0 &&
            (newest.empty() || entry.path() > newest))
            newest = entry.path();
    return newest;
}

}  // namespace

TEST(Spool, GivesBackEveryRecordAfterACrash) {
    const TempFolder folder;
    std::array<int, 2> pipe_ends{};
    ASSERT_EQ(::pipe(pipe_ends.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        // The child tells after each commit which row is safe; it never ends by itself.
        auto spool = open_spool(folder.path(), 8192);
        for (int n = 1;; ++n) {
            append_texts(*spool, n, n);
            if (::write(pipe_ends[1], &n, sizeof n) != sizeof n) ::_exit(1);
        }
    }
    int acknowledged = 0;
    while (acknowledged < 500)
        ASSERT_EQ(::read(pipe_ends[0], &acknowledged, sizeof acknowledged),
                  static_cast<ssize_t>(sizeof acknowledged));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    ::close(pipe_ends[1]);
    for (int n = 0; ::read(pipe_ends[0], &n, sizeof n) == static_cast<ssize_t>(sizeof n);) acknowledged = n;
    ::close(pipe_ends[0]);

    const auto spool = open_spool(folder.path());
    const auto found = texts(*spool);
    ASSERT_GE(found.size(), static_cast<std::size_t>(acknowledged));
    EXPECT_EQ(found, numbered(1, static_cast<int>(found.size())));
    EXPECT_EQ(spool->mark().rows, found.size());
}

TEST(Spool, CutsATornTail) {
    for (const int torn_bytes : {1, 5, 9, 20}) {
        const TempFolder folder;
        {
            const auto spool = open_spool(folder.path());
            append_texts(*spool, 1, 10);
        }
        const auto path = newest_segment_with_rows(folder.path());
        fs::resize_file(path, fs::file_size(path) - static_cast<std::uintmax_t>(torn_bytes));
        auto spool = open_spool(folder.path());
        append_texts(*spool, 11, 12);
        auto expected = numbered(1, 9);
        expected.insert(expected.end(), {"text 11", "text 12"});
        EXPECT_EQ(texts(*spool), expected) << torn_bytes;
    }
}

TEST(Spool, SkipsWhatIsDamagedAndGoesOnInTheNextSegment) {
    const TempFolder folder;
    const auto spool = open_spool(folder.path(), 8192);
    append_texts(*spool, 1, 90);
    const auto all = texts(*spool);
    ASSERT_EQ(all, numbered(1, 90));
    {
        std::fstream file(folder.path() / db::segment_name(1),
                          std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(static_cast<std::streamoff>(fs::file_size(folder.path() / db::segment_name(1)) - 30));
        file << "!";
    }
    const auto found = texts(*spool);
    EXPECT_EQ(found.size(), 89U) << "only the last row of the first segment is lost";
    EXPECT_EQ(found.back(), "text 90");
}

TEST(Spool, GoesOnFromAnyPosition) {
    const TempFolder folder;
    const auto spool = open_spool(folder.path(), 8192);
    append_texts(*spool, 1, 50);
    db::SpoolReader reader(folder.path());
    for (int read = 1;; ++read) {
        const auto batch = reader.read(1, spool->mark().end);
        if (batch.rows.empty()) break;
        EXPECT_EQ(texts(*spool, batch.end), numbered(read + 1, 50));
    }
}

TEST(Spool, RefusesWhatGoesBeyondItsLimitAndTakesItWhenThereIsRoomAgain) {
    const TempFolder folder;
    const auto spool = open_spool(folder.path(), 8192, 30'000);
    int taken = 0;
    trunkline::Result<db::SpoolPosition> last = spool->mark().end;
    while (last.has_value() && taken < 1000) {
        ++taken;
        last = spool->append(std::vector<records::Record>{
            message(static_cast<std::uint64_t>(taken), "text " + std::to_string(taken))});
    }
    ASSERT_TRUE(last.has_error());
    EXPECT_NE(last.error().message.find("full"), std::string::npos) << last.error().message;
    EXPECT_TRUE(spool->health().is_bad());
    EXPECT_LE(spool->health().bytes, 30'000U);

    // PostgreSQL takes all that was safe: the old segments go, and the refused row follows with the next
    // batch.
    spool->release(spool->mark().end, spool->mark().rows);
    EXPECT_TRUE(spool->append({}).has_value());
    EXPECT_FALSE(spool->health().is_bad());
    EXPECT_EQ(texts(*spool).back(), "text " + std::to_string(taken));
    EXPECT_EQ(spool->health().rows_waiting, 1U);
}

TEST(Spool, LeavesASegmentThatOneBatchFilledSoThatItCanGo) {
    const TempFolder folder;
    const auto spool = open_spool(folder.path(), 8192, 100'000);
    ASSERT_TRUE(spool->append(std::vector<records::Record>{message(1, std::string(92'000, 'x'))}));
    EXPECT_TRUE(spool->health().is_bad());
    const auto taken = db::SpoolPosition{1, fs::file_size(folder.path() / db::segment_name(1))};
    spool->release(taken, 1);
    EXPECT_FALSE(spool->health().is_bad());
    EXPECT_FALSE(fs::exists(folder.path() / db::segment_name(1)));
    append_texts(*spool, 2, 3);
    EXPECT_EQ(texts(*spool, taken), numbered(2, 3)) << "a reader goes on behind what is gone";
}

TEST(Spool, SaysWhenItIsFullHowManyRowsWait) {
    const TempFolder folder;
    const auto spool = open_spool(folder.path(), 8192, 30'000);
    append_texts(*spool, 1, 3);
    const auto refused =
        spool->append(std::vector<records::Record>{message(4, std::string(40'000, 'x'))}).error().message;
    EXPECT_NE(refused.find("3 rows wait for PostgreSQL; look whether it is there"), std::string::npos)
        << refused;
    spool->release(spool->mark().end, 3);
    const auto alone = spool->append({}).error().message;
    EXPECT_NE(alone.find("PostgreSQL has all rows"), std::string::npos) << alone;
}

TEST(Spool, KeepsTheRowsOfAFailedWriteForTheNext) {
    const TempFolder folder;
    const auto spool = open_spool(folder.path());
    append_texts(*spool, 1, 3);
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto ignore = std::signal(SIGXFSZ, SIG_IGN);
    // The file may grow by a few bytes only: the write of the batch stops in the middle, as on a full disk.
    const rlimit tight{spool->mark().end.offset + 20, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
    const auto refused = spool->append(std::vector<records::Record>{message(4, "text 4")});
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    std::signal(SIGXFSZ, ignore);
    ASSERT_TRUE(refused.has_error());
    EXPECT_TRUE(spool->health().is_bad());
    append_texts(*spool, 5, 5);
    EXPECT_EQ(texts(*spool), numbered(1, 5));
    EXPECT_FALSE(spool->health().is_bad());
}

TEST(Spool, BelongsToOneProcess) {
    const TempFolder folder;
    const auto spool = open_spool(folder.path());
    const auto second = db::Spool::open({folder.path()});
    ASSERT_TRUE(second.has_error());
    EXPECT_NE(second.error().message.find("another process"), std::string::npos) << second.error().message;
}

TEST(Spool, IsSafeOnTheMachineToo) {
    const TempFolder folder;
    const auto spool = db::Spool::open({folder.path(), 1U << 30U, db::Durability::machine, 8192}).value();
    append_texts(*spool, 1, 50);
    EXPECT_EQ(texts(*spool), numbered(1, 50));
}
