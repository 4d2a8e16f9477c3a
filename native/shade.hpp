// Shades: a palette as the search for what a color may be shown as needs it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "dither.hpp"

namespace steadyhue {

// A palette in linear light and in sRGB levels, and the nearest entry of any color.
class Shades {
 public:
  // `linear` and `levels` are k x 3; `encode` has kEncodeSteps entries; `hidden` is never shown.
  Shades(const float* linear, const float* levels, std::size_t k, int hidden, const float* encode)
      : linear_(linear),
        levels_(levels),
        k_(k),
        hidden_(hidden),
        encode_(encode),
        reach_(linear, k),
        cells_(kSide * kSide * kSide, kUnknown) {}

  std::size_t size() const { return k_; }
  const float* linear(int slot) const { return linear_ + slot * 3; }

  bool same(int a, int b) const {
    return a != hidden_ && std::equal(levels_ + a * 3, levels_ + a * 3 + 3, levels_ + b * 3);
  }

  void limit(float* color) const {
    for (int c = 0; c < 3; ++c)
      color[c] = std::clamp(color[c], reach_.lowest[c], reach_.highest[c]);
  }

  void levels(const float* color, float* out) const {
    for (int c = 0; c < 3; ++c)
      out[c] = encode_[int(std::clamp(color[c], 0.0f, 1.0f) * float(kEncodeSteps - 1) + 0.5f)];
  }

  float distance(const float* level, int slot) const {
    if (slot == hidden_) return std::numeric_limits<float>::infinity();
    const float *p = levels_ + slot * 3, r = level[0] - p[0], g = level[1] - p[1],
                b = level[2] - p[2];
    return r * r + g * g + b * b;
  }

  // The squared distance of the nearest entry, that of a cell's middle standing for all its colors.
  float least(const float* level) {
    std::size_t cell = 0;
    for (int c = 0; c < 3; ++c) cell = cell * kSide + std::size_t(int(level[c] + 0.5f) / kEdge);
    if (cells_[cell] == kUnknown) cells_[cell] = nearest_of(cell);
    return distance(level, cells_[cell]);
  }

 private:
  static constexpr int kEdge = 4, kSide = 256 / kEdge;
  static constexpr std::int16_t kUnknown = -1;

  std::int16_t nearest_of(std::size_t cell) const {
    float middle[3];
    for (int c = 2; c >= 0; --c, cell /= kSide)
      middle[c] = float(cell % kSide) * kEdge + float(kEdge - 1) / 2;
    int best = hidden_ == 0 && k_ > 1 ? 1 : 0;
    float least = distance(middle, best);
    for (int s = best + 1; s < int(k_); ++s) {
      const float d = distance(middle, s);
      if (d < least) least = d, best = s;
    }
    return std::int16_t(best);
  }

  const float *linear_, *levels_;
  std::size_t k_;
  int hidden_;
  const float* encode_;
  Reach reach_;
  std::vector<std::int16_t> cells_;
};

}  // namespace steadyhue
