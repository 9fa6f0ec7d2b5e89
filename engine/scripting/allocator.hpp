// The memory of one generation's Lua state: every block carries its owner (an interaction's account, or the
// generation) and its serial number, the order of creation that pairs() falls back to. An account that is
// over its limit gets no more, which Lua turns into "not enough memory". One per state; called on the thread
// that runs the state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace trunkline::scripting {

/// Whom a block is charged to. 0 is the generation itself.
using Account = std::uint32_t;

class Allocator {
  public:
    /// What the one that runs may go over the limit, so that not it but the largest can be ended for it.
    Allocator(std::int64_t generation_limit, std::int64_t slack)
        : limit_(generation_limit), slack_(slack), accounts_(1) {}
    Allocator(const Allocator&) = delete;
    Allocator& operator=(const Allocator&) = delete;

    /// The lua_Alloc of the state; `self` is the Allocator.
    static void* allocate(void* self, void* block, std::size_t old_size, std::size_t new_size);

    /// A new account that may hold `limit` bytes at a time.
    [[nodiscard]] Account open(std::int64_t limit);
    /// The owner has ended; the number is used again when its last byte was collected.
    void close(Account account);
    /// New blocks belong to this account from now on; the former one is returned.
    Account charge_to(Account account);

    [[nodiscard]] std::int64_t bytes(Account account) const { return accounts_[account].bytes; }
    [[nodiscard]] std::int64_t total() const { return total_; }
    [[nodiscard]] std::int64_t limit() const { return limit_; }
    /// True from a refusal that a collection could not turn into success, until forget_refusal().
    [[nodiscard]] bool refused() const { return refused_; }
    void forget_refusal() { refused_ = false; }
    /// Bytes ever handed out: what a script copies costs it instructions too.
    [[nodiscard]] std::int64_t volume() const { return volume_; }
    /// What one instruction of the account that runs may cost, in plain ones: the comparison of two long
    /// strings is one instruction and reads both to the end.
    [[nodiscard]] std::int64_t instruction_price() const;
    /// Strings of this account may be read by everybody: those of files.
    void share_strings(Account account);
    [[nodiscard]] std::uint64_t next_serial() { return ++serial_; }
    /// Order of creation of a block that this kind of allocator gave out.
    [[nodiscard]] static std::uint64_t serial_of(const void* block);

  private:
    struct Book {
        std::int64_t bytes = 0;
        std::int64_t longest_string = 0;
        std::int64_t limit = 0;  // 0: only the generation's
        bool open = true;
    };
    void* grow(void* block, std::size_t old_size, std::size_t new_size);
    void release(void* block, std::size_t size);
    void add(Account account, std::int64_t bytes);
    [[nodiscard]] bool would_exceed(Account account, std::int64_t more) const;

    std::int64_t limit_;
    std::int64_t slack_;
    std::int64_t total_ = 0;
    std::int64_t volume_ = 0;
    std::uint64_t serial_ = 0;
    Account current_ = 0;
    std::vector<Book> accounts_;
    std::vector<Account> spare_;
    std::int64_t longest_shared_ = 0;
    bool refused_ = false;
    const void* refused_block_ = nullptr;
    std::size_t refused_size_ = 0;
};

}  // namespace trunkline::scripting
