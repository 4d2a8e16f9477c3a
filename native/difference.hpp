// Differences between composited frames, summed over their pixels.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "pixels.hpp"
#include "still.hpp"

namespace steadyhue {

// A frame whose colors are known in OKLab too.
struct LabPixels : Pixels {
  const double* oklab;  // n_colors x 3
};

struct Difference {
  std::int64_t pixels = 0;   // pixels compared
  std::int64_t opaque = 0;   // of them, opaque on both sides: only these have a color difference
  std::int64_t changed = 0;  // of them, of another color or transparent on one side only
  std::int64_t squared = 0;  // sum of squared sRGB differences over pixels and channels
  double oklab = 0.0;        // sum of OKLab distances

  void add(const LabPixels& a, const LabPixels& b, std::size_t pixel);
};

inline double oklab_distance(const LabPixels& a, const LabPixels& b, std::size_t pixel) {
  const double* p = a.oklab + std::size_t(a.ids[pixel]) * 3;
  const double* q = b.oklab + std::size_t(b.ids[pixel]) * 3;
  const double x = p[0] - q[0], y = p[1] - q[1], z = p[2] - q[2];
  return std::sqrt(x * x + y * y + z * z);
}

inline void Difference::add(const LabPixels& a, const LabPixels& b, std::size_t pixel) {
  ++pixels;
  if (a.ids[pixel] < 0 || b.ids[pixel] < 0) {
    changed += (a.ids[pixel] < 0) != (b.ids[pixel] < 0);
    return;
  }
  ++opaque;
  const std::uint8_t *p = a.color(pixel), *q = b.color(pixel);
  const int x = p[0] - q[0], y = p[1] - q[1], z = p[2] - q[2];
  const int distance = x * x + y * y + z * z;
  if (distance == 0) return;
  ++changed;
  squared += distance;
  oklab += oklab_distance(a, b, pixel);
}

inline Difference difference(const LabPixels& a, const LabPixels& b, std::size_t n) {
  Difference total;
  for (std::size_t i = 0; i < n; ++i) total.add(a, b, i);
  return total;
}

// A difference in time, and what of it is not the source's.
struct Movement : Difference {
  std::int64_t jumps = 0;  // pixels that move farther than `jump`
  double excess = 0.0;     // sum of max(0, OKLab change - the source's)

  void add(const LabPixels& before, const LabPixels& after, std::size_t pixel, bool jumped,
           double beyond) {
    Difference::add(before, after, pixel);
    jumps += jumped;
    excess += beyond;
  }
};

// How the output changes from one frame to the next, by what the source does there.
struct Change {
  Movement fixed;           // source unchanged
  Movement still;           // source still
  std::int64_t opaque = 0;  // pixels opaque in both source frames
};

inline Change change(const LabPixels& source0, const LabPixels& source1, const LabPixels& output0,
                     const LabPixels& output1, std::size_t n, int tolerance, double jump) {
  Change total;
  for (std::size_t i = 0; i < n; ++i) {
    if (source0.ids[i] < 0 || source1.ids[i] < 0) continue;
    ++total.opaque;
    if (!is_still(source1, source0, i, tolerance)) continue;
    const bool seen = output0.ids[i] >= 0 && output1.ids[i] >= 0;
    const double moved = seen ? oklab_distance(output0, output1, i) : 0;
    const double beyond =
        moved > 0 ? std::max(0.0, moved - oklab_distance(source0, source1, i)) : 0;
    total.still.add(output0, output1, i, moved > jump, beyond);
    if (is_still(source1, source0, i, 0))
      total.fixed.add(output0, output1, i, moved > jump, beyond);
  }
  return total;
}

}  // namespace steadyhue
