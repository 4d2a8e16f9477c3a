// A frame drawn over the one before with what may be lost: which pixels are free, and their data.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "canvas.hpp"
#include "image_data.hpp"
#include "lossy_lzw.hpp"

namespace steadyhue {

constexpr std::int16_t kBare = -2;  // the canvas is transparent

// Whether the `side` x `side` pixels around each pixel have one color, those outside left out.
inline std::vector<std::uint8_t> flat_pixels(const std::int32_t* ids, std::int64_t width,
                                             std::int64_t height, std::int64_t side) {
  const std::int64_t reach = side / 2;
  std::vector<std::uint8_t> along(std::size_t(width * height)), out(along.size());
  for (std::int64_t y = 0; y < height; ++y) {
    const std::int32_t* row = ids + y * width;
    for (std::int64_t x = 0; x < width; ++x) {
      const std::int64_t end = std::min(x + reach, width - 1);
      bool same = true;
      for (std::int64_t at = std::max<std::int64_t>(x - reach, 0); at <= end; ++at)
        same &= row[at] == row[x];
      along[std::size_t(y * width + x)] = same;
    }
  }
  for (std::int64_t y = 0; y < height; ++y) {
    const std::int64_t top = std::max<std::int64_t>(y - reach, 0);
    const std::int64_t bottom = std::min(y + reach, height - 1);
    for (std::int64_t x = 0; x < width; ++x) {
      const std::int64_t place = y * width + x;
      bool same = true;
      for (std::int64_t at = top; at <= bottom; ++at)
        same &= along[std::size_t(at * width + x)] && ids[at * width + x] == ids[place];
      out[std::size_t(place)] = same;
    }
  }
  return out;
}

// The box of the pixels that are opaque and will be transparent.
inline Box vanishing_box(const std::int32_t* ids, const std::int32_t* following, std::size_t width,
                         std::size_t height) {
  std::vector<std::uint8_t> marks(width * height);
  for (std::size_t i = 0; i < marks.size(); ++i) marks[i] = ids[i] >= 0 && following[i] < 0;
  return box_of(marks.data(), std::int64_t(width),
                {0, 0, std::int64_t(width), std::int64_t(height)}, 1);
}

// A frame and what is on the canvas before it; arrays are height x width, or by color.
struct Repaint {
  const std::int32_t* ids;   // -1 where transparent
  const std::uint8_t* kept;  // 1 where the frame before is to stay
  const std::uint8_t* flat;  // 1 in the middle of one color
  std::size_t width, height;
  const float* linear;           // n_colors x 3
  const std::uint8_t* nearest;   // the slot of each color
  const std::uint8_t* calm;      // 1 for colors whose flat pixels show just that slot
  const std::uint8_t* previous;  // indices of the frame before
  const std::int16_t* slot_of;   // which slot shows the same now; -1: none, kBare: nothing did
  Shades* shades;
  int transparent;

  std::int16_t canvas(std::size_t i) const { return slot_of[previous[i]]; }

  Freedom freedom(std::size_t i) const {
    if (ids[i] < 0) return Freedom::hidden;
    if (kept[i] && canvas(i) >= 0) return Freedom::kept;
    return flat[i] && calm[ids[i]] ? Freedom::exact : Freedom::free;
  }

  // What changes.
  Box changes() const {
    std::vector<std::uint8_t> marks(width * height);
    for (std::size_t i = 0; i < marks.size(); ++i) {
      const Freedom kind = freedom(i);
      const bool stays = kind == Freedom::kept || (kind == Freedom::hidden && canvas(i) == kBare);
      marks[i] = stays ? kKept : kChanged;
    }
    return box_of(marks.data(), std::int64_t(width),
                  {0, 0, std::int64_t(width), std::int64_t(height)}, kChanged);
  }

  // Encode what changes and what is to be cleared after it, one pixel at least, so that the frame
  // keeps its time; set the indices that are shown then.
  std::pair<std::vector<std::uint8_t>, Box> encode(const Tolerance& allowed, const Box& cleared,
                                                   int literal_width, std::uint8_t* shown) const {
    Box box = around(changes(), cleared);
    if (box.width == 0) box = {0, 0, 1, 1};
    const std::size_t n = std::size_t(box.width * box.height);
    std::vector<std::int32_t> box_ids(n);
    std::vector<Freedom> box_freedom(n);
    std::vector<std::int16_t> box_canvas(n);
    std::vector<std::uint8_t> chosen(n);
    const auto place = [&](std::size_t i) {
      return (std::size_t(box.top) + i / std::size_t(box.width)) * width + std::size_t(box.left) +
             i % std::size_t(box.width);
    };
    for (std::size_t i = 0; i < n; ++i) {
      box_ids[i] = ids[place(i)];
      box_freedom[i] = freedom(place(i));
      box_canvas[i] = canvas(place(i));
    }
    const Loss loss{box_ids.data(),
                    box_freedom.data(),
                    box_canvas.data(),
                    n,
                    std::size_t(box.width),
                    linear,
                    nearest,
                    shades,
                    transparent,
                    allowed,
                    literal_width};
    auto codes = lossy::Search(loss, false, chosen.data()).encode();
    if (codes.size() > lzw::kMaxCodes) {  // about as many as fill the strings
      std::vector<std::uint8_t> others(n);
      auto patient = lossy::Search(loss, true, others.data()).encode();
      if (patient.size() < codes.size()) {
        codes.swap(patient);
        chosen.swap(others);
      }
    }
    const auto data = chained(codes, literal_width);
    for (std::size_t i = 0; i < width * height; ++i)
      shown[i] = std::uint8_t(ids[i] < 0 || canvas(i) < 0 ? transparent : canvas(i));
    for (std::size_t i = 0; i < n; ++i) {
      if (int(chosen[i]) != transparent) shown[place(i)] = chosen[i];
    }
    return {data, box};
  }
};

}  // namespace steadyhue
