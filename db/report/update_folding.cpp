#include "db/report/update_folding.hpp"

#include <algorithm>

#include "db/report/copy_text.hpp"

namespace trunkline::db {

namespace {

std::size_t position_of(const std::vector<std::string>& names, const std::string& name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

std::vector<std::string_view> columns_of(std::string_view line) {
    std::vector<std::string_view> columns;
    for (;;) {
        const auto tab = line.find('\t');
        columns.push_back(line.substr(0, tab));
        if (tab == std::string_view::npos) return columns;
        line.remove_prefix(tab + 1);
    }
}

}  // namespace

UpdateFolding::UpdateFolding(Kinds kinds) : kinds_(std::move(kinds)) {
    std::map<std::string, std::vector<std::string>> keys;
    for (const auto& kind : *kinds_)
        if (!kind.key.empty()) keys.emplace(kind.table, kind.key);
    for (const auto& kind : *kinds_) {
        const auto key = keys.find(kind.table);
        if (key == keys.end() || (!kind.key.empty() && kind.key != key->second)) continue;
        std::vector<std::size_t> positions;
        for (const auto& name : key->second) positions.push_back(position_of(kind.columns, name));
        if (std::ranges::all_of(positions, [&](std::size_t at) { return at < kind.columns.size(); }))
            key_columns_.emplace(&kind, std::move(positions));
    }
}

std::vector<SpooledRow> UpdateFolding::fold(std::span<const SpooledRow> rows) {
    inserted_.clear();
    texts_.clear();
    std::vector<SpooledRow> folded;
    folded.reserve(rows.size());
    for (const auto& row : rows) {
        if (key_columns_.contains(row.kind)) {
            set_key(row);
            if (row.kind->key.empty()) {
                inserted_.try_emplace(key_, Inserted{folded.size(), nullptr, {}});
            } else if (const auto found = inserted_.find(key_); found != inserted_.end()) {
                const auto& insert = folded[found->second.index];
                put(row, *insert.kind, insert.row, found->second);
                continue;
            }
        }
        folded.push_back(row);
    }
    for (const auto& [key, row] : inserted_) {
        if (row.layout == nullptr) continue;
        std::string& text = texts_.emplace_back();
        for (const auto column : row.columns) text.append(column).append(1, '\t');
        text.pop_back();
        folded[row.index].kind = &row.layout->kind;
        folded[row.index].row = text;
    }
    return folded;
}

void UpdateFolding::set_key(const SpooledRow& row) {
    key_ = row.kind->table;
    for (const auto at : key_columns_.at(row.kind)) key_.append(1, '\t').append(column_of(row.row, at));
}

void UpdateFolding::put(const SpooledRow& update, const RowKind& inserts, std::string_view line,
                        Inserted& into) {
    if (into.layout == nullptr) {
        auto& layout = layout_of_insert_[&inserts];
        if (layout == nullptr) layout = &layouts_.emplace_back(Layout{inserts, {}});
        into.layout = layout;
        into.columns = columns_of(line);
    }
    const Step& what = step(*into.layout, *update.kind);
    into.layout = what.next;
    into.columns.resize(what.next->kind.columns.size());
    for (const auto& [from, to] : what.moves) into.columns[to] = column_of(update.row, from);
}

const UpdateFolding::Step& UpdateFolding::step(const Layout& from, const RowKind& update) {
    const auto [known, is_new] = from.after.try_emplace(&update);
    Step& made = known->second;
    if (!is_new) return made;
    RowKind grown = from.kind;
    for (std::size_t i = 0; i < update.columns.size(); ++i) {
        const std::string& name = update.columns[i];
        if (name == "seq" || position_of(update.key, name) < update.key.size()) continue;
        const std::size_t to = position_of(grown.columns, name);
        if (to == grown.columns.size()) grown.columns.push_back(name);
        made.moves.emplace_back(i, to);
    }
    made.next = grown == from.kind ? &from : &layouts_.emplace_back(Layout{std::move(grown), {}});
    return made;
}

}  // namespace trunkline::db
