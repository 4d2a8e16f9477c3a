// Mixtures: a few slots whose colors, side by side, look like one that is not in the palette.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "nearest.hpp"
#include "platform.hpp"

namespace steadyhue {

constexpr int kDitherLevels = 4096;  // shares and thresholds are out of so many

// A frame to dither: colors and palette in linear light, which pixels choose, and what.
struct Dithering {
  const std::int32_t* ids;  // height x width, -1 where transparent
  std::size_t height, width;
  const float* linear;  // n_colors x 3
  std::size_t n_colors;
  const float* palette;  // k x 3
  std::size_t k;
  const std::uint8_t* is_free;  // the others keep their slot
  int transparent;              // the index of transparent pixels, never a color's; -1: none
  std::uint8_t* indices;        // IN and OUT
};

// Up to four slots, from the lightest to the darkest: any color within a palette is inside a
// tetrahedron of its colors. `below` are their shares added up, out of kDitherLevels.
struct Mixture {
  static constexpr int kMost = 4;
  std::uint8_t slots[kMost];
  std::uint16_t below[kMost];

  std::uint8_t at(std::uint16_t threshold) const {
    int i = 0;
    while (i < kMost - 1 && threshold >= below[i]) ++i;
    return slots[i];
  }
};

// A mixture so far: its mean, and the variance of its colors.
struct Mean {
  float color[3], variance;
};

// What adding each of n slots, in planes, to a mixture for the color `at` would do: with which
// share of it, and what that costs beside leaving it. Squared differences are weighted by w.
STEADYHUE_CLONES static void weigh_partners(const float* red, const float* green, const float* blue,
                                            const float* far, std::size_t n, const Mean& mean,
                                            const float* at, const float* w, float grain,
                                            float* share, float* cost) {
  const float r = mean.color[0], g = mean.color[1], b = mean.color[2];
  const float tr = at[0] - r, tg = at[1] - g, tb = at[2] - b, variance = mean.variance;
  for (std::size_t s = 0; s < n; ++s) {
    const float sr = red[s] - r, sg = green[s] - g, sb = blue[s] - b;
    const float along = w[0] * sr * tr + w[1] * sg * tg + w[2] * sb * tb;
    const float length = w[0] * sr * sr + w[1] * sg * sg + w[2] * sb * sb + 1e-30f;
    const float t = std::min(std::max(along / length, 0.0f), 1.0f);
    share[s] = t;
    cost[s] = t * (t * length - 2.0f * along + grain * ((1.0f - t) * length - variance)) + far[s];
  }
}

// The first of n values, a multiple of kLanes, that is the least and below 0; n if none is.
STEADYHUE_CLONES static std::size_t first_least(const float* values, std::size_t n) {
  float lanes[kLanes] = {};
  for (std::size_t s = 0; s < n; s += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      lanes[lane] = values[s + lane] < lanes[lane] ? values[s + lane] : lanes[lane];
    }
  }
  const float least = *std::min_element(lanes, lanes + kLanes);
  if (!(least < 0)) return n;
  return std::size_t(std::find(values, values + n, least) - values);
}

// The palette in planes, filled up with its last slot, and room for what its slots would do for one
// color.
class Mixer {
 public:
  Mixer(const float* palette, std::size_t k, int transparent)
      : k_(k), padded_((k + kLanes - 1) / kLanes * kLanes), ease_(k), far_(k * padded_, kNever) {
    for (std::vector<float>* plane : {&red_, &green_, &blue_, &light_, &share_, &cost_})
      plane->resize(padded_);
    for (std::size_t s = 0; s < padded_; ++s) {
      const float* p = palette + std::min(s, k - 1) * 3;
      red_[s] = p[0], green_[s] = p[1], blue_[s] = p[2];
      light_[s] = 0.2126f * p[0] + 0.7152f * p[1] + 0.0722f * p[2];
    }
    for (std::size_t a = 0; a < k; ++a) keep_near(a, transparent);
  }

  // The mixture for a color whose nearest slot is `a`. Partners are added one at a time, each
  // with the share that brings the mean nearest, while that gains more than the grain it
  // makes costs (M. Frank, P. Wolfe, "An algorithm for quadratic programming", 1956).
  Mixture mix(std::size_t a, const float* at, const float* slope, float grain, float strength) {
    n_ = 1;
    slots_[0] = a;
    shares_[0] = 1.0f;
    const float w[3] = {slope[0] * slope[0], slope[1] * slope[1], slope[2] * slope[2]};
    Mean mean{{red_[a], green_[a], blue_[a]}, 0.0f};
    for (int step = 0; step < kSteps; ++step) {
      weigh_partners(red_.data(), green_.data(), blue_.data(), &far_[a * padded_], padded_, mean,
                     at, w, grain * ease_[a], share_.data(), cost_.data());
      const std::size_t s = best();
      if (s == padded_ || (step > 0 && cost_[s] > -kLeast)) break;
      const float t = share_[s];
      float apart = 0.0f;
      const float color[3] = {red_[s], green_[s], blue_[s]};
      for (int c = 0; c < 3; ++c) {
        const float d = color[c] - mean.color[c];
        apart += w[c] * d * d;
        mean.color[c] += t * d;
      }
      mean.variance = (1.0f - t) * (mean.variance + t * apart);
      add(s, t);
    }
    return ordered(strength);
  }

 private:
  // Further steps than the first must gain so many squared levels: fewer are not seen.
  static constexpr float kLeast = 4.0f;
  static constexpr int kSteps = 12;      // with four slots the mean is met within a level by then
  static constexpr int kRank = 4;        // entries around one that span the colors next to it,
  static constexpr float kReach = 2.0f;  // and how much further than these a partner may be
  // Where entries are further apart than this (a quarter of the range), grain costs little: it
  // is what such palettes are made of, and what they show else is off by more.
  static constexpr float kDense = 0.25f;

  // Mark the entries that are too far from `a` to be mixed with it: a dot of a distant color is
  // seen by itself. What is far depends on how densely the palette is set there.
  void keep_near(std::size_t a, int transparent) {
    std::vector<float> apart(k_), others;
    const auto level = [](float light) { return std::sqrt(std::max(light, 0.0f)); };
    for (std::size_t s = 0; s < k_; ++s) {
      const float r = level(red_[s]) - level(red_[a]), g = level(green_[s]) - level(green_[a]),
                  b = level(blue_[s]) - level(blue_[a]);
      apart[s] = r * r + g * g + b * b;
      if (apart[s] > 0.0f && int(s) != transparent) others.push_back(apart[s]);
    }
    float reach = 0.0f;
    ease_[a] = 1.0f;
    if (!others.empty()) {
      const std::size_t rank = std::min<std::size_t>(kRank, others.size()) - 1;
      std::nth_element(others.begin(), others.begin() + std::ptrdiff_t(rank), others.end());
      reach = others[rank] * kReach * kReach;
      const float sparse = others[rank] / (kDense * kDense);
      ease_[a] = 1.0f / (1.0f + sparse * sparse);
    }
    for (std::size_t s = 0; s < k_; ++s)
      far_[a * padded_ + s] = apart[s] > reach || int(s) == transparent ? kNever : 0.0f;
  }

  // The partner that costs least, the lowest of those alike; padded_ if none helps. Four slots get
  // no fifth.
  std::size_t best() const {
    if (n_ < Mixture::kMost) return first_least(cost_.data(), padded_);
    std::size_t found = padded_;
    for (int i = 0; i < n_; ++i) {
      const std::size_t s = slots_[i];
      if (cost_[s] < (found == padded_ ? 0.0f : cost_[found])) found = s;
    }
    return found;
  }

  void add(std::size_t slot, float share) {
    for (int i = 0; i < n_; ++i) shares_[i] *= 1.0f - share;
    int i = 0;
    while (i < n_ && slots_[i] != slot) ++i;
    if (i == n_) {
      slots_[n_] = slot;
      shares_[n_++] = 0.0f;
    }
    shares_[i] += share;
  }

  Mixture ordered(float strength) {
    for (int i = 1; i < n_; ++i) shares_[i] *= strength;
    shares_[0] = 1.0f - std::accumulate(shares_ + 1, shares_ + n_, 0.0f);
    int order[Mixture::kMost] = {0, 1, 2, 3};
    std::stable_sort(order, order + n_,
                     [&](int x, int y) { return light_[slots_[x]] > light_[slots_[y]]; });
    Mixture out{};
    float total = 0.0f;
    for (int i = 0; i < Mixture::kMost; ++i) {
      const int which = order[std::min(i, n_ - 1)];
      if (i < n_) total += shares_[which];
      out.slots[i] = std::uint8_t(slots_[which]);
      out.below[i] = i < n_ - 1 ? std::uint16_t(total * float(kDitherLevels) + 0.5f)
                                : std::uint16_t(kDitherLevels);
    }
    return out;
  }

  static constexpr float kNever = 1e30f;

  std::size_t k_, padded_;
  std::vector<float> red_, green_, blue_, light_, share_, cost_, ease_, far_;
  std::size_t slots_[Mixture::kMost] = {};
  float shares_[Mixture::kMost] = {};
  int n_ = 0;
};

// The mixtures of all wanted colors. Differences are weighted by the slope of the sRGB curve at
// the color, which makes them levels; `grain` is what a unit of the mixture's own variance costs,
// `strength` how much of their shares the partners get.
inline std::vector<Mixture> mixed(const Dithering& frame, const std::uint8_t* wanted,
                                  const float* slopes, const std::uint8_t* nearest, float grain,
                                  float strength) {
  Mixer mixer(frame.palette, frame.k, frame.transparent);
  std::vector<Mixture> out(frame.n_colors);
  for (std::size_t i = 0; i < frame.n_colors; ++i) {
    if (wanted[i])
      out[i] = mixer.mix(nearest[i], frame.linear + i * 3, slopes + i * 3, grain, strength);
  }
  return out;
}

}  // namespace steadyhue
