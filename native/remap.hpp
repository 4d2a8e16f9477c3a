// From colors to palette slots, pixel by pixel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "box.hpp"
#include "pixels.hpp"

namespace steadyhue {

// indices[i] = table[ids[i]], or `transparent` where the id is -1, in a box of the picture.
inline void gather(const std::int32_t* ids, std::size_t width, const Box& box,
                   const std::uint8_t* table, std::size_t n_colors, std::uint8_t transparent,
                   std::uint8_t* indices) {
  std::vector<std::uint8_t> padded(n_colors + 1);
  padded[0] = transparent;
  for (std::size_t i = 0; i < n_colors; ++i) padded[i + 1] = table[i];
  const std::uint8_t* from_minus_one = padded.data() + 1;
  for_rows(box, width, [&](std::size_t first, std::size_t count) {
    for (std::size_t i = first; i < first + count; ++i) indices[i] = from_minus_one[ids[i]];
  });
}

// Between two colors, or two points on the grid.
template <class T>
std::int64_t squared_distance(const T* a, const T* b) {
  std::int64_t sum = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    const std::int64_t step = std::int64_t(a[c]) - b[c];
    sum += step * step;
  }
  return sum;
}

// What a box of a remapped frame shows: opaque pixels of each of k <= 256 slots, and the sum of
// their squared level differences to the source.
inline std::int64_t tally(const Pixels& pixels, std::size_t width, const Box& box,
                          const std::uint8_t* indices, const std::uint8_t* palette, std::size_t k,
                          std::int64_t* weights) {
  std::int64_t banks[2][256] = {};  // neighbors often share a slot: halve the wait for its count
  std::int64_t squares = 0;
  for_rows(box, width, [&](std::size_t first, std::size_t count) {
    for (std::size_t i = first; i < first + count; ++i) {
      const std::size_t slot = indices[i];
      if (pixels.ids[i] < 0 || slot >= k) continue;
      squares += squared_distance(pixels.color(i), palette + slot * 3);
      ++banks[i & 1][slot];
    }
  });
  for (std::size_t slot = 0; slot < k; ++slot) weights[slot] = banks[0][slot] + banks[1][slot];
  return squares;
}

}  // namespace steadyhue
