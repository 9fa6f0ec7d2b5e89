#include "adapters/web/address_rules.hpp"

#include <gmock/gmock.h>

namespace trunkline::web {
namespace {

using boost::asio::ip::make_address;

TEST(AddressRules, KnowThePublicInternet) {
    for (const char* ip : {"8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1",
                           "2606:4700::1111", "2a00:1450::5", "::ffff:8.8.8.8", "64:ff9b::808:808"})
        EXPECT_TRUE(is_public(make_address(ip))) << ip;
    for (const char* ip :
         {"0.0.0.0",      "0.1.2.3",          "10.1.2.3",        "100.64.0.1",      "127.0.0.1",
          "127.255.0.1",  "169.254.169.254",  "172.16.0.1",      "172.31.255.255",  "192.168.1.1",
          "198.18.0.1",   "224.0.0.1",        "239.1.2.3",       "255.255.255.255", "::",
          "::1",          "fe80::1",          "fc00::1",         "fd12::1",         "ff02::1",
          "2001:db8::1",  "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
          "2002:a00:1::", "::127.0.0.1"})
        EXPECT_FALSE(is_public(make_address(ip))) << ip;
}

TEST(AddressRules, AllowWhatIsListedAndNothingBeside) {
    const AddressRules rules({"crm.local", "10.1.0.0/16:8080", "192.168.1.7", "[fd00::5]:443", "fd11::/16"});
    const auto allowed = [&](const char* host, std::uint16_t port, const char* ip) {
        return rules.allows(host, port, make_address(ip));
    };
    EXPECT_TRUE(allowed("CRM.local", 80, "10.9.9.9"));
    EXPECT_FALSE(allowed("evil.example.com", 80, "10.9.9.9"));
    EXPECT_TRUE(allowed("x", 8080, "10.1.255.1"));
    EXPECT_FALSE(allowed("x", 8081, "10.1.255.1"));
    EXPECT_FALSE(allowed("x", 8080, "10.2.0.1"));
    EXPECT_TRUE(allowed("x", 1, "192.168.1.7"));
    EXPECT_TRUE(allowed("x", 1, "::ffff:192.168.1.7"));
    EXPECT_TRUE(allowed("x", 443, "fd00::5"));
    EXPECT_FALSE(allowed("x", 80, "fd00::5"));
    EXPECT_TRUE(allowed("x", 80, "fd11::1"));
    EXPECT_TRUE(allowed("x", 80, "8.8.8.8"));
}

TEST(AddressRules, RefuseAnEntryThatIsNone) {
    for (const char* entry : {"", "10.0.0", "10.0.0.0/33", "host:0", "host:70000", "host:x", "[::1",
                              "[::1]80", "a b", "http://crm", "10.0.0.1/8/8", "fd00::/129"}) {
        try {
            const AddressRules rules({entry});
            FAIL() << "took '" << entry << "'";
        } catch (const std::runtime_error& error) {
            EXPECT_THAT(error.what(), ::testing::HasSubstr("scripts.http_allow: '"));
        }
    }
}

}  // namespace
}  // namespace trunkline::web
