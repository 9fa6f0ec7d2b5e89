#include "engine/scripting/allocator.hpp"

#include <algorithm>
#include <cstdlib>
#include <lua.hpp>

namespace trunkline::scripting {
namespace {

// Sixteen bytes keep the alignment that malloc gave.
struct alignas(16) Head {
    std::uint64_t serial;
    Account account;
};
static_assert(sizeof(Head) == 16);

// Comparing this many bytes takes about as long as one instruction.
constexpr std::int64_t compared_an_instruction = 4096;

Head* head_of(void* block) { return static_cast<Head*>(block) - 1; }

}  // namespace

void* Allocator::allocate(void* self, void* block, std::size_t old_size, std::size_t new_size) {
    auto& allocator = *static_cast<Allocator*>(self);
    // For a new block Lua passes the type of what it is for as the old size.
    if (block == nullptr && old_size == LUA_TSTRING) {
        std::int64_t& longest = allocator.accounts_[allocator.current_].longest_string;
        longest = std::max(longest, static_cast<std::int64_t>(new_size));
    }
    if (new_size == 0) {
        if (block != nullptr) allocator.release(block, old_size);
        return nullptr;
    }
    return allocator.grow(block, block == nullptr ? 0 : old_size, new_size);
}

void* Allocator::grow(void* block, std::size_t old_size, std::size_t new_size) {
    const Account account = block == nullptr ? current_ : head_of(block)->account;
    const auto more = static_cast<std::int64_t>(new_size) - static_cast<std::int64_t>(old_size);
    if (more > 0 && would_exceed(account, more)) {
        // Lua collects everything and asks once more for the same; only the second refusal is final.
        refused_ = true;
        refused_block_ = block;
        refused_size_ = new_size;
        return nullptr;
    }
    Head* head = block == nullptr ? nullptr : head_of(block);
    auto* moved = static_cast<Head*>(std::realloc(head, new_size + sizeof(Head)));
    if (moved == nullptr) return more <= 0 ? block : nullptr;  // Lua relies on shrinking never to fail
    if (block == nullptr) *moved = Head{next_serial(), account};
    if (refused_ && refused_block_ == block && refused_size_ == new_size) refused_ = false;
    add(account, more);
    if (more > 0) volume_ += more;
    return moved + 1;
}

void Allocator::release(void* block, std::size_t size) {
    Head* head = head_of(block);
    add(head->account, -static_cast<std::int64_t>(size));
    std::free(head);
}

void Allocator::add(Account account, std::int64_t bytes) {
    Book& book = accounts_[account];
    book.bytes += bytes;
    total_ += bytes;
    if (account != 0 && !book.open && book.bytes == 0) spare_.push_back(account);
}

bool Allocator::would_exceed(Account account, std::int64_t more) const {
    const Book& book = accounts_[account];
    if (book.limit > 0 && book.bytes + more > book.limit) return true;
    return limit_ > 0 && total_ + more > limit_ + slack_;
}

Account Allocator::open(std::int64_t limit) {
    if (spare_.empty()) {
        accounts_.push_back(Book{0, 0, limit, true});
        return static_cast<Account>(accounts_.size() - 1);
    }
    const Account account = spare_.back();
    spare_.pop_back();
    accounts_[account] = Book{0, 0, limit, true};
    return account;
}

void Allocator::close(Account account) {
    Book& book = accounts_[account];
    if (account == 0 || !book.open) return;
    book.open = false;
    book.limit = 0;  // what others still share (an interned string) may not be refused to them
    if (book.bytes == 0) spare_.push_back(account);
}

std::int64_t Allocator::instruction_price() const {
    return 1 + std::max(accounts_[current_].longest_string, longest_shared_) / compared_an_instruction;
}

void Allocator::share_strings(Account account) {
    longest_shared_ = std::max(longest_shared_, accounts_[account].longest_string);
}

Account Allocator::charge_to(Account account) {
    const Account former = current_;
    current_ = account;
    return former;
}

std::uint64_t Allocator::serial_of(const void* block) {
    return (static_cast<const Head*>(block) - 1)->serial;
}

}  // namespace trunkline::scripting
