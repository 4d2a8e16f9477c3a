// Dithering to any palette: ordered between two slots, and error diffusion.
//
// Colors mix in linear light, as light from neighboring pixels does in the eye.
// Still pixels keep their slot, so that a still picture does not crawl.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace steadyhue {

constexpr int kDitherLevels = 4096;               // shares and thresholds are out of so many
constexpr std::uint32_t kNoAnchor = 0xffffffffu;  // no color was decided for this pixel

// Decides which pixels choose anew. anchors[i] is the source color (0xRRGGBB) for
// which pixel i last chose its slot: it is free again when its source differs from
// that by more than `tolerance` levels, or when the entry it shows, or the one
// nearest to its color, has moved. Anchoring keeps slow drifts from adding up.
inline void free_pixels(const std::int32_t* ids, std::size_t n, const std::uint8_t* colors,
                        const std::uint8_t* nearest, const std::uint8_t* moved, std::size_t k,
                        int tolerance, const std::uint8_t* previous, std::uint32_t* anchors,
                        std::uint8_t* is_free) {
  for (std::size_t i = 0; i < n; ++i) {
    is_free[i] = 0;
    if (ids[i] < 0) {
      anchors[i] = kNoAnchor;
      continue;
    }
    const std::uint8_t* c = colors + std::size_t(ids[i]) * 3;
    const std::uint32_t anchor = anchors[i];
    const bool stays = anchor != kNoAnchor && previous[i] < k && !moved[previous[i]] &&
                       !moved[nearest[ids[i]]] && std::abs(c[0] - int(anchor >> 16)) <= tolerance &&
                       std::abs(c[1] - int(anchor >> 8 & 255)) <= tolerance &&
                       std::abs(c[2] - int(anchor & 255)) <= tolerance;
    if (stays) continue;
    is_free[i] = 1;
    anchors[i] = std::uint32_t(c[0]) << 16 | std::uint32_t(c[1]) << 8 | c[2];
  }
}

// What a dithered frame shows: pixels of each slot, and the sum of the squared
// level differences to the source, over opaque pixels.
inline std::int64_t tally(const std::int32_t* ids, std::size_t n, const std::uint8_t* colors,
                          const std::uint8_t* indices, const std::uint8_t* palette, std::size_t k,
                          std::int64_t* weights) {
  std::int64_t banks[2][256] = {};  // neighbors often share a slot: halve the wait for its count
  std::int64_t squares = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t slot = indices[i];
    if (ids[i] < 0 || slot >= k) continue;
    const std::uint8_t *a = colors + std::size_t(ids[i]) * 3, *b = palette + slot * 3;
    const int red = a[0] - b[0], green = a[1] - b[1], blue = a[2] - b[2];
    squares += red * red + green * green + blue * blue;
    ++banks[i & 1][slot];
  }
  for (std::size_t slot = 0; slot < std::min<std::size_t>(k, 256); ++slot) {
    weights[slot] = banks[0][slot] + banks[1][slot];
  }
  return squares;
}

// Two slots whose mixture in linear light comes nearest to a color.
struct Mixture {
  std::uint8_t dark, light;  // equal where one slot alone is as good
  std::uint16_t share;       // of the light one, out of kDitherLevels
};

// The best partner for the nearest slot of each color. Differences are weighted by
// the slope of the sRGB curve at the color, which makes them levels; `grain` is
// what a unit of the mixture's own variance costs, `strength` how much of the
// partner's share it gets. Ties go to the lowest slot; the
// transparent one (-1: none) is never a partner. Colors with wanted[i] == 0 are
// left out.
inline void mix_pairs(const float* linear, const float* slopes, const std::uint8_t* wanted,
                      std::size_t n_colors, const std::uint8_t* nearest, const float* palette,
                      std::size_t k, int transparent, float grain, float strength, Mixture* out) {
  std::vector<float> channels(k * 3), light(k), share(k), cost(k);
  for (std::size_t s = 0; s < k; ++s) {
    const float* p = palette + s * 3;
    for (std::size_t c = 0; c < 3; ++c) channels[c * k + s] = p[c];
    light[s] = 0.2126f * p[0] + 0.7152f * p[1] + 0.0722f * p[2];
  }
  const float *red = &channels[0], *green = &channels[k], *blue = &channels[2 * k];
  for (std::size_t i = 0; i < n_colors; ++i) {
    if (!wanted[i]) continue;
    const float* at = linear + i * 3;
    const std::size_t a = nearest[i];
    const float r = red[a], g = green[a], b = blue[a];
    const float wr = slopes[i * 3] * slopes[i * 3];
    const float wg = slopes[i * 3 + 1] * slopes[i * 3 + 1];
    const float wb = slopes[i * 3 + 2] * slopes[i * 3 + 2];
    const float tr = at[0] - r, tg = at[1] - g, tb = at[2] - b;
    for (std::size_t s = 0; s < k; ++s) {
      const float sr = red[s] - r, sg = green[s] - g, sb = blue[s] - b;
      const float along = wr * sr * tr + wg * sg * tg + wb * sb * tb;
      const float length = wr * sr * sr + wg * sg * sg + wb * sb * sb + 1e-30f;
      const float t = std::min(std::max(along / length, 0.0f), 1.0f);
      share[s] = t;
      cost[s] = t * (t * length - 2.0f * along + grain * (1.0f - t) * length);
    }
    std::size_t partner = a;
    for (std::size_t s = 0; s < k; ++s) {
      if (cost[s] < cost[partner] && int(s) != transparent) partner = s;
    }
    const int parts = int(share[partner] * strength * float(kDitherLevels) + 0.5f);
    out[i] =
        light[a] < light[partner]
            ? Mixture{std::uint8_t(a), std::uint8_t(partner), std::uint16_t(parts)}
            : Mixture{std::uint8_t(partner), std::uint8_t(a), std::uint16_t(kDitherLevels - parts)};
  }
}

// wanted[id] becomes 1 for the colors of free pixels.
inline void mark_wanted(const std::int32_t* ids, std::size_t n, const std::uint8_t* is_free,
                        std::uint8_t* wanted) {
  for (std::size_t i = 0; i < n; ++i) {
    if (is_free[i] && ids[i] >= 0) wanted[ids[i]] = 1;
  }
}

// Ordered dithering: a pixel takes the light slot where the texture, repeated over
// the frame, is below that slot's share.
inline void ordered_dither(const std::int32_t* ids, std::size_t height, std::size_t width,
                           const Mixture* mixtures, const std::uint16_t* texture, std::size_t side,
                           const std::uint8_t* is_free, int transparent, std::uint8_t* indices) {
  for (std::size_t y = 0; y < height; ++y) {
    const std::uint16_t* row = texture + (y % side) * side;
    for (std::size_t x = 0; x < width; ++x) {
      const std::size_t i = y * width + x;
      if (ids[i] < 0) {
        indices[i] = std::uint8_t(transparent);
      } else if (is_free[i]) {
        const Mixture& m = mixtures[ids[i]];
        indices[i] = row[x % side] < m.share ? m.light : m.dark;
      }
    }
  }
}

// Floyd and Steinberg's error diffusion, rows in turn from the left and the right.
// Pixels that keep their slot take no error and pass none on. `encode` has 4096
// entries: the sRGB level of linear light.
inline void diffuse_errors(const std::int32_t* ids, std::size_t height, std::size_t width,
                           const float* linear, const float* palette, const float* levels,
                           std::size_t k, const float* encode, float strength,
                           const std::uint8_t* is_free, int transparent, std::uint8_t* indices) {
  // Levels channel by channel, padded with entries that are never nearest.
  const std::size_t padded = (k + 7) / 8 * 8;
  std::vector<float> red(padded, 1e9f), green(padded, 1e9f), blue(padded, 1e9f);
  for (std::size_t s = 0; s < k; ++s) {
    if (int(s) == transparent) continue;
    red[s] = levels[s * 3], green[s] = levels[s * 3 + 1], blue[s] = levels[s * 3 + 2];
  }
  std::vector<float> distance(padded);
  const auto nearest = [&](const float* value) {
    float at[3];
    for (int c = 0; c < 3; ++c) {
      at[c] = encode[int(std::clamp(value[c], 0.0f, 1.0f) * 4095.0f + 0.5f)];
    }
    for (std::size_t s = 0; s < padded; ++s) {
      const float r = red[s] - at[0], g = green[s] - at[1], b = blue[s] - at[2];
      distance[s] = r * r + g * g + b * b;
    }
    std::size_t best = 0;
    for (std::size_t s = 1; s < k; ++s) {
      if (distance[s] < distance[best]) best = s;
    }
    return best;
  };
  // What no mixture can show must not pile up and bleed into what follows.
  float lowest[3], highest[3];
  for (std::size_t c = 0; c < 3; ++c) {
    lowest[c] = highest[c] = palette[c];
    for (std::size_t s = 1; s < k; ++s) {
      lowest[c] = std::min(lowest[c], palette[s * 3 + c]);
      highest[c] = std::max(highest[c], palette[s * 3 + c]);
    }
    const float margin = (highest[c] - lowest[c]) / 2;
    lowest[c] -= margin, highest[c] += margin;
  }
  std::vector<float> here((width + 2) * 3, 0.0f), below((width + 2) * 3, 0.0f);
  for (std::size_t y = 0; y < height; ++y) {
    std::fill(below.begin(), below.end(), 0.0f);
    const bool leftward = y % 2 == 1;
    const std::ptrdiff_t ahead = leftward ? -3 : 3;
    for (std::size_t step = 0; step < width; ++step) {
      const std::size_t x = leftward ? width - 1 - step : step;
      const std::size_t i = y * width + x;
      if (ids[i] < 0) {
        indices[i] = std::uint8_t(transparent);
        continue;
      }
      if (!is_free[i]) continue;
      float* error = &here[(x + 1) * 3];
      float* under = &below[(x + 1) * 3];
      float value[3];
      for (int c = 0; c < 3; ++c) {
        value[c] =
            std::clamp(linear[std::size_t(ids[i]) * 3 + c] + error[c], lowest[c], highest[c]);
      }
      const std::size_t slot = nearest(value);
      indices[i] = std::uint8_t(slot);
      for (int c = 0; c < 3; ++c) {
        const float rest = (value[c] - palette[slot * 3 + c]) * strength / 16.0f;
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
