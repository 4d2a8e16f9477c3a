// Matching two palettes so that the relations between the colors survive.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace steadyhue {

// The cost of a match s of n source colors to m target colors; all colors are
// (L, a, b). With p_i the place where source color i would like to go:
//
//   sum_i  unary[i, s_i]
// + sum_ik pair[i, k] * (  light * ((y_si - y_sk)_L - (p_i - p_k)_L)^2
//                        + hue * |(y_si - y_sk)_ab - (p_i - p_k)_ab|^2
//                        + order * max(0, -sign[i, k] * (y_si - y_sk)_L)^2)
// + spread * sum_j (mass_j - share_j)^2 / share_j,   mass_j = sum of weight_i with s_i = j
//
// pair is symmetric with a zero diagonal; sign[i, k] is -1, 0 or 1 and says
// which of two source colors is lighter; every share is positive.
struct Relations {
  std::size_t n, m;
  const double *unary, *pair, *places, *target;
  const std::int8_t* sign;
  const double *weight, *share;
  double light, hue, order, spread;
};

inline double match_cost(const Relations& r, const std::int32_t* match) {
  std::vector<double> mass(r.m, 0.0);
  double cost = 0.0;
  for (std::size_t i = 0; i < r.n; ++i) {
    const double* y = r.target + 3 * std::size_t(match[i]);
    cost += r.unary[i * r.m + std::size_t(match[i])];
    mass[std::size_t(match[i])] += r.weight[i];
    for (std::size_t k = 0; k < r.n; ++k) {
      const double* other = r.target + 3 * std::size_t(match[k]);
      double change[3];
      for (int d = 0; d < 3; ++d) {
        change[d] = y[d] - other[d] - (r.places[3 * i + d] - r.places[3 * k + d]);
      }
      const double wrong = std::max(0.0, -r.sign[i * r.n + k] * (y[0] - other[0]));
      cost += r.pair[i * r.n + k] * (r.light * change[0] * change[0] + r.order * wrong * wrong +
                                     r.hue * (change[1] * change[1] + change[2] * change[2]));
    }
  }
  for (std::size_t j = 0; j < r.m; ++j) {
    cost += r.spread * (mass[j] - r.share[j]) * (mass[j] - r.share[j]) / r.share[j];
  }
  return cost;
}

// Lowers the cost of match (IN and OUT) by moving one color at a time, the
// first in `turns` first, each to its best target (the lowest of equal ones),
// until no move pays or `sweeps` are done. The cost can only fall.
inline void search_match(const Relations& r, const std::int32_t* turns, int sweeps,
                         std::int32_t* match) {
  std::vector<double> mass(r.m, 0.0), cost(r.m), lightness(r.m);
  for (std::size_t j = 0; j < r.m; ++j) lightness[j] = r.target[3 * j];
  for (std::size_t i = 0; i < r.n; ++i) mass[std::size_t(match[i])] += r.weight[i];
  bool moved = true;
  for (int sweep = 0; sweep < sweeps && moved; ++sweep) {
    moved = false;
    for (std::size_t turn = 0; turn < r.n; ++turn) {
      const std::size_t i = std::size_t(turns[turn]), now = std::size_t(match[i]);
      const double *pair = r.pair + i * r.n, *place = r.places + 3 * i;
      // sum_k pair_k |y_j - wish_k|^2 = total |y_j|^2 - 2 y_j . wish + a constant
      double total = 0.0, wish[3] = {0.0, 0.0, 0.0};
      for (std::size_t k = 0; k < r.n; ++k) {
        const double* y = r.target + 3 * std::size_t(match[k]);
        total += pair[k];
        for (int d = 0; d < 3; ++d) wish[d] += pair[k] * (y[d] + place[d] - r.places[3 * k + d]);
      }
      const double room = mass[now] - r.weight[i];
      for (std::size_t j = 0; j < r.m; ++j) {
        const double* y = r.target + 3 * j;
        const double light = y[0] * (total * y[0] - 2.0 * wish[0]);
        const double hue =
            y[1] * (total * y[1] - 2.0 * wish[1]) + y[2] * (total * y[2] - 2.0 * wish[2]);
        const double rest = (j == now ? room : mass[j]) - r.share[j];
        cost[j] = r.unary[i * r.m + j] + 2.0 * (r.light * light + r.hue * hue) +
                  r.spread * r.weight[i] * (r.weight[i] + 2.0 * rest) / r.share[j];
      }
      for (std::size_t k = 0; k < r.n; ++k) {
        if (r.sign[i * r.n + k] == 0 || pair[k] == 0.0) continue;
        const double scale = 2.0 * r.order * pair[k], sign = r.sign[i * r.n + k];
        const double other = lightness[std::size_t(match[k])];
        for (std::size_t j = 0; j < r.m; ++j) {
          const double wrong = std::max(0.0, -sign * (lightness[j] - other));
          cost[j] += scale * wrong * wrong;
        }
      }
      const std::size_t best =
          std::size_t(std::min_element(cost.begin(), cost.end()) - cost.begin());
      if (cost[best] < cost[now] - 1e-12) {  // rounding must not make it go round in circles
        mass[now] = room;
        mass[best] += r.weight[i];
        match[i] = std::int32_t(best);
        moved = true;
      }
    }
  }
}

}  // namespace steadyhue
