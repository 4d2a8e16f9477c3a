// Where each value of a picture is.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "box.hpp"

namespace steadyhue {

// Let the boxes (left, top, right, bottom) of values from 0 on grow around their pixels in a box of
// the picture.
template <class T>
void grow_extents(const T* values, std::size_t width, const Box& box, std::int32_t* extents) {
  for (std::int64_t y = box.top; y < box.top + box.height; ++y) {
    const T* row = values + std::size_t(y) * width;
    const std::int64_t end = box.left + box.width;
    for (std::int64_t x = box.left, start = x; x < end; start = x) {
      const T value = row[x];
      while (++x < end && row[x] == value) {
      }
      if (std::int32_t(value) < 0) continue;
      std::int32_t* extent = extents + std::size_t(value) * 4;
      extent[0] = std::min(extent[0], std::int32_t(start));
      extent[1] = std::min(extent[1], std::int32_t(y));
      extent[2] = std::max(extent[2], std::int32_t(x));
      extent[3] = std::max(extent[3], std::int32_t(y) + 1);
    }
  }
}

}  // namespace steadyhue
