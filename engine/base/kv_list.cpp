#include "engine/base/kv_list.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <stdexcept>

namespace trunkline {
namespace json = boost::json;

bool KvList::operator==(const KvList& other) const { return pairs_ == other.pairs_; }

void KvList::add(std::string key, KvValue value) { pairs_.emplace_back(std::move(key), std::move(value)); }

bool KvList::set(std::string_view key, KvValue value) {
    auto first = std::find_if(pairs_.begin(), pairs_.end(), [&](const Pair& p) { return p.first == key; });
    if (first == pairs_.end()) {
        pairs_.emplace_back(std::string(key), std::move(value));
        return false;
    }
    first->second = std::move(value);
    pairs_.erase(
        std::remove_if(std::next(first), pairs_.end(), [&](const Pair& p) { return p.first == key; }),
        pairs_.end());
    return true;
}

std::size_t KvList::erase(std::string_view key) {
    return std::erase_if(pairs_, [&](const Pair& p) { return p.first == key; });
}

const KvValue* KvList::find(std::string_view key) const {
    for (auto it = pairs_.rbegin(); it != pairs_.rend(); ++it)
        if (it->first == key) return &it->second;
    return nullptr;
}

std::string_view KvList::text(std::string_view key) const {
    const KvValue* value = find(key);
    if (value == nullptr) return {};
    const auto* text = std::get_if<std::string>(&value->is);
    return text == nullptr ? std::string_view{} : std::string_view(*text);
}

namespace {

bool has_repeated_key(const KvList& list) {
    for (auto it = list.begin(); it != list.end(); ++it)
        for (auto other = list.begin(); other != it; ++other)
            if (other->first == it->first) return true;
    return false;
}

json::value value_json(const KvValue& value) {
    if (const auto* text = std::get_if<std::string>(&value.is)) return json::value(*text);
    if (const auto* number = std::get_if<std::int64_t>(&value.is)) return json::value(*number);
    return to_json(std::get<KvList>(value.is));
}

void append_value(std::string& out, const KvValue& value) {
    if (const auto* text = std::get_if<std::string>(&value.is)) {
        append_json_string(out, *text);
    } else if (const auto* number = std::get_if<std::int64_t>(&value.is)) {
        char digits[24];
        auto end = std::to_chars(digits, digits + sizeof digits, *number).ptr;
        out.append(digits, end);
    } else {
        append_json(out, std::get<KvList>(value.is));
    }
}

KvValue value_from(const std::string& key, const json::value& v) {
    if (v.is_string()) return KvValue(std::string(v.as_string()));
    if (v.is_int64()) return KvValue(v.as_int64());
    if (v.is_uint64()) return KvValue(std::to_string(v.as_uint64()));
    if (v.is_bool()) return KvValue(v.as_bool() ? "true" : "false");
    if (v.is_double()) return KvValue(json::serialize(v));
    if (v.is_object() || v.is_array()) return KvValue(kv_from_json(v));
    throw std::invalid_argument("key '" + key + "' has no value: a string, an integer or a list is expected");
}

}  // namespace

json::value to_json(const KvList& list) {
    if (has_repeated_key(list)) {
        json::array pairs;
        for (const auto& [key, value] : list) pairs.push_back(json::array{key, value_json(value)});
        return pairs;
    }
    json::object object;
    for (const auto& [key, value] : list) object[key] = value_json(value);
    return object;
}

void append_json(std::string& out, const KvList& list) {
    const bool as_pairs = has_repeated_key(list);
    out += as_pairs ? '[' : '{';
    bool first = true;
    for (const auto& [key, value] : list) {
        if (!first) out += ',';
        first = false;
        if (as_pairs) out += '[';
        append_json_string(out, key);
        out += as_pairs ? ',' : ':';
        append_value(out, value);
        if (as_pairs) out += ']';
    }
    out += as_pairs ? ']' : '}';
}

void append_json_string(std::string& out, std::string_view text) {
    static constexpr char digits[] = "0123456789abcdef";
    out += '"';
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        out.append(text, plain, i - plain);
        plain = i + 1;
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                out += "\\u00";
                out += digits[c >> 4U];
                out += digits[c & 15U];
        }
    }
    out.append(text, plain, text.size() - plain);
    out += '"';
}

KvList kv_from_json(const json::value& v) {
    KvList list;
    if (v.is_object()) {
        for (const auto& [key, value] : v.as_object())
            list.add(std::string(key), value_from(std::string(key), value));
        return list;
    }
    if (!v.is_array())
        throw std::invalid_argument("a key-value list is a JSON object or an array of [key, value] pairs");
    for (const json::value& pair : v.as_array()) {
        if (!pair.is_array() || pair.as_array().size() != 2 || !pair.as_array()[0].is_string())
            throw std::invalid_argument(
                "a key-value list is a JSON object or an array of [key, value] pairs");
        std::string key(pair.as_array()[0].as_string());
        list.add(key, value_from(key, pair.as_array()[1]));
    }
    return list;
}

void tag_invoke(const json::value_from_tag&, json::value& out, const KvList& list) { out = to_json(list); }
KvList tag_invoke(const json::value_to_tag<KvList>&, const json::value& v) { return kv_from_json(v); }
void tag_invoke(const json::value_from_tag&, json::value& out, const SharedKv& list) {
    out = list ? to_json(*list) : json::value(nullptr);
}
SharedKv tag_invoke(const json::value_to_tag<SharedKv>&, const json::value& v) {
    return v.is_null() ? nullptr : std::make_shared<const KvList>(kv_from_json(v));
}

}  // namespace trunkline
