// Stillness as it is seen: through dithering that is made anew for every frame.
//
// Pixels of such a picture flip between a few colors while what is seen, the mean of a
// neighborhood, holds still. A texture that moves does the same, so what flips must also look
// like dithering, in both frames: from pixel to pixel colors go to and fro in all directions. Where
// lines or textures do so, they do it in some directions only, or go on from pixel to pixel too.
// Too few pixels, or those around a hole, say nothing of this.
// A picture is dithered all over or not at all, so where enough of its pixels are seen through by
// a strict rule, and half of those that flip, a looser one holds for all of them; elsewhere nothing
// is seen through. Noise so strong that its means move too, as on a television without a signal,
// is real movement.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "pixels.hpp"
#include "still.hpp"

namespace steadyhue {

// Chosen on the benchmark's clips, dithered and not (docs/cuts.md).
constexpr std::size_t kTile = 8;         // side of the squares in which dithering is looked for
constexpr std::int64_t kJudged = 32;     // least pixels of a square that show what it looks like
constexpr std::size_t kRadius = 3;       // of the neighborhood whose mean is seen: 7 x 7 pixels
constexpr std::int64_t kGrain = 48;      // least to and fro of four directions, in sums of channels
constexpr std::int64_t kSeenShare = 64;  // one of so many pixels makes a picture a dithered one
constexpr std::int64_t kFlips = 3;       // changes so many times as large as that of their mean

// What a square looks like.
enum Look : std::uint8_t { kPlain, kLoose, kStrict };

// How much a square goes to and fro, and how much it goes on, in each of four directions.
struct Waves {
  std::array<std::int64_t, 4> fro{}, on{};
  std::int64_t pixels = 0;

  Look look() const {
    if (pixels < kJudged) return kPlain;
    std::int64_t all = 0, further = 0;
    for (std::size_t way = 0; way < 4; ++way) all += fro[way], further += on[way];
    if (all < kGrain * pixels) return kPlain;
    const std::int64_t least = *std::min_element(fro.begin(), fro.end());
    const std::int64_t most = *std::max_element(fro.begin(), fro.end());
    if (2 * all >= 3 * further && 3 * least >= most) return kStrict;
    return 5 * all >= 4 * further && 6 * least >= most ? kLoose : kPlain;
  }
};

// How many squares a side of so many pixels has; the last one takes what is left over.
inline std::size_t squares_along(std::size_t length) {
  return std::max<std::size_t>(1, length / kTile);
}

// Where a pixel and all around it are opaque: a hole goes to and fro with nothing.
inline std::vector<std::uint8_t> surrounded(const Pixels& pixels, std::size_t height,
                                            std::size_t width) {
  std::vector<std::uint8_t> rows(height * width, 0), out(height * width, 0);
  for (std::size_t y = 0; y < height; ++y) {
    const std::int32_t* ids = pixels.ids + y * width;
    for (std::size_t x = 1; x + 1 < width; ++x) {
      rows[y * width + x] = (ids[x - 1] >= 0) & (ids[x] >= 0) & (ids[x + 1] >= 0);
    }
  }
  for (std::size_t i = width; i + width < rows.size(); ++i) {
    out[i] = rows[i - width] & rows[i] & rows[i + width];
  }
  return out;
}

// The squares of a picture, row by row.
inline std::vector<Look> looks(const Pixels& pixels, std::size_t height, std::size_t width) {
  std::vector<std::int32_t> levels(pixels.n_colors + 1);
  for (std::size_t id = 0; id < pixels.n_colors; ++id) {
    const std::uint8_t* color = pixels.colors + id * 3;
    levels[id + 1] = color[0] + color[1] + color[2];
  }
  std::vector<std::int32_t> picture(height * width);
  for (std::size_t i = 0; i < picture.size(); ++i) {
    picture[i] = levels[std::size_t(pixels.ids[i] + 1)];
  }
  const auto counts = surrounded(pixels, height, width);
  const std::size_t columns = squares_along(width), rows = squares_along(height);
  std::vector<Waves> waves(columns * rows);
  const std::ptrdiff_t step = std::ptrdiff_t(width);
  const std::ptrdiff_t ways[4] = {1, step, step + 1, step - 1};
  for (std::size_t y = 1; y + 1 < height; ++y) {
    for (std::size_t column = 0; column < columns; ++column) {
      Waves& square = waves[std::min(y / kTile, rows - 1) * columns + column];
      const std::size_t left = std::max<std::size_t>(column * kTile, 1);
      const std::size_t right = column + 1 < columns ? (column + 1) * kTile : width - 1;
      for (std::size_t way = 0; way < 4; ++way) {
        std::int32_t fro = 0, on = 0;
        for (std::size_t x = left; x < right; ++x) {
          const std::int32_t* at = picture.data() + y * width + x;
          const std::int32_t a = *(at - ways[way]), b = *(at + ways[way]);
          const std::int32_t weight = counts[y * width + x];
          fro += weight * std::abs(a - 2 * *at + b);
          on += weight * std::abs(a - b);
        }
        square.fro[way] += fro;
        square.on[way] += on;
      }
      for (std::size_t x = left; x < right; ++x) square.pixels += counts[y * width + x];
    }
  }
  std::vector<Look> found(waves.size());
  for (std::size_t i = 0; i < found.size(); ++i) found[i] = waves[i].look();
  return found;
}

// How the opaque pixels of a neighborhood moved: each channel's changes, their sizes, and how many.
struct Moves {
  std::int32_t changes[3], sizes[3], count;

  void add(const Moves& other, std::int32_t sign) {
    for (std::size_t c = 0; c < 3; ++c) {
      changes[c] += sign * other.changes[c];
      sizes[c] += sign * other.sizes[c];
    }
    count += sign * other.count;
  }

  // Whether the mean moves by at most `tolerance` levels.
  bool holds(std::int32_t tolerance) const {
    for (std::size_t c = 0; c < 3; ++c) {
      if (std::abs(changes[c]) > tolerance * count) return false;
    }
    return true;
  }

  // Or by little beside the pixels.
  bool holds_beside(std::int32_t tolerance) const {
    for (std::size_t c = 0; c < 3; ++c) {
      const std::int32_t change = std::abs(changes[c]);
      if (change > tolerance * count && kFlips * change > sizes[c]) return false;
    }
    return true;
  }
};

inline Moves moves_of(const Pixels& now, const Pixels& before, std::size_t pixel) {
  if (now.ids[pixel] < 0 || before.ids[pixel] < 0) return {};
  const std::uint8_t *a = before.color(pixel), *b = now.color(pixel);
  Moves moves{{}, {}, 1};
  for (std::size_t c = 0; c < 3; ++c) {
    moves.changes[c] = std::int32_t(b[c]) - a[c];
    moves.sizes[c] = std::abs(moves.changes[c]);
  }
  return moves;
}

// Call visit(pixel, moves of its neighborhood) for all pixels, by running sums.
template <class Visit>
void visit_neighborhoods(const Pixels& now, const Pixels& before, std::size_t height,
                         std::size_t width, const Visit& visit) {
  std::vector<Moves> below(width), row(width);
  const auto add_row = [&](std::size_t y, std::int32_t sign) {
    for (std::size_t x = 0; x < width; ++x) {
      below[x].add(moves_of(now, before, y * width + x), sign);
    }
  };
  for (std::size_t y = 0; y < std::min(kRadius, height); ++y) add_row(y, 1);
  for (std::size_t y = 0; y < height; ++y) {
    if (y + kRadius < height) add_row(y + kRadius, 1);
    if (y > kRadius) add_row(y - kRadius - 1, -1);
    Moves sum{};
    for (std::size_t x = 0; x < std::min(kRadius, width); ++x) sum.add(below[x], 1);
    for (std::size_t x = 0; x < width; ++x) {
      if (x + kRadius < width) sum.add(below[x + kRadius], 1);
      if (x > kRadius) sum.add(below[x - kRadius - 1], -1);
      visit(y * width + x, sum);
    }
  }
}

// Which pixels hold still only as it is seen; whether there are any. A pixel that is still by
// itself is among them where it stands in dithering, so that it can be treated as those around it.
inline bool seen_through(const Pixels& now, const Pixels& before, std::size_t height,
                         std::size_t width, int tolerance, std::uint8_t* flags) {
  const std::size_t n = height * width;
  std::fill_n(flags, n, 0);
  std::vector<std::uint8_t> still(n);
  still_pixels(now, before, n, tolerance, still.data());
  std::int64_t opaque = 0, moved = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const bool both = now.ids[i] >= 0 && before.ids[i] >= 0;
    opaque += both;
    moved += both && !still[i];
  }
  if (moved == 0 || moved * kSeenShare < opaque) return false;
  const std::size_t columns = squares_along(width), rows = squares_along(height);
  auto squares = looks(now, height, width);
  const auto look_at = [&](std::size_t i) {
    const std::size_t row = std::min(i / width / kTile, rows - 1);
    return squares[row * columns + std::min(i % width / kTile, columns - 1)];
  };
  const auto is_dithered = [&] {
    std::int64_t likely = 0;
    for (std::size_t i = 0; i < n; ++i) likely += !still[i] && look_at(i) == kStrict;
    return likely * kSeenShare >= opaque;
  };
  if (!is_dithered()) return false;  // most pictures end here
  const auto others = looks(before, height, width);
  for (std::size_t i = 0; i < squares.size(); ++i) squares[i] = std::min(squares[i], others[i]);
  if (!is_dithered()) return false;
  std::int64_t flipped = 0, held = 0;  // where the strict rule holds
  visit_neighborhoods(now, before, height, width, [&](std::size_t i, const Moves& moves) {
    const Look look = look_at(i);
    if (look == kPlain || now.ids[i] < 0 || before.ids[i] < 0) return;
    const bool counts = look == kStrict && !still[i];
    flipped += counts;
    held += counts && moves.holds(tolerance);
    flags[i] = moves.holds_beside(tolerance);
  });
  if (held * kSeenShare >= opaque && 2 * held >= flipped) return true;
  std::fill_n(flags, n, 0);
  return false;
}

}  // namespace steadyhue
