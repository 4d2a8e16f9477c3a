// The coarse picture of a frame: what is seen from afar, where noise averages out.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "pixels.hpp"

namespace steadyhue {

// Every color as one number, 16 bits each for its channels and a count of 1, so that one addition
// sums a pixel; behind 0 for the id -1.
inline std::vector<std::uint64_t> countable_colors(const Pixels& pixels) {
  std::vector<std::uint64_t> out(pixels.n_colors + 1);
  for (std::size_t id = 0; id < pixels.n_colors; ++id) {
    const std::uint8_t* color = pixels.colors + id * 3;
    out[id + 1] = std::uint64_t(color[0]) << 48 | std::uint64_t(color[1]) << 32 |
                  std::uint64_t(color[2]) << 16 | 1;
  }
  return out;
}

// Where cell `i` of `n` begins on a side of `length` pixels; all are as long to within one pixel.
inline std::size_t cell_start(std::size_t i, std::size_t n, std::size_t length) {
  return i * length / n;
}

// Sums of the channels of a cell's opaque pixels, and how many they are, for rows x columns cells;
// each side is divided evenly. `sums` is rows x columns x 4.
inline void sum_cells(const Pixels& pixels, std::size_t height, std::size_t width, std::size_t rows,
                      std::size_t columns, std::int64_t* sums) {
  constexpr std::size_t kPiece = 256;  // pixels of which no sum passes 16 bits: 256 x 255 < 2^16
  const auto colors = countable_colors(pixels);
  std::fill_n(sums, rows * columns * 4, 0);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t bottom = cell_start(row + 1, rows, height);
    for (std::size_t y = cell_start(row, rows, height); y < bottom; ++y) {
      const std::int32_t* ids = pixels.ids + y * width;
      for (std::size_t column = 0; column < columns; ++column) {
        std::int64_t* cell = sums + (row * columns + column) * 4;
        const std::size_t end = cell_start(column + 1, columns, width);
        for (std::size_t x = cell_start(column, columns, width); x < end;) {
          std::uint64_t sum = 0;
          for (const std::size_t stop = std::min(x + kPiece, end); x < stop; ++x) {
            sum += colors[std::size_t(ids[x] + 1)];
          }
          cell[0] += std::int64_t(sum >> 48);
          cell[1] += std::int64_t(sum >> 32 & 0xffff);
          cell[2] += std::int64_t(sum >> 16 & 0xffff);
          cell[3] += std::int64_t(sum & 0xffff);
        }
      }
    }
  }
}

}  // namespace steadyhue
