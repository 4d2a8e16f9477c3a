// What palettes for a run of frames cost on some of the pixels, with the slots these would get.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "labels.hpp"
#include "prices.hpp"

namespace steadyhue {

// Some pixels of a frame, the same places in all of them.
struct Sampled {
  const std::int32_t* ids;  // -1 where transparent
  const std::uint8_t* linked;
  const std::int16_t* points;  // the colors on the grid, n_colors x 3
  std::size_t n_colors;
  double unit;  // what a pixel costs at best
};

// Palettes of k entries, one a frame.
struct Palettes {
  const std::int16_t *places, *shades;  // T x k x 3, on the grid of the space and on OKLab's
  std::size_t k;
  const std::int16_t* shades_before;  // k x 3 before the first frame, or null
  const std::uint8_t* shown;          // what the sampled pixels show in those
};

struct Rates {
  float repaint, change;  // as in `step_prices`
  double cap, penalty;    // error over the best above which each part costs more
};

// Every `stride`-th of the n pixels of each sample is looked at; their slots are written to
// `slots` (T x ceil(n / stride)).
class Judge {
 public:
  Judge(const std::vector<Sampled>& samples, std::size_t n, std::size_t stride, bool manhattan,
        const Rates& rates)
      : samples_(samples),
        stride_(stride),
        n_((n + stride - 1) / stride),
        manhattan_(manhattan),
        rates_(rates) {}

  double cost(const Palettes& palettes, std::uint8_t* slots) {
    const std::size_t T = samples_.size();
    std::vector<Looked> looked(T);
    std::vector<LabelFrame> frames;
    for (std::size_t t = 0; t < T; ++t) {
      look(palettes, t, t > 0 ? &looked[t - 1] : nullptr, looked[t]);
      frames.push_back(looked[t].frame(palettes.k));
    }
    const std::vector<std::uint8_t> shown = thinned(palettes.shown);
    std::vector<std::uint8_t*> rows;
    for (std::size_t t = 0; t < T; ++t) rows.push_back(slots + t * n_);
    std::vector<double> extra(T);
    label_frames(frames, nullptr, palettes.shown ? shown.data() : nullptr, n_, n_,
                 {0, 0, std::int64_t(n_), 1}, T, 1, 1, rows.data(), extra.data());
    double total = 0;
    const std::uint8_t* earlier = palettes.shown ? shown.data() : nullptr;
    for (std::size_t t = 0; t < T; ++t) {
      const double pixels = std::max<double>(1, double(looked[t].pixels));
      const double ratio = (looked[t].least + extra[t]) / pixels;
      total += ratio + rates_.penalty * std::max(0.0, ratio - rates_.cap);
      if (earlier) total += paid(looked[t], earlier, rows[t], palettes.k) / pixels;
      earlier = rows[t];
    }
    return total;
  }

 private:
  struct Looked {
    std::vector<std::int32_t> ids;
    std::vector<std::uint8_t> linked, slots, nearest, flags;
    std::vector<float> costs, within, into;
    std::int64_t pixels = 0;
    double least = 0;  // error of the nearest slots

    LabelFrame frame(std::size_t k) const {
      return {ids.data(),
              slots.data(),
              costs.data(),
              nearest.data(),
              flags.data(),
              into.data(),
              k,
              k,
              slots.size() / kCandidates};
    }
  };

  std::vector<std::uint8_t> thinned(const std::uint8_t* values) const {
    std::vector<std::uint8_t> out(values ? n_ : 0);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = values[i * stride_];
    return out;
  }

  void look(const Palettes& palettes, std::size_t t, const Looked* before, Looked& out) const {
    const Sampled& sample = samples_[t];
    const std::size_t k = palettes.k;
    const std::int16_t* shades = palettes.shades + t * k * 3;
    const std::int16_t* shades_before = t > 0 ? shades - k * 3 : palettes.shades_before;
    out.ids.resize(n_);
    std::vector<std::int64_t> weights(sample.n_colors);
    for (std::size_t i = 0; i < n_; ++i) {
      const std::int32_t id = out.ids[i] = sample.ids[i * stride_];
      if (id < 0) continue;
      ++weights[std::size_t(id)];
      ++out.pixels;
    }
    if (shades_before) {
      out.linked = thinned(sample.linked);
    } else {
      out.linked.assign(n_, 0);
    }
    const bool same = shades_before && std::equal(shades, shades + k * 3, shades_before);
    if (same && before) {
      out.within = before->within;
    } else {
      out.within.resize(k * k);
      step_prices(shades, k, shades, k, rates_.repaint, rates_.change, out.within.data());
    }
    if (same || !shades_before) {
      out.into = out.within;
    } else {
      out.into.resize(k * k);
      step_prices(shades_before, k, shades, k, rates_.repaint, rates_.change, out.into.data());
    }
    out.slots.resize(sample.n_colors * kCandidates);
    out.costs.resize(sample.n_colors * kCandidates);
    weigh_slots(sample.points, weights.data(), sample.n_colors, palettes.places + t * k * 3, k,
                manhattan_, -1, float(1 / sample.unit), out.within.data(), out.slots.data(),
                out.costs.data());
    for (std::size_t i = 0; i < sample.n_colors; ++i) {
      out.least += double(out.costs[i * kCandidates]) * double(weights[i]);
    }
    out.nearest.resize(n_);
    out.flags.resize(n_);
    nearest_pixels(out.ids.data(), out.slots.data(), sample.n_colors, out.linked.data(),
                   out.into.data(), k, k, before ? before->nearest.data() : nullptr, 0, n_,
                   {0, 0, std::int64_t(n_), 1}, out.nearest.data(), out.flags.data());
  }

  double paid(const Looked& frame, const std::uint8_t* earlier, const std::uint8_t* slots,
              std::size_t k) const {
    double sum = 0;
    for (std::size_t i = 0; i < n_; ++i) {
      if (frame.linked[i]) sum += double(frame.into[std::size_t(earlier[i]) * k + slots[i]]);
    }
    return sum;
  }

  const std::vector<Sampled>& samples_;
  std::size_t stride_, n_;
  bool manhattan_;
  Rates rates_;
};

}  // namespace steadyhue
