// What relocation gains: the best split of every cluster in two.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "kmedians.hpp"

namespace steadyhue {

// Clusters cut in two by one threshold on one channel.
struct Splits {
  std::vector<double> centers;  // k x 2 x d: of the half below and the half above
  std::vector<double> weights;  // k x 2
  std::vector<double> gain;     // k: error now, with the centers given, minus error after
};

// The threshold on one of the channels that lowers the squared error of each
// cluster most, exactly: sides[i] becomes 2 label + (above).
template <class P, class W>
void best_sides(const P* points, const W* weights, std::size_t n, std::size_t d,
                const std::int32_t* order, const std::int32_t* labels, std::size_t k,
                std::int32_t* sides) {
  std::vector<double> total(k), sum(k * d), passed(k), partial(k * d), last(k), best(k),
      threshold(k);
  std::vector<std::size_t> channel(k);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t j = std::size_t(labels[i]);
    total[j] += double(weights[i]);
    for (std::size_t c = 0; c < d; ++c)
      sum[j * d + c] += double(weights[i]) * double(points[i * d + c]);
  }
  for (std::size_t c = 0; c < d; ++c) {
    std::fill(passed.begin(), passed.end(), 0);
    std::fill(partial.begin(), partial.end(), 0);
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t row = std::size_t(order[c * n + i]), j = std::size_t(labels[row]);
      const double w = double(weights[row]), value = double(points[row * d + c]);
      if (!(w > 0)) continue;
      const double below = passed[j], above = total[j] - below;
      if (below > 0 && value > last[j] && above > 0) {
        // W1 W2 / W |m1 - m2|^2, with m1 - m2 = (S1 W - S W1) / (W1 W2)
        double square = 0;
        for (std::size_t e = 0; e < d; ++e) {
          const double lever = partial[j * d + e] * total[j] - sum[j * d + e] * below;
          square += lever * lever;
        }
        const double gain = square / (below * above * total[j]);
        if (gain > best[j]) {
          best[j] = gain;
          channel[j] = c;
          threshold[j] = value;
        }
      }
      passed[j] += w;
      last[j] = value;
      for (std::size_t e = 0; e < d; ++e) partial[j * d + e] += w * double(points[row * d + e]);
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t j = std::size_t(labels[i]);
    const bool above = best[j] > 0 && double(points[i * d + channel[j]]) >= threshold[j];
    sides[i] = std::int32_t(2 * j + above);
  }
}

// Splits every cluster along its best threshold. The halves' centers are means
// (euclidean) or medians (manhattan), and the gain is that of exactly these halves.
template <class P, class W>
Splits best_splits(const P* points, const W* weights, std::size_t n, std::size_t d,
                   const std::int32_t* order, const std::int32_t* labels, const double* centers,
                   std::size_t k, Metric metric) {
  Splits out;
  std::vector<std::int32_t> sides(n);
  best_sides(points, weights, n, d, order, labels, k, sides.data());
  std::vector<W> totals(2 * k);
  std::vector<double> sums(2 * k * d);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t half = std::size_t(sides[i]);
    totals[half] += weights[i];
    for (std::size_t c = 0; c < d; ++c)
      sums[half * d + c] += double(weights[i]) * double(points[i * d + c]);
  }
  out.centers.resize(2 * k * d);
  for (std::size_t half = 0; half < 2 * k; ++half) {
    for (std::size_t c = 0; c < d; ++c) {
      double& center = out.centers[half * d + c];
      center =
          totals[half] > 0 ? sums[half * d + c] / double(totals[half]) : centers[half / 2 * d + c];
    }
  }
  if (metric == Metric::manhattan) {
    medians(points, weights, n, d, order, sides.data(), totals, out.centers.data());
  }
  out.gain.assign(k, 0);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t half = std::size_t(sides[i]), j = half / 2;
    double gain = 0;
    for (std::size_t c = 0; c < d; ++c) {
      const double x = double(points[i * d + c]);
      const double now = x - centers[j * d + c], then = x - out.centers[half * d + c];
      gain += metric == Metric::euclidean
                  ? term<Metric::euclidean>(now) - term<Metric::euclidean>(then)
                  : term<Metric::manhattan>(now) - term<Metric::manhattan>(then);
    }
    out.gain[j] += double(weights[i]) * gain;
  }
  out.weights.assign(totals.begin(), totals.end());
  return out;
}

}  // namespace steadyhue
