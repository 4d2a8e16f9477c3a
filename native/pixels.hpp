// The pixels of a frame, as ids of its own colors.
#pragma once

#include <cstddef>
#include <cstdint>

namespace steadyhue {

struct Pixels {
  const std::int32_t* ids;     // one per pixel, -1 where transparent
  const std::uint8_t* colors;  // n_colors x 3
  std::size_t n_colors;

  const std::uint8_t* color(std::size_t pixel) const {
    return colors + std::size_t(ids[pixel]) * 3;
  }
};

}  // namespace steadyhue
