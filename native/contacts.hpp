// How often the labels of neighboring pixels meet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace steadyhue {

// Adds to counts[a * n + b] (IN and OUT) one for every pixel of label a whose
// neighbor to the right or below has label b, in the first of every `every` rows.
// A pixel's label is label_of[its id]; ids and labels of -1 count nothing.
inline void count_contacts(const std::int32_t* ids, std::size_t height, std::size_t width,
                           const std::int32_t* label_of, std::size_t n, std::size_t every,
                           std::int64_t* counts) {
  const auto label = [&](std::int32_t id) { return id < 0 ? -1 : label_of[id]; };
  for (std::size_t y = 0; y < height; y += every) {
    const std::int32_t *row = ids + y * width, *below = y + 1 < height ? row + width : nullptr;
    for (std::size_t x = 0; x < width; ++x) {
      const std::int32_t here = label(row[x]);
      if (here < 0) continue;
      std::int64_t* touching = counts + std::size_t(here) * n;
      const std::int32_t right = x + 1 < width ? label(row[x + 1]) : -1;
      const std::int32_t under = below == nullptr ? -1 : label(below[x]);
      if (right >= 0) ++touching[right];
      if (under >= 0) ++touching[under];
    }
  }
}

}  // namespace steadyhue
