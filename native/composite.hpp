// Laying one GIF image over a canvas of color ids, as browsers do.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace steadyhue {

struct Box {
  std::int64_t left, top, width, height;
};

// The stored line that shows in row `row` of an interlaced image: rows 0, 8, ...
// come first, then 4, 12, ..., then 2, 6, ..., then the odd ones.
inline std::int64_t interlaced_line(std::int64_t row, std::int64_t height) {
  if (row % 8 == 0) return row / 8;
  if (row % 8 == 4) return (height + 7) / 8 + row / 8;
  if (row % 4 == 2) return (height + 3) / 4 + row / 4;
  return (height + 1) / 2 + row / 2;
}

// Make the pixels of `box` transparent and take them off the weights.
inline void clear_box(std::int32_t* ids, std::int64_t width, const Box& box,
                      std::int64_t* weights) {
  for (std::int64_t y = box.top; y < box.top + box.height; ++y) {
    std::int32_t* row = ids + y * width;
    for (std::int64_t x = box.left; x < box.left + box.width; ++x) {
      if (row[x] >= 0) --weights[row[x]];
      row[x] = -1;
    }
  }
}

// Draw the first `n_pixels` of an image at `box` (which may reach past the
// canvas): each index stands for a color id, or for nothing where that is -1.
inline void draw(std::int32_t* ids, std::int64_t width, std::int64_t height, const Box& box,
                 bool interlaced, const std::uint8_t* indices, std::int64_t n_pixels,
                 const std::int32_t* id_of_index, std::int64_t* weights) {
  const std::int64_t rows = std::min(box.height, height - box.top);
  const std::int64_t columns = std::min(box.width, width - box.left);
  for (std::int64_t y = 0; y < rows; ++y) {
    const std::int64_t start = (interlaced ? interlaced_line(y, box.height) : y) * box.width;
    const std::int64_t n = std::min(columns, n_pixels - start);
    const std::uint8_t* source = indices + start;
    std::int32_t* target = ids + (box.top + y) * width + box.left;
    for (std::int64_t x = 0; x < n; ++x) {
      const std::int32_t id = id_of_index[source[x]];
      if (id < 0 || id == target[x]) continue;
      if (target[x] >= 0) --weights[target[x]];
      ++weights[id];
      target[x] = id;
    }
  }
}

}  // namespace steadyhue
