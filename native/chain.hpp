// Clusterings of a run of frames, and centers that are held over it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "paths.hpp"
#include "repair.hpp"

namespace steadyhue {

using Colors3 = Cloud<std::int16_t, std::int64_t>;

// Centers (T x k x 3) of a run of frames, and what each frame costs with them, and how many moves
// of Lloyd's algorithm led there (T).
struct Chain {
  Chain(std::size_t T, std::size_t k) : centers(T * k * 3), inertias(T), moves(T) {}

  std::vector<double> centers, inertias;
  std::vector<std::int32_t> moves;
};

inline void put(const Clustering<std::int64_t>& found, std::size_t t, std::size_t k, Chain& chain) {
  std::copy(found.centers.begin(), found.centers.end(),
            chain.centers.begin() + std::ptrdiff_t(t * k * 3));
  chain.inertias[t] = found.inertia;
  chain.moves[t] = found.n_iter;
}

// Follows the frames from the given centers, forward or backward: `moves` of Lloyd's algorithm
// in each. A relocation is tried where the error a pixel rose by more than `jump` since the last
// frame, and in every `patience`-th one.
inline Chain follow_chain(std::vector<Colors3>& frames, std::vector<double> centers, std::size_t k,
                          int moves, double jump, int patience, bool backward,
                          const Effort& effort) {
  const std::size_t T = frames.size();
  Chain chain(T, k);
  double last = 0;
  int waited = 0;
  for (std::size_t i = 0; i < T; ++i) {
    const std::size_t t = backward ? T - 1 - i : i;
    Colors3& frame = frames[t];
    Clustering<std::int64_t> found = lloyd(frame, std::move(centers), k, effort.tol, moves);
    double total = 0;
    for (const std::int64_t w : found.weights) total += double(w);
    if (found.inertia > (1 + jump) * last * total || ++waited >= patience) {
      repair(frame, 1, 1, effort, found);
      waited = 0;
    }
    last = found.inertia / std::max(total, 1.0);
    put(found, t, k, chain);
    centers = std::move(found.centers);
  }
  return chain;
}

// Centers drawn by k-means++; a cloud must have at least k points.
inline std::vector<double> drawn_centers(const Colors3& cloud, std::size_t k, std::uint64_t seed) {
  const auto rows = plus_plus_rows(cloud.points, cloud.weights, cloud.n, 3, k, cloud.metric, seed);
  std::vector<double> centers(k * 3);
  for (std::size_t j = 0; j < k; ++j) {
    for (std::size_t c = 0; c < 3; ++c) {
      centers[j * 3 + c] = double(cloud.points[std::size_t(rows[j]) * 3 + c]);
    }
  }
  return centers;
}

// Clusters every frame afresh, from `starts` draws of k-means++ and the centers before, of which
// the best is taken in the slots of those.
inline Chain fresh_chain(std::vector<Colors3>& frames, std::vector<double> centers, std::size_t k,
                         int starts, std::uint64_t seed, const Effort& effort) {
  const std::size_t T = frames.size();
  Chain chain(T, k);
  for (std::size_t t = 0; t < T; ++t) {
    Colors3& frame = frames[t];
    Clustering<std::int64_t> best = cluster_from(frame, centers, k, effort);
    for (int draw = 0; draw < starts && frame.n > k && best.inertia > 0; ++draw) {
      const std::uint64_t here = seed + 7919 * t + 104729 * std::uint64_t(draw);
      auto found = cluster_from(frame, drawn_centers(frame, k, here), k, effort);
      if (found.inertia < best.inertia) best = std::move(found);
    }
    put_in_slots_of(centers, 3, best);
    put(best, t, k, chain);
    centers = best.centers;
  }
  return chain;
}

// Clusters a cloud as a start for others, so not to the end, in the slots of the given centers.
inline std::vector<double> rough_centers(Colors3& cloud, const std::vector<double>& slots,
                                         std::size_t k, std::uint64_t seed, int moves, int rounds,
                                         const Effort& effort) {
  std::vector<double> start = cloud.n > k ? drawn_centers(cloud, k, seed) : slots;
  auto found = lloyd(cloud, std::move(start), k, effort.tol, moves);
  repair(cloud, rounds, int(k / 8), effort, found);
  put_in_slots_of(slots, 3, found);
  return found.centers;
}

// What holding needs to know of each frame.
struct Holding {
  const std::int64_t* const* still;  // T x n: of the weights, what held still
  const double* best;                // T: error that counts as one
  const std::uint8_t* pinned;        // T: whether no center may move here
  const double* shown;               // k x 3 before the first frame, or null
  MovePrice price;
};

inline double distance3(const double* a, const double* b) {
  const double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
  return std::sqrt(x * x + y * y + z * z);
}

// Lloyd's algorithm over a run of frames, where the path of each center is the best constant in
// pieces; see modes/hold.py. Starts at the chain's centers and stops when the sum of errors and
// prices settles.
inline Chain hold_chain(std::vector<Colors3>& frames, std::vector<double> centers, std::size_t k,
                        const Holding& in, int rounds, double settled) {
  const std::size_t T = frames.size();
  std::vector<std::vector<std::int32_t>> labels(T);
  std::vector<double> means(T * k * 3), weights(T * k), shares(T * k), scale(T);
  Chain best(T, k);
  double lowest = std::numeric_limits<double>::infinity();
  for (int round = 0; round <= rounds; ++round) {
    double cost = 0;
    std::vector<double> inertias(T);
    for (std::size_t t = 0; t < T; ++t) {
      Colors3& frame = frames[t];
      if (labels[t].empty()) labels[t].assign(frame.n, -1);
      const auto found = step(frame, &centers[t * k * 3], k, labels[t].data());
      if (round == 0) {
        scale[t] = in.best[t];
        if (frame.metric == Metric::manhattan) {
          scale[t] =
              std::max(1.0, error_of<Metric::euclidean>(frame.points, frame.weights, frame.n,
                                                        &centers[t * k * 3], 3, labels[t].data()));
        }
      }
      inertias[t] = found.before;
      cost += found.before / in.best[t];
      std::vector<double> still(k);
      double total = 0;
      for (std::size_t i = 0; i < frame.n; ++i) {
        still[std::size_t(labels[t][i])] += double(in.still[t][i]);
        total += double(frame.weights[i]);
      }
      std::copy(found.centers.begin(), found.centers.end(),
                means.begin() + std::ptrdiff_t(t * k * 3));
      for (std::size_t j = 0; j < k; ++j) {
        const std::size_t at = t * k + j;
        weights[at] = double(found.weights[j]) / scale[t];
        shares[at] = in.pinned[t] ? std::numeric_limits<double>::infinity()
                                  : still[j] / std::max(total, 1.0);
        const double* before = t > 0      ? &centers[(at - k) * 3]
                               : in.shown ? in.shown + j * 3
                                          : nullptr;
        const double moved = before ? distance3(before, &centers[at * 3]) : 0;
        if (moved > 0) cost += in.price.of(shares[at], moved);
      }
    }
    if (cost > lowest * (1 - settled)) break;
    lowest = cost;
    best.centers = centers;
    best.inertias = inertias;
    fit_paths(means.data(), weights.data(), shares.data(), in.price, in.shown, T, k, 3,
              centers.data());
  }
  return best;
}

}  // namespace steadyhue
