// One step of Lloyd's algorithm with weights: label every point, then the mean of
// every cluster.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "nearest.hpp"

namespace steadyhue {

// What a step finds. `before` is the error of the labels with the centers given,
// `after` with the new ones; a cluster without weight keeps its center.
template <class W>
struct Step {
  std::vector<double> centers;  // k x d
  std::vector<W> weights;       // k
  double before = 0, after = 0;
  std::size_t changed = 0;
};

// Sums per cluster. On the grid they are integers, so their order is free.
template <class W>
struct Sums {
  std::vector<W> weight, point;  // k, k x d
  std::uint64_t square = 0;      // sum of w |x|^2 over all points, modulo 2^64; on the grid
};

constexpr std::size_t kBanks = 2;  // neighbors often share a cluster: halve the wait for its sum

inline void accumulate(const std::int16_t* points, const std::int64_t* weights,
                       const std::int32_t* labels, std::size_t first, std::size_t last,
                       std::size_t k, Sums<std::int64_t>& out) {
  std::vector<std::int64_t> banks(kBanks * k * 4);
  std::uint64_t square = 0;
  for (std::size_t i = first; i < last; ++i) {
    const std::int16_t* x = points + i * 3;
    const std::int64_t w = weights[i];
    std::int64_t* sum = banks.data() + ((i % kBanks) * k + std::size_t(labels[i])) * 4;
    for (std::size_t c = 0; c < 3; ++c) sum[c] += w * x[c];
    sum[3] += w;
    square +=
        std::uint64_t(w) * std::uint64_t(std::int32_t(x[0]) * x[0] + std::int32_t(x[1]) * x[1] +
                                         std::int32_t(x[2]) * x[2]);
  }
  out.weight.assign(k, 0);
  out.point.assign(k * 3, 0);
  for (std::size_t row = 0; row < kBanks * k; ++row) {
    const std::size_t j = row % k;
    for (std::size_t c = 0; c < 3; ++c) out.point[j * 3 + c] += banks[row * 4 + c];
    out.weight[j] += banks[row * 4 + 3];
  }
  out.square = square;
}

// Error of the labels behind the sums for centers c, exact up to the last
// rounding: moments about the nearest grid points are integers, the rest is small.
// They are taken modulo 2^64, so only the error itself has to fit.
inline double squared_error(const Sums<std::int64_t>& sums, const double* centers, std::size_t k) {
  std::uint64_t grid = sums.square;
  double rest = 0;
  for (std::size_t j = 0; j < k; ++j) {
    for (std::size_t c = 0; c < 3; ++c) {
      const double center = centers[j * 3 + c];
      const std::int64_t near = std::int64_t(std::floor(center + 0.5));
      const std::int64_t about = sums.point[j * 3 + c] - sums.weight[j] * near;
      grid -= std::uint64_t(near) * std::uint64_t(sums.point[j * 3 + c] + about);
      const double offset = center - double(near);
      rest += offset * (offset * double(sums.weight[j]) - 2 * double(about));
    }
  }
  return std::max(0.0, double(std::int64_t(grid)) + rest);
}

// Colors on the grid (n x 3).
inline Step<std::int64_t> lloyd_step(const std::int16_t* points, const std::int64_t* weights,
                                     std::size_t n, const double* centers, std::size_t k,
                                     std::size_t, int n_threads, std::int32_t* labels) {
  Step<std::int64_t> out;
  std::vector<Sums<std::int64_t>> parts(std::size_t(n_threads > 1 ? n_threads : 1));
  out.changed = assign(points, n, centers, k, 3, Metric::euclidean, n_threads, labels);
  for_ranges(n, kBlock, n_threads, [&](std::size_t part, std::size_t first, std::size_t last) {
    accumulate(points, weights, labels, first, last, k, parts[part]);
  });
  Sums<std::int64_t>& sums = parts[0];
  for (std::size_t part = 1; part < parts.size(); ++part) {
    sums.square += parts[part].square;
    for (std::size_t j = 0; j < parts[part].weight.size(); ++j)
      sums.weight[j] += parts[part].weight[j];
    for (std::size_t j = 0; j < parts[part].point.size(); ++j)
      sums.point[j] += parts[part].point[j];
  }
  out.centers.assign(centers, centers + k * 3);
  for (std::size_t j = 0; j < k; ++j) {
    for (std::size_t c = 0; c < 3 && sums.weight[j] > 0; ++c) {
      out.centers[j * 3 + c] = double(sums.point[j * 3 + c]) / double(sums.weight[j]);
    }
  }
  out.before = squared_error(sums, centers, k);
  out.after = squared_error(sums, out.centers.data(), k);
  out.weights = std::move(sums.weight);
  return out;
}

// Weighted error of labeled points, summed in the order of the points.
template <Metric M, class P, class W>
double error_of(const P* points, const W* weights, std::size_t n, const double* centers,
                std::size_t d, const std::int32_t* labels) {
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double* center = centers + std::size_t(labels[i]) * d;
    double one = 0;
    for (std::size_t c = 0; c < d; ++c) {
      one += term<M>(double(points[i * d + c]) - center[c]);
    }
    sum += double(weights[i]) * one;
  }
  return sum;
}

// Any points (n x d) and any non-negative weights; sums run in the order of the points.
inline Step<double> lloyd_step(const double* points, const double* weights, std::size_t n,
                               const double* centers, std::size_t k, std::size_t d, int n_threads,
                               std::int32_t* labels) {
  Step<double> out;
  out.changed = assign(points, n, centers, k, d, Metric::euclidean, n_threads, labels);
  out.weights.assign(k, 0);
  std::vector<double> sums(k * d);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t j = std::size_t(labels[i]);
    out.weights[j] += weights[i];
    for (std::size_t c = 0; c < d; ++c) sums[j * d + c] += weights[i] * points[i * d + c];
  }
  out.centers.assign(centers, centers + k * d);
  for (std::size_t j = 0; j < k; ++j) {
    for (std::size_t c = 0; c < d && out.weights[j] > 0; ++c) {
      out.centers[j * d + c] = sums[j * d + c] / out.weights[j];
    }
  }
  out.before = error_of<Metric::euclidean>(points, weights, n, centers, d, labels);
  out.after = error_of<Metric::euclidean>(points, weights, n, out.centers.data(), d, labels);
  return out;
}

}  // namespace steadyhue
