// What a new picture changes on the canvas: the writer's side of compositing.
//
// Pictures are compared by what they show: 0xFFRRGGBB, and 0 where transparent.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "composite.hpp"

namespace steadyhue {

// The smallest box around the pixels for which `test(pixel)` holds; empty if none.
template <typename Test>
Box box_where(std::int64_t width, std::int64_t height, Test test) {
  std::int64_t left = width, right = -1, top = height, bottom = -1;
  for (std::int64_t y = 0; y < height; ++y) {
    const std::int64_t row = y * width;
    std::int64_t first = 0;
    while (first < width && !test(row + first)) ++first;
    if (first == width) continue;
    std::int64_t last = width - 1;
    while (last > right && last > first && !test(row + last)) --last;
    left = std::min(left, first);
    right = std::max(right, last);
    top = std::min(top, y);
    bottom = y;
  }
  if (right < 0) return {0, 0, 0, 0};
  return {left, top, right - left + 1, bottom - top + 1};
}

// Paint the box of the picture on the canvas.
inline void paint(std::uint32_t* canvas, std::int64_t width, const Box& box,
                  const std::uint8_t* indices, const std::uint32_t* shown) {
  for (std::int64_t y = box.top; y < box.top + box.height; ++y)
    for (std::int64_t x = box.left; x < box.left + box.width; ++x)
      canvas[y * width + x] = shown[indices[y * width + x]];
}

// How the pixels of a box relate to the canvas.
struct Use {
  bool changed[256] = {};    // indices of pixels that change
  bool kept[256] = {};       // indices of opaque pixels that stay
  bool see_through = false;  // whether a pixel is and stays transparent
};

inline Use use_of(const std::uint32_t* canvas, std::int64_t width, const Box& box,
                  const std::uint8_t* indices, const std::uint32_t* shown) {
  Use use;
  for (std::int64_t y = box.top; y < box.top + box.height; ++y) {
    for (std::int64_t x = box.left; x < box.left + box.width; ++x) {
      const std::int64_t p = y * width + x;
      const std::uint8_t index = indices[p];
      if (canvas[p] != shown[index])
        use.changed[index] = true;
      else if (canvas[p] != 0)
        use.kept[index] = true;
      else
        use.see_through = true;
    }
  }
  return use;
}

// The pixels of the box as they are written: `transparent` where the canvas
// already shows the pixel (opaque ones only if `skip_kept`), else its index.
inline std::vector<std::uint8_t> written_pixels(const std::uint32_t* canvas, std::int64_t width,
                                                const Box& box, const std::uint8_t* indices,
                                                const std::uint32_t* shown,
                                                std::uint8_t transparent, bool skip_kept) {
  std::vector<std::uint8_t> out(std::size_t(box.width * box.height));
  std::uint8_t* target = out.data();
  for (std::int64_t y = box.top; y < box.top + box.height; ++y) {
    for (std::int64_t x = box.left; x < box.left + box.width; ++x) {
      const std::int64_t p = y * width + x;
      const std::uint32_t pixel = shown[indices[p]];
      const bool skip = pixel == 0 || (skip_kept && pixel == canvas[p]);
      *target++ = skip ? transparent : indices[p];
    }
  }
  return out;
}

}  // namespace steadyhue
