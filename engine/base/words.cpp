#include "engine/base/words.hpp"

#include <boost/algorithm/string/case_conv.hpp>
#include <locale>

namespace trunkline {

std::string lower_case(std::string_view text) {
    return boost::algorithm::to_lower_copy(std::string(text), std::locale::classic());
}

}  // namespace trunkline
