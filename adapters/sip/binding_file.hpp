// The bindings of endpoints in one file: each change appends a line with all that its DN has, so that a kill
// at any moment loses at most the line that is being written. SIP thread. A file that cannot be read or
// written is logged and costs the endpoints a REGISTER each after the next start, nothing more.
#pragma once

#include <cstdint>
#include <filesystem>

#include "adapters/sip/bindings.hpp"

namespace trunkline::sip {

class BindingFile final : public BindingStore {
  public:
    explicit BindingFile(std::filesystem::path path) : path_(std::move(path)) {}

    /// Reads the file and writes it anew without what was replaced.
    [[nodiscard]] All load() override;
    void save(const std::string& dn, const std::vector<Binding>& bindings) override;

  private:
    void rewrite();

    std::filesystem::path path_;
    All live_;
    std::size_t lines_ = 0;
};

}  // namespace trunkline::sip
