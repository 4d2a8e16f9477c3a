// Laying one GIF image over a canvas of color ids, as browsers do.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "box.hpp"

namespace steadyhue {

// The stored line that shows in row `row` of an interlaced image: rows 0, 8, ...
// come first, then 4, 12, ..., then 2, 6, ..., then the odd ones.
inline std::int64_t interlaced_line(std::int64_t row, std::int64_t height) {
  if (row % 8 == 0) return row / 8;
  if (row % 8 == 4) return (height + 7) / 8 + row / 8;
  if (row % 4 == 2) return (height + 3) / 4 + row / 4;
  return (height + 1) / 2 + row / 2;
}

// An image to draw at `box`, which may reach past the canvas.
struct Image {
  Box box;
  bool interlaced;
  const std::uint8_t* indices;
  std::int64_t n_pixels;            // how many of the box's pixels there are
  const std::int32_t* id_of_index;  // 256: the color id an index stands for, -1 for nothing
};

// A part of the canvas that is worked on: its ids, row by row.
struct Part {
  Box box;
  std::vector<std::int32_t> ids;

  Part(const std::int32_t* canvas, std::int64_t width, const Box& box_)
      : box(box_), ids(std::size_t(box_.width * box_.height)) {
    for (std::int64_t y = 0; y < box.height; ++y) {
      std::copy_n(canvas + (box.top + y) * width + box.left, box.width, row(y));
    }
  }

  std::int32_t* row(std::int64_t y) { return ids.data() + y * box.width; }

  // Make the pixels of a box inside it transparent and take them off the weights.
  void clear(const Box& hole, std::int64_t* weights) {
    for (std::int64_t y = hole.top; y < hole.top + hole.height; ++y) {
      std::int32_t* target = row(y - box.top) + (hole.left - box.left);
      for (std::int64_t x = 0; x < hole.width; ++x) {
        if (target[x] >= 0) --weights[target[x]];
        target[x] = -1;
      }
    }
  }

  // Draw what is on the canvas of an image, which lies inside it.
  void draw(const Image& image, const Box& shown, std::int64_t* weights) {
    for (std::int64_t y = 0; y < shown.height; ++y) {
      const std::int64_t line = image.interlaced ? interlaced_line(y, image.box.height) : y;
      const std::int64_t n = std::min(shown.width, image.n_pixels - line * image.box.width);
      const std::uint8_t* source = image.indices + line * image.box.width;
      std::int32_t* target = row(shown.top - box.top + y) + (shown.left - box.left);
      for (std::int64_t x = 0; x < n; ++x) {
        const std::int32_t id = image.id_of_index[source[x]];
        if (id < 0 || id == target[x]) continue;
        if (target[x] >= 0) --weights[target[x]];
        ++weights[id];
        target[x] = id;
      }
    }
  }

  // Put it on a canvas.
  void paste(std::int32_t* canvas, std::int64_t width) {
    for (std::int64_t y = 0; y < box.height; ++y) {
      std::copy_n(row(y), box.width, canvas + (box.top + y) * width + box.left);
    }
  }

  // The smallest box around the pixels that differ from the canvas; empty if there are none.
  Box touched(const std::int32_t* canvas, std::int64_t width) {
    Box found{0, 0, 0, 0};
    for (std::int64_t y = 0; y < box.height; ++y) {
      const std::int32_t* ours = row(y);
      const std::int32_t* theirs = canvas + (box.top + y) * width + box.left;
      const auto first = std::mismatch(ours, ours + box.width, theirs).first - ours;
      if (first == box.width) continue;
      std::int64_t last = box.width - 1;
      while (ours[last] == theirs[last]) --last;
      found = around(found, {box.left + first, box.top + y, last + 1 - first, 1});
    }
    return found;
  }
};

}  // namespace steadyhue
