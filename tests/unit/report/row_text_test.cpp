#include <gtest/gtest.h>

#include "db/postgres/connection.hpp"
#include "db/report/copy_text.hpp"
#include "db/report/crc32c.hpp"
#include "db/report/row_text.hpp"
#include "tests/support/postgres_cluster.hpp"
#include "tests/unit/report/records_kit.hpp"

namespace db = trunkline::db;
namespace records = trunkline::records;
using namespace trunkline::test;

namespace {

std::string line_of(const records::Record& record) {
    db::RowText text;
    std::string out;
    text.append(out, record);
    return out;
}

}  // namespace

TEST(RowText, WritesOneColumnForEachMember) {
    records::InteractionEnded row{seq(7), uuid(1), at(), at(999'999), "handled"};
    EXPECT_EQ(line_of(row), std::to_string(seq(7).value()) +
                                "\t01234567-89ab-cdef-0000-000000000001\t2025-03-04 05:06:07.000001+00\t"
                                "2025-03-04 05:06:08.000000+00\thandled");
}

TEST(RowText, TellsAnEmptyTextFromNone) {
    auto row = message(1, "");
    row.from_dn = "";
    const auto line = line_of(row);
    const auto& columns = db::row_kinds().at(records::Record(row).index()).columns;
    const auto index = [&](const std::string& name) {
        return static_cast<std::size_t>(std::find(columns.begin(), columns.end(), name) - columns.begin());
    };
    EXPECT_EQ(db::column_of(line, index("text")), "");
    EXPECT_EQ(db::column_of(line, index("from_dn")), "\\N");
    EXPECT_EQ(db::column_of(line, index("delivered_at")), "\\N");
}

TEST(RowText, NamesColumnsWithoutTheTrailingUnderscore) {
    for (const auto& kind : db::row_kinds())
        for (const auto& column : kind.columns) EXPECT_NE(column.back(), '_') << kind.table << "." << column;
}

TEST(RowText, EveryKindFitsItsTable) {
    const TestDatabase database;
    for (const auto& kind : db::row_kinds()) {
        for (const auto* names : {&kind.columns, &kind.key})
            for (const auto& column : *names)
                EXPECT_EQ(
                    database.value(
                        "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'reporting' "
                        "AND table_name = '" +
                        kind.table + "' AND column_name = '" + column + "'"),
                    "1")
                    << kind.table << "." << column;
        if (kind.key.empty()) continue;
        // An update must find its row by the primary key.
        EXPECT_EQ(
            database.value(
                "SELECT string_agg(a.attname, ',' ORDER BY array_position(i.indkey::int[], a.attnum::int)) "
                "FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey) "
                "WHERE i.indisprimary AND i.indrelid = 'reporting." +
                kind.table + "'::regclass"),
            kind.key.at(0) + "," + kind.key.at(1))
            << kind.table;
    }
}

TEST(RowText, TakesAnyBytesToPostgreSqlAndBack) {
    const TestDatabase database;
    db::Connection connection(database.dsn());
    connection.run("CREATE TABLE kept(id bigint, is_text text)");
    const std::vector<std::pair<std::string, std::string>> cases{
        {"plain", "plain"},
        {"tab\tline\nreturn\rback\\slash", "tab\tline\nreturn\rback\\slash"},
        {"\\.", "\\."},
        {"\\N", "\\N"},
        {std::string("a\0b", 3), "ab"},
        {"gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80", "gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80"},
        {"broken \xff\xc3(", "broken \xef\xbf\xbd\xef\xbf\xbd("},
        {"surrogate \xed\xa0\x80", "surrogate \xef\xbf\xbd"},
        {"cut \xf0\x9f\x98", "cut \xef\xbf\xbd"},
        {"bell \x07 del \x7f", "bell \x07 del \x7f"},
    };
    std::string lines;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        lines += std::to_string(i) + "\t";
        db::append_copy_text(lines, cases[i].first);
        lines += "\n";
    }
    connection.copy("COPY kept FROM STDIN", lines);
    const auto rows = connection.run("SELECT is_text FROM kept ORDER BY id");
    ASSERT_EQ(rows.size(), static_cast<int>(cases.size()));
    for (int i = 0; i < rows.size(); ++i)
        EXPECT_EQ(rows.at(i, 0), cases[static_cast<std::size_t>(i)].second) << i;
}

TEST(RowText, TakesTheNullEscapeOutOfJsonOnly) {
    EXPECT_EQ(db::without_null_escapes(R"({"a":"x\u0000y"})"), R"({"a":"x\ufffdy"})");
    EXPECT_EQ(db::without_null_escapes(R"({"a":"x\\u0000y"})"), R"({"a":"x\\u0000y"})")
        << "an escaped backslash, then plain text";
    EXPECT_EQ(db::without_null_escapes(R"({"a":1})"), R"({"a":1})");
}

TEST(RowText, WritesTimesBeforeAndAfterTheEpochAsPostgreSqlReadsThem) {
    const TestDatabase database;
    db::RowText text;
    for (const std::int64_t us : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{951'782'400'123'456},
                                  std::int64_t{4'102'444'799'999'999}}) {
        std::string written;
        text.value(written, trunkline::TimePoint(trunkline::Duration(us)));
        EXPECT_EQ(
            database.value("SELECT (extract(epoch FROM timestamptz '" + written + "') * 1000000)::bigint"),
            std::to_string(us))
            << written;
    }
}

TEST(Crc32c, GivesTheKnownCheckValues) {
    EXPECT_EQ(db::crc32c("123456789"), 0xe3069283U);  // RFC 3720 B.4's polynomial, the usual check value
    EXPECT_EQ(db::crc32c(std::string(32, '\0')), 0x8a9136aaU);  // RFC 3720 B.4
    EXPECT_EQ(db::crc32c(""), 0U);
}
