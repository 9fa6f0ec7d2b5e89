// How names are resolved: in one tenant, and for agents by any name that is theirs alone.
#include "engine/model/snapshot.hpp"

#include <gtest/gtest.h>

namespace trunkline::model {
namespace {

Person person(std::string user_name, std::string employee_id, std::vector<std::string> logins) {
    Person made{.user_name = std::move(user_name), .employee_id = std::move(employee_id), .is_agent = true};
    made.agent_logins = std::move(logins);
    return made;
}

Site two_tenants() {
    Tenant ours{.name = "Ours"}, theirs{.name = "Theirs"};
    ours.persons = {person("ann", "E1", {"1001"}), person("bob", "E2", {"1002", "1003@second"}),
                    person("1001", "E3", {}),      person("eve", "E4", {"1004"}),
                    person("joe", "E4", {"E5"}),   person("sue", "E5", {}),
                    person("kim", "E4", {}),       person("lee", "1006", {"1006"})};
    theirs.persons = {person("ann", "E1", {}), person("zoe", "E9", {"9001"})};
    Switch first{.name = "first", .tenant = "Ours"}, second{.name = "second", .tenant = "Ours"},
        third{.name = "third", .tenant = "Theirs"};
    first.agent_logins = {
        {.code = "1001"}, {.code = "1002"}, {.code = "1004"}, {.code = "E5"}, {.code = "1006"}};
    second.agent_logins = {{.code = "1003"}};
    third.agent_logins = {{.code = "9001"}};
    return {.tenants = {ours, theirs}, .switches = {first, second, third}};
}

struct SnapshotNames : testing::Test {
    Snapshot snapshot{two_tenants()};
    std::string found(const std::string& tenant, const std::string& name) const {
        const PersonEntry* entry = snapshot.person_by_any_name(snapshot.tenant(tenant)->id, name);
        return entry == nullptr
                   ? "nobody"
                   : entry->object->user_name + " of " + snapshot.tenant(entry->tenant)->object->name;
    }
};

TEST_F(SnapshotNames, OfAnAgentAreUserNameEmployeeIdAndLoginCode) {
    EXPECT_EQ(found("Ours", "bob"), "bob of Ours");
    EXPECT_EQ(found("Ours", "E2"), "bob of Ours");
    EXPECT_EQ(found("Ours", "1002"), "bob of Ours");
    EXPECT_EQ(found("Ours", "1003"), "bob of Ours") << "of another switch of the tenant";
    EXPECT_EQ(found("Ours", "1006"), "lee of Ours") << "the same name twice is still one person";
    EXPECT_EQ(found("Ours", "E99"), "nobody");
    EXPECT_EQ(found("Ours", ""), "nobody");
}

TEST_F(SnapshotNames, AUserNameComesBeforeTheCodeOfAnother) {
    EXPECT_EQ(found("Ours", "1001"), "1001 of Ours");
}

TEST_F(SnapshotNames, WhatTwoPersonsHaveIsNobodys) {
    EXPECT_EQ(found("Ours", "E4"), "nobody") << "three have this employee id";
    EXPECT_EQ(found("Ours", "E5"), "nobody") << "one has it as a code, another as employee id";
}

TEST_F(SnapshotNames, AreThoseOfOneTenant) {
    EXPECT_EQ(found("Ours", "E1"), "ann of Ours");
    EXPECT_EQ(found("Theirs", "E1"), "ann of Theirs");
    EXPECT_EQ(found("Ours", "zoe"), "nobody");
    EXPECT_EQ(found("Ours", "9001"), "nobody");
    EXPECT_EQ(found("Ours", "E9"), "nobody");
}

}  // namespace
}  // namespace trunkline::model
