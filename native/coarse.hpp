// The coarse picture of a frame: what is seen from afar, where noise averages out.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "box.hpp"
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

// The first cell of `n` on a side that reaches past a pixel.
inline std::size_t cell_of(std::size_t pixel, std::size_t n, std::size_t length) {
  std::size_t i = pixel * n / length;
  while (cell_start(i + 1, n, length) <= pixel) ++i;
  return i;
}

// A box grown to whole cells of rows x columns.
inline Box cells_around(const Box& box, std::size_t height, std::size_t width, std::size_t rows,
                        std::size_t columns) {
  if (is_empty(box)) return box;
  const auto grown = [](std::int64_t start, std::int64_t count, std::size_t n, std::size_t length) {
    const std::size_t last = cell_of(std::size_t(start + count - 1), n, length);
    const std::size_t first = cell_start(cell_of(std::size_t(start), n, length), n, length);
    return std::array<std::int64_t, 2>{std::int64_t(first),
                                       std::int64_t(cell_start(last + 1, n, length) - first)};
  };
  const auto across = grown(box.left, box.width, columns, width);
  const auto down = grown(box.top, box.height, rows, height);
  return {across[0], down[0], across[1], down[1]};
}

// Sums of the channels of a cell's opaque pixels, and how many they are, of rows x columns cells
// that divide each side evenly; those in a box that has only whole ones. `sums` is rows x columns
// x 4.
inline void sum_cells(const Pixels& pixels, std::size_t height, std::size_t width, std::size_t rows,
                      std::size_t columns, const Box& box, std::int64_t* sums) {
  constexpr std::size_t kPiece = 256;  // pixels of which no sum passes 16 bits: 256 x 255 < 2^16
  if (is_empty(box)) return;
  const auto colors = countable_colors(pixels);
  const std::size_t below = std::size_t(box.top + box.height);
  const std::size_t beside = std::size_t(box.left + box.width);
  for (std::size_t row = cell_of(std::size_t(box.top), rows, height);
       row < rows && cell_start(row, rows, height) < below; ++row) {
    for (std::size_t column = cell_of(std::size_t(box.left), columns, width);
         column < columns && cell_start(column, columns, width) < beside; ++column) {
      std::int64_t* cell = sums + (row * columns + column) * 4;
      std::fill_n(cell, 4, 0);
      const std::size_t left = cell_start(column, columns, width);
      const std::size_t right = cell_start(column + 1, columns, width);
      for (std::size_t y = cell_start(row, rows, height); y < cell_start(row + 1, rows, height);
           ++y) {
        const std::int32_t* ids = pixels.ids + y * width;
        for (std::size_t x = left; x < right;) {
          std::uint64_t sum = 0;
          for (const std::size_t stop = std::min(x + kPiece, right); x < stop; ++x) {
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

// Whether at least half of a cell of so many pixels is opaque.
inline bool is_opaque(const std::int64_t* cell, std::int64_t area) { return 2 * cell[3] >= area; }

// The mean of a channel of a cell, in as many parts of a level as `scale` says, rounded.
inline std::int64_t mean_of(const std::int64_t* cell, int channel, std::int64_t scale) {
  const std::int64_t count = std::max<std::int64_t>(cell[3], 1);
  return (scale * cell[channel] + count / 2) / count;
}

// The means of n cells (n x 3), 0 where they are not opaque, and whether they are.
inline void cell_means(const std::int64_t* sums, std::size_t n, std::int64_t area,
                       std::int64_t scale, std::int64_t* means, std::uint8_t* opaque) {
  for (std::size_t i = 0; i < n; ++i) {
    opaque[i] = is_opaque(sums + i * 4, area);
    for (int c = 0; c < 3; ++c)
      means[i * 3 + std::size_t(c)] = opaque[i] ? mean_of(sums + i * 4, c, scale) : 0;
  }
}

// How many of n cells have a mean in each of 8 x 8 x 8 boxes of colors, and whether they have one.
inline void local_colors(const std::int64_t* sums, std::size_t n, std::int64_t area,
                         std::int64_t* histogram, std::uint8_t* outline) {
  std::fill_n(histogram, 512, 0);
  for (std::size_t i = 0; i < n; ++i) {
    const std::int64_t* cell = sums + i * 4;
    outline[i] = is_opaque(cell, area);
    if (!outline[i]) continue;
    std::int64_t color = 0;
    for (int c = 0; c < 3; ++c) color = color * 8 + (mean_of(cell, c, 1) >> 5);
    ++histogram[color];
  }
}

// Cells (rows x columns x 4) added up to fewer of them.
inline void pool_cells(const std::int64_t* sums, std::size_t rows, std::size_t columns,
                       std::size_t fewer_rows, std::size_t fewer_columns, std::int64_t* pooled) {
  std::fill_n(pooled, fewer_rows * fewer_columns * 4, 0);
  for (std::size_t row = 0, y = 0; y < rows; ++y) {
    row += y == cell_start(row + 1, fewer_rows, rows);
    for (std::size_t column = 0, x = 0; x < columns; ++x) {
      column += x == cell_start(column + 1, fewer_columns, columns);
      for (std::size_t c = 0; c < 4; ++c) {
        pooled[(row * fewer_columns + column) * 4 + c] += sums[(y * columns + x) * 4 + c];
      }
    }
  }
}

}  // namespace steadyhue
