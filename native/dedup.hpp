// Distinct colors of an RGB frame, with counts and per-pixel ids.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace steadyhue {

struct DistinctColors {
  std::vector<uint8_t> colors;   // n x 3, in order of first appearance
  std::vector<int64_t> weights;  // n pixel counts
};

// ids[i] becomes the row of pixel i's color, or -1 where alpha < threshold.
// channels is 3 or 4; the order of the rows is that of first appearance.
inline DistinctColors distinct_colors(const uint8_t* pixels, std::size_t n, int channels,
                                      int alpha_threshold, int32_t* ids) {
  DistinctColors out;
  std::size_t capacity = 4096;  // open addressing, at most half full
  std::vector<int32_t> table(capacity, -1);
  auto key_of = [&](std::size_t row) {
    const uint8_t* c = &out.colors[row * 3];
    return uint32_t(c[0]) << 16 | uint32_t(c[1]) << 8 | c[2];
  };
  auto slot_of = [&](uint32_t key) {
    std::size_t slot = (key * 2654435769u >> 7) & (capacity - 1);
    while (table[slot] >= 0 && key_of(std::size_t(table[slot])) != key) {
      slot = (slot + 1) & (capacity - 1);
    }
    return slot;
  };
  uint32_t last_key = 0xffffffffu;
  int32_t last_id = -1;
  for (std::size_t i = 0; i < n; ++i) {
    const uint8_t* p = pixels + i * std::size_t(channels);
    if (channels == 4 && p[3] < alpha_threshold) {
      ids[i] = -1;
      continue;
    }
    const uint32_t key = uint32_t(p[0]) << 16 | uint32_t(p[1]) << 8 | p[2];
    if (key != last_key) {
      std::size_t slot = slot_of(key);
      if (table[slot] < 0) {
        table[slot] = int32_t(out.weights.size());
        out.colors.insert(out.colors.end(), {p[0], p[1], p[2]});
        out.weights.push_back(0);
        if (out.weights.size() * 2 > capacity) {
          capacity *= 4;
          table.assign(capacity, -1);
          for (std::size_t row = 0; row < out.weights.size(); ++row) {
            table[slot_of(key_of(row))] = int32_t(row);
          }
        }
        last_id = int32_t(out.weights.size()) - 1;
      } else {
        last_id = table[slot];
      }
      last_key = key;
    }
    ids[i] = last_id;
    ++out.weights[std::size_t(last_id)];
  }
  return out;
}

}  // namespace steadyhue
