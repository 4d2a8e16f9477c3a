// The nearest center of every point: the E-step of the clustering and the
// look-up behind every remap.
//
// Points are taken in blocks of 256, turned into planes and compared with one
// center after the other, so the inner loop runs over points whatever the number
// of centers. Colors on the grid (int16, three channels) are compared in float32,
// other points in float64. A distance is ((t0 + t1) + t2) ..., each term rounded
// alike everywhere, so that results don't depend on the instruction set.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include "parallel.hpp"
#include "platform.hpp"

namespace steadyhue {

enum class Metric { euclidean, manhattan };

constexpr std::size_t kBlock = 256;
constexpr std::size_t kLanes = 16;          // the widest vector of float32
constexpr std::size_t kFilterCenters = 16;  // fewer centers are not worth filtering

// The type of coordinates in comparisons, and an integer as wide for slots.
template <class P>
using Real = std::conditional_t<std::is_same_v<P, std::int16_t>, float, double>;
template <class T>
using Slot = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;

template <Metric M, class T>
STEADYHUE_INLINE T term(T difference) {
  if constexpr (M == Metric::euclidean) return difference * difference;
  return difference < 0 ? -difference : difference;
}

// Least or greatest of a power of two of values, folding them in half in place.
template <bool Least, class T>
STEADYHUE_INLINE T folded(T* values, std::size_t n) {
  for (std::size_t half = n / 2; half > 0; half /= 2) {
    for (std::size_t i = 0; i < half; ++i) {
      const T a = values[i], b = values[i + half];
      values[i] = Least ? (b < a ? b : a) : (b > a ? b : a);
    }
  }
  return values[0];
}

// Centers in the form the search wants: rows, and planes padded to a power of two
// with copies of the last center.
template <class T>
struct Centers {
  std::size_t k, d, padded;
  std::vector<T> rows;    // k x d
  std::vector<T> planes;  // d x padded
  Centers(const double* centers, std::size_t k_, std::size_t d_)
      : k(k_), d(d_), padded(kLanes), rows(centers, centers + k_ * d_) {
    while (padded < k) padded *= 2;
    planes.resize(padded * d);
    for (std::size_t c = 0; c < d; ++c) {
      for (std::size_t j = 0; j < padded; ++j) {
        planes[c * padded + j] = rows[std::min(j, k - 1) * d + c];
      }
    }
  }
};

// One block of points as planes, and the nearest center found so far.
template <class T, int D>
struct Block {
  static constexpr std::size_t kPlanes = D ? D : 1;
  alignas(64) T fixed[kPlanes * kBlock];
  alignas(64) T best[kBlock];
  alignas(64) T scratch[kBlock];
  alignas(64) Slot<T> slot[kBlock];
  std::vector<T> heap;  // planes of points with any number of features

  explicit Block(std::size_t d) : heap(D ? 0 : d * kBlock) {}
  STEADYHUE_INLINE T* plane(std::size_t c) { return (D ? fixed : heap.data()) + c * kBlock; }
};

// Fills the planes; a block with fewer points is filled up with the first.
template <class T, int D, class P>
STEADYHUE_INLINE void load(Block<T, D>& block, const P* points, std::size_t count, std::size_t d) {
  for (std::size_t c = 0; c < d; ++c) {
    T* plane = block.plane(c);
    for (std::size_t i = 0; i < count; ++i) plane[i] = T(points[i * d + c]);
    for (std::size_t i = count; i < kBlock; ++i) plane[i] = plane[0];
  }
}

// The centers that can be nearest to any point of the block, in ascending order:
// all whose least distance to its box is no larger than the smallest of the
// largest distances. Rounding is monotone, so a bound rounded like the distances
// is a true bound. near and far are scratch for in.padded values.
template <Metric M, class T, int D>
STEADYHUE_INLINE std::size_t candidates(Block<T, D>& block, const Centers<T>& in,
                                        T* __restrict near, T* __restrict far,
                                        std::int32_t* slots) {
  for (std::size_t c = 0; c < 3; ++c) {
    const T* plane = block.plane(c);
    for (std::size_t i = 0; i < kBlock; ++i) block.scratch[i] = block.best[i] = plane[i];
    const T low = folded<true>(block.scratch, kBlock), high = folded<false>(block.best, kBlock);
    const T* __restrict center = in.planes.data() + c * in.padded;
    for (std::size_t j = 0; j < in.padded; ++j) {
      const T below = low - center[j], above = center[j] - high;
      T gap = below > above ? below : above;
      gap = gap > 0 ? gap : T(0);
      const T to_low = below < 0 ? -below : below, to_high = above < 0 ? -above : above;
      const T reach = to_low > to_high ? to_low : to_high;
      near[j] = c == 0 ? term<M>(gap) : near[j] + term<M>(gap);
      far[j] = c == 0 ? term<M>(reach) : far[j] + term<M>(reach);
    }
  }
  const T bound = folded<true>(far, in.padded);
  std::size_t m = 0;
  for (std::size_t j = 0; j < in.k; ++j) {
    slots[m] = std::int32_t(j);
    m += near[j] <= bound;
  }
  return m;
}

// Compares a block of three channels with N centers at once, which saves the
// loads and stores of N - 1.
template <Metric M, std::size_t N, class T>
STEADYHUE_INLINE void compare(Block<T, 3>& block, const Centers<T>& in, const std::int32_t* slots) {
  T center[N][3];
  Slot<T> slot[N];
  for (std::size_t u = 0; u < N; ++u) {
    slot[u] = slots[u];
    for (std::size_t c = 0; c < 3; ++c) center[u][c] = in.rows[std::size_t(slots[u]) * 3 + c];
  }
  const T *x = block.fixed, *y = x + kBlock, *z = y + kBlock;
  for (std::size_t i = 0; i < kBlock; ++i) {
    T best = block.best[i];
    Slot<T> nearest = block.slot[i];
    for (std::size_t u = 0; u < N; ++u) {
      T sum = term<M>(x[i] - center[u][0]);
      sum += term<M>(y[i] - center[u][1]);
      sum += term<M>(z[i] - center[u][2]);
      const bool less = sum < best;
      best = less ? sum : best;
      nearest = less ? slot[u] : nearest;
    }
    block.best[i] = best;
    block.slot[i] = nearest;
  }
}

// Compares a block of any number of features with one center.
template <Metric M, class T>
STEADYHUE_INLINE void compare(Block<T, 0>& block, const Centers<T>& in, std::int32_t slot) {
  const T* center = in.rows.data() + std::size_t(slot) * in.d;
  T* sum = block.scratch;
  for (std::size_t c = 0; c < in.d; ++c) {
    const T* plane = block.plane(c);
    if (c == 0) {
      for (std::size_t i = 0; i < kBlock; ++i) sum[i] = term<M>(plane[i] - center[c]);
    } else {
      for (std::size_t i = 0; i < kBlock; ++i) sum[i] += term<M>(plane[i] - center[c]);
    }
  }
  for (std::size_t i = 0; i < kBlock; ++i) {
    const bool less = sum[i] < block.best[i];
    block.best[i] = less ? sum[i] : block.best[i];
    block.slot[i] = less ? slot : block.slot[i];
  }
}

// The first of m slots with the least distance, for every point of the block.
template <Metric M, class T, int D>
STEADYHUE_INLINE void scan(Block<T, D>& block, const Centers<T>& in, const std::int32_t* slots,
                           std::size_t m) {
  for (std::size_t i = 0; i < kBlock; ++i) {
    block.best[i] = std::numeric_limits<T>::infinity();
    block.slot[i] = slots[0];
  }
  if constexpr (D == 3) {
    std::size_t s = 0;
    for (; s + 4 <= m; s += 4) compare<M, 4>(block, in, slots + s);
    for (; s < m; ++s) compare<M, 1>(block, in, slots + s);
  } else {
    for (std::size_t s = 0; s < m; ++s) compare<M>(block, in, slots[s]);
  }
}

// Writes the slots found for `count` points, but leaves a label that is as near.
// Returns how many labels changed.
template <Metric M, class T, int D>
STEADYHUE_INLINE std::size_t settle(Block<T, D>& block, const Centers<T>& in, std::size_t count,
                                    std::int32_t* labels) {
  std::size_t different = 0, changed = 0;
  for (std::size_t i = 0; i < count; ++i) different += std::int32_t(block.slot[i]) != labels[i];
  if (different == 0) return 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int32_t old = labels[i];
    if (std::int32_t(block.slot[i]) == old) continue;
    if (old >= 0 && std::size_t(old) < in.k) {
      const T* center = in.rows.data() + std::size_t(old) * in.d;
      T kept = term<M>(block.plane(0)[i] - center[0]);
      for (std::size_t c = 1; c < in.d; ++c) kept += term<M>(block.plane(c)[i] - center[c]);
      if (kept == block.best[i]) continue;
    }
    labels[i] = std::int32_t(block.slot[i]);
    ++changed;
  }
  return changed;
}

// Labels points [first, last). A label that ties with the nearest center stays;
// otherwise the lowest slot wins. Returns how many labels changed.
template <Metric M, class P, int D>
STEADYHUE_INLINE std::size_t assign_range(const P* points, std::size_t first, std::size_t last,
                                          const Centers<Real<P>>& in, std::int32_t* labels) {
  using T = Real<P>;
  const std::size_t d = D ? D : in.d;
  Block<T, D> block(d);
  std::vector<T> near(in.padded), far(in.padded);
  std::vector<std::int32_t> slots(in.k);
  for (std::size_t j = 0; j < in.k; ++j) slots[j] = std::int32_t(j);
  std::size_t m = in.k, changed = 0;
  for (std::size_t start = first; start < last; start += kBlock) {
    const std::size_t count = std::min(kBlock, last - start);
    load(block, points + start * d, count, d);
    if (D == 3 && in.k >= kFilterCenters) {
      m = candidates<M>(block, in, near.data(), far.data(), slots.data());
    }
    scan<M>(block, in, slots.data(), m);
    changed += settle<M>(block, in, count, labels + start);
  }
  return changed;
}

STEADYHUE_CLONES static std::size_t assign_euclidean(const std::int16_t* points, std::size_t first,
                                                     std::size_t last, const Centers<float>& in,
                                                     std::int32_t* labels) {
  return assign_range<Metric::euclidean, std::int16_t, 3>(points, first, last, in, labels);
}
STEADYHUE_CLONES static std::size_t assign_manhattan(const std::int16_t* points, std::size_t first,
                                                     std::size_t last, const Centers<float>& in,
                                                     std::int32_t* labels) {
  return assign_range<Metric::manhattan, std::int16_t, 3>(points, first, last, in, labels);
}
STEADYHUE_CLONES static std::size_t assign_euclidean(const double* points, std::size_t first,
                                                     std::size_t last, const Centers<double>& in,
                                                     std::int32_t* labels) {
  return assign_range<Metric::euclidean, double, 0>(points, first, last, in, labels);
}
STEADYHUE_CLONES static std::size_t assign_manhattan(const double* points, std::size_t first,
                                                     std::size_t last, const Centers<double>& in,
                                                     std::int32_t* labels) {
  return assign_range<Metric::manhattan, double, 0>(points, first, last, in, labels);
}

// Labels all n points (n x d) by their nearest of k > 0 centers; labels holds the previous
// ones, or -1. Returns how many changed.
template <class P>
std::size_t assign(const P* points, std::size_t n, const double* centers, std::size_t k,
                   std::size_t d, Metric metric, int n_threads, std::int32_t* labels) {
  const Centers<Real<P>> in(centers, k, d);
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
