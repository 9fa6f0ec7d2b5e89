#include "apps/trunklined/sip_trunks.hpp"

#include "engine/base/words.hpp"
#include "engine/model/sip_contact.hpp"

namespace trunkline::apps {
namespace {

std::string option(const model::Dn& dn, const char* key) {
    const auto section = dn.options.find("TServer");
    if (section == dn.options.end()) return {};
    const auto value = section->second.find(key);
    return value == section->second.end() ? std::string() : value->second;
}

}  // namespace

std::vector<sip::SipTrunk> trunks_of(const model::Snapshot& snapshot) {
    std::vector<sip::SipTrunk> trunks;
    for (const model::Switch& sw : snapshot.site().switches) {
        for (const model::Dn& dn : sw.dns) {
            const auto contact = model::parse_sip_contact(option(dn, "contact"));
            if (dn.type != "Trunk" || !contact) continue;
            trunks.push_back({dn.number + "@" + sw.name, contact->text(),
                              number_in<int>(option(dn, "max-sessions")),
                              number_in<int>(option(dn, "max-new-per-second"))});
        }
    }
    return trunks;
}

}  // namespace trunkline::apps
