// From colors to palette slots, pixel by pixel.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <vector>

#include "platform.hpp"

namespace steadyhue {

// Whether every id is a row of n_colors, or -1 for transparent.
STEADYHUE_CLONES static bool ids_within(const std::int32_t* ids, std::size_t n,
                                        std::size_t n_colors) {
  std::uint32_t last = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t after = std::uint32_t(ids[i]) + 1;
    last = after > last ? after : last;
  }
  return last <= n_colors;
}

// indices[i] = table[ids[i]], or `transparent` where the id is -1.
inline void gather(const std::int32_t* ids, std::size_t n, const std::uint8_t* table,
                   std::size_t n_colors, std::uint8_t transparent, std::uint8_t* indices) {
  std::vector<std::uint8_t> padded(n_colors + 1);
  padded[0] = transparent;
  for (std::size_t i = 0; i < n_colors; ++i) padded[i + 1] = table[i];
  const std::uint8_t* from_minus_one = padded.data() + 1;
  for (std::size_t i = 0; i < n; ++i) indices[i] = from_minus_one[ids[i]];
}

// The colors of one frame, by pixel.
struct Pixels {
  const std::int32_t* ids;     // one per pixel, -1 where transparent
  const std::uint8_t* colors;  // 3 per id
};

// Whether no channel moved by more than `tolerance` levels between two opaque pixels.
inline bool is_still(const Pixels& now, const Pixels& before, std::size_t i, int tolerance) {
  if (now.ids[i] < 0 || before.ids[i] < 0) return false;
  const std::uint8_t* a = now.colors + std::size_t(now.ids[i]) * 3;
  const std::uint8_t* b = before.colors + std::size_t(before.ids[i]) * 3;
  return std::abs(a[0] - b[0]) <= tolerance && std::abs(a[1] - b[1]) <= tolerance &&
         std::abs(a[2] - b[2]) <= tolerance;
}

// Colors as one number each, channels 10 bits apart, behind an entry for the id -1 whose channels
// are all `none`.
inline std::vector<std::uint32_t> spread_colors(const std::uint8_t* colors, std::size_t n,
                                                std::uint32_t none) {
  std::vector<std::uint32_t> spread(n + 1);
  spread[0] = none << 20 | none << 10 | none;
  for (std::size_t i = 0; i < n; ++i) {
    spread[i + 1] = std::uint32_t(colors[i * 3]) << 20 | std::uint32_t(colors[i * 3 + 1]) << 10 |
                    colors[i * 3 + 2];
  }
  return spread;
}

// For each pixel 1 if `is_still`, else 0; without branches, as pixels come in every order. A
// difference below -tolerance wraps around to a large number.
STEADYHUE_CLONES static void flag_still(const std::int32_t* now_ids, const std::uint32_t* now,
                                        const std::int32_t* before_ids, const std::uint32_t* before,
                                        std::size_t n, std::uint32_t tolerance,
                                        std::uint8_t* flags) {
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t a = now[now_ids[i] + 1], b = before[before_ids[i] + 1];
    const std::uint32_t low = (a & 1023) - (b & 1023) + tolerance;
    const std::uint32_t middle = (a >> 10 & 1023) - (b >> 10 & 1023) + tolerance;
    const std::uint32_t high = (a >> 20) - (b >> 20) + tolerance;
    flags[i] =
        std::uint8_t((low <= 2 * tolerance) & (middle <= 2 * tolerance) & (high <= 2 * tolerance));
  }
}

// How many pixels of each color of `now` held still since `before`.
inline void count_still(const Pixels& now, std::size_t n_colors, const Pixels& before,
                        std::size_t n_before, std::size_t n, int tolerance, std::int64_t* counts) {
  constexpr std::size_t kPiece = 4096;
  std::uint8_t flags[kPiece];
  // Neither of these is within 255 levels of a color or of the other.
  const auto spread = spread_colors(now.colors, n_colors, 1023);
  const auto spread_before = spread_colors(before.colors, n_before, 511);
  std::vector<std::uint32_t> banks(2 *
                                   (n_colors + 1));  // neighbors are often equal: halve the wait
  for (std::size_t start = 0; start < n; start += kPiece) {
    const std::size_t count = std::min(kPiece, n - start);
    const std::int32_t* ids = now.ids + start;
    flag_still(ids, spread.data(), before.ids + start, spread_before.data(), count,
               std::uint32_t(tolerance), flags);
    for (std::size_t i = 0; i < count; ++i) {
      banks[(i & 1) * (n_colors + 1) + std::size_t(ids[i] + 1)] += flags[i];
    }
  }
  for (std::size_t id = 0; id < n_colors; ++id) {
    counts[id] = std::int64_t(banks[id + 1]) + banks[n_colors + 1 + id + 1];
  }
}

// What holding slots did.
struct Held {
  std::size_t count;     // pixels that kept a slot other than the nearest
  std::int64_t squares;  // by how much that raised the squared level differences of all pixels
};

// The value that lifts the running sum of the sorted values over the budget, which their whole sum
// exceeds; without sorting more than what is around it.
inline std::int64_t first_over(std::vector<std::int64_t>& values, double budget) {
  auto from = values.begin(), to = values.end();
  double spent = 0;
  for (;;) {
    const std::int64_t pivot = from[(to - from) / 2];
    const auto equal = std::partition(from, to, [&](std::int64_t v) { return v < pivot; });
    const auto above = std::partition(equal, to, [&](std::int64_t v) { return v == pivot; });
    const double below = std::accumulate(from, equal, 0.0);
    const double through = spent + below + double(pivot) * double(above - equal);
    if (spent + below > budget) {
      to = equal;
    } else if (through > budget || above == to) {
      return pivot;
    } else {
      spent = through;
      from = above;
    }
  }
}

// Hysteresis: a still pixel keeps its previous slot if that costs at most `slack` more than the
// slot in `indices`; where all such pixels together cost more than `budget`, only the cheapest
// do, equal ones alike. Costs are squared distances on the grid. `weights` (k) are the pixels of
// each slot, and follow; `levels` (k, 3) is the palette in sRGB levels.
inline Held hold_slots(const Pixels& now, const Pixels& before, std::size_t n, int tolerance,
                       const std::int16_t* points, const std::int16_t* palette,
                       const std::uint8_t* levels, std::size_t k, double slack, double budget,
                       const std::uint8_t* previous, std::uint8_t* indices, std::int64_t* weights) {
  const auto cost = [&](std::int32_t id, std::uint8_t slot) {
    std::int64_t sum = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      const std::int64_t step =
          points[std::size_t(id) * 3 + c] - palette[std::size_t(slot) * 3 + c];
      sum += step * step;
    }
    return sum;
  };
  struct Wish {
    std::size_t pixel;
    std::int64_t extra;
  };
  std::vector<Wish> wishes;
  double total = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (i % 8 == 0 && i + 8 <= n && std::memcmp(indices + i, previous + i, 8) == 0) {
      i += 7;
      continue;
    }
    if (indices[i] == previous[i] || indices[i] >= k || previous[i] >= k) continue;
    if (!is_still(now, before, i, tolerance)) continue;
    const std::int64_t extra = cost(now.ids[i], previous[i]) - cost(now.ids[i], indices[i]);
    if (double(extra) > slack) continue;
    wishes.push_back({i, extra});
    total += double(extra);
  }
  double limit = slack;
  if (total > budget) {
    std::vector<std::int64_t> extras(wishes.size());
    for (std::size_t i = 0; i < wishes.size(); ++i) extras[i] = wishes[i].extra;
    limit = double(first_over(extras, budget));
    limit -= 0.5;  // extras are whole: those equal to the one too many stay out
  }
  const auto squares = [&](std::int32_t id, std::uint8_t slot) {
    int sum = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      const int step = now.colors[std::size_t(id) * 3 + c] - levels[std::size_t(slot) * 3 + c];
      sum += step * step;
    }
    return sum;
  };
  Held held{0, 0};
  for (const Wish& wish : wishes) {
    if (double(wish.extra) > limit) continue;
    const std::uint8_t from = indices[wish.pixel], to = previous[wish.pixel];
    const std::int32_t id = now.ids[wish.pixel];
    held.squares += squares(id, to) - squares(id, from);
    --weights[from];
    ++weights[to];
    indices[wish.pixel] = to;
    ++held.count;
  }
  return held;
}

}  // namespace steadyhue
