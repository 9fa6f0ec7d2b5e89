#include "adapters/sip/sofia_loop.hpp"

#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <future>
#include <mutex>
#include <system_error>

#include "adapters/sip/callbacks.hpp"

namespace trunkline::sip {
namespace {

void log_line(void*, const char* format, va_list arguments) {
    char line[512];
    if (std::vsnprintf(line, sizeof line, format, arguments) > 0) spdlog::debug("sofia: {}", line);
}

/// The library starts once a process and stays; level 1 shows its errors and no message bodies.
void start_library() {
    static std::once_flag once;
    std::call_once(once, [] {
        su_init();
        su_log_redirect(nullptr, log_line, nullptr);
        su_log_set_level(nullptr, 1);
    });
}

}  // namespace

SofiaLoop::SofiaLoop(Guest& guest) : guest_(guest) {}

SofiaLoop::~SofiaLoop() {
    stop();
    if (event_fd_ >= 0) ::close(event_fd_);
}

void SofiaLoop::start() {
    start_library();
    event_fd_ = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (event_fd_ < 0)
        throw std::system_error(errno, std::generic_category(), "SIP cannot start: no event descriptor");
    std::promise<void> open;
    auto is_open = open.get_future();
    thread_ = std::thread([this, &open] {
        run([&open](std::exception_ptr failure) {
            if (failure) {
                open.set_exception(failure);
            } else {
                open.set_value();
            }
        });
    });
    try {
        is_open.get();
    } catch (...) {
        thread_.join();
        throw;
    }
    // A wake() before start() found no descriptor and would keep every later one from writing.
    woken_ = false;
    wake();
}

void SofiaLoop::run(const std::function<void(std::exception_ptr)>& opened) {
    root_ = su_root_create(nullptr);
    std::exception_ptr failure;
    try {
        if (root_ == nullptr) throw std::runtime_error("SIP cannot start: Sofia made no event loop");
        su_root_threading(root_, 0);
        guest_.open(root_);
        su_wait_t wait = SU_WAIT_INIT;
        if (su_wait_create(&wait, event_fd_, SU_WAIT_IN) != 0 ||
            su_root_register(root_, &wait, callbacks::wake, this, 0) <= 0) {
            throw std::runtime_error("SIP cannot start: its wake-up cannot be registered");
        }
    } catch (...) {
        failure = std::current_exception();
    }
    opened(failure);
    if (!failure) su_root_run(root_);
    guest_.close();
    if (root_ != nullptr) su_root_destroy(root_);
}

void SofiaLoop::wake() noexcept {
    if (woken_.exchange(true)) return;
    const std::uint64_t one = 1;
    while (::write(event_fd_, &one, sizeof one) < 0 && errno == EINTR) {
    }
}

void SofiaLoop::on_wake() {
    std::uint64_t count = 0;
    while (::read(event_fd_, &count, sizeof count) < 0 && errno == EINTR) {
    }
    woken_ = false;  // before the guest looks: what comes later wakes again
    const bool last = stopping_;
    if (last) su_root_break(root_);
    guest_.woken();
}

void SofiaLoop::stop() {
    if (!thread_.joinable()) return;
    stopping_ = true;
    wake();
    thread_.join();
}

}  // namespace trunkline::sip
