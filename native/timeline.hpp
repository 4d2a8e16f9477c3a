// Holding pixels: the time line of each pixel, fitted by constants in pieces.
//
// This is the Potts problem (M. Storath, A. Weinmann, L. Demaret, "Jump-sparse and sparse
// recovery using Potts functionals", 2014), solved exactly by dynamic programming for each pixel
// of a window of frames: squared error plus a price for each new piece. What a piece costs is
// looked at from near and from afar. From near it is the mean of the 3 x 3 pixels around, so
// that neighbors decide alike; from afar it is that of the picture blurred by 5 x 5, where noise
// averages out and movement does not. So noise is held for little, and what moves is not.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "parallel.hpp"

namespace steadyhue {

// A window of frames: n_frames x height x width x 4, RGBA, alpha 0 or 255.
struct Window {
  const std::uint8_t* rgba;
  std::size_t n_frames, height, width;

  const std::uint8_t* row(std::size_t t, std::size_t y) const {
    return rgba + ((t * height + std::min(y, height - 1)) * width) * 4;
  }
};

namespace timeline {

constexpr std::size_t kChannels = 3;

// Sums over frames 0 to t - 1 of a row's values and of their squares (all channels together).
struct Sums {
  std::size_t width, planes;
  std::vector<float> values, squares;  // (n_frames + 1) x 3 x width, (n_frames + 1) x width

  Sums(std::size_t n_frames, std::size_t w)
      : width(w), planes(n_frames + 1), values(planes * kChannels * w), squares(planes * w) {}

  // Frame t has these values: 3 x width.
  void add(std::size_t t, const float* frame) {
    float* after = &squares[(t + 1) * width];
    const float* before = &squares[t * width];
    std::copy_n(before, width, after);
    for (std::size_t c = 0; c < kChannels; ++c) {
      const float *from = &values[(t * kChannels + c) * width], *in = frame + c * width;
      float* to = &values[((t + 1) * kChannels + c) * width];
      for (std::size_t x = 0; x < width; ++x) {
        to[x] = from[x] + in[x];
        after[x] += in[x] * in[x];
      }
    }
  }

  // Add `weight` times the squared error of the best constant over frames [i, j) to `out`.
  void error(std::size_t i, std::size_t j, float weight, float* out) const {
    const float share = 1.0f / float(j - i);
    const float *q0 = &squares[i * width], *q1 = &squares[j * width];
    const float* s0 = &values[i * kChannels * width];
    const float* s1 = &values[j * kChannels * width];
    for (std::size_t x = 0; x < width; ++x) {
      const float r = s1[x] - s0[x], g = s1[width + x] - s0[width + x];
      const float b = s1[2 * width + x] - s0[2 * width + x];
      out[x] += weight * std::max(0.0f, q1[x] - q0[x] - (r * r + g * g + b * b) * share);
    }
  }

  // The same of the constant `held` (3 x width).
  void error_of(const float* held, std::size_t j, float weight, float* out) const {
    const float *q = &squares[j * width], *s = &values[j * kChannels * width];
    for (std::size_t x = 0; x < width; ++x) {
      float e = q[x];
      for (std::size_t c = 0; c < kChannels; ++c) {
        const float h = held[c * width + x];
        e += h * (h * float(j) - 2.0f * s[c * width + x]);
      }
      out[x] += weight * std::max(0.0f, e);
    }
  }
};

// The three channels of a row, each by itself.
inline void planes_of(const std::uint8_t* rgba, std::size_t width, float* out) {
  for (std::size_t x = 0; x < width; ++x) {
    for (std::size_t c = 0; c < kChannels; ++c) out[c * width + x] = float(rgba[x * 4 + c]);
  }
}

// The mean of 2 * reach + 1 neighbors, the ends repeated.
inline void smooth(const float* in, std::size_t width, int reach, float* out) {
  const std::ptrdiff_t last = std::ptrdiff_t(width) - 1;
  const float share = 1.0f / float(2 * reach + 1);
  auto at = [&](std::ptrdiff_t x) { return in[std::clamp<std::ptrdiff_t>(x, 0, last)]; };
  float sum = 0;
  for (int d = -reach; d <= reach; ++d) sum += at(d);
  for (std::ptrdiff_t x = 0; x <= last; ++x) {
    out[x] = sum * share;
    sum += at(x + reach + 1) - at(x - reach);
  }
}

// Solves a range of rows; one object a thread.
class Solver {
 public:
  Solver(const Window& window, const std::uint8_t* held, float price, float near, float afar)
      : window_(window),
        held_(held),
        price_(price),
        near_(near),
        afar_(afar),
        n_(window.n_frames),
        width_(window.width),
        pairs_(n_ * (n_ + 1) / 2 + n_),
        line_(width_ * kChannels),
        mean_(width_ * kChannels),
        raw_(width_),
        cost_(width_) {
    for (std::vector<float>& row : near_costs_) row.resize(pairs_ * width_);
  }

  // Rows [first, last) of `out`, which is as the window.
  void solve(std::size_t first, std::size_t last, std::uint8_t* out) {
    const std::size_t before = first == 0 ? 0 : first - 1;
    near_row(before, near_costs_[0]);
    near_row(first, near_costs_[1]);
    for (std::size_t y = first; y < last; ++y) {
      near_row(std::min(y + 1, window_.height - 1), near_costs_[2]);
      path(y, out);
      std::swap(near_costs_[0], near_costs_[1]);
      std::swap(near_costs_[1], near_costs_[2]);
    }
  }

 private:
  static std::size_t pair(std::size_t i, std::size_t j) { return j * (j - 1) / 2 + i; }

  // The costs of every piece, and of every piece that goes on with `held`, of a row.
  void near_row(std::size_t y, std::vector<float>& out) {
    Sums sums(n_, width_);
    for (std::size_t t = 0; t < n_; ++t) {
      planes_of(window_.row(t, y), width_, line_.data());
      sums.add(t, line_.data());
    }
    auto take = [&](std::size_t place) { smooth(raw_.data(), width_, 1, &out[place * width_]); };
    for (std::size_t j = 1; j <= n_; ++j) {
      for (std::size_t i = 0; i < j; ++i) {
        std::fill(raw_.begin(), raw_.end(), 0.0f);
        sums.error(i, j, 1.0f, raw_.data());
        take(pair(i, j));
      }
    }
    if (!held_) return;
    planes_of(held_ + y * width_ * 4, width_, line_.data());
    for (std::size_t j = 1; j <= n_; ++j) {
      std::fill(raw_.begin(), raw_.end(), 0.0f);
      sums.error_of(line_.data(), j, 1.0f, raw_.data());
      take(n_ * (n_ + 1) / 2 + j - 1);
    }
  }

  // A row of the picture blurred by 5 x 5.
  template <typename Row>
  void blurred(const Row& row_at, std::size_t y, float* out) {
    std::fill_n(mean_.data(), mean_.size(), 0.0f);
    for (int d = -2; d <= 2; ++d) {
      const std::ptrdiff_t at = std::ptrdiff_t(y) + d;
      planes_of(row_at(std::size_t(
                    std::clamp<std::ptrdiff_t>(at, 0, std::ptrdiff_t(window_.height) - 1))),
                width_, line_.data());
      for (std::size_t i = 0; i < mean_.size(); ++i) mean_[i] += line_[i] * 0.2f;
    }
    for (std::size_t c = 0; c < kChannels; ++c)
      smooth(&mean_[c * width_], width_, 2, out + c * width_);
  }

  // The cost of a piece at row y, in cost_.
  template <typename Add>
  void weigh(std::size_t place, const Add& add_afar) {
    const float *a = &near_costs_[0][place * width_], *b = &near_costs_[1][place * width_],
                *c = &near_costs_[2][place * width_];
    const float share = near_ / 3.0f;
    for (std::size_t x = 0; x < width_; ++x) cost_[x] = (a[x] + b[x] + c[x]) * share;
    add_afar(cost_.data());
  }

  void path(std::size_t y, std::uint8_t* out) {
    Sums sums(n_, width_);
    std::vector<float> far(width_ * kChannels);
    for (std::size_t t = 0; t < n_; ++t) {
      blurred([&](std::size_t row) { return window_.row(t, row); }, y, far.data());
      sums.add(t, far.data());
    }
    std::vector<float> best((n_ + 1) * width_, std::numeric_limits<float>::infinity());
    std::vector<std::uint8_t> from((n_ + 1) * width_, kHeld);
    std::fill_n(best.data(), width_, 0.0f);
    if (held_) {
      blurred([&](std::size_t row) { return held_ + row * width_ * 4; }, y, far.data());
    }
    for (std::size_t j = 1; j <= n_; ++j) {
      float* to = &best[j * width_];
      std::uint8_t* origin = &from[j * width_];
      if (held_) {
        weigh(n_ * (n_ + 1) / 2 + j - 1,
              [&](float* cost) { sums.error_of(far.data(), j, afar_, cost); });
        for (std::size_t x = 0; x < width_; ++x) {
          if (held_[(y * width_ + x) * 4 + 3]) to[x] = cost_[x];
        }
      }
      for (std::size_t i = 0; i < j; ++i) {
        weigh(pair(i, j), [&](float* cost) { sums.error(i, j, afar_, cost); });
        const float* start = &best[i * width_];
        for (std::size_t x = 0; x < width_; ++x) {
          const float total = start[x] + cost_[x] + price_;
          const bool better = total < to[x];
          to[x] = better ? total : to[x];
          origin[x] = better ? std::uint8_t(i) : origin[x];
        }
      }
    }
    for (std::size_t x = 0; x < width_; ++x) trace(y, x, from, out);
  }

  // Write the pieces of a pixel, from the last to the first.
  void trace(std::size_t y, std::size_t x, const std::vector<std::uint8_t>& from,
             std::uint8_t* out) const {
    const std::size_t stride = window_.height * width_ * 4, at = (y * width_ + x) * 4;
    bool opaque = true;
    for (std::size_t t = 0; t < n_; ++t) opaque &= window_.rgba[t * stride + at + 3] != 0;
    if (!opaque) {
      for (std::size_t t = 0; t < n_; ++t)
        std::memcpy(out + t * stride + at, window_.rgba + t * stride + at, 4);
      return;
    }
    for (std::size_t j = n_; j > 0;) {
      const std::uint8_t origin = from[j * width_ + x];
      const std::size_t i = origin == kHeld ? 0 : origin;
      std::uint8_t color[4] = {0, 0, 0, 255};
      if (origin == kHeld) {
        std::memcpy(color, held_ + at, 4);
      } else {
        for (std::size_t c = 0; c < kChannels; ++c) {
          std::size_t sum = (j - i) / 2;
          for (std::size_t t = i; t < j; ++t) sum += window_.rgba[t * stride + at + c];
          color[c] = std::uint8_t(sum / (j - i));
        }
      }
      for (std::size_t t = i; t < j; ++t) std::memcpy(out + t * stride + at, color, 4);
      j = i;
    }
  }

  static constexpr std::uint8_t kHeld = 255;

  Window window_;
  const std::uint8_t* held_;
  float price_, near_, afar_;
  std::size_t n_, width_, pairs_;
  std::vector<float> line_, mean_, raw_, cost_, near_costs_[3];
};

}  // namespace timeline

// Fit the time line of every pixel. `held` (height x width x 4; null: nothing) is what the frame
// before the window shows, which a first piece may go on showing at no price. Pixels that are
// transparent in any frame stay as they are.
inline void hold_pixels(const Window& window, const std::uint8_t* held, float price, float near,
                        float afar, int n_threads, std::uint8_t* out) {
  for_ranges(window.height, 8, n_threads, [&](std::size_t, std::size_t first, std::size_t last) {
    if (first == last) return;
    timeline::Solver(window, held, price, near, afar).solve(first, last, out);
  });
}

}  // namespace steadyhue
