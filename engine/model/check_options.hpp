// Options that the engine reads have a kind: a flag, a number of seconds, one of a few words. Private to this
// room: check() uses it; the same table stands in config.options_make_sense of the first migration for people
// with psql.
#pragma once

#include <string>
#include <vector>

#include "engine/model/check.hpp"

namespace trunkline::model {

/// Adds an error for each option of the wrong kind; `path` is that of the object.
void check_options(const Options&, const std::string& path, std::vector<Finding>& findings);

}  // namespace trunkline::model
