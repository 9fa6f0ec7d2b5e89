// What the spool asks of the disk, so that a test can put a disk that fails in its place. Results are the
// system calls': below zero with errno. Engine thread.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstddef>

namespace trunkline::db {

class SpoolDisk {
  public:
    virtual ~SpoolDisk() = default;
    /// Makes a new file to append to.
    virtual int make(const char* path) {
        return ::open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
    }
    /// May write less than `size`.
    virtual ssize_t write(int file, const char* bytes, std::size_t size) {
        return ::write(file, bytes, size);
    }
    virtual int cut(int file, off_t size) { return ::ftruncate(file, size); }
    virtual int sync(int file) { return ::fdatasync(file); }
};

}  // namespace trunkline::db
