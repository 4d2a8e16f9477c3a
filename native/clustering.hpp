// k-means and k-medians to their end: the loop around Lloyd's steps.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include "kmedians.hpp"
#include "lloyd.hpp"

namespace steadyhue {

// What is clustered: n weighted points of d features.
template <class P, class W>
struct Cloud {
  const P* points;
  const W* weights;
  std::size_t n, d;
  Metric metric;
  int n_threads = 1;
  std::vector<std::int32_t> order = {};  // d x n, see `sort_channels`; filled when first asked for

  const std::int32_t* sorted() {
    if (order.empty() && n > 0) {
      order.resize(d * n);
      sort_channels(points, n, d, order.data());
    }
    return order.data();
  }
};

// Centers (k x d) and what belongs to them.
template <class W>
struct Clustering {
  std::vector<double> centers;
  std::vector<std::int32_t> labels;
  std::vector<W> weights;
  double inertia = 0;
  int n_iter = 0;

  std::size_t k() const { return weights.size(); }
};

template <class P, class W>
Step<W> step(Cloud<P, W>& cloud, const double* centers, std::size_t k, std::int32_t* labels) {
  if (cloud.metric == Metric::manhattan) {
    return medians_step(cloud.points, cloud.weights, cloud.n, cloud.sorted(), centers, k, cloud.d,
                        cloud.n_threads, labels);
  }
  return lloyd_step(cloud.points, cloud.weights, cloud.n, centers, k, cloud.d, cloud.n_threads,
                    labels);
}

// Gives each of n <= k points a slot: the nearest first, the others the nearest free one.
template <class P, class W>
Clustering<W> every_point_a_center(Cloud<P, W>& cloud, const std::vector<double>& start,
                                   std::size_t k, std::vector<std::int32_t> labels) {
  const std::size_t n = cloud.n, d = cloud.d;
  assign(cloud.points, n, start.data(), k, d, cloud.metric, 1, labels.data());
  const auto away = [&](std::size_t row, std::size_t slot) {
    double sum = 0;
    for (std::size_t c = 0; c < d; ++c) {
      sum += std::abs(double(cloud.points[row * d + c]) - start[slot * d + c]);
    }
    return sum;
  };
  std::vector<std::size_t> rows(n);
  std::iota(rows.begin(), rows.end(), std::size_t(0));
  std::vector<double> apart(n);
  for (std::size_t row = 0; row < n; ++row) apart[row] = away(row, std::size_t(labels[row]));
  std::stable_sort(rows.begin(), rows.end(),
                   [&](std::size_t a, std::size_t b) { return apart[a] < apart[b]; });
  std::vector<std::uint8_t> taken(k);
  for (const std::size_t row : rows) {
    if (taken[std::size_t(labels[row])]) {
      double least = std::numeric_limits<double>::infinity();
      for (std::size_t slot = 0; slot < k; ++slot) {
        const double here = taken[slot] ? least : away(row, slot);
        if (here < least) least = here, labels[row] = std::int32_t(slot);
      }
    }
    taken[std::size_t(labels[row])] = 1;
  }
  Clustering<W> out{start, std::move(labels), std::vector<W>(k), 0, int(n > 0)};
  for (std::size_t row = 0; row < n; ++row) {
    const std::size_t slot = std::size_t(out.labels[row]);
    out.weights[slot] += cloud.weights[row];
    for (std::size_t c = 0; c < d; ++c) {
      out.centers[slot * d + c] = double(cloud.points[row * d + c]);
    }
  }
  return out;
}

// Moves centers to the means (or medians) of what is nearest to them until a move lowers the
// error by no more than the share `tol` of it, at most `max_iter` times. Labels win ties.
template <class P, class W>
Clustering<W> lloyd(Cloud<P, W>& cloud, std::vector<double> centers, std::size_t k, double tol,
                    int max_iter, std::vector<std::int32_t> labels = {}) {
  if (labels.empty()) labels.assign(cloud.n, -1);
  if (cloud.n <= k && max_iter > 0) {
    return every_point_a_center(cloud, centers, k, std::move(labels));
  }
  for (int n_iter = 0;; ++n_iter) {
    Step<W> found = step(cloud, centers.data(), k, labels.data());
    const bool settled =
        found.before - found.after <= tol * found.before && (tol > 0 || found.changed == 0);
    if (settled || n_iter >= max_iter) {
      return {std::move(centers), std::move(labels), std::move(found.weights), found.before,
              n_iter};
    }
    centers = std::move(found.centers);
  }
}

}  // namespace steadyhue
