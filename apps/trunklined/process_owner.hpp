// Whose rights the process has: it gives up root's before it opens anything. Called once, before any thread.
// Failures are std::runtime_error in words.
#pragma once

#include <string>

namespace trunkline::apps {

/// Becomes this user, with his groups and none of root's rights, for good. Nothing where it is he already.
void become(const std::string& user);

[[nodiscard]] bool is_root();

}  // namespace trunkline::apps
