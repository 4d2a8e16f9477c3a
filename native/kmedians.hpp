// One step of k-medians with weights: label every point by its Manhattan distance,
// then the weighted median of every cluster and channel.
//
// The points of each channel are sorted once; then one walk in that order finds
// the medians of all clusters.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "lloyd.hpp"

namespace steadyhue {

// Rows of the points in ascending order of channel c, equal ones in their order.
inline void sort_channel(const std::int16_t* points, std::size_t n, std::size_t d, std::size_t c,
                         std::int32_t* order) {
  std::vector<std::int32_t> other(n);
  std::iota(other.begin(), other.end(), 0);
  std::int32_t *from = other.data(), *to = order;
  for (int pass = 0; pass < 2; ++pass) {  // two passes of a radix sort by bytes
    const auto digit = [&](std::int32_t row) {
      const unsigned value = std::uint16_t(points[std::size_t(row) * d + c]) ^ 0x8000u;
      return pass == 0 ? value & 255 : value >> 8;
    };
    std::array<std::size_t, 257> starts{};
    for (std::size_t i = 0; i < n; ++i) ++starts[digit(from[i]) + 1];
    std::partial_sum(starts.begin(), starts.end(), starts.begin());
    for (std::size_t i = 0; i < n; ++i) to[starts[digit(from[i])]++] = from[i];
    std::swap(from, to);
  }
  if (n > 0) std::copy(from, from + n, order);
}

inline void sort_channel(const double* points, std::size_t n, std::size_t d, std::size_t c,
                         std::int32_t* order) {
  std::iota(order, order + n, 0);
  std::stable_sort(order, order + n, [&](std::int32_t a, std::int32_t b) {
    return points[std::size_t(a) * d + c] < points[std::size_t(b) * d + c];
  });
}

// order is d x n.
template <class P>
void sort_channels(const P* points, std::size_t n, std::size_t d, std::int32_t* order) {
  for (std::size_t c = 0; c < d; ++c) sort_channel(points, n, d, c, order + c * n);
}

// Weighted medians of every cluster, into centers (k x d). Where the median is an
// interval (half of the weight on either side) its point nearest to the old center
// is taken. totals are the clusters' weights; those without weight keep their center.
template <class P, class W>
void medians(const P* points, const W* weights, std::size_t n, std::size_t d,
             const std::int32_t* order, const std::int32_t* labels, const std::vector<W>& totals,
             double* centers) {
  const std::size_t k = totals.size();
  std::vector<W> passed(k);
  std::vector<double> low(k);
  std::vector<std::uint8_t> state(k);  // 0 below the median, 1 in its interval, 2 past it
  for (std::size_t c = 0; c < d; ++c) {
    std::fill(passed.begin(), passed.end(), W(0));
    std::fill(state.begin(), state.end(), std::uint8_t(0));
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t row = std::size_t(order[c * n + i]), j = std::size_t(labels[row]);
      if (state[j] == 2 || weights[row] <= 0) continue;
      passed[j] += weights[row];
      if (2 * passed[j] < totals[j]) continue;
      const double value = double(points[row * d + c]);
      if (state[j] == 0) low[j] = value;
      state[j] = 1;
      if (2 * passed[j] == totals[j]) continue;
      double& center = centers[j * d + c];
      center = std::min(std::max(center, low[j]), value);
      state[j] = 2;
    }
    for (std::size_t j = 0; j < k; ++j) {
      if (state[j] == 1) centers[j * d + c] = low[j];  // rounding of real weights only
    }
  }
}

template <class P, class W>
Step<W> medians_step(const P* points, const W* weights, std::size_t n, const std::int32_t* order,
                     const double* centers, std::size_t k, std::size_t d, int n_threads,
                     std::int32_t* labels) {
  Step<W> out;
  out.changed = assign(points, n, centers, k, d, Metric::manhattan, n_threads, labels);
  out.weights.assign(k, 0);
  for (std::size_t i = 0; i < n; ++i) out.weights[std::size_t(labels[i])] += weights[i];
  out.centers.assign(centers, centers + k * d);
  medians(points, weights, n, d, order, labels, out.weights, out.centers.data());
  out.before = error_of<Metric::manhattan>(points, weights, n, centers, d, labels);
  out.after = error_of<Metric::manhattan>(points, weights, n, out.centers.data(), d, labels);
  return out;
}

}  // namespace steadyhue
