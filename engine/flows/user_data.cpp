#include "engine/flows/user_data.hpp"

#include <optional>
#include <vector>

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

struct Size {
    std::size_t pairs = 0, bytes = 0;
};

Size size_of(const KvList& list);

Size size_of(const KvValue& value) {
    if (const auto* text = std::get_if<std::string>(&value.is)) return {0, text->size()};
    if (const auto* list = std::get_if<KvList>(&value.is)) return size_of(*list);
    return {0, sizeof(std::int64_t)};
}

Size size_of(const KvList& list) {
    Size size{list.size(), 0};
    for (const auto& [key, value] : list) {
        const Size inner = size_of(value);
        size.pairs += inner.pairs;
        size.bytes += key.size() + inner.bytes;
    }
    return size;
}

Error too_much(const char* what, std::size_t is, std::size_t most) {
    return Error{ErrorCode::bad_attribute, std::string("too much user data: ") + what + " " +
                                               std::to_string(is) + ", at most " + std::to_string(most) +
                                               " may be attached"};
}

std::optional<Error> too_much_alone(const std::string& key, const KvValue& value) {
    if (key.size() > most_user_data_key)
        return too_much("the bytes of a key are", key.size(), most_user_data_key);
    const Size size = size_of(value);
    if (size.bytes > most_user_data_value)
        return too_much("the bytes of a value are", size.bytes, most_user_data_value);
    return std::nullopt;
}

// Data that is over a limit already (by the keys of routing) may still shrink.
std::optional<Error> grown_too_much(const KvList& data, const KvList& before) {
    const Size size = size_of(data), former = size_of(before);
    if (size.bytes > most_user_data_bytes && size.bytes > former.bytes)
        return too_much("the bytes of all pairs would be", size.bytes, most_user_data_bytes);
    if (size.pairs > most_user_data_pairs && size.pairs > former.pairs)
        return too_much("the pairs would be", size.pairs, most_user_data_pairs);
    return std::nullopt;
}

struct Change {
    const std::string& key;
    const KvValue* value;  // none: deleted
    const char* what;
};

struct Changed {
    KvList data;
    std::vector<Change> changes;
};

// What the pairs make of the data; they must live as long as the answer.
Result<Changed> changed(const KvList& before, const KvList& pairs, Merge how) {
    Changed now{before, {}};
    for (const auto& [key, value] : pairs) {
        if (means_delete(value)) {
            if (now.data.erase(key) > 0) now.changes.push_back({key, nullptr, "deleted"});
            continue;
        }
        if (auto why = too_much_alone(key, value)) return std::move(*why);
        if (how == Merge::add) {
            now.data.add(key, value);
            now.changes.push_back({key, &value, "added"});
            continue;
        }
        const KvValue* old = now.data.find(key);
        if (old != nullptr && *old == value) continue;
        now.changes.push_back({key, &value, now.data.set(key, value) ? "updated" : "added"});
    }
    if (auto why = grown_too_much(now.data, before)) return std::move(*why);
    return now;
}

}  // namespace

Result<Merged> merge_user_data(Core& core, Interaction& ix, const KvList& pairs, Merge how) {
    Result<Changed> now = changed(*ix.user_data, pairs, how);
    if (!now) return now.error();
    if (now->changes.empty()) return Merged::nothing_new;
    for (const Change& change : now->changes) record_change(core, ix, change.key, change.value, change.what);
    ix.user_data = std::make_shared<const KvList>(std::move(now->data));
    return Merged::changed;
}

Result<void> keep_user_data(Interaction& ended, const KvList& pairs) {
    Result<Changed> now = changed(*ended.user_data, pairs, Merge::update);
    if (!now) return now.error();
    ended.user_data = std::make_shared<const KvList>(std::move(now->data));
    return {};
}

void keep_user_data_without(Interaction& ended, std::string_view key) {
    KvList data = *ended.user_data;
    data.erase(key);
    ended.user_data = std::make_shared<const KvList>(std::move(data));
}

std::size_t user_data_bytes(const KvList& data) { return size_of(data).bytes; }

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
