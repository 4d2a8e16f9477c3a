// The nearest center of every point: the E-step of the clustering and the
// look-up behind every remap.
//
// Points are taken in blocks of 256, turned into planes and compared with one
// center after the other, so the inner loop runs over points whatever the number
// of centers. Colors on the grid (int16, three channels) are compared in float32,
// other points in float64. A distance is ((t0 + t1) + t2) ..., each term rounded
// alike everywhere, so that results don't depend on the instruction set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include "parallel.hpp"

namespace steadyhue {

enum class Metric { euclidean, manhattan };

constexpr std::size_t kBlock = 256;
constexpr std::size_t kLanes = 16;         // the widest vector of float32
constexpr std::size_t kFilterCenters = 8;  // fewer centers are not worth filtering

// The type of coordinates in comparisons, and an integer as wide for slots.
template <class P>
using Real = std::conditional_t<std::is_same_v<P, int16_t>, float, double>;
template <class T>
using Slot = std::conditional_t<sizeof(T) == 4, int32_t, int64_t>;

template <Metric M, class T>
STEADYHUE_INLINE T term(T difference) {
  if constexpr (M == Metric::euclidean) return difference * difference;
  return difference < 0 ? -difference : difference;
}

template <Metric M, class T>
STEADYHUE_INLINE T distance(const T* a, const T* b, std::size_t d) {
  T sum = term<M>(a[0] - b[0]);
  for (std::size_t c = 1; c < d; ++c) sum += term<M>(a[c] - b[c]);
  return sum;
}

// Smallest of n values; n is a multiple of kLanes.
template <class T>
STEADYHUE_INLINE T smallest(const T* values, std::size_t n) {
  T lanes[kLanes];
  for (std::size_t u = 0; u < kLanes; ++u) lanes[u] = values[u];
  for (std::size_t i = kLanes; i < n; i += kLanes) {
    for (std::size_t u = 0; u < kLanes; ++u) {
      lanes[u] = values[i + u] < lanes[u] ? values[i + u] : lanes[u];
    }
  }
  T low = lanes[0];
  for (std::size_t u = 1; u < kLanes; ++u) low = lanes[u] < low ? lanes[u] : low;
  return low;
}

template <class T>
STEADYHUE_INLINE T largest(const T* values, std::size_t n) {
  T lanes[kLanes];
  for (std::size_t u = 0; u < kLanes; ++u) lanes[u] = values[u];
  for (std::size_t i = kLanes; i < n; i += kLanes) {
    for (std::size_t u = 0; u < kLanes; ++u) {
      lanes[u] = values[i + u] > lanes[u] ? values[i + u] : lanes[u];
    }
  }
  T high = lanes[0];
  for (std::size_t u = 1; u < kLanes; ++u) high = lanes[u] > high ? lanes[u] : high;
  return high;
}

// Centers in the form the search wants: rows, and for three channels also planes
// padded to whole vectors.
template <class T>
struct Centers {
  std::size_t k, d, padded;
  std::vector<T> rows;    // k x d
  std::vector<T> planes;  // d x padded
  Centers(const double* centers, std::size_t k_, std::size_t d_)
      : k(k_),
        d(d_),
        padded((k_ + kLanes - 1) / kLanes * kLanes),
        rows(centers, centers + k_ * d_),
        planes(padded * d_) {
    for (std::size_t c = 0; c < d; ++c) {
      for (std::size_t j = 0; j < padded && k > 0; ++j) {
        planes[c * padded + j] = rows[(j < k ? j : k - 1) * d + c];
      }
    }
  }
};

// The centers that can be nearest to any point of a box, in ascending order: all
// whose least distance is no larger than the smallest of the largest distances.
// Rounding is monotone, so a bound rounded like the distances is a true bound.
template <Metric M, class T>
STEADYHUE_INLINE std::size_t candidates(const T* planes, std::size_t width, const Centers<T>& in,
                                        T* near, T* far, int32_t* slots) {
  for (std::size_t c = 0; c < 3; ++c) {
    const T low = smallest(planes + c * kBlock, width), high = largest(planes + c * kBlock, width);
    const T* center = in.planes.data() + c * in.padded;
    for (std::size_t j = 0; j < in.padded; ++j) {
      const T below = low - center[j], above = center[j] - high;
      T gap = below > above ? below : above;
      gap = gap > 0 ? gap : T(0);
      // The far side of the box; its terms are those of a point there.
      const T to_low = below < 0 ? -below : below, to_high = above < 0 ? -above : above;
      const T reach = to_low > to_high ? to_low : to_high;
      near[j] = c == 0 ? term<M>(gap) : near[j] + term<M>(gap);
      far[j] = c == 0 ? term<M>(reach) : far[j] + term<M>(reach);
    }
  }
  const T bound = smallest(far, in.padded);
  std::size_t m = 0;
  for (std::size_t j = 0; j < in.k; ++j) {
    slots[m] = int32_t(j);
    m += near[j] <= bound;
  }
  return m;
}

// For `width` points (a multiple of kLanes) the first of m slots with the least distance.
template <Metric M, class T, int D>
STEADYHUE_INLINE void scan(const T* planes, std::size_t width, const Centers<T>& in,
                           const int32_t* slots, std::size_t m, T* best, Slot<T>* nearest, T* sum) {
  for (std::size_t i = 0; i < width; ++i) {
    best[i] = std::numeric_limits<T>::infinity();
    nearest[i] = slots[0];
  }
  for (std::size_t s = 0; s < m; ++s) {
    const T* center = in.rows.data() + std::size_t(slots[s]) * in.d;
    const Slot<T> slot = slots[s];
    if constexpr (D == 3) {
      const T c0 = center[0], c1 = center[1], c2 = center[2];
      for (std::size_t i = 0; i < width; ++i) {
        T distance = term<M>(planes[i] - c0);
        distance += term<M>(planes[kBlock + i] - c1);
        distance += term<M>(planes[2 * kBlock + i] - c2);
        const bool less = distance < best[i];
        best[i] = less ? distance : best[i];
        nearest[i] = less ? slot : nearest[i];
      }
    } else {
      for (std::size_t i = 0; i < width; ++i) sum[i] = term<M>(planes[i] - center[0]);
      for (std::size_t c = 1; c < in.d; ++c) {
        for (std::size_t i = 0; i < width; ++i)
          sum[i] += term<M>(planes[c * kBlock + i] - center[c]);
      }
      for (std::size_t i = 0; i < width; ++i) {
        const bool less = sum[i] < best[i];
        best[i] = less ? sum[i] : best[i];
        nearest[i] = less ? slot : nearest[i];
      }
    }
  }
}

// Labels points [first, last). A label that ties with the nearest center stays;
// otherwise the lowest slot wins. Returns how many labels changed.
template <Metric M, class P, int D>
STEADYHUE_INLINE std::size_t assign_range(const P* points, std::size_t first, std::size_t last,
                                          const Centers<Real<P>>& in, int32_t* labels) {
  using T = Real<P>;
  const std::size_t d = in.d;
  std::vector<T> scratch(kBlock * (d + 2) + 2 * in.padded);
  std::vector<Slot<T>> nearest(kBlock);
  std::vector<int32_t> slots(in.k);
  for (std::size_t j = 0; j < in.k; ++j) slots[j] = int32_t(j);
  T* planes = scratch.data();
  T *best = planes + kBlock * d, *sum = best + kBlock, *near = sum + kBlock;
  std::size_t m = in.k, changed = 0;
  for (std::size_t start = first; start < last; start += kBlock) {
    const std::size_t count = last - start < kBlock ? last - start : kBlock;
    const std::size_t width = (count + kLanes - 1) / kLanes * kLanes;
    const P* block = points + start * d;
    for (std::size_t c = 0; c < (D ? D : d); ++c) {
      for (std::size_t i = 0; i < count; ++i)
        planes[c * kBlock + i] = T(block[i * (D ? D : d) + c]);
      for (std::size_t i = count; i < width; ++i) planes[c * kBlock + i] = planes[c * kBlock];
    }
    if (D == 3 && in.k >= kFilterCenters) {
      m = candidates<M>(planes, width, in, near, near + in.padded, slots.data());
    }
    scan<M, T, D>(planes, width, in, slots.data(), m, best, nearest.data(), sum);
    for (std::size_t i = 0; i < count; ++i) {
      const int32_t slot = int32_t(nearest[i]), old = labels[start + i];
      if (slot == old) continue;
      if (old >= 0 && std::size_t(old) < in.k) {
        const T* center = in.rows.data() + std::size_t(old) * d;
        T kept = term<M>(planes[i] - center[0]);
        for (std::size_t c = 1; c < d; ++c) kept += term<M>(planes[c * kBlock + i] - center[c]);
        if (kept == best[i]) continue;
      }
      labels[start + i] = slot;
      ++changed;
    }
  }
  return changed;
}

STEADYHUE_CLONES static std::size_t assign_euclidean(const int16_t* points, std::size_t first,
                                                     std::size_t last, const Centers<float>& in,
                                                     int32_t* labels) {
  return assign_range<Metric::euclidean, int16_t, 3>(points, first, last, in, labels);
}
STEADYHUE_CLONES static std::size_t assign_manhattan(const int16_t* points, std::size_t first,
                                                     std::size_t last, const Centers<float>& in,
                                                     int32_t* labels) {
  return assign_range<Metric::manhattan, int16_t, 3>(points, first, last, in, labels);
}
STEADYHUE_CLONES static std::size_t assign_euclidean(const double* points, std::size_t first,
                                                     std::size_t last, const Centers<double>& in,
                                                     int32_t* labels) {
  return assign_range<Metric::euclidean, double, 0>(points, first, last, in, labels);
}
STEADYHUE_CLONES static std::size_t assign_manhattan(const double* points, std::size_t first,
                                                     std::size_t last, const Centers<double>& in,
                                                     int32_t* labels) {
  return assign_range<Metric::manhattan, double, 0>(points, first, last, in, labels);
}

// Labels all n points (n x d); labels holds the previous ones, or -1. k must be positive.
template <class P>
std::size_t assign(const P* points, std::size_t n, const Centers<Real<P>>& in, Metric metric,
                   int n_threads, int32_t* labels) {
  std::vector<std::size_t> changed(std::size_t(n_threads > 1 ? n_threads : 1));
  for_ranges(n, kBlock, n_threads, [&](std::size_t part, std::size_t first, std::size_t last) {
    changed[part] = metric == Metric::euclidean ? assign_euclidean(points, first, last, in, labels)
                                                : assign_manhattan(points, first, last, in, labels);
  });
  std::size_t total = 0;
  for (std::size_t count : changed) total += count;
  return total;
}

}  // namespace steadyhue
