// Distinct colors with weights: of an RGB frame, or of several histograms pooled.
//
// Small frames go through a hash table. Large ones mark their colors in a set of
// 2^24 bits in Morton order (the bits of r, g and b interleaved), where the rank of
// a color is a popcount away and neighbors in the picture are neighbors in memory.
// Colors come out along the Morton curve, so that blocks of them are compact.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "platform.hpp"

namespace steadyhue {

constexpr std::size_t kHashedPixels = 1 << 15;  // up to here the set costs more than it saves

constexpr std::size_t kSortedColors = 1 << 13;  // the same where colors are pooled

struct DistinctColors {
  std::vector<std::uint8_t> colors;   // n x 3
  std::vector<std::int64_t> weights;  // n
};

// Bits of a byte spread to every third place.
constexpr std::array<std::uint32_t, 256> spread_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t value = 0; value < 256; ++value) {
    for (std::uint32_t bit = 0; bit < 8; ++bit) table[value] |= (value >> bit & 1) << (3 * bit);
  }
  return table;
}
constexpr std::array<std::uint32_t, 256> kSpread = spread_table();

inline std::uint32_t morton_key(const std::uint8_t* color) {
  return kSpread[color[0]] << 2 | kSpread[color[1]] << 1 | kSpread[color[2]];
}

// Every third bit of a key gathered into a byte.
inline std::uint8_t gathered(std::uint32_t key) {
  key &= 0x249249;
  key = (key | key >> 2) & 0x0c30c3;
  key = (key | key >> 4) & 0x00f00f;
  return std::uint8_t(key | key >> 8);
}

// A set of colors: mark all, then rank, then ask for ranks.
class ColorSet {
 public:
  ColorSet() : bits_(1 << 18), before_(1 << 18) {}

  void mark(std::uint32_t key) { bits_[key >> 6] |= std::uint64_t(1) << (key & 63); }

  // Numbers the marked colors in Morton order and returns them (n x 3).
  std::vector<std::uint8_t> rank() {
    std::vector<std::uint8_t> colors;
    for (std::uint32_t word = 0; word < bits_.size(); ++word) {
      before_[word] = std::uint32_t(colors.size() / 3);
      for (std::uint64_t left = bits_[word]; left != 0; left &= left - 1) {
        const std::uint32_t key = word << 6 | lowest_one(left);
        colors.insert(colors.end(), {gathered(key >> 2), gathered(key >> 1), gathered(key)});
      }
    }
    return colors;
  }

  STEADYHUE_INLINE std::uint32_t rank_of(std::uint32_t key) const {
    const std::uint64_t below = (std::uint64_t(1) << (key & 63)) - 1;
    return before_[key >> 6] + count_ones(bits_[key >> 6] & below);
  }

 private:
  std::vector<std::uint64_t> bits_;
  std::vector<std::uint32_t> before_;  // how many colors come before each word
};

// Turns keys into ranks in place (-1 stays) and counts them.
STEADYHUE_CLONES static void count_ranks(const ColorSet& set, std::int32_t* ids, std::size_t n,
                                         std::int64_t* weights) {
  std::int32_t last_key = -1, last_id = -1;
  std::int64_t run = 0, none = 0;
  std::int64_t* weight = &none;
  for (std::size_t i = 0; i < n; ++i) {
    const std::int32_t key = ids[i];
    if (key != last_key) {
      *weight += run;
      run = 0;
      last_key = key;
      last_id = key < 0 ? -1 : std::int32_t(set.rank_of(std::uint32_t(key)));
      weight = key < 0 ? &none : weights + last_id;
    }
    ids[i] = last_id;
    ++run;
  }
  *weight += run;
}

inline DistinctColors sorted_colors(const std::uint8_t* pixels, std::size_t n, int channels,
                                    int alpha_threshold, std::int32_t* ids) {
  ColorSet set;
  std::int32_t last_key = -1;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint8_t* p = pixels + i * std::size_t(channels);
    const bool opaque = channels == 3 || p[3] >= alpha_threshold;
    const std::int32_t key = opaque ? std::int32_t(morton_key(p)) : -1;
    ids[i] = key;
    if (key != last_key && opaque) set.mark(std::uint32_t(key));
    last_key = key;
  }
  DistinctColors out;
  out.colors = set.rank();
  out.weights.resize(out.colors.size() / 3);
  count_ranks(set, ids, n, out.weights.data());
  return out;
}

// Open addressing, at most half full; colors in order of first appearance.
inline DistinctColors hashed_colors(const std::uint8_t* pixels, std::size_t n, int channels,
                                    int alpha_threshold, std::int32_t* ids) {
  DistinctColors out;
  std::size_t capacity = 1024;
  std::vector<std::int32_t> table(capacity, -1);
  std::vector<std::uint32_t> keys;
  const auto slot_of = [&](std::uint32_t key) {
    std::size_t slot = (key * 2654435769u >> 7) & (capacity - 1);
    while (table[slot] >= 0 && keys[std::size_t(table[slot])] != key) {
      slot = (slot + 1) & (capacity - 1);
    }
    return slot;
  };
  std::uint32_t last_key = 0xffffffffu;
  std::int32_t last_id = -1;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint8_t* p = pixels + i * std::size_t(channels);
    if (channels == 4 && p[3] < alpha_threshold) {
      ids[i] = -1;
      continue;
    }
    const std::uint32_t key = std::uint32_t(p[0]) << 16 | std::uint32_t(p[1]) << 8 | p[2];
    if (key != last_key) {
      std::size_t slot = slot_of(key);
      if (table[slot] < 0) {
        table[slot] = std::int32_t(keys.size());
        keys.push_back(key);
        out.colors.insert(out.colors.end(), {p[0], p[1], p[2]});
        out.weights.push_back(0);
        last_id = table[slot];
        if (keys.size() * 2 > capacity) {
          capacity *= 4;
          table.assign(capacity, -1);
          for (std::size_t row = 0; row < keys.size(); ++row) {
            table[slot_of(keys[row])] = std::int32_t(row);
          }
        }
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

// ids[i] becomes the row of pixel i's color, or -1 where alpha < threshold.
// channels is 3 or 4.
inline DistinctColors distinct_colors(const std::uint8_t* pixels, std::size_t n, int channels,
                                      int alpha_threshold, std::int32_t* ids) {
  return n <= kHashedPixels ? hashed_colors(pixels, n, channels, alpha_threshold, ids)
                            : sorted_colors(pixels, n, channels, alpha_threshold, ids);
}

// The same for a few colors, which are sorted.
inline DistinctColors pooled_few(const std::uint8_t* colors, const std::int64_t* weights,
                                 std::size_t n) {
  std::vector<std::uint64_t> order(n);
  for (std::size_t i = 0; i < n; ++i)
    order[i] = std::uint64_t(morton_key(colors + i * 3)) << 32 | i;
  std::sort(order.begin(), order.end());
  DistinctColors out;
  for (std::size_t at = 0; at < n; ++at) {
    const std::size_t i = std::uint32_t(order[at]);
    if (at == 0 || order[at] >> 32 != order[at - 1] >> 32) {
      out.colors.insert(out.colors.end(), colors + i * 3, colors + i * 3 + 3);
      out.weights.push_back(0);
    }
    out.weights.back() += weights[i];
  }
  return out;
}

// Sums the weights of equal colors (n x 3), in Morton order.
inline DistinctColors pooled_colors(const std::uint8_t* colors, const std::int64_t* weights,
                                    std::size_t n) {
  if (n <= kSortedColors) return pooled_few(colors, weights, n);
  ColorSet set;
  for (std::size_t i = 0; i < n; ++i) set.mark(morton_key(colors + i * 3));
  DistinctColors out;
  out.colors = set.rank();
  out.weights.resize(out.colors.size() / 3);
  for (std::size_t i = 0; i < n; ++i) {
    out.weights[set.rank_of(morton_key(colors + i * 3))] += weights[i];
  }
  return out;
}

// Colors pooled in the cells of a grid of `bits` bits a channel, at the mean color of each, in the
// order of the cells; nothing where there are more than `most` cells. `still`, if given, is summed
// as the weights, which are above 0.
struct PooledCells {
  DistinctColors pooled;
  std::vector<std::int64_t> still;
};

inline std::optional<PooledCells> pooled_cells(const std::uint8_t* colors,
                                               const std::int64_t* weights,
                                               const std::int64_t* still, std::size_t n,
                                               unsigned bits, std::size_t most) {
  const auto cell_of = [&](const std::uint8_t* color) {
    const unsigned down = 8 - bits;
    return std::uint32_t(color[0] >> down) << 2 * bits | std::uint32_t(color[1] >> down) << bits |
           std::uint32_t(color[2] >> down);
  };
  std::vector<std::uint32_t> row_of(std::size_t(1) << 3 * bits);  // and 1, so that 0 is none
  for (std::size_t i = 0; i < n; ++i) row_of[cell_of(colors + i * 3)] = 1;
  std::uint32_t rows = 0;
  for (std::uint32_t& row : row_of) {
    if (row) row = ++rows;
  }
  if (rows > most) return std::nullopt;
  PooledCells out;
  out.pooled.weights.resize(rows);
  if (still) out.still.resize(rows);
  std::vector<std::int64_t> sums(std::size_t(rows) * 3);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t row = row_of[cell_of(colors + i * 3)] - 1;
    out.pooled.weights[row] += weights[i];
    if (still) out.still[row] += still[i];
    for (std::size_t c = 0; c < 3; ++c) sums[row * 3 + c] += weights[i] * colors[i * 3 + c];
  }
  out.pooled.colors.resize(sums.size());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    out.pooled.colors[i] =
        std::uint8_t(std::nearbyint(double(sums[i]) / double(out.pooled.weights[i / 3])));
  }
  return out;
}

}  // namespace steadyhue
