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
// + sum_ik region[i, k] * gap[s_i, s_k]
// + spread * sum_j share_j * min_i |y_j - y_si|^2 over the colors i that are shown
//
// pair, region and gap are symmetric with a zero diagonal; sign[i, k] is -1, 0
// or 1 and says which of two source colors is lighter.
struct Relations {
  std::size_t n, m;
  const double *unary, *pair, *places, *target, *region, *gap;
  const std::int8_t* sign;
  const bool* shown;
  const double* share;
  double light, hue, order, spread;
};

inline double squared_distance(const double* x, const double* y) {
  return (x[0] - y[0]) * (x[0] - y[0]) + (x[1] - y[1]) * (x[1] - y[1]) +
         (x[2] - y[2]) * (x[2] - y[2]);
}

// How far each target color is from the nearest one that a shown source color
// other than `left_out` gets, squared; never more than black is from white.
inline void leave(const Relations& r, const std::int32_t* match, std::size_t left_out,
                  double* unused) {
  std::fill_n(unused, r.m, 1.0);
  for (std::size_t k = 0; k < r.n; ++k) {
    if (k == left_out || !r.shown[k]) continue;
    const double* y = r.target + 3 * std::size_t(match[k]);
    for (std::size_t j = 0; j < r.m; ++j) {
      unused[j] = std::min(unused[j], squared_distance(r.target + 3 * j, y));
    }
  }
}

inline double match_cost(const Relations& r, const std::int32_t* match) {
  std::vector<double> unused(r.m);
  leave(r, match, r.n, unused.data());
  double cost = 0.0;
  for (std::size_t j = 0; j < r.m; ++j) cost += r.spread * r.share[j] * unused[j];
  for (std::size_t i = 0; i < r.n; ++i) {
    const double* y = r.target + 3 * std::size_t(match[i]);
    cost += r.unary[i * r.m + std::size_t(match[i])];
    for (std::size_t k = 0; k < r.n; ++k) {
      const double* other = r.target + 3 * std::size_t(match[k]);
      double change[3];
      for (int d = 0; d < 3; ++d) {
        change[d] = y[d] - other[d] - (r.places[3 * i + d] - r.places[3 * k + d]);
      }
      const double wrong = std::max(0.0, -r.sign[i * r.n + k] * (y[0] - other[0]));
      cost += r.region[i * r.n + k] * r.gap[std::size_t(match[i]) * r.m + std::size_t(match[k])];
      cost += r.pair[i * r.n + k] * (r.light * change[0] * change[0] + r.order * wrong * wrong +
                                     r.hue * (change[1] * change[1] + change[2] * change[2]));
    }
  }
  return cost;
}

// Lowers the cost of match (IN and OUT) by moving one color at a time, the
// first of the `movable` in `turns` first, each to its best target (the lowest of
// equal ones), until no move pays or `sweeps` are done. The cost can only fall.
inline void search_match(const Relations& r, const std::int32_t* turns, std::size_t movable,
                         int sweeps, std::int32_t* match) {
  std::vector<double> unused(r.m), cost(r.m), lightness(r.m);
  for (std::size_t j = 0; j < r.m; ++j) lightness[j] = r.target[3 * j];
  bool moved = true;
  for (int sweep = 0; sweep < sweeps && moved; ++sweep) {
    moved = false;
    for (std::size_t turn = 0; turn < movable; ++turn) {
      const std::size_t i = std::size_t(turns[turn]), now = std::size_t(match[i]);
      const double *pair = r.pair + i * r.n, *place = r.places + 3 * i;
      // sum_k pair_k |y_j - wish_k|^2 = total |y_j|^2 - 2 y_j . wish + a constant
      double total = 0.0, wish[3] = {0.0, 0.0, 0.0};
      for (std::size_t k = 0; k < r.n; ++k) {
        const double* y = r.target + 3 * std::size_t(match[k]);
        total += pair[k];
        for (int d = 0; d < 3; ++d) wish[d] += pair[k] * (y[d] + place[d] - r.places[3 * k + d]);
      }
      for (std::size_t j = 0; j < r.m; ++j) {
        const double* y = r.target + 3 * j;
        const double light = y[0] * (total * y[0] - 2.0 * wish[0]);
        const double hue =
            y[1] * (total * y[1] - 2.0 * wish[1]) + y[2] * (total * y[2] - 2.0 * wish[2]);
        cost[j] = r.unary[i * r.m + j] + 2.0 * (r.light * light + r.hue * hue);
      }
      if (r.spread > 0.0 && r.shown[i]) {
        leave(r, match, i, unused.data());
        for (std::size_t j = 0; j < r.m; ++j) {
          double left = 0.0;
          for (std::size_t l = 0; l < r.m; ++l) {
            const double apart = squared_distance(r.target + 3 * j, r.target + 3 * l);
            left += r.share[l] * std::min(unused[l], apart);
          }
          cost[j] += r.spread * left;
        }
      }
      for (std::size_t k = 0; k < r.n; ++k) {
        const double tied = 2.0 * r.region[i * r.n + k];
        if (tied == 0.0 || k == i) continue;
        const double* gap = r.gap + std::size_t(match[k]) * r.m;
        for (std::size_t j = 0; j < r.m; ++j) cost[j] += tied * gap[j];
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
        match[i] = std::int32_t(best);
        moved = true;
      }
    }
  }
}

}  // namespace steadyhue
