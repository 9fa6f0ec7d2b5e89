#include "tests/random/faults/seeded_fault.hpp"

namespace trunkline {
namespace {

std::string& awake() {
    static std::string name;
    return name;
}

}  // namespace

bool seeded_fault(const char* name) { return awake() == name; }
void wake_fault(const std::string& name) { awake() = name; }

}  // namespace trunkline
