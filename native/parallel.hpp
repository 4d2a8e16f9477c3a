// Threads: how a kernel uses several cores without its results depending on it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <exception>
#include <thread>
#include <vector>

namespace steadyhue {

// Calls work(part, first, last) for n_parts contiguous ranges of [0, n), each a
// multiple of `grain` long (but the last), every part on a thread of its own, or
// on this one where the system has no more threads to give. All parts end before
// it returns; then what the first of them threw is thrown.
template <class Work>
void for_ranges(std::size_t n, std::size_t grain, int n_threads, const Work& work) {
  const std::size_t grains = (n + grain - 1) / grain;
  const std::size_t parts =
      std::max<std::size_t>(1, std::min<std::size_t>(std::size_t(std::max(n_threads, 1)), grains));
  const auto bound = [&](std::size_t part) {
    return std::min(n, (grains * part + parts - 1) / parts * grain);
  };
  std::vector<std::exception_ptr> thrown(parts);
  const auto run = [&](std::size_t part) noexcept {
    try {
      work(part, bound(part), bound(part + 1));
    } catch (...) {
      thrown[part] = std::current_exception();
    }
  };
  std::vector<std::thread> threads;
  threads.reserve(parts - 1);
  std::size_t started = 1;
  try {
    for (; started < parts; ++started) threads.emplace_back(run, started);
  } catch (const std::exception&) {  // no thread to be had
  }
  run(0);
  for (std::size_t part = started; part < parts; ++part) run(part);
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& error : thrown) {
    if (error) std::rethrow_exception(error);
  }
}

}  // namespace steadyhue
