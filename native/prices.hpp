// What showing another color costs.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "platform.hpp"

namespace steadyhue {

// Prices of going from each of k_before colors (k_before x 3, on OKLab's grid) to each of k: 0 if
// they are the same, else `repaint` and `change` for each grid unit between them.
STEADYHUE_CLONES static void step_prices(const std::int16_t* before, std::size_t k_before,
                                         const std::int16_t* after, std::size_t k, float repaint,
                                         float change, float* out) {
  std::vector<float> planes(3 * k);
  for (std::size_t j = 0; j < k; ++j) {
    for (std::size_t c = 0; c < 3; ++c) planes[c * k + j] = after[j * 3 + c];
  }
  const float *u = planes.data(), *v = u + k, *w = v + k;
  for (std::size_t i = 0; i < k_before; ++i) {
    const float x = before[i * 3], y = before[i * 3 + 1], z = before[i * 3 + 2];
    for (std::size_t j = 0; j < k; ++j) {
      const float a = u[j] - x, b = v[j] - y, c = w[j] - z;
      const float square = (a * a + b * b) + c * c;
      out[i * k + j] = square > 0 ? repaint + change * std::sqrt(square) : 0;
    }
  }
}

}  // namespace steadyhue
