#include "memory.hpp"

#include <algorithm>
#include <deque>
#include <mutex>
#include <new>

namespace steadyhue::bindings {
namespace {

// Bytes before an array, which say how large it is; after them it is aligned as by `new`.
constexpr std::size_t kHead = __STDCPP_DEFAULT_NEW_ALIGNMENT__;

// Bytes from which on the C library hands memory back at once (glibc's M_MMAP_THRESHOLD).
constexpr std::size_t kLarge = 1 << 17;

// Most bytes that are kept: 32 MB, the ids of eleven pictures of 1200 x 600 pixels. None where a
// sanitizer is to see who uses what is gone.
#if defined(__SANITIZE_ADDRESS__)
constexpr std::size_t kMost = 0;
#else
constexpr std::size_t kMost = std::size_t(1) << 25;
#endif

std::size_t& size_of(void* block) { return *static_cast<std::size_t*>(block); }

void discard(void* block) noexcept { ::operator delete(block); }

class Leftovers {
 public:
  void* take(std::size_t bytes) {
    const std::lock_guard<std::mutex> locked(mutex_);
    const auto found = std::find_if(blocks_.rbegin(), blocks_.rend(),
                                    [&](void* block) { return size_of(block) == bytes; });
    if (found == blocks_.rend()) return nullptr;
    void* block = *found;
    blocks_.erase(std::next(found).base());
    bytes_ -= bytes;
    return block;
  }

  // Whether the block is kept; the oldest ones give way.
  bool keep(void* block) {
    const std::lock_guard<std::mutex> locked(mutex_);
    if (size_of(block) > kMost) return false;
    while (bytes_ + size_of(block) > kMost) {
      bytes_ -= size_of(blocks_.front());
      discard(blocks_.front());
      blocks_.pop_front();
    }
    blocks_.push_back(block);
    bytes_ += size_of(block);
    return true;
  }

 private:
  std::mutex mutex_;
  std::deque<void*> blocks_;  // the newest last
  std::size_t bytes_ = 0;
};

// Never destroyed: arrays may outlive the module.
Leftovers& leftovers() {
  static Leftovers& all = *new Leftovers;
  return all;
}

}  // namespace

void* take_memory(std::size_t bytes) {
  void* block = bytes >= kLarge ? leftovers().take(bytes) : nullptr;
  if (!block) {
    block = ::operator new(bytes + kHead);
    size_of(block) = bytes;
  }
  return static_cast<std::byte*>(block) + kHead;
}

void leave_memory(void* memory) noexcept {
  if (!memory) return;
  void* block = static_cast<std::byte*>(memory) - kHead;
  try {
    if (size_of(block) >= kLarge && leftovers().keep(block)) return;
  } catch (const std::exception&) {  // no memory to note it
  }
  discard(block);
}

}  // namespace steadyhue::bindings
