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
#include <vector>

#include "pixels.hpp"
#include "platform.hpp"
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

// Where a pixel and all around it are opaque, for the inner rows: a hole goes to and fro with
// nothing. All bits are set or none, so that it masks sums of two bytes.
STEADYHUE_CLONES static void surrounded(const std::int32_t* ids, std::size_t width,
                                        std::uint16_t* mask) {
  const std::int32_t *up = ids - width, *down = ids + width;
  for (std::size_t x = 1; x + 1 < width; ++x) {
    const std::int32_t all = (up[x - 1] | up[x] | up[x + 1]) | (ids[x - 1] | ids[x] | ids[x + 1]) |
                             (down[x - 1] | down[x] | down[x + 1]);
    mask[x] = all < 0 ? 0 : 0xffff;
  }
}

// Adds how a row of pixels goes to and fro, and on, in one direction, to the sums of its columns.
STEADYHUE_CLONES static void add_waves(const std::int16_t* row, std::ptrdiff_t way,
                                       const std::uint16_t* mask, std::size_t width,
                                       std::uint16_t* fro, std::uint16_t* on) {
  for (std::size_t x = 1; x + 1 < width; ++x) {
    const std::int16_t* at = row + x;
    const std::int16_t a = *(at - way), b = *(at + way);
    const auto bent = std::int16_t(a + b - 2 * *at), gone = std::int16_t(a - b);
    fro[x] = std::uint16_t(fro[x] + (std::uint16_t(bent < 0 ? -bent : bent) & mask[x]));
    on[x] = std::uint16_t(on[x] + (std::uint16_t(gone < 0 ? -gone : gone) & mask[x]));
  }
}

// The sum of the channels of every pixel.
inline std::vector<std::int16_t> levels_of(const Pixels& pixels, std::size_t n) {
  std::vector<std::int16_t> levels(pixels.n_colors + 1), picture(n);
  for (std::size_t id = 0; id < pixels.n_colors; ++id) {
    const std::uint8_t* color = pixels.colors + id * 3;
    levels[id + 1] = std::int16_t(color[0] + color[1] + color[2]);
  }
  for (std::size_t i = 0; i < n; ++i) picture[i] = levels[std::size_t(pixels.ids[i] + 1)];
  return picture;
}

// The squares of a picture, row by row. Sums of a column fit two bytes: a square has at most 15
// rows, and 15 x 4 x 765 < 2^16.
inline std::vector<Look> looks(const Pixels& pixels, std::size_t height, std::size_t width) {
  const auto picture = levels_of(pixels, height * width);
  const std::size_t columns = squares_along(width), rows = squares_along(height);
  std::vector<Look> found(columns * rows);
  const std::ptrdiff_t step = std::ptrdiff_t(width);
  const std::ptrdiff_t ways[4] = {1, step, step + 1, step - 1};
  std::vector<std::uint16_t> mask(width), fro(4 * width), on(4 * width), counts(width);
  for (std::size_t row = 0; row < rows; ++row) {
    for (auto* sums : {&fro, &on, &counts}) std::fill(sums->begin(), sums->end(), 0);
    const std::size_t bottom = row + 1 < rows ? (row + 1) * kTile : height - 1;
    for (std::size_t y = std::max<std::size_t>(row * kTile, 1); y < bottom; ++y) {
      surrounded(pixels.ids + y * width, width, mask.data());
      for (std::size_t x = 0; x < width; ++x) counts[x] = std::uint16_t(counts[x] + (mask[x] & 1));
      for (std::size_t way = 0; way < 4; ++way) {
        add_waves(picture.data() + y * width, ways[way], mask.data(), width, &fro[way * width],
                  &on[way * width]);
      }
    }
    for (std::size_t column = 0; column < columns; ++column) {
      const std::size_t right = column + 1 < columns ? (column + 1) * kTile : width;
      Waves square;
      for (std::size_t x = column * kTile; x < right; ++x) {
        square.pixels += counts[x];
        for (std::size_t way = 0; way < 4; ++way) {
          square.fro[way] += fro[way * width + x];
          square.on[way] += on[way * width + x];
        }
      }
      found[row * columns + column] = square.look();
    }
  }
  return found;
}

// How the pixels of neighborhoods moved, row by row: sums of each channel's changes, of their
// sizes, and of the pixels opaque in both frames. They fit two bytes: 7 x 7 x 255 < 2^15.
class Neighborhoods {
 public:
  Neighborhoods(const Pixels& now, const Pixels& before, std::size_t height, std::size_t width)
      : now_(now),
        before_(before),
        colors_(packed_colors(now, 0)),
        colors_before_(packed_colors(before, 0)),
        height_(height),
        width_(width),
        lanes_(width + 2 * kRadius),
        rows_(kSide * kPlanes * width),
        sums_(kPlanes * lanes_) {
    for (std::size_t y = 0; y < std::min(kRadius, height); ++y) enter(y);
  }

  // Goes on to the next row y, and tells where the mean moves by at most `tolerance` levels, and
  // where by that or by little beside the pixels.
  void next(std::size_t y, std::int32_t tolerance, std::uint8_t* holds, std::uint8_t* beside) {
    if (y > kRadius) leave(y - kRadius - 1);
    if (y + kRadius < height_) enter(y + kRadius);
    judge(sums_.data(), lanes_, width_, std::int16_t(tolerance), holds, beside);
  }

 private:
  static constexpr std::size_t kPlanes = 7, kSide = 2 * kRadius + 1;

  std::int16_t* row(std::size_t y) { return &rows_[y % kSide * kPlanes * width_]; }

  void enter(std::size_t y) {
    moves(now_.ids + y * width_, colors_.data(), before_.ids + y * width_, colors_before_.data(),
          width_, row(y));
    for (std::size_t plane = 0; plane < kPlanes; ++plane) {
      std::int16_t* sums = &sums_[plane * lanes_ + kRadius];
      const std::int16_t* moved = row(y) + plane * width_;
      for (std::size_t x = 0; x < width_; ++x) sums[x] = std::int16_t(sums[x] + moved[x]);
    }
  }

  void leave(std::size_t y) {
    for (std::size_t plane = 0; plane < kPlanes; ++plane) {
      std::int16_t* sums = &sums_[plane * lanes_ + kRadius];
      const std::int16_t* moved = row(y) + plane * width_;
      for (std::size_t x = 0; x < width_; ++x) sums[x] = std::int16_t(sums[x] - moved[x]);
    }
  }

  STEADYHUE_CLONES static void moves(const std::int32_t* ids, const std::uint32_t* colors,
                                     const std::int32_t* ids_before,
                                     const std::uint32_t* colors_before, std::size_t width,
                                     std::int16_t* out) {
    for (std::size_t x = 0; x < width; ++x) {
      const auto both = std::int16_t((ids[x] | ids_before[x]) < 0 ? 0 : 1);
      const std::uint32_t a = colors_before[ids_before[x] + 1], b = colors[ids[x] + 1];
      for (std::size_t c = 0; c < 3; ++c) {
        const auto change = std::int16_t(
            both * (std::int32_t(b >> 10 * c & 1023) - std::int32_t(a >> 10 * c & 1023)));
        out[c * width + x] = change;
        out[(3 + c) * width + x] = std::int16_t(change < 0 ? -change : change);
      }
      out[6 * width + x] = both;
    }
  }

  STEADYHUE_CLONES static void judge(const std::int16_t* sums, std::size_t lanes, std::size_t width,
                                     std::int16_t tolerance, std::uint8_t* holds,
                                     std::uint8_t* beside) {
    constexpr std::size_t kPiece = 256;
    std::int16_t around[kPlanes][kPiece];
    for (std::size_t start = 0; start < width; start += kPiece) {
      const std::size_t n = std::min(kPiece, width - start);
      for (std::size_t plane = 0; plane < kPlanes; ++plane) {
        const std::int16_t* at = sums + plane * lanes + start;
        for (std::size_t x = 0; x < n; ++x) {
          around[plane][x] = std::int16_t(at[x] + at[x + 1] + at[x + 2] + at[x + 3] + at[x + 4] +
                                          at[x + 5] + at[x + 6]);
        }
      }
      for (std::size_t x = 0; x < n; ++x) {
        const auto most = std::uint16_t(tolerance * around[6][x]);
        std::uint8_t all = 1, nearly = 1;
        for (std::size_t c = 0; c < 3; ++c) {
          const std::int16_t change = around[c][x];
          const auto size = std::uint16_t(change < 0 ? -change : change);
          const std::uint8_t here = size <= most;
          all &= here;
          nearly &=
              here | std::uint8_t(std::uint16_t(kFlips * size) <= std::uint16_t(around[3 + c][x]));
        }
        holds[start + x] = all;
        beside[start + x] = nearly;
      }
    }
  }

  const Pixels &now_, &before_;
  std::vector<std::uint32_t> colors_, colors_before_;
  std::size_t height_, width_, lanes_;
  std::vector<std::int16_t> rows_, sums_;
};
static_assert(kRadius == 3 && kFlips * 49 * 255 < 1 << 16, "sums of neighborhoods fit two bytes");

// Call visit(square, first, last) for the pixels of each square in each row.
template <class Visit>
void visit_squares(std::size_t height, std::size_t width, const Visit& visit) {
  const std::size_t columns = squares_along(width), rows = squares_along(height);
  for (std::size_t y = 0; y < height; ++y) {
    const std::size_t row = std::min(y / kTile, rows - 1);
    for (std::size_t column = 0; column < columns; ++column) {
      const std::size_t right = column + 1 < columns ? (column + 1) * kTile : width;
      visit(row * columns + column, y * width + column * kTile, y * width + right);
    }
  }
}

// Which pixels hold still only as it is seen; whether there are any. A pixel that is still by
// itself is among them where it stands in dithering, so that it can be treated as those around it.
// `still` are those that are still by themselves.
inline bool seen_through(const Pixels& now, const Pixels& before, const std::uint8_t* still,
                         std::size_t height, std::size_t width, int tolerance,
                         std::uint8_t* flags) {
  const std::size_t n = height * width;
  std::fill_n(flags, n, 0);
  std::int64_t opaque = 0, moved = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const int both = (now.ids[i] | before.ids[i]) >= 0;
    opaque += both;
    moved += both & ~still[i];
  }
  if (moved == 0 || moved * kSeenShare < opaque) return false;
  auto squares = looks(now, height, width);
  const auto is_dithered = [&] {
    std::int64_t likely = 0;
    visit_squares(height, width, [&](std::size_t square, std::size_t first, std::size_t last) {
      if (squares[square] != kStrict) return;
      for (std::size_t i = first; i < last; ++i) likely += !still[i];
    });
    return likely * kSeenShare >= opaque;
  };
  if (!is_dithered()) return false;  // most pictures end here
  const auto others = looks(before, height, width);
  for (std::size_t i = 0; i < squares.size(); ++i) squares[i] = std::min(squares[i], others[i]);
  if (!is_dithered()) return false;
  std::int64_t flipped = 0, held = 0;  // where the strict rule holds
  Neighborhoods neighborhoods(now, before, height, width);
  std::vector<std::uint8_t> holds(width), beside(width);
  visit_squares(height, width, [&](std::size_t square, std::size_t first, std::size_t last) {
    const std::size_t y = first / width;
    if (first % width == 0) neighborhoods.next(y, tolerance, holds.data(), beside.data());
    const Look look = squares[square];
    if (look == kPlain) return;
    for (std::size_t i = first; i < last; ++i) {
      if ((now.ids[i] | before.ids[i]) < 0) continue;
      const bool counts = look == kStrict && !still[i];
      flipped += counts;
      held += counts && holds[i - y * width];
      flags[i] = beside[i - y * width];
    }
  });
  if (held * kSeenShare >= opaque && 2 * held >= flipped) return true;
  std::fill_n(flags, n, 0);
  return false;
}

}  // namespace steadyhue
