// Laying one GIF image over a canvas of color ids, as browsers do.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

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

// An image to draw at `box`, which may reach past the canvas.
struct Image {
  Box box;
  bool interlaced;
  const std::uint8_t* indices;
  std::int64_t n_pixels;            // how many of the box's pixels there are
  const std::int32_t* id_of_index;  // 256: the color id an index stands for, -1 for nothing
};

inline void draw(std::int32_t* ids, std::int64_t width, std::int64_t height, const Image& image,
                 std::int64_t* weights) {
  const Box& box = image.box;
  const std::int64_t rows = std::min(box.height, height - box.top);
  const std::int64_t columns = std::min(box.width, width - box.left);
  for (std::int64_t y = 0; y < rows; ++y) {
    const std::int64_t line = image.interlaced ? interlaced_line(y, box.height) : y;
    const std::int64_t n = std::min(columns, image.n_pixels - line * box.width);
    const std::uint8_t* source = image.indices + line * box.width;
    std::int32_t* target = ids + (box.top + y) * width + box.left;
    for (std::int64_t x = 0; x < n; ++x) {
      const std::int32_t id = image.id_of_index[source[x]];
      if (id < 0 || id == target[x]) continue;
      if (target[x] >= 0) --weights[target[x]];
      ++weights[id];
      target[x] = id;
    }
  }
}

// The canvas (height x width ids, and the pixels of each) with `cleared` made transparent and
// an image drawn. new_weights are as many as the image's ids need, and 0.
inline void composite(const std::int32_t* ids, std::int64_t width, std::int64_t height,
                      const std::int64_t* weights, std::size_t n_weights, const Box& cleared,
                      const Image& image, std::int32_t* new_ids, std::int64_t* new_weights) {
  std::copy_n(ids, width * height, new_ids);
  std::copy_n(weights, n_weights, new_weights);
  clear_box(new_ids, width, cleared, new_weights);
  draw(new_ids, width, height, image, new_weights);
}

}  // namespace steadyhue
