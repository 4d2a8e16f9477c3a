// From colors to palette slots, pixel by pixel.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "parallel.hpp"

namespace steadyhue {

// Whether every id is a row of n_colors, or -1 for transparent.
STEADYHUE_CLONES static bool ids_within(const int32_t* ids, std::size_t n, std::size_t n_colors) {
  uint32_t last = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const uint32_t after = uint32_t(ids[i]) + 1;
    last = after > last ? after : last;
  }
  return last <= n_colors;
}

// indices[i] = table[ids[i]], or `transparent` where the id is -1.
inline void gather(const int32_t* ids, std::size_t n, const uint8_t* table, std::size_t n_colors,
                   uint8_t transparent, uint8_t* indices) {
  std::vector<uint8_t> padded(n_colors + 1);
  padded[0] = transparent;
  for (std::size_t i = 0; i < n_colors; ++i) padded[i + 1] = table[i];
  const uint8_t* from_minus_one = padded.data() + 1;
  for (std::size_t i = 0; i < n; ++i) indices[i] = from_minus_one[ids[i]];
}

// The colors of one frame, by pixel.
struct Pixels {
  const int32_t* ids;     // one per pixel, -1 where transparent
  const uint8_t* colors;  // 3 per id
};

// Whether no channel moved by more than `tolerance` levels between two opaque pixels.
inline bool is_still(const Pixels& now, const Pixels& before, std::size_t i, int tolerance) {
  if (now.ids[i] < 0 || before.ids[i] < 0) return false;
  const uint8_t* a = now.colors + std::size_t(now.ids[i]) * 3;
  const uint8_t* b = before.colors + std::size_t(before.ids[i]) * 3;
  return std::abs(a[0] - b[0]) <= tolerance && std::abs(a[1] - b[1]) <= tolerance &&
         std::abs(a[2] - b[2]) <= tolerance;
}

// How many pixels of each color of `now` held still since `before`. Where both frames share their
// color table, an equal id needs no look at the colors.
inline void count_still(const Pixels& now, const Pixels& before, std::size_t n,
                        std::size_t n_colors, bool same_table, int tolerance, int64_t* counts) {
  std::vector<uint32_t> banks(2 * n_colors);  // neighbors are often equal: halve the wait
  for (std::size_t i = 0; i < n; ++i) {
    const int32_t id = now.ids[i];
    if ((same_table && id >= 0 && id == before.ids[i]) || is_still(now, before, i, tolerance)) {
      ++banks[(i & 1) * n_colors + std::size_t(id)];
    }
  }
  for (std::size_t id = 0; id < n_colors; ++id) {
    counts[id] = int64_t(banks[id]) + banks[n_colors + id];
  }
}

// Hysteresis: a still pixel keeps its previous slot if that costs at most `slack` more than the
// slot in `indices`; where all such pixels together cost more than `budget`, only the cheapest
// do, equal ones alike. Costs are squared distances on the grid. Returns how many pixels kept a
// slot other than the nearest.
inline std::size_t hold_slots(const Pixels& now, const Pixels& before, std::size_t n, int tolerance,
                              const int16_t* points, const int16_t* palette, std::size_t k,
                              double slack, double budget, const uint8_t* previous,
                              uint8_t* indices) {
  const auto cost = [&](int32_t id, uint8_t slot) {
    int64_t sum = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      const int64_t step = points[std::size_t(id) * 3 + c] - palette[std::size_t(slot) * 3 + c];
      sum += step * step;
    }
    return sum;
  };
  struct Wish {
    std::size_t pixel;
    int64_t extra;
  };
  std::vector<Wish> wishes;
  double total = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (indices[i] == previous[i] || indices[i] >= k || previous[i] >= k) continue;
    if (!is_still(now, before, i, tolerance)) continue;
    const int64_t extra = cost(now.ids[i], previous[i]) - cost(now.ids[i], indices[i]);
    if (double(extra) > slack) continue;
    wishes.push_back({i, extra});
    total += double(extra);
  }
  double limit = slack;
  if (total > budget) {
    std::vector<int64_t> extras(wishes.size());
    for (std::size_t i = 0; i < wishes.size(); ++i) extras[i] = wishes[i].extra;
    std::sort(extras.begin(), extras.end());
    double spent = 0;
    for (std::size_t i = 0; i < extras.size() && spent <= budget; ++i) {
      spent += double(extras[i]);
      limit = double(extras[i]);
    }
    limit -= 0.5;  // extras are whole: those equal to the one too many stay out
  }
  std::size_t held = 0;
  for (const Wish& wish : wishes) {
    if (double(wish.extra) > limit) continue;
    indices[wish.pixel] = previous[wish.pixel];
    ++held;
  }
  return held;
}

}  // namespace steadyhue
