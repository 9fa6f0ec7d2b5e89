// What the SIP adapter is told of the configuration: whose endpoints may register, and which peers are
// trunks.
#include <gmock/gmock.h>

#include "apps/trunklined/endpoint_accounts.hpp"
#include "apps/trunklined/sip_trunks.hpp"

namespace trunkline::apps {
namespace {

model::Dn dn(const std::string& number, const std::string& type,
             const std::map<std::string, std::string>& options = {}) {
    model::Dn made;
    made.number = number;
    made.type = type;
    made.options["TServer"] = options;
    return made;
}

model::SharedSnapshot two_switches() {
    model::Site site;
    site.tenants.emplace_back().name = "Resources";
    for (const char* name : {"east", "west"}) {
        model::Switch& sw = site.switches.emplace_back();
        sw.name = name;
        sw.tenant = "Resources";
        sw.options["TServer"]["sip-domain"] = std::string(name) + ".example.com";
        sw.dns = {
            dn("1001", "Extension"),
            dn("trunk", "Trunk",
               {{"contact", "sip:10.0.0.5:5060"}, {"max-sessions", "500"}, {"max-new-per-second", "90"}}),
            dn("plain", "Trunk", {{"contact", "gate.example.com"}}), dn("lost", "Trunk")};
    }
    return std::make_shared<const model::Snapshot>(std::move(site));
}

TEST(EndpointAccounts, AreThoseOfTheSwitchThatTheHostSelects) {
    EndpointAccounts accounts;
    EXPECT_FALSE(accounts.find("east.example.com", "1001")) << "before the configuration is there";
    config::EndpointSecrets secrets;
    secrets.by_dn[{"east", "1001"}] = {"md5 of east", "sha256 of east"};
    secrets.by_dn[{"west", "1001"}] = {"md5 of west", "sha256 of west"};
    accounts.put(two_switches(), std::move(secrets));
    const auto east = accounts.find("east.example.com", "1001"),
               west = accounts.find("west.example.com", "1001");
    ASSERT_TRUE(east && west);
    EXPECT_NE(east->name, west->name);
    EXPECT_EQ(east->secret.md5, "md5 of east");
    EXPECT_EQ(accounts.secret_of(west->name)->sha256, "sha256 of west");
    EXPECT_EQ(EndpointAccounts::dn_of(west->name).sw, "west");
    EXPECT_EQ(EndpointAccounts::dn_of(west->name).number, "1001");
    EXPECT_FALSE(accounts.find("east.example.com", "1002"));
}

TEST(SipTrunks, AreWhatTheConfigurationSaysOfThem) {
    const auto trunks = trunks_of(*two_switches());
    ASSERT_EQ(trunks.size(), 4U);
    EXPECT_EQ(trunks[0].name, "trunk@east");
    EXPECT_EQ(trunks[0].contact, "sip:10.0.0.5:5060");
    EXPECT_EQ(trunks[0].sessions, 500);
    EXPECT_EQ(trunks[0].new_per_second, 90);
    EXPECT_EQ(trunks[1].contact, "sip:gate.example.com");
    EXPECT_FALSE(trunks[1].sessions);
    EXPECT_EQ(trunks[2].name, "trunk@west");
}

}  // namespace
}  // namespace trunkline::apps
