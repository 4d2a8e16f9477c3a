// The slots of pixels over a run of frames: error plus a price for showing another color.
//
// From one frame to the next a pixel is linked where its source held still; a maximal run of
// linked frames is independent of everything else. Over a run the cheapest sequence of slots
// is found exactly, by dynamic programming (A. Viterbi, 1967): an entry costs its error, a
// step costs what repainting does. Steps compare the colors shown, so that a slot whose color
// moves pays too, and another slot of the same color is free.
//
// Work is saved without a loss. Steps are a metric between shown colors, so a slot whose error
// is above that of the nearest by twice the step between the two is never worth going to, and
// most colors are left with one candidate.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "nearest.hpp"
#include "parallel.hpp"
#include "platform.hpp"

namespace steadyhue {

// Most slots of a color that are weighed: with four, sums are within 1e-4 of those of all.
constexpr std::size_t kCandidates = 4;

constexpr std::size_t kLabelGrain = 4096;  // pixels whose costs are added up together

// What each of n colors on the grid may show: its slots by rising cost, the nearest first, and
// how many of them. Costs are distances (squared, if Euclidean) times `scale`; `steps` (k x k)
// is the price of going from one entry to the other; slot `spare` (-1: none) shows nothing.
// Colors of weight 0, which no pixel has, get slot 0.
template <Metric M>
STEADYHUE_INLINE void weigh_slots(const std::int16_t* points, const std::int64_t* weights,
                                  std::size_t n, const std::int16_t* palette, std::size_t k,
                                  int spare, float scale, const float* steps, std::uint8_t* slots,
                                  float* costs, std::uint8_t* counts) {
  std::vector<float> apart(k);
  for (std::size_t i = 0; i < n; ++i) {
    std::uint8_t* slot = slots + i * kCandidates;
    float* cost = costs + i * kCandidates;
    std::fill_n(slot, kCandidates, std::uint8_t(0));
    std::fill_n(cost, kCandidates, 0.0f);
    counts[i] = 1;
    if (weights[i] <= 0) continue;
    const float x = points[i * 3], y = points[i * 3 + 1], z = points[i * 3 + 2];
    for (std::size_t s = 0; s < k; ++s) {
      const float a = term<M>(x - palette[s * 3]), b = term<M>(y - palette[s * 3 + 1]);
      apart[s] = (a + b) + term<M>(z - palette[s * 3 + 2]);
    }
    if (spare >= 0) apart[std::size_t(spare)] = std::numeric_limits<float>::infinity();
    const std::size_t nearest =
        std::size_t(std::min_element(apart.begin(), apart.end()) - apart.begin());
    const float least = apart[nearest] * scale;
    slot[0] = std::uint8_t(nearest);
    cost[0] = least;
    std::size_t count = 1;
    for (std::size_t s = 0; s < k; ++s) {
      const float here = apart[s] * scale;
      if (s == nearest || here - least >= 2 * steps[nearest * k + s]) continue;
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
    counts[i] = std::uint8_t(count);
  }
}

// The nearest slot of every pixel (`transparent` where it has none), and where it may follow the
// nearest slot before at no price: `calm` is 0 where a linked pixel would have to pay. `before`
// are the nearest slots of the frame before, null if there is none.
inline void nearest_pixels(const std::int32_t* ids, const std::uint8_t* slots, std::size_t n_colors,
                           const std::uint8_t* linked, const float* steps, std::size_t k_before,
                           std::size_t k, const std::uint8_t* before, std::uint8_t transparent,
                           std::size_t n, std::uint8_t* nearest, std::uint8_t* calm) {
  std::vector<std::uint8_t> table(n_colors + 1);
  table[0] = transparent;
  for (std::size_t i = 0; i < n_colors; ++i) table[i + 1] = slots[i * kCandidates];
  for (std::size_t i = 0; i < n; ++i) nearest[i] = table[std::size_t(ids[i] + 1)];
  std::fill_n(calm, n, std::uint8_t(1));
  if (!before) return;
  std::vector<std::uint8_t> is_free(256 * 256, 1);
  for (std::size_t a = 0; a < k_before; ++a) {
    for (std::size_t b = 0; b < k; ++b) is_free[a * 256 + b] = steps[a * k + b] == 0;
  }
  for (std::size_t i = 0; i < n; ++i) {
    calm[i] = std::uint8_t(is_free[std::size_t(before[i]) * 256 + nearest[i]] | !linked[i]);
  }
}

// One frame of a run.
struct LabelFrame {
  const std::int32_t* ids;             // -1 where transparent
  const std::uint8_t *slots, *counts;  // of each color, as `weigh_slots` fills them in
  const float* costs;
  const std::uint8_t* linked;          // 1 where the pixel held still since the frame before
  const std::uint8_t *nearest, *calm;  // of each pixel, as `nearest_pixels` fills them in
  const float* steps;                  // k_before x k: price of each step into this frame
  std::size_t k;
};

// Finds the slots of pixels over the frames, and writes those of the first `committed` ones.
// `shown` is what the frame before them shows, if there is one. costs[t] adds up by how much the
// slots chosen are worse than the nearest.
class Labeling {
 public:
  Labeling(const std::vector<LabelFrame>& frames, const std::uint8_t* shown, std::size_t committed)
      : frames_(frames),
        shown_(shown),
        committed_(committed),
        links_back_(frames.size() * kCandidates) {}

  // Pixels [first, first + count), count at most kLabelGrain.
  void run(std::size_t first, std::size_t count, std::uint8_t* const* indices, double* costs) {
    for (std::size_t t = 0; t < committed_; ++t) {
      std::copy_n(frames_[t].nearest + first, count, indices[t] + first);
    }
    std::uint8_t calm[kLabelGrain];
    std::fill_n(calm, count, std::uint8_t(1));
    for (std::size_t t = 1; t < frames_.size(); ++t) {
      const std::uint8_t* other = frames_[t].calm + first;
      for (std::size_t i = 0; i < count; ++i) calm[i] &= other[i];
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (calm[i] && enters_free(first + i)) continue;
      label(first + i, indices, costs);
    }
  }

 private:
  bool enters_free(std::size_t pixel) const {
    return entrance(pixel, 0, frames_[0].nearest[pixel]) == 0;
  }

  // Price of going from what is shown before the run, 0 where the run begins by itself.
  float entrance(std::size_t pixel, std::size_t start, std::uint8_t slot) const {
    if (start > 0 || !shown_ || !frames_[0].linked[pixel]) return 0;
    return frames_[0].steps[std::size_t(shown_[pixel]) * frames_[0].k + slot];
  }

  // Labels a pixel, run by run.
  void label(std::size_t pixel, std::uint8_t* const* indices, double* costs) {
    for (std::size_t start = 0; start < committed_;) {
      bool calm = entrance(pixel, start, frames_[start].nearest[pixel]) == 0;
      std::size_t end = start + 1;
      if (frames_[start].ids[pixel] >= 0) {
        for (; end < frames_.size() && frames_[end].linked[pixel]; ++end) {
          calm = calm && frames_[end].calm[pixel];
        }
        if (!calm) {
          search(pixel, start, end);
          trace(pixel, start, end, indices, costs);
        }
      }
      start = end;
    }
  }

  // Fills in sums_ (of the last frame) and links_back_.
  void search(std::size_t pixel, std::size_t start, std::size_t end) {
    const std::size_t row = std::size_t(frames_[start].ids[pixel]);
    std::size_t n_before = frames_[start].counts[row];
    const std::uint8_t* before = frames_[start].slots + row * kCandidates;
    for (std::size_t j = 0; j < n_before; ++j) {
      sums_[j] = frames_[start].costs[row * kCandidates + j] + entrance(pixel, start, before[j]);
    }
    for (std::size_t t = start + 1; t < end; ++t) {
      const LabelFrame& frame = frames_[t];
      const std::size_t here = std::size_t(frame.ids[pixel]);
      const std::size_t n = frame.counts[here];
      const std::uint8_t* slots = frame.slots + here * kCandidates;
      float sums[kCandidates];
      for (std::size_t j = 0; j < n; ++j) {
        std::size_t from = 0;
        float least = sums_[0] + frame.steps[std::size_t(before[0]) * frame.k + slots[j]];
        for (std::size_t i = 1; i < n_before; ++i) {
          const float sum = sums_[i] + frame.steps[std::size_t(before[i]) * frame.k + slots[j]];
          if (sum < least) least = sum, from = i;
        }
        sums[j] = least + frame.costs[here * kCandidates + j];
        links_back_[t * kCandidates + j] = std::uint8_t(from);
      }
      std::copy_n(sums, n, sums_);
      before = slots;
      n_before = n;
    }
    last_ = std::size_t(std::min_element(sums_, sums_ + n_before) - sums_);
  }

  void trace(std::size_t pixel, std::size_t start, std::size_t end, std::uint8_t* const* indices,
             double* costs) const {
    std::size_t chosen = last_;
    for (std::size_t t = end; t-- > start;) {
      if (t < committed_) {
        const std::size_t at = std::size_t(frames_[t].ids[pixel]) * kCandidates;
        indices[t][pixel] = frames_[t].slots[at + chosen];
        costs[t] += double(frames_[t].costs[at + chosen]) - double(frames_[t].costs[at]);
      }
      if (t > start) chosen = links_back_[t * kCandidates + chosen];
    }
  }

  const std::vector<LabelFrame>& frames_;
  const std::uint8_t* shown_;
  std::size_t committed_;
  std::vector<std::uint8_t> links_back_;
  float sums_[kCandidates];
  std::size_t last_ = 0;
};

// Labels n pixels on several threads. Costs are added up grain by grain in a fixed order, so
// that they are the same for any number of threads.
inline void label_frames(const std::vector<LabelFrame>& frames, const std::uint8_t* shown,
                         std::size_t n, std::size_t committed, int n_threads,
                         std::uint8_t* const* indices, double* costs) {
  const std::size_t grains = (n + kLabelGrain - 1) / kLabelGrain;
  std::vector<double> parts(grains * committed);
  for_ranges(grains, 1, n_threads, [&](std::size_t, std::size_t first, std::size_t last) {
    Labeling labeling(frames, shown, committed);
    for (std::size_t grain = first; grain < last; ++grain) {
      const std::size_t start = grain * kLabelGrain;
      labeling.run(start, std::min(n - start, kLabelGrain), indices,
                   parts.data() + grain * committed);
    }
  });
  std::fill_n(costs, committed, 0.0);
  for (std::size_t grain = 0; grain < grains; ++grain) {
    for (std::size_t t = 0; t < committed; ++t) costs[t] += parts[grain * committed + t];
  }
}

}  // namespace steadyhue
