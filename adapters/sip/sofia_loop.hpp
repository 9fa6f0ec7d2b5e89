// A thread of its own that runs Sofia's su_root, and the eventfd that wakes it. The guest lives on that
// thread: it is opened, woken and closed there and nowhere else. start, wake and stop are for the thread that
// owns the loop.
#pragma once

#include <atomic>
#include <functional>
#include <thread>

#include "adapters/sip/sofia.hpp"

namespace trunkline::sip {

class SofiaLoop final : private WakeListener {
  public:
    class Guest {
      public:
        /// Makes the guest's agent; throws what start() shall throw.
        virtual void open(su_root_t*) = 0;
        /// After any number of wake(); also once more before close().
        virtual void woken() = 0;
        /// Gives everything of Sofia's back.
        virtual void close() noexcept = 0;

      protected:
        ~Guest() = default;
    };

    /// `guest` must outlive the loop.
    explicit SofiaLoop(Guest& guest);
    ~SofiaLoop();
    SofiaLoop(const SofiaLoop&) = delete;
    SofiaLoop& operator=(const SofiaLoop&) = delete;

    /// Returns when the guest is open; throws what open() threw.
    void start();
    /// Any thread; wake-ups in a row become one.
    void wake() noexcept;
    /// Lets the guest see its last wake-up, closes it and joins the thread. Again: no effect.
    void stop();
    /// Whether the caller is the SIP thread, for assertions.
    [[nodiscard]] bool on_own_thread() const { return std::this_thread::get_id() == thread_.get_id(); }

  private:
    void run(const std::function<void(std::exception_ptr)>& opened);
    void on_wake() override;

    Guest& guest_;
    int event_fd_ = -1;
    su_root_t* root_ = nullptr;
    std::atomic<bool> woken_{false};
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace trunkline::sip
