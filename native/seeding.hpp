// Initial centers: random points, and greedy k-means++.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "nearest.hpp"

namespace steadyhue {

// SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  double uniform() { return double(next() >> 11) * 0x1p-53; }  // [0, 1)

 private:
  std::uint64_t state_;
};

// A row drawn with probability by mass, given the running sums of the masses; the
// last sum must be positive.
inline std::size_t draw(Random& random, const std::vector<double>& sums) {
  const double target = random.uniform() * sums.back();
  const auto row = std::size_t(std::upper_bound(sums.begin(), sums.end(), target) - sums.begin());
  if (row < sums.size()) return row;
  return std::size_t(std::lower_bound(sums.begin(), sums.end(), sums.back()) - sums.begin());
}

// k distinct rows drawn one after the other with probability by weight; once the
// weight is used up, the first free rows. k is at most n.
template <class W>
std::vector<std::int32_t> random_rows(const W* weights, std::size_t n, std::size_t k,
                                      std::uint64_t seed) {
  Random random(seed);
  std::vector<std::uint8_t> taken(n);
  std::vector<double> sums(n);
  const auto sum_up = [&] {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sums[i] = sum += taken[i] ? 0 : double(weights[i]);
    return sum;
  };
  std::vector<std::int32_t> rows;
  double left = sum_up();
  while (rows.size() < k) {
    std::size_t row = 0;
    if (left > 0) {
      row = draw(random, sums);
      if (taken[row]) {  // the sums are out of date
        left = sum_up();
        continue;
      }
    } else {
      while (taken[row]) ++row;
    }
    taken[row] = 1;
    rows.push_back(std::int32_t(row));
  }
  return rows;
}

// Sum of w min(closest, distance to the candidate); fills `closer`. Four lanes
// added in a fixed order.
STEADYHUE_CLONES static double potential(const double* planes, std::size_t n, std::size_t d,
                                         const double* weights, const double* candidate,
                                         const double* closest, bool manhattan, double* closer) {
  for (std::size_t i = 0; i < n; ++i) closer[i] = 0;
  for (std::size_t c = 0; c < d; ++c) {
    const double* plane = planes + c * n;
    const double center = candidate[c];
    if (manhattan) {
      for (std::size_t i = 0; i < n; ++i) closer[i] += term<Metric::manhattan>(plane[i] - center);
    } else {
      for (std::size_t i = 0; i < n; ++i) closer[i] += term<Metric::euclidean>(plane[i] - center);
    }
  }
  double lanes[4] = {0, 0, 0, 0};
  const std::size_t whole = n / 4 * 4;
  for (std::size_t i = 0; i < n; ++i) closer[i] = closer[i] < closest[i] ? closer[i] : closest[i];
  for (std::size_t i = 0; i < whole; i += 4) {
    for (std::size_t u = 0; u < 4; ++u) lanes[u] += weights[i + u] * closer[i + u];
  }
  for (std::size_t i = whole; i < n; ++i) lanes[i - whole] += weights[i] * closer[i];
  return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
}

// Greedy k-means++ (Arthur and Vassilvitskii 2007, section 6): of 2 + floor(ln k)
// points drawn with probability by weighted distance to the nearest center, the one
// that leaves the least error. Returns k distinct rows; k is at most n.
template <class P, class W>
std::vector<std::int32_t> plus_plus_rows(const P* points, const W* weights_in, std::size_t n,
                                         std::size_t d, std::size_t k, Metric metric,
                                         std::uint64_t seed) {
  Random random(seed);
  const std::size_t trials = 2 + std::size_t(std::log(double(k)));
  const bool manhattan = metric == Metric::manhattan;
  std::vector<double> planes(n * d), weights(weights_in, weights_in + n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t c = 0; c < d; ++c) planes[c * n + i] = double(points[i * d + c]);
  }
  std::vector<double> closest(n, std::numeric_limits<double>::infinity()), closer(n), best(n);
  std::vector<double> candidate(d), sums(n);
  std::vector<std::uint8_t> taken(n);
  std::vector<std::int32_t> rows;
  while (rows.size() < k) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
      sums[i] = sum += weights[i] * (rows.empty() ? 1 : closest[i]);
    }
    if (!(sum > 0)) break;
    double least = std::numeric_limits<double>::infinity();
    std::size_t chosen = 0;
    for (std::size_t trial = 0; trial < (rows.empty() ? 1 : trials); ++trial) {
      const std::size_t row = draw(random, sums);
      for (std::size_t c = 0; c < d; ++c) candidate[c] = planes[c * n + row];
      const double left = potential(planes.data(), n, d, weights.data(), candidate.data(),
                                    closest.data(), manhattan, closer.data());
      if (left < least) {
        least = left;
        chosen = row;
        best.swap(closer);
      }
    }
    closest.swap(best);
    taken[chosen] = 1;
    rows.push_back(std::int32_t(chosen));
  }
  for (std::size_t row = 0; rows.size() < k; ++row) {  // all points with weight are centers
    if (!taken[row]) rows.push_back(std::int32_t(row));
  }
  return rows;
}

}  // namespace steadyhue
