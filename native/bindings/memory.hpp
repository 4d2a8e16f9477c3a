// Memory of arrays that go to Python.
//
// What a large array leaves is kept for the next one of its size: pages that the system takes back
// it has to clear before it gives them again, which takes longer than to fill them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace steadyhue::bindings {

// So many bytes, not initialized. Throws std::bad_alloc.
void* take_memory(std::size_t bytes);
void leave_memory(void* memory) noexcept;

struct Leave {
  void operator()(void* memory) const noexcept { leave_memory(memory); }
};

template <typename T>
using Memory = std::unique_ptr<T[], Leave>;

template <typename T>
Memory<T> memory_for(std::size_t size) {
  return Memory<T>(static_cast<T*>(take_memory(size * sizeof(T))));
}

}  // namespace steadyhue::bindings
