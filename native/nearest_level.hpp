// The palette entry that is nearest to a color in levels of sRGB, for error diffusion: pixel by
// pixel, each of another color.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace steadyhue {

constexpr int kEncodeSteps = 4096;  // shades of linear light that have an sRGB level

// Exact, ties go to the lowest slot. The cube of colors is divided into cells, and of each only
// those entries are compared that can be the nearest of a color in it. They are found when the cell
// is first asked for: those whose least distance to the cell is no larger than the smallest of the
// largest distances. Large cells know them for small ones, and these for colors.
class NearestLevel {
 public:
  // `levels` (k x 3) is the palette; `encode` has kEncodeSteps entries: the level of each shade.
  NearestLevel(const float* levels, std::size_t k, int transparent, const float* encode)
      : encode_(encode) {
    std::vector<Entry> entries;
    for (std::size_t s = 0; s < k; ++s) {
      if (int(s) == transparent) continue;
      entries.push_back({{levels[s * 3], levels[s * 3 + 1], levels[s * 3 + 2]}, std::uint32_t(s)});
    }
    if (entries.empty()) entries.push_back({{0, 0, 0}, 0});  // then nothing is opaque
    if (k > kFew) {
      large_.resize(cube(256 / kLarge));
      small_.resize(cube(256 / kSmall));
    }
    all_ = store(entries);
    entries_ = std::move(entries);
  }

  std::size_t operator()(const float* color) {
    float at[3];
    for (int c = 0; c < 3; ++c) {
      at[c] = encode_[int(std::clamp(color[c], 0.0f, 1.0f) * float(kEncodeSteps - 1) + 0.5f)];
    }
    if (small_.empty()) return search(all_, at);
    Range& range = small_[cell_of(at, kSmall)];
    if (range.count == 0) range = store(near(kSmall, at, large(at)));
    return search(range, at);
  }

 private:
  static constexpr std::size_t kFew = 32;                 // entries that are all compared
  static constexpr std::size_t kLarge = 64, kSmall = 16;  // levels of a cell's side
  static constexpr std::size_t kWide = 8;                 // entries that are compared together
  static constexpr float kMargin = 0.25f;  // for the rounding of distances, which are below 2^18

  struct Entry {
    float at[3];
    std::uint32_t slot;
  };
  struct Range {
    std::size_t first = 0, count = 0;
  };

  static constexpr std::size_t cube(std::size_t n) { return n * n * n; }

  static std::size_t cell_of(const float* at, std::size_t side) {
    const std::size_t n = 256 / side;
    return (std::size_t(at[0]) / side * n + std::size_t(at[1]) / side) * n +
           std::size_t(at[2]) / side;
  }

  const std::vector<Entry>& large(const float* at) {
    auto& found = large_[cell_of(at, kLarge)];
    if (found.empty()) found = near(kLarge, at, entries_);
    return found;
  }

  // Those of some entries that can be nearest in the cell of a color; in their order.
  static std::vector<Entry> near(std::size_t side, const float* at,
                                 const std::vector<Entry>& entries) {
    float bound = std::numeric_limits<float>::infinity();
    std::vector<float> least;
    for (const Entry& entry : entries) {
      float near = 0, far = 0;
      for (int c = 0; c < 3; ++c) {
        const float low = float(std::size_t(at[c]) / side * side), high = low + float(side);
        const float outside = std::max({low - entry.at[c], entry.at[c] - high, 0.0f});
        const float across = std::max(entry.at[c] - low, high - entry.at[c]);
        near += outside * outside, far += across * across;
      }
      least.push_back(near);
      bound = std::min(bound, far);
    }
    std::vector<Entry> found;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (least[i] <= bound + kMargin) found.push_back(entries[i]);
    }
    return found;
  }

  // Keeps entries for searching, in planes.
  Range store(const std::vector<Entry>& entries) {
    const Range range{slots_.size(), entries.size()};
    const std::size_t padded = range.first + (entries.size() + kWide - 1) / kWide * kWide;
    for (auto& plane : planes_) plane.resize(padded);
    slots_.resize(padded);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      for (std::size_t c = 0; c < 3; ++c) planes_[c][range.first + i] = entries[i].at[c];
      slots_[range.first + i] = entries[i].slot;
    }
    return range;
  }

  std::size_t search(const Range& range, const float* at) {
    const float* red = planes_[0].data() + range.first;
    const float* green = planes_[1].data() + range.first;
    const float* blue = planes_[2].data() + range.first;
    for (std::size_t i = 0; i < range.count; i += kWide) {
      for (std::size_t j = i; j < i + kWide; ++j) {
        const float r = red[j] - at[0], g = green[j] - at[1], b = blue[j] - at[2];
        distance_[j] = r * r + g * g + b * b;
      }
    }
    std::size_t best = 0;
    for (std::size_t i = 1; i < range.count; ++i) {
      if (distance_[i] < distance_[best]) best = i;
    }
    return slots_[range.first + best];
  }

  const float* encode_;
  std::vector<Entry> entries_;
  std::vector<std::vector<Entry>> large_;
  std::vector<Range> small_;
  std::vector<float> planes_[3];
  std::vector<std::uint32_t> slots_;
  Range all_;
  float distance_[256 + kWide];
};

}  // namespace steadyhue
