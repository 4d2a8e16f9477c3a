// What still means: the one test of it, pixel by pixel and for whole frames.
//
// A pixel is still if it is opaque in both frames and none of its channels moved by
// more than `tolerance` levels, which lies in [0, 255].
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "box.hpp"
#include "pixels.hpp"
#include "platform.hpp"

namespace steadyhue {

// A color as one number, channels 10 bits apart, so that they can be compared without branches.
STEADYHUE_INLINE std::uint32_t packed(const std::uint8_t* color) {
  return std::uint32_t(color[0]) << 20 | std::uint32_t(color[1]) << 10 | color[2];
}

// Two of no color. Every channel is over 255 levels from any color's and from the other's,
// so nothing is still against them.
constexpr std::uint32_t kNoColor = 0xffffffffu;
constexpr std::uint32_t kNoColorBefore = 511u << 20 | 511u << 10 | 511u;

// The test, of two packed colors. A difference below -tolerance wraps around to a large number.
STEADYHUE_INLINE bool is_still(std::uint32_t a, std::uint32_t b, std::uint32_t tolerance) {
  const std::uint32_t low = (a & 1023) - (b & 1023) + tolerance;
  const std::uint32_t middle = (a >> 10 & 1023) - (b >> 10 & 1023) + tolerance;
  const std::uint32_t high = (a >> 20) - (b >> 20) + tolerance;
  return (low <= 2 * tolerance) & (middle <= 2 * tolerance) & (high <= 2 * tolerance);
}

inline bool is_still(const Pixels& now, const Pixels& before, std::size_t pixel, int tolerance) {
  if (now.ids[pixel] < 0 || before.ids[pixel] < 0) return false;
  return is_still(packed(now.color(pixel)), packed(before.color(pixel)), std::uint32_t(tolerance));
}

// All colors packed, behind `none` for the id -1.
inline std::vector<std::uint32_t> packed_colors(const Pixels& pixels, std::uint32_t none) {
  std::vector<std::uint32_t> out(pixels.n_colors + 1, none);
  for (std::size_t id = 0; id < pixels.n_colors; ++id) out[id + 1] = packed(pixels.colors + id * 3);
  return out;
}

// The test for n pixels of any order, 1 where still; the tables are those of `packed_colors`.
STEADYHUE_CLONES static void flag_still(const std::int32_t* now_ids, const std::uint32_t* now,
                                        const std::int32_t* before_ids, const std::uint32_t* before,
                                        std::size_t n, std::uint32_t tolerance,
                                        std::uint8_t* flags) {
  for (std::size_t i = 0; i < n; ++i) {
    flags[i] = is_still(now[now_ids[i] + 1], before[before_ids[i] + 1], tolerance);
  }
}

// Which of n pixels held still since `before`.
inline void still_pixels(const Pixels& now, const Pixels& before, std::size_t n, int tolerance,
                         std::uint8_t* flags) {
  flag_still(now.ids, packed_colors(now, kNoColor).data(), before.ids,
             packed_colors(before, kNoColorBefore).data(), n, std::uint32_t(tolerance), flags);
}

// The same for a picture that is as before outside a box: there all that is opaque is still, which
// is everything where `all_opaque`.
inline void still_pixels(const Pixels& now, const Pixels& before, std::size_t height,
                         std::size_t width, const Box& box, bool all_opaque, int tolerance,
                         std::uint8_t* flags) {
  const std::size_t n = height * width;
  if (std::size_t(box.width * box.height) == n) {
    return still_pixels(now, before, n, tolerance, flags);
  }
  if (all_opaque) {
    std::fill_n(flags, n, std::uint8_t(1));
  } else {
    for (std::size_t i = 0; i < n; ++i) flags[i] = now.ids[i] >= 0;
  }
  if (is_empty(box)) return;
  const auto colors = packed_colors(now, kNoColor);
  const auto colors_before = packed_colors(before, kNoColorBefore);
  for_rows(box, width, [&](std::size_t first, std::size_t count) {
    flag_still(now.ids + first, colors.data(), before.ids + first, colors_before.data(), count,
               std::uint32_t(tolerance), flags + first);
  });
}

// Take those pixels of a box that are not flagged off the counts of their colors.
inline void discount(const std::int32_t* ids, const std::uint8_t* flags, std::size_t width,
                     const Box& box, std::size_t n_colors, std::int64_t* counts) {
  if (is_empty(box)) return;
  const std::size_t rows = n_colors + 1;
  std::vector<std::uint32_t> banks(2 * rows);  // neighbors are often equal: halve the wait
  for_rows(box, width, [&](std::size_t first, std::size_t count) {
    for (std::size_t i = first; i < first + count; ++i) {
      banks[(i & 1) * rows + std::size_t(ids[i] + 1)] += !flags[i];
    }
  });
  for (std::size_t id = 0; id < n_colors; ++id) {
    counts[id] -= std::int64_t(banks[id + 1]) + banks[rows + id + 1];
  }
}

}  // namespace steadyhue
