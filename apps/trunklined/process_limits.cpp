#include "apps/trunklined/process_limits.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>

namespace trunkline::apps {

std::size_t raise_file_limit() {
    constexpr rlim_t enough = 1U << 20U;  // where the system has no limit
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
    const rlim_t wanted = std::min(limit.rlim_max, enough);
    if (wanted > limit.rlim_cur) {
        const rlimit raised{wanted, limit.rlim_max};
        if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit.rlim_cur = wanted;
    }
    return std::min(limit.rlim_cur, enough);
}

DoorLimits door_limits(std::size_t files) {
    constexpr std::size_t most_http = 4096, most_tlib = 20'000, most_sip = 20'000;
    const std::size_t share = std::max<std::size_t>(files / 4, 16);
    return {std::min(most_http, share), std::min(most_tlib, share), std::min(most_sip, share)};
}

void keep_to_ourselves(CoreDumps dumps) {
    ::umask(S_IRWXG | S_IRWXO);
    if (dumps == CoreDumps::allowed) return;
    constexpr rlimit none{0, 0};
    (void)::setrlimit(RLIMIT_CORE, &none);
    // Dumps that go to a program instead of a file pass the limit by.
    (void)::prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace trunkline::apps
