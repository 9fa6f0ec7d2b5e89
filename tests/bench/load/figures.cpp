#include "tests/bench/load/figures.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace trunkline::bench {
namespace {

// proc(5): utime, stime, cutime and cstime are the fields 14 to 17; the name in field 2 may hold blanks.
double own_us(const std::string& pid) {
    std::ifstream file("/proc/" + pid + "/stat");
    std::string text;
    std::getline(file, text);
    const auto after_name = text.rfind(')');
    if (after_name == std::string::npos) throw std::runtime_error("no process " + pid + " to watch");
    std::istringstream fields(text.substr(after_name + 2));
    std::string skipped;
    for (int field = 3; field < 14; ++field) fields >> skipped;
    double ticks = 0;
    for (int field = 14; field <= 17; ++field) {
        double part = 0;
        fields >> part;
        ticks += part;
    }
    return ticks * 1e6 / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace

double Latencies::at(double share) {
    if (all_.empty()) return 0;
    if (sorted_ != all_.size()) std::sort(all_.begin(), all_.end());
    sorted_ = all_.size();
    const auto index = static_cast<std::size_t>(share * static_cast<double>(all_.size() - 1) + 0.5);
    return static_cast<double>(all_[index]) / 1000.0;
}

double cpu_us(int pid) {
    if (pid == 0) return 0;
    const std::string name = std::to_string(pid);
    double sum = own_us(name);
    std::ifstream children("/proc/" + name + "/task/" + name + "/children");
    for (int child = 0; children >> child;) sum += cpu_us(child);
    return sum;
}

}  // namespace trunkline::bench
