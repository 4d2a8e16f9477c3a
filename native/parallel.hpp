// Threads and instruction sets: how a kernel uses the machine without its
// results depending on it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <thread>
#include <vector>

// A function marked so is compiled for several instruction sets and the best one
// is chosen when the module loads. Kernels inline everything they call, since a
// call would leave the set; products and sums are never fused, so all agree.
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__)
#define STEADYHUE_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define STEADYHUE_CLONES
#endif
#if defined(__GNUC__) || defined(__clang__)
#define STEADYHUE_INLINE __attribute__((always_inline)) inline
#else
#define STEADYHUE_INLINE inline
#endif

namespace steadyhue {

// Calls work(part, first, last) for n_parts contiguous ranges of [0, n), each a
// multiple of `grain` long (but the last), every part on a thread of its own.
template <class Work>
void for_ranges(std::size_t n, std::size_t grain, int n_threads, const Work& work) {
  const std::size_t grains = (n + grain - 1) / grain;
  const std::size_t parts =
      std::max<std::size_t>(1, std::min<std::size_t>(std::size_t(std::max(n_threads, 1)), grains));
  const auto bound = [&](std::size_t part) {
    return std::min(n, (grains * part + parts - 1) / parts * grain);
  };
  std::vector<std::thread> threads;
  for (std::size_t part = 1; part < parts; ++part) {
    threads.emplace_back([&, part] { work(part, bound(part), bound(part + 1)); });
  }
  work(std::size_t(0), std::size_t(0), bound(1));
  for (std::thread& thread : threads) thread.join();
}

}  // namespace steadyhue
