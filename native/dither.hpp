// Dithering to any palette: ordered between a few slots, and error diffusion.
//
// Colors mix in linear light, as light from neighboring pixels does in the eye.
// Still pixels keep their slot, so that a still picture does not crawl.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "mixture.hpp"
#include "nearest_level.hpp"
#include "pixels.hpp"
#include "still.hpp"

namespace steadyhue {

constexpr std::uint32_t kNoAnchor = kNoColor;  // no slot was chosen for this pixel

// Decides which pixels choose anew. anchors[i] is the source color, packed, for which
// pixel i last chose its slot: it is free again when its source is not still against
// that, or when the entry it shows, or the one nearest to its color, has moved.
// Anchoring keeps slow drifts from adding up.
inline void free_pixels(const Pixels& pixels, std::size_t n, const std::uint8_t* nearest,
                        const std::uint8_t* moved, std::size_t k, int tolerance,
                        const std::uint8_t* previous, std::uint32_t* anchors,
                        std::uint8_t* is_free) {
  for (std::size_t i = 0; i < n; ++i) {
    is_free[i] = 0;
    if (pixels.ids[i] < 0) {
      anchors[i] = kNoAnchor;
      continue;
    }
    const std::uint32_t color = packed(pixels.color(i));
    const bool stays = is_still(color, anchors[i], std::uint32_t(tolerance)) && previous[i] < k &&
                       !moved[previous[i]] && !moved[nearest[pixels.ids[i]]];
    if (stays) continue;
    is_free[i] = 1;
    anchors[i] = color;
  }
}

// Ordered dithering: a free pixel takes that slot of its color's mixture, lights first, within
// whose share the texture (side x side), repeated over the frame, falls.
inline void ordered_dither(const Dithering& frame, const float* slopes, const std::uint8_t* nearest,
                           float grain, float strength, const std::uint16_t* texture,
                           std::size_t side) {
  const std::size_t n = frame.height * frame.width;
  std::vector<std::uint8_t> wanted(frame.n_colors);  // colors of held pixels need no mixture
  for (std::size_t i = 0; i < n; ++i) {
    if (frame.is_free[i] && frame.ids[i] >= 0) wanted[std::size_t(frame.ids[i])] = 1;
  }
  const auto mixtures = mixed(frame, wanted.data(), slopes, nearest, grain, strength);
  for (std::size_t y = 0; y < frame.height; ++y) {
    const std::uint16_t* row = texture + (y % side) * side;
    for (std::size_t x = 0; x < frame.width; ++x) {
      const std::size_t i = y * frame.width + x;
      if (frame.ids[i] < 0) {
        frame.indices[i] = std::uint8_t(frame.transparent);
      } else if (frame.is_free[i]) {
        frame.indices[i] = mixtures[std::size_t(frame.ids[i])].at(row[x % side]);
      }
    }
  }
}

// How far a channel may go once it has taken errors: what no mixture can show must not pile
// up and bleed into what follows.
struct Reach {
  float lowest[3], highest[3];

  Reach(const float* palette, std::size_t k) {
    for (std::size_t c = 0; c < 3; ++c) {
      lowest[c] = highest[c] = palette[c];
      for (std::size_t s = 1; s < k; ++s) {
        lowest[c] = std::min(lowest[c], palette[s * 3 + c]);
        highest[c] = std::max(highest[c], palette[s * 3 + c]);
      }
      const float margin = (highest[c] - lowest[c]) / 2;
      lowest[c] -= margin, highest[c] += margin;
    }
  }
};

// Floyd and Steinberg's error diffusion, rows in turn from the left and the right.
// Pixels that keep their slot take no error and pass none on.
inline void diffuse_errors(const Dithering& frame, const float* levels, const float* encode,
                           float strength) {
  NearestLevel nearest(levels, frame.k, frame.transparent, encode);
  const Reach reach(frame.palette, frame.k);
  const std::size_t width = frame.width;
  std::vector<float> here((width + 2) * 3, 0.0f), below((width + 2) * 3, 0.0f);
  for (std::size_t y = 0; y < frame.height; ++y) {
    std::fill(below.begin(), below.end(), 0.0f);
    const bool leftward = y % 2 == 1;
    const std::ptrdiff_t ahead = leftward ? -3 : 3;
    for (std::size_t step = 0; step < width; ++step) {
      const std::size_t x = leftward ? width - 1 - step : step;
      const std::size_t i = y * width + x;
      if (frame.ids[i] < 0) {
        frame.indices[i] = std::uint8_t(frame.transparent);
        continue;
      }
      if (!frame.is_free[i]) continue;
      const float* color = frame.linear + std::size_t(frame.ids[i]) * 3;
      float *error = &here[(x + 1) * 3], *under = &below[(x + 1) * 3], value[3];
      for (int c = 0; c < 3; ++c) {
        value[c] = std::clamp(color[c] + error[c], reach.lowest[c], reach.highest[c]);
      }
      const std::size_t slot = nearest(value);
      frame.indices[i] = std::uint8_t(slot);
      for (int c = 0; c < 3; ++c) {
        const float rest = (value[c] - frame.palette[slot * 3 + c]) * strength / 16.0f;
        error[ahead + c] += rest * 7.0f;
        under[c - ahead] += rest * 3.0f;
        under[c] += rest * 5.0f;
        under[c + ahead] += rest;
      }
    }
    std::swap(here, below);
  }
}

}  // namespace steadyhue
