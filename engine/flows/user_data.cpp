#include "engine/flows/user_data.hpp"

namespace trunkline::flows {
namespace {

void record_change(Core& core, const Interaction& ix, const std::string& key, const KvValue* value,
                   const char* change) {
    records::Userdata row;
    row.seq = core.ids.next_seq();
    row.interaction_id = ix.id;
    row.tenant = core.tenant_name(ix.tenant);
    row.at = core.now;
    row.key_ = key;
    if (value != nullptr) {
        if (const auto* text = std::get_if<std::string>(&value->is))
            row.value = *text;
        else if (const auto* number = std::get_if<std::int64_t>(&value->is))
            row.value = std::to_string(*number);
        else
            append_json(row.value, std::get<KvList>(value->is));
    }
    row.change = change;
    core.record(std::move(row));
}

bool means_delete(const KvValue& value) {
    const auto* list = std::get_if<KvList>(&value.is);
    return list != nullptr && list->empty();
}

}  // namespace

bool merge_user_data(Core& core, Interaction& ix, const KvList& pairs, Merge how) {
    KvList data = *ix.user_data;
    bool changed = false;
    for (const auto& [key, value] : pairs) {
        if (means_delete(value)) {
            if (data.erase(key) == 0) continue;
            record_change(core, ix, key, nullptr, "deleted");
        } else if (how == Merge::add) {
            data.add(key, value);
            record_change(core, ix, key, &value, "added");
        } else {
            const KvValue* old = data.find(key);
            if (old != nullptr && *old == value) continue;
            const bool known = data.set(key, value);
            record_change(core, ix, key, &value, known ? "updated" : "added");
        }
        changed = true;
    }
    if (changed) ix.user_data = std::make_shared<const KvList>(std::move(data));
    return changed;
}

bool delete_user_data(Core& core, Interaction& ix, std::string_view key) {
    KvList data = *ix.user_data;
    if (data.erase(key) == 0) return false;
    record_change(core, ix, std::string(key), nullptr, "deleted");
    ix.user_data = std::make_shared<const KvList>(std::move(data));
    return true;
}

void clear_user_data(Core& core, Interaction& ix) {
    for (const auto& [key, value] : *ix.user_data) record_change(core, ix, key, nullptr, "deleted");
    ix.user_data = std::make_shared<const KvList>();
}

}  // namespace trunkline::flows
