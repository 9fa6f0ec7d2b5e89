#include "apps/trunklined/process_owner.hpp"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace trunkline::apps {

void become(const std::string& user) {
    const passwd* entry = ::getpwnam(user.c_str());
    if (entry == nullptr)
        throw std::runtime_error("--user: there is no user " + user +
                                 "; make one: adduser --system --group " + user);
    const uid_t uid = entry->pw_uid;
    const gid_t gid = entry->pw_gid;
    if (::getuid() == uid && ::geteuid() == uid) return;
    if (::geteuid() != 0)
        throw std::runtime_error("--user: only root can become " + user + "; start it as that user");
    // The groups first: afterwards the right to change them is gone.
    if (::initgroups(user.c_str(), gid) != 0 || ::setgid(gid) != 0 || ::setuid(uid) != 0)
        throw std::runtime_error("--user: cannot become " + user + ": " + std::strerror(errno));
    if (uid != 0 && ::setuid(0) == 0)
        throw std::runtime_error("--user: the system gave root's rights back; do not start it as root");
}

bool is_root() { return ::geteuid() == 0; }

}  // namespace trunkline::apps
