// From colors to palette slots, pixel by pixel.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <vector>

#include "pixels.hpp"
#include "still.hpp"

namespace steadyhue {

// indices[i] = table[ids[i]], or `transparent` where the id is -1.
inline void gather(const std::int32_t* ids, std::size_t n, const std::uint8_t* table,
                   std::size_t n_colors, std::uint8_t transparent, std::uint8_t* indices) {
  std::vector<std::uint8_t> padded(n_colors + 1);
  padded[0] = transparent;
  for (std::size_t i = 0; i < n_colors; ++i) padded[i + 1] = table[i];
  const std::uint8_t* from_minus_one = padded.data() + 1;
  for (std::size_t i = 0; i < n; ++i) indices[i] = from_minus_one[ids[i]];
}

// Between two colors, or two points on the grid.
template <class T>
std::int64_t squared_distance(const T* a, const T* b) {
  std::int64_t sum = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    const std::int64_t step = std::int64_t(a[c]) - b[c];
    sum += step * step;
  }
  return sum;
}

// What a remapped frame shows: opaque pixels of each of k <= 256 slots, and the sum of their
// squared level differences to the source.
inline std::int64_t tally(const Pixels& pixels, std::size_t n, const std::uint8_t* indices,
                          const std::uint8_t* palette, std::size_t k, std::int64_t* weights) {
  std::int64_t banks[2][256] = {};  // neighbors often share a slot: halve the wait for its count
  std::int64_t squares = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t slot = indices[i];
    if (pixels.ids[i] < 0 || slot >= k) continue;
    squares += squared_distance(pixels.color(i), palette + slot * 3);
    ++banks[i & 1][slot];
  }
  for (std::size_t slot = 0; slot < k; ++slot) weights[slot] = banks[0][slot] + banks[1][slot];
  return squares;
}

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

// What a frame's slots cost: `points` are its colors on the grid, `palette` the k slots there,
// `levels` the slots in sRGB levels.
struct SlotCosts {
  const std::int16_t *points, *palette;
  const std::uint8_t* levels;
  std::size_t k;
};

// A still pixel that may keep the slot it had, and by how much that is worse than its nearest.
struct Keepable {
  std::size_t pixel;
  std::int64_t extra;
};

inline std::vector<Keepable> keepable_pixels(const Pixels& now, const Pixels& before, std::size_t n,
                                             int tolerance, const SlotCosts& costs, double slack,
                                             const std::uint8_t* previous,
                                             const std::uint8_t* indices) {
  const auto cost = [&](std::size_t pixel, std::uint8_t slot) {
    return squared_distance(costs.points + std::size_t(now.ids[pixel]) * 3,
                            costs.palette + std::size_t(slot) * 3);
  };
  std::vector<Keepable> found;
  for (std::size_t i = 0; i < n; ++i) {
    if (i % 8 == 0 && i + 8 <= n && std::memcmp(indices + i, previous + i, 8) == 0) {
      i += 7;
      continue;
    }
    if (indices[i] == previous[i] || indices[i] >= costs.k || previous[i] >= costs.k) continue;
    if (!is_still(now, before, i, tolerance)) continue;
    const std::int64_t extra = cost(i, previous[i]) - cost(i, indices[i]);
    if (double(extra) <= slack) found.push_back({i, extra});
  }
  return found;
}

// The most that a pixel may cost so that all together stay within the budget.
inline double affordable(const std::vector<Keepable>& pixels, double slack, double budget) {
  double total = 0;
  for (const Keepable& one : pixels) total += double(one.extra);
  if (total <= budget) return slack;
  std::vector<std::int64_t> extras(pixels.size());
  for (std::size_t i = 0; i < pixels.size(); ++i) extras[i] = pixels[i].extra;
  // Extras are whole: those equal to the one too many stay out.
  return double(first_over(extras, budget)) - 0.5;
}

// What holding slots did.
struct Held {
  std::size_t count;     // pixels that kept a slot other than the nearest
  std::int64_t squares;  // by how much that raised the squared level differences of all pixels
};

// Hysteresis: a still pixel keeps its previous slot if that costs at most `slack` more than the
// slot in `indices`; where all such pixels together cost more than `budget`, only the cheapest
// do, equal ones alike. Costs are squared distances on the grid. `weights` (k) are the pixels of
// each slot, and follow.
inline Held hold_slots(const Pixels& now, const Pixels& before, std::size_t n, int tolerance,
                       const SlotCosts& costs, double slack, double budget,
                       const std::uint8_t* previous, std::uint8_t* indices, std::int64_t* weights) {
  const auto keepable = keepable_pixels(now, before, n, tolerance, costs, slack, previous, indices);
  const double limit = affordable(keepable, slack, budget);
  Held held{0, 0};
  for (const Keepable& one : keepable) {
    if (double(one.extra) > limit) continue;
    const std::uint8_t from = indices[one.pixel], to = previous[one.pixel];
    const std::uint8_t* color = now.color(one.pixel);
    held.squares += squared_distance(color, costs.levels + std::size_t(to) * 3) -
                    squared_distance(color, costs.levels + std::size_t(from) * 3);
    --weights[from];
    ++weights[to];
    indices[one.pixel] = to;
    ++held.count;
  }
  return held;
}

}  // namespace steadyhue
