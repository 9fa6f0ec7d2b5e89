#include "apps/trunklined/token.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace trunkline::apps {

namespace {

namespace fs = std::filesystem;

std::string random_token() {
    std::array<unsigned char, 32> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    std::string hex(bytes.size() * 2 + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
    hex.pop_back();
    return hex;
}

void write_for_the_owner(const fs::path& file, const std::string& token) {
    fs::create_directories(file.parent_path());
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const auto line = token + "\n";
    const bool written =
        fd >= 0 && ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
    const int error = errno;
    if (fd >= 0) ::close(fd);
    if (!written)
        throw std::runtime_error("the token file " + file.string() +
                                 " cannot be written: " + std::strerror(error));
}

}  // namespace

std::string read_or_make_token(const fs::path& file) {
    if (!fs::exists(file)) {
        const auto token = random_token();
        write_for_the_owner(file, token);
        return token;
    }
    constexpr auto others = fs::perms::group_all | fs::perms::others_all;
    if ((fs::status(file).permissions() & others) != fs::perms::none)
        throw std::runtime_error("the token file " + file.string() + " can be read by others; chmod 600 it");
    std::string token;
    std::getline(std::ifstream(file), token);
    if (token.size() < 16)
        throw std::runtime_error("the token in " + file.string() +
                                 " is shorter than 16 characters; remove the file for a new one");
    return token;
}

}  // namespace trunkline::apps
