// What a new picture changes on the canvas: the writer's side of compositing.
//
// Pictures are compared by what they show: 0xFFRRGGBB, and 0 where transparent.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "box.hpp"

namespace steadyhue {

enum Mark : std::uint8_t {
  kChanged = 0,     // the canvas shows something else
  kKept = 1,        // the canvas shows this color
  kSeeThrough = 2,  // the canvas is transparent here, and so is the picture
};

// The smallest box around those pixels of a box whose mark is `mark`; empty if there are none.
inline Box box_of(const std::uint8_t* marks, std::int64_t width, const Box& box,
                  std::uint8_t mark) {
  Box found{0, 0, 0, 0};
  for (std::int64_t y = box.top; y < box.top + box.height; ++y) {
    const std::uint8_t* row = marks + y * width + box.left;
    const void* at = std::memchr(row, mark, std::size_t(box.width));
    if (!at) continue;
    const std::int64_t first = static_cast<const std::uint8_t*>(at) - row;
    std::int64_t last = box.width - 1;
    while (row[last] != mark) --last;
    found = around(found, {box.left + first, y, last + 1 - first, 1});
  }
  return found;
}

// Mark each of n pixels.
inline void compare(const std::uint32_t* canvas, const std::uint8_t* indices, std::size_t n,
                    const std::uint32_t* shown, std::uint8_t* marks) {
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t pixel = shown[indices[i]];
    marks[i] = std::uint8_t((pixel == canvas[i]) << (pixel == 0));
  }
}

// Paint the box of the picture on the canvas.
inline void paint(std::uint32_t* canvas, std::int64_t width, const Box& box,
                  const std::uint8_t* indices, const std::uint32_t* shown) {
  for (std::int64_t y = box.top; y < box.top + box.height; ++y) {
    const std::int64_t row = y * width;
    for (std::int64_t x = box.left; x < box.left + box.width; ++x)
      canvas[row + x] = shown[indices[row + x]];
  }
}

// What the pixels of a box are like.
struct BoxUse {
  std::uint8_t used[3][256] = {};  // by mark and index, 1 where a pixel has them
  // Of every fourth row, which tells enough:
  std::int64_t pixels = 0, kept = 0;  // all, and those that don't change
  std::int64_t edges = 0;             // places where the index changes,
  std::int64_t skipping_edges = 0;    // and where it would with kept pixels transparent
};

inline BoxUse box_use(const std::uint8_t* indices, const std::uint8_t* marks, std::int64_t width,
                      const Box& box) {
  BoxUse use;
  for (std::int64_t y = 0; y < box.height; ++y) {
    const std::uint8_t* index = indices + (box.top + y) * width + box.left;
    const std::uint8_t* mark = marks + (box.top + y) * width + box.left;
    for (std::int64_t x = 0; x < box.width; ++x) use.used[mark[x]][index[x]] = 1;
    if (y % 4) continue;
    std::int32_t kept = mark[0] != kChanged, edges = 0, skipping_edges = 0;
    for (std::int64_t x = 1; x < box.width; ++x) {
      const bool edge = index[x] != index[x - 1];
      const bool skipped = mark[x] != kChanged, skipped_before = mark[x - 1] != kChanged;
      kept += skipped;
      edges += edge;
      skipping_edges += (skipped != skipped_before) | (edge & !skipped);
    }
    use.pixels += box.width;
    use.kept += kept;
    use.edges += edges;
    use.skipping_edges += skipping_edges;
  }
  return use;
}

inline std::uint8_t largest(const std::uint8_t* values, std::size_t n) {
  std::uint8_t found = 0;
  for (std::size_t i = 0; i < n; ++i) found = std::max(found, values[i]);
  return found;
}

}  // namespace steadyhue
