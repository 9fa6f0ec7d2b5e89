#include "adapters/sip/resolver.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace trunkline::sip {
namespace {

constexpr std::size_t most_waiting = 1000;
constexpr int most_workers = 4;  // a domain whose servers are silent holds up its own worker alone

}  // namespace

struct Resolver::Shared {
    std::mutex mutex;
    std::condition_variable asked;
    std::deque<std::pair<std::uint64_t, DnsQuestion>> questions;
    std::vector<std::string> name_servers;
    Deliver deliver;
    int idle = 0;
    bool over = false;
};

Resolver::Resolver(std::vector<std::string> name_servers, Deliver deliver)
    : shared_(std::make_shared<Shared>()) {
    shared_->name_servers = std::move(name_servers);
    shared_->deliver = std::move(deliver);
}

Resolver::~Resolver() {
    const std::lock_guard lock(shared_->mutex);
    shared_->over = true;
    shared_->questions.clear();
    shared_->asked.notify_all();
}

bool Resolver::ask(std::uint64_t id, DnsQuestion question) {
    const std::lock_guard lock(shared_->mutex);
    if (shared_->questions.size() >= most_waiting) return false;
    shared_->questions.emplace_back(id, std::move(question));
    if (shared_->idle == 0 && workers_ < most_workers) {
        ++workers_;
        std::thread([shared = shared_] { work(shared); }).detach();
    }
    shared_->asked.notify_one();
    return true;
}

void Resolver::work(const std::shared_ptr<Shared>& shared) {
    std::unique_lock lock(shared->mutex);
    Dns dns(shared->name_servers);
    for (;;) {
        ++shared->idle;
        shared->asked.wait(lock, [&] { return shared->over || !shared->questions.empty(); });
        --shared->idle;
        if (shared->over) return;
        auto [id, question] = std::move(shared->questions.front());
        shared->questions.pop_front();
        lock.unlock();
        DnsAnswer answer = dns.look_up(question);
        lock.lock();
        if (!shared->over) shared->deliver(id, std::move(answer));
    }
}

}  // namespace trunkline::sip
