#include "db/report/update_folding.hpp"

#include <gmock/gmock.h>

#include "db/report/copy_text.hpp"
#include "tests/unit/report/records_kit.hpp"

namespace db = trunkline::db;
namespace records = trunkline::records;
using namespace trunkline::test;
using ::testing::ElementsAre;

namespace {

class UpdateFolding : public ::testing::Test {
  protected:
    void add(const records::Record& record) {
        text_.append(lines_.emplace_back(), record);
        rows_.push_back({&kinds_->at(record.index()), lines_.back(), {}});
    }
    const std::vector<db::SpooledRow>& fold() { return folded_ = folding_.fold(rows_); }
    [[nodiscard]] std::string column(std::size_t row, const std::string& name) const {
        const auto& columns = folded_.at(row).kind->columns;
        const auto at = std::find(columns.begin(), columns.end(), name);
        if (at == columns.end()) return "no such column";
        return std::string(
            db::column_of(folded_.at(row).row, static_cast<std::size_t>(at - columns.begin())));
    }

  private:
    const db::UpdateFolding::Kinds kinds_ = std::make_shared<const std::vector<db::RowKind>>(db::row_kinds());
    db::UpdateFolding folding_{kinds_};
    db::RowText text_;
    std::deque<std::string> lines_;
    std::vector<db::SpooledRow> rows_, folded_;
};

}  // namespace

TEST_F(UpdateFolding, PutsAnUpdateIntoTheRowThatWasInsertedBeforeIt) {
    add(started(1));
    add(ended(1, "abandoned"));
    ASSERT_EQ(fold().size(), 1U);
    EXPECT_EQ(fold()[0].kind->table, "interaction");
    EXPECT_TRUE(fold()[0].kind->key.empty()) << "an insert";
    EXPECT_EQ(column(0, "outcome"), "abandoned");
    EXPECT_EQ(column(0, "customer"), "sip:erin@example.com");
    EXPECT_EQ(column(0, "seq"), std::to_string(seq(1).value())) << "the insert's seq stays";
}

TEST_F(UpdateFolding, LetsTheLastUpdateOfAColumnWin) {
    add(message(5, "hello"));
    add(records::MessageStatus{seq(6), trunkline::TextId(5), at(5), std::nullopt, "held"});
    add(records::MessageStatus{seq(7), trunkline::TextId(5), at(5), at(99), "delivered"});
    ASSERT_EQ(fold().size(), 1U);
    EXPECT_EQ(column(0, "status"), "delivered");
    EXPECT_EQ(column(0, "text"), "hello");
}

TEST_F(UpdateFolding, PutsUpdatesOfSeveralKindsIntoOneRow) {
    add(started(1));
    add(ended(1));
    add(records::LegMoved{seq(9), uuid(1), at(1), "192.0.2.9:5060"});
    ASSERT_EQ(fold().size(), 1U);
    EXPECT_EQ(column(0, "leg_route"), "192.0.2.9:5060");
    EXPECT_EQ(column(0, "outcome"), "handled");
}

TEST_F(UpdateFolding, LeavesAloneWhatItsBatchDoesNotInsertFirst) {
    add(ended(2));    // inserted in an earlier batch
    add(ended(3));    // stands before its insert
    add(started(3));  // has no update after it
    add(started(4));
    std::vector<std::size_t> columns;
    for (const auto& row : fold()) columns.push_back(row.kind->columns.size());
    const auto wide = db::row_kinds()[records::Record(started(3)).index()].columns.size();
    const auto narrow = db::row_kinds()[records::Record(ended(3)).index()].columns.size();
    EXPECT_THAT(columns, ElementsAre(narrow, narrow, wide, wide));
}

TEST_F(UpdateFolding, TellsRowsOfTwoTablesWithTheSameKeyApart) {
    records::QueueEntered entered;
    entered.seq = seq(1);
    entered.entered_at = at(1);
    records::AgentStateEntered state;
    state.seq = seq(1);
    state.started_at = at(1);
    add(entered);
    add(state);
    add(records::AgentStateLeft{seq(1), at(1), at(2)});
    ASSERT_EQ(fold().size(), 2U);
    EXPECT_EQ(fold()[0].kind->table, "queue_stay");
    EXPECT_EQ(column(0, "ended_at"), "no such column");
    EXPECT_EQ(column(1, "ended_at"), "2025-03-04 05:06:07.000003+00");
}
