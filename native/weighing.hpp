// What each color may show and what that costs, and the nearest slot of every pixel.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "box.hpp"
#include "nearest.hpp"
#include "parallel.hpp"
#include "platform.hpp"

namespace steadyhue {

// Most slots of a color that are weighed: with four, sums are within 1e-4 of those of all.
constexpr std::size_t kCandidates = 4;

constexpr std::size_t kLabelGrain = 4096;  // pixels whose costs are added up together

// Up to 256 slots in planes, and what is found for one color after the other.
class Weighing {
 public:
  Weighing(const std::int16_t* palette, std::size_t k, int spare, float scale, const float* steps)
      : k_(k), spare_(spare), scale_(scale), steps_(steps) {
    for (std::size_t s = 0; s < k; ++s) {
      for (std::size_t c = 0; c < 3; ++c) planes_[c][s] = palette[s * 3 + c];
    }
  }

  // Fills in the slots of a color and their costs.
  template <Metric M>
  STEADYHUE_INLINE void weigh(const std::int16_t* point, std::uint8_t* slot, float* cost) {
    const float x = point[0], y = point[1], z = point[2];
    for (std::size_t s = 0; s < k_; ++s) {
      const float a = term<M>(x - planes_[0][s]), b = term<M>(y - planes_[1][s]);
      apart_[s] = (a + b) + term<M>(z - planes_[2][s]);
    }
    if (spare_ >= 0) apart_[spare_] = std::numeric_limits<float>::infinity();
    std::int32_t order[256], lowest = std::numeric_limits<std::int32_t>::max();
    std::memcpy(order, apart_, k_ * sizeof(float));  // bits of floats from 0 on rise with them
    for (std::size_t s = 0; s < k_; ++s) lowest = order[s] < lowest ? order[s] : lowest;
    std::size_t nearest = 0;
    while (order[nearest] != lowest) ++nearest;
    const float least = apart_[nearest] * scale_;
    const float* steps = steps_ + nearest * k_;
    std::int32_t any = 0;
    for (std::size_t s = 0; s < k_; ++s) {
      order[s] = apart_[s] * scale_ - least < 2 * steps[s];
      any |= order[s];
    }
    slot[0] = std::uint8_t(nearest);
    cost[0] = least;
    if (any) insert(order, nearest, slot, cost);
  }

 private:
  void insert(const std::int32_t* worth, std::size_t nearest, std::uint8_t* slot,
              float* cost) const {
    std::size_t count = 1;
    for (std::size_t s = 0; s < k_; ++s) {
      if (s == nearest || !worth[s]) continue;
      const float here = apart_[s] * scale_;
      std::size_t at = count;
      while (at > 1 && cost[at - 1] > here) --at;
      if (at == kCandidates) continue;
      for (std::size_t j = std::min(count, kCandidates - 1); j > at; --j) {
        slot[j] = slot[j - 1];
        cost[j] = cost[j - 1];
      }
      slot[at] = std::uint8_t(s);
      cost[at] = here;
      count = std::min(count + 1, kCandidates);
    }
  }

  std::size_t k_;
  int spare_;
  float scale_;
  const float* steps_;
  float planes_[3][256], apart_[256];
};

// What each of n colors on the grid may show: its slots by rising cost, the nearest first; costs
// are infinite where there are fewer. Costs are distances (squared, if Euclidean) times `scale`;
// `steps` (k x k) is the price of going from one entry to the other; slot `spare` (-1: none) shows
// nothing. Colors of weight 0, which no pixel has, get slot 0 for nothing.
STEADYHUE_CLONES static void weigh_slots(const std::int16_t* points, const std::int64_t* weights,
                                         std::size_t n, const std::int16_t* palette, std::size_t k,
                                         bool manhattan, int spare, float scale, const float* steps,
                                         std::uint8_t* slots, float* costs) {
  Weighing weighing(palette, k, spare, scale, steps);
  std::fill_n(slots, n * kCandidates, std::uint8_t(0));
  std::fill_n(costs, n * kCandidates, std::numeric_limits<float>::infinity());
  for (std::size_t i = 0; i < n; ++i) {
    const std::int16_t* point = points + i * 3;
    std::uint8_t* slot = slots + i * kCandidates;
    float* cost = costs + i * kCandidates;
    if (weights[i] <= 0) {
      *cost = 0;
    } else if (manhattan) {
      weighing.weigh<Metric::manhattan>(point, slot, cost);
    } else {
      weighing.weigh<Metric::euclidean>(point, slot, cost);
    }
  }
}

// What is known of a pixel before its slots are weighed.
enum PixelFlag : std::uint8_t {
  kLinked = 1,  // it held still since the frame before
  kFree = 2,    // going to the nearest slot from the nearest before costs nothing
};

// The nearest slot of every pixel of a box (`transparent` where it has none) and its flags.
// `before` are the nearest slots of the picture before, null if there is none.
inline void nearest_pixels(const std::int32_t* ids, const std::uint8_t* slots, std::size_t n_colors,
                           const std::uint8_t* linked, const float* steps, std::size_t k_before,
                           std::size_t k, const std::uint8_t* before, std::uint8_t transparent,
                           std::size_t width, const Box& box, std::uint8_t* nearest,
                           std::uint8_t* flags) {
  std::vector<std::uint8_t> table(n_colors + 1);
  table[0] = transparent;
  for (std::size_t i = 0; i < n_colors; ++i) table[i + 1] = slots[i * kCandidates];
  // With a row and a column more, for what is transparent.
  std::vector<std::uint8_t> is_free((k_before + 1) * (k + 1), kFree);
  for (std::size_t a = 0; a < k_before; ++a) {
    for (std::size_t b = 0; b < k; ++b)
      is_free[a * (k + 1) + b] = steps[a * k + b] == 0 ? kFree : 0;
  }
  std::size_t place = 0;
  for_rows(box, width, [&](std::size_t first, std::size_t count) {
    for (std::size_t i = first; i < first + count; ++i, ++place) {
      nearest[place] = table[std::size_t(ids[i] + 1)];
    }
    place -= count;
    for (std::size_t i = first; i < first + count; ++i, ++place) {
      const std::size_t from = before ? std::min<std::size_t>(before[i], k_before) : k_before;
      const std::size_t to = std::min<std::size_t>(nearest[place], k);
      flags[place] =
          linked[i] ? std::uint8_t(kLinked | is_free[from * (k + 1) + to]) : std::uint8_t(kFree);
    }
  });
}

// What is known of the pixels of a box.
struct Field {
  Box box;
  const std::uint8_t *nearest, *flags;
};

// The same in another box, given what is nearest in the picture before in a third box, which has
// the whole of it. Outside its own box the picture is as before, and free to stay so.
inline void widen(const Field& before, const Field& known, const std::uint8_t* linked,
                  std::size_t width, const Box& box, std::uint8_t* nearest, std::uint8_t* flags) {
  const auto copy = [](const std::uint8_t* from, const Box& theirs, std::uint8_t* to,
                       const Box& ours) {
    const std::int64_t left = std::max(theirs.left, ours.left);
    const std::int64_t right = std::min(theirs.left + theirs.width, ours.left + ours.width);
    const std::int64_t bottom = std::min(theirs.top + theirs.height, ours.top + ours.height);
    if (left >= right) return;
    for (std::int64_t y = std::max(theirs.top, ours.top); y < bottom; ++y) {
      std::copy_n(from + (y - theirs.top) * theirs.width + left - theirs.left, right - left,
                  to + (y - ours.top) * ours.width + left - ours.left);
    }
  };
  copy(before.nearest, before.box, nearest, box);
  copy(known.nearest, known.box, nearest, box);
  std::size_t place = 0;
  for_rows(box, width, [&](std::size_t first, std::size_t count) {
    for (std::size_t i = first; i < first + count; ++i) {
      flags[place++] = std::uint8_t(linked[i] | kFree);
    }
  });
  copy(known.flags, known.box, flags, box);
}

}  // namespace steadyhue
