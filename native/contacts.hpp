// How often the labels of neighboring pixels meet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace steadyhue {

// Adds to counts[a * n + b] (IN and OUT) one for every pixel of label a whose
// neighbor to the right or below has label b. A pixel's label is
// label_of[its id]; ids and labels of -1 count nothing.
inline void count_contacts(const std::int32_t* ids, std::size_t height, std::size_t width,
                           const std::int32_t* label_of, std::size_t n, std::int64_t* counts) {
  std::vector<std::int32_t> above(width, -1);
  for (std::size_t y = 0; y < height; ++y) {
    std::int32_t left = -1;
    for (std::size_t x = 0; x < width; ++x) {
      const std::int32_t id = ids[y * width + x];
      const std::int32_t label = id < 0 ? -1 : label_of[id];
      if (label >= 0) {
        if (left >= 0) ++counts[std::size_t(left) * n + std::size_t(label)];
        if (above[x] >= 0) ++counts[std::size_t(above[x]) * n + std::size_t(label)];
      }
      above[x] = left = label;
    }
  }
}

}  // namespace steadyhue
