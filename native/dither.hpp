// Dithering to any palette: ordered between two slots, and error diffusion.
//
// Colors mix in linear light, as light from neighboring pixels does in the eye.
// Still pixels keep their slot, so that a still picture does not crawl.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "nearest.hpp"
#include "nearest_level.hpp"
#include "pixels.hpp"
#include "still.hpp"

namespace steadyhue {

constexpr int kDitherLevels = 4096;            // shares and thresholds are out of so many
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

// A frame to dither: colors and palette in linear light, which pixels choose, and what.
struct Dithering {
  const std::int32_t* ids;  // height x width, -1 where transparent
  std::size_t height, width;
  const float* linear;  // n_colors x 3
  std::size_t n_colors;
  const float* palette;  // k x 3
  std::size_t k;
  const std::uint8_t* is_free;  // the others keep their slot
  int transparent;              // the index of transparent pixels, never a color's; -1: none
  std::uint8_t* indices;        // IN and OUT
};

// Two slots whose mixture in linear light comes nearest to a color.
struct Mixture {
  std::uint8_t dark, light;  // equal where one slot alone is as good
  std::uint16_t share;       // of the light one, out of kDitherLevels
};

// What mixing each of k slots, in planes, into slot a would do for the color `at`: shares and
// costs.
STEADYHUE_CLONES static void weigh_partners(const float* red, const float* green, const float* blue,
                                            std::size_t k, std::size_t a, const float* at,
                                            const float* slope, float grain, float* share,
                                            float* cost) {
  const float r = red[a], g = green[a], b = blue[a];
  const float wr = slope[0] * slope[0], wg = slope[1] * slope[1], wb = slope[2] * slope[2];
  const float tr = at[0] - r, tg = at[1] - g, tb = at[2] - b;
  for (std::size_t s = 0; s < k; ++s) {
    const float sr = red[s] - r, sg = green[s] - g, sb = blue[s] - b;
    const float along = wr * sr * tr + wg * sg * tg + wb * sb * tb;
    const float length = wr * sr * sr + wg * sg * sg + wb * sb * sb + 1e-30f;
    const float t = std::min(std::max(along / length, 0.0f), 1.0f);
    share[s] = t;
    cost[s] = t * (t * length - 2.0f * along + grain * (1.0f - t) * length);
  }
}

// The first of n values, a multiple of kLanes, that is the least and below 0; n if none is.
STEADYHUE_CLONES static std::size_t first_least(const float* values, std::size_t n) {
  float lanes[kLanes] = {};
  for (std::size_t s = 0; s < n; s += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      lanes[lane] = values[s + lane] < lanes[lane] ? values[s + lane] : lanes[lane];
    }
  }
  const float least = *std::min_element(lanes, lanes + kLanes);
  if (!(least < 0)) return n;
  return std::size_t(std::find(values, values + n, least) - values);
}

// The palette in planes, filled up with its last slot, and room for what its slots would do for one
// color.
struct Partners {
  std::size_t k;
  std::vector<float> red, green, blue, light, share, cost;

  Partners(const float* palette, std::size_t k_) : k(k_) {
    const std::size_t padded = (k + kLanes - 1) / kLanes * kLanes;
    for (std::vector<float>* plane : {&red, &green, &blue, &light, &share, &cost}) {
      plane->resize(padded);
    }
    for (std::size_t s = 0; s < padded; ++s) {
      const float* p = palette + std::min(s, k - 1) * 3;
      red[s] = p[0], green[s] = p[1], blue[s] = p[2];
      light[s] = 0.2126f * p[0] + 0.7152f * p[1] + 0.0722f * p[2];
    }
  }

  // The best one for slot a and the color `at`, never the transparent one; a if none helps.
  std::size_t best(std::size_t a, const float* at, const float* slope, float grain,
                   int transparent) {
    const std::size_t n = cost.size();
    weigh_partners(red.data(), green.data(), blue.data(), n, a, at, slope, grain, share.data(),
                   cost.data());
    if (transparent >= 0 && std::size_t(transparent) < n) {
      // The last slot is there more than once.
      const bool last = std::size_t(transparent) + 1 >= k;
      std::fill(cost.begin() + transparent, last ? cost.end() : cost.begin() + transparent + 1,
                0.0f);
    }
    const std::size_t found = first_least(cost.data(), n);
    return found < n ? found : a;
  }
};

// The best partner for the nearest slot of each wanted color. Differences are weighted by
// the slope of the sRGB curve at the color, which makes them levels; `grain` is what a unit
// of the mixture's own variance costs, `strength` how much of the partner's share it gets.
// Ties go to the lowest slot; the transparent one is never a partner.
inline std::vector<Mixture> mix_pairs(const Dithering& frame, const std::uint8_t* wanted,
                                      const float* slopes, const std::uint8_t* nearest, float grain,
                                      float strength) {
  Partners partners(frame.palette, frame.k);
  const std::vector<float>& light = partners.light;
  std::vector<Mixture> out(frame.n_colors);
  for (std::size_t i = 0; i < frame.n_colors; ++i) {
    if (!wanted[i]) continue;
    const std::size_t a = nearest[i];
    const std::size_t partner =
        partners.best(a, frame.linear + i * 3, slopes + i * 3, grain, frame.transparent);
    const int parts = int(partners.share[partner] * strength * float(kDitherLevels) + 0.5f);
    out[i] =
        light[a] < light[partner]
            ? Mixture{std::uint8_t(a), std::uint8_t(partner), std::uint16_t(parts)}
            : Mixture{std::uint8_t(partner), std::uint8_t(a), std::uint16_t(kDitherLevels - parts)};
  }
  return out;
}

// Ordered dithering: a free pixel takes the light slot of its color's mixture where the
// texture (side x side), repeated over the frame, is below that slot's share.
inline void ordered_dither(const Dithering& frame, const float* slopes, const std::uint8_t* nearest,
                           float grain, float strength, const std::uint16_t* texture,
                           std::size_t side) {
  const std::size_t n = frame.height * frame.width;
  std::vector<std::uint8_t> wanted(frame.n_colors);  // colors of held pixels need no mixture
  for (std::size_t i = 0; i < n; ++i) {
    if (frame.is_free[i] && frame.ids[i] >= 0) wanted[std::size_t(frame.ids[i])] = 1;
  }
  const auto mixtures = mix_pairs(frame, wanted.data(), slopes, nearest, grain, strength);
  for (std::size_t y = 0; y < frame.height; ++y) {
    const std::uint16_t* row = texture + (y % side) * side;
    for (std::size_t x = 0; x < frame.width; ++x) {
      const std::size_t i = y * frame.width + x;
      if (frame.ids[i] < 0) {
        frame.indices[i] = std::uint8_t(frame.transparent);
      } else if (frame.is_free[i]) {
        const Mixture& m = mixtures[std::size_t(frame.ids[i])];
        frame.indices[i] = row[x % side] < m.share ? m.light : m.dark;
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
