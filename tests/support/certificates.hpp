// Certificates for tests: an authority of the test's own, what it issues, and a folder for the files. Nothing
// is valid for longer than the test; nothing is fetched. Any thread.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>
#include <string>

namespace trunkline::test {

/// Both as PEM.
struct Pair {
    std::string cert, key;
};

class Authority {
  public:
    explicit Authority(const std::string& name);

    /// `names` as OpenSSL writes them: "DNS:localhost,IP:127.0.0.1". Valid for the next hour, or no more
    /// since an hour.
    [[nodiscard]] Pair issue(const std::string& names, bool out_of_date = false) const;
    /// PEM.
    [[nodiscard]] std::string cert() const;

  private:
    std::shared_ptr<EVP_PKEY> key_;
    std::shared_ptr<X509> cert_;
};

/// A folder with files in it, gone with the object.
class FilesFolder {
  public:
    FilesFolder();
    ~FilesFolder();
    FilesFolder(const FilesFolder&) = delete;
    FilesFolder& operator=(const FilesFolder&) = delete;

    /// Writes (over) the file, for its owner alone; its path.
    std::string write(const std::string& name, const std::string& text) const;
    [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }

  private:
    std::filesystem::path folder_;
};

}  // namespace trunkline::test
