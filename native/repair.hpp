// Repairing a clustering: useless centers move to where error is.
//
// Splitting and merging clusters: R. Nock and F. Nielsen, "Further heuristics for k-means",
// 2014, arXiv:1406.6314.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "clustering.hpp"
#include "relocation.hpp"
#include "seeding.hpp"

namespace steadyhue {

// How much work repairing is worth; the reasons are where the numbers are, in modes/repair.py.
struct Effort {
  double tol;        // of Lloyd's algorithm
  double tau, gain;  // of a relocation: gain over cost, and share of the error it must bring
  int warm, cold;    // most moves after a relocation, and of a fresh start
  int max_iter;      // most moves in all, negative for as many as it takes
  int at_most(int moves, int used = 0) const {
    return max_iter < 0 ? moves : std::min(moves, max_iter - used);
  }
};

// Most that merging each pair of clusters adds to the error; infinite on the diagonal.
inline std::vector<double> merge_costs(const std::vector<double>& centers,
                                       const std::vector<double>& weights, std::size_t d,
                                       Metric metric) {
  const std::size_t k = weights.size();
  std::vector<double> cost(k * k, std::numeric_limits<double>::infinity());
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      if (i == j) continue;
      double apart = 0;
      for (std::size_t c = 0; c < d; ++c) {
        const double step = centers[i * d + c] - centers[j * d + c];
        apart += metric == Metric::manhattan ? std::abs(step) : step * step;
      }
      const double both = weights[i] + weights[j];
      const double share = metric == Metric::manhattan ? std::min(weights[i], weights[j])
                           : both > 0                  ? weights[i] * weights[j] / both
                                                       : 0;
      cost[i * k + j] = apart * share;
    }
  }
  return cost;
}

// Merges the cheapest pair of clusters and gives the slot that becomes free one half of the
// cluster whose split gains most, if that is more than `tau` times the cost; each cluster takes
// part in one move at most. Changes the centers; returns the slots that stand elsewhere.
template <class P, class W>
std::vector<std::int32_t> relocate(Cloud<P, W>& cloud, const std::vector<std::int32_t>& labels,
                                   std::size_t k, double tau, int max_moves,
                                   std::vector<double>& centers) {
  const std::size_t d = cloud.d;
  Splits split = best_splits(cloud.points, cloud.weights, cloud.n, d, cloud.sorted(), labels.data(),
                             centers.data(), k, cloud.metric);
  std::vector<double> total(k), middle = centers;
  for (std::size_t j = 0; j < k; ++j) {
    const double a = split.weights[2 * j], b = split.weights[2 * j + 1];
    total[j] = a + b;
    if (!(std::min(a, b) > 0)) split.gain[j] = 0;
    if (cloud.metric == Metric::manhattan || !(total[j] > 0)) continue;
    for (std::size_t c = 0; c < d; ++c) {
      middle[j * d + c] = split.centers[2 * j * d + c] * (a / total[j]) +
                          split.centers[(2 * j + 1) * d + c] * (b / total[j]);
    }
  }
  std::vector<double> cost = merge_costs(middle, total, d, cloud.metric);
  std::vector<std::int32_t> moved;
  while (int(moved.size()) < max_moves) {
    const auto cheapest = std::size_t(std::min_element(cost.begin(), cost.end()) - cost.begin());
    std::size_t keep = cheapest / k, free = cheapest % k;
    if (total[keep] < total[free] || (total[keep] == total[free] && keep > free)) {
      std::swap(keep, free);
    }
    std::size_t best = 0;
    double gain = -1;
    for (std::size_t j = 0; j < k; ++j) {
      const double here = j == keep || j == free ? 0 : split.gain[j];
      if (here > gain) gain = here, best = j;
    }
    if (!(gain > tau * cost[keep * k + free])) break;
    if (cloud.metric == Metric::euclidean && total[free] > 0) {
      for (std::size_t c = 0; c < d; ++c) {
        centers[keep * d + c] =
            (middle[keep * d + c] * total[keep] + middle[free * d + c] * total[free]) /
            (total[keep] + total[free]);
      }
    }
    const std::size_t stay = split.weights[2 * best + 1] > split.weights[2 * best];
    std::copy_n(&split.centers[(2 * best + stay) * d], d, &centers[best * d]);
    std::copy_n(&split.centers[(2 * best + 1 - stay) * d], d, &centers[free * d]);
    moved.push_back(std::int32_t(free));
    for (const std::size_t touched : {keep, free, best}) {
      split.gain[touched] = 0;
      for (std::size_t j = 0; j < k; ++j) {
        cost[touched * k + j] = cost[j * k + touched] = std::numeric_limits<double>::infinity();
      }
    }
  }
  return moved;
}

// Relocates for as long as the error falls, at most `rounds` times.
template <class P, class W>
void repair(Cloud<P, W>& cloud, int rounds, int batch, const Effort& effort,
            Clustering<W>& clustering) {
  const std::size_t k = clustering.k();
  for (int round = 0; round < rounds; ++round) {
    const int moves = effort.at_most(effort.warm, clustering.n_iter);
    if (clustering.inertia <= 0 || moves <= 0) return;
    std::vector<double> centers = clustering.centers;
    if (relocate(cloud, clustering.labels, k, effort.tau, std::max(1, batch), centers).empty()) {
      return;
    }
    Clustering<W> found = lloyd(cloud, std::move(centers), k, effort.tol, moves);
    if (found.inertia >= clustering.inertia * (1 - effort.gain)) return;
    found.n_iter += clustering.n_iter;
    clustering = std::move(found);
  }
}

// Clusters from a start and repairs.
template <class P, class W>
Clustering<W> cluster_from(Cloud<P, W>& cloud, std::vector<double> start, std::size_t k,
                           const Effort& effort) {
  Clustering<W> found = lloyd(cloud, std::move(start), k, effort.tol, effort.at_most(effort.cold));
  repair(cloud, int(k), int(k / 4), effort, found);
  return found;
}

// Pairs each row of k x k distances with a column of its own: the nearest pairs first; of equal
// ones the first goes first.
template <class T>
std::vector<std::size_t> nearest_pairs(const T* apart, std::size_t k) {
  std::vector<std::size_t> pairs(k * k), column_of(k, k);
  std::iota(pairs.begin(), pairs.end(), std::size_t(0));
  std::stable_sort(pairs.begin(), pairs.end(),
                   [&](std::size_t a, std::size_t b) { return apart[a] < apart[b]; });
  std::vector<std::uint8_t> taken(k);
  for (const std::size_t pair : pairs) {
    const std::size_t row = pair / k, column = pair % k;
    if (column_of[row] < k || taken[column]) continue;
    column_of[row] = column;
    taken[column] = 1;
  }
  return column_of;
}

// Puts a clustering's slots in the order of the given centers: the nearest pairs first.
template <class W>
void put_in_slots_of(const std::vector<double>& centers, std::size_t d, Clustering<W>& found) {
  const std::size_t k = found.k();
  std::vector<double> apart(k * k);
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      for (std::size_t c = 0; c < d; ++c) {
        const double step = centers[i * d + c] - found.centers[j * d + c];
        apart[i * k + j] += step * step;
      }
    }
  }
  const auto order = nearest_pairs(apart.data(), k);
  std::vector<std::int32_t> back(k);
  Clustering<W> out = found;
  for (std::size_t slot = 0; slot < k; ++slot) {
    std::copy_n(&found.centers[order[slot] * d], d, &out.centers[slot * d]);
    out.weights[slot] = found.weights[order[slot]];
    back[order[slot]] = std::int32_t(slot);
  }
  for (std::int32_t& label : out.labels) label = back[std::size_t(label)];
  found = std::move(out);
}

}  // namespace steadyhue
