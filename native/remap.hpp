// From colors to palette slots, pixel by pixel.
#pragma once

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

// Hysteresis: where a pixel's color moved by at most `tolerance` levels since the
// previous frame, it keeps its previous slot if that costs at most `slack` more
// than the slot in `indices`. Costs are squared distances on the grid. Returns how
// many pixels kept a slot other than the nearest.
inline std::size_t hold_slots(const Pixels& now, const Pixels& before, std::size_t n, int tolerance,
                              const int16_t* points, const int16_t* palette, std::size_t k,
                              double slack, const uint8_t* previous, uint8_t* indices) {
  const auto cost = [&](int32_t id, uint8_t slot) {
    int64_t sum = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      const int64_t step = points[std::size_t(id) * 3 + c] - palette[std::size_t(slot) * 3 + c];
      sum += step * step;
    }
    return double(sum);
  };
  std::size_t held = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (indices[i] == previous[i]) continue;
    const int32_t id = now.ids[i], old = before.ids[i];
    if (id < 0 || old < 0 || indices[i] >= k || previous[i] >= k) continue;
    const uint8_t *a = now.colors + std::size_t(id) * 3, *b = before.colors + std::size_t(old) * 3;
    if (std::abs(a[0] - b[0]) > tolerance || std::abs(a[1] - b[1]) > tolerance ||
        std::abs(a[2] - b[2]) > tolerance) {
      continue;
    }
    if (cost(id, previous[i]) > cost(id, indices[i]) + slack) continue;
    indices[i] = previous[i];
    ++held;
  }
  return held;
}

}  // namespace steadyhue
