// The bearer token of the admin API: a file that only its owner reads, made at the first start.
#pragma once

#include <filesystem>
#include <string>

namespace trunkline::apps {

/// The token in the file; a new random one, written there with mode 0600, where there is no file.
/// Throws std::runtime_error where it can be neither read nor made, or where others may read it.
[[nodiscard]] std::string read_or_make_token(const std::filesystem::path&);

}  // namespace trunkline::apps
