// Some pixels of a frame, over their own colors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "box.hpp"

namespace steadyhue {

// The colors that a sample has: their rows in the frame's table, in order, and how often each
// occurs.
struct SampledColors {
  std::vector<std::int32_t> rows;
  std::vector<std::int64_t> weights;
};

// Look at s places of a picture, with flags or without; outside a box ids are those known already,
// and opaque pixels are flagged.
inline void look_at(const std::int32_t* ids, const std::uint8_t* flags, std::int64_t width,
                    const std::int64_t* places, std::size_t s, const Box& box,
                    const std::int32_t* known, std::int32_t* out, std::uint8_t* out_flags) {
  for (std::size_t i = 0; i < s; ++i) {
    const std::int64_t y = places[i] / width, x = places[i] % width;
    const bool is_inside =
        y >= box.top && y < box.top + box.height && x >= box.left && x < box.left + box.width;
    out[i] = is_inside ? ids[places[i]] : known[i];
    out_flags[i] = !flags ? 0 : is_inside ? flags[places[i]] : out[i] >= 0;
  }
}

// Their colors, of n; `sampled` are rows of what is returned, -1 where transparent.
inline SampledColors sampled_colors(const std::int32_t* ids, std::size_t s, std::size_t n_colors,
                                    std::int32_t* sampled) {
  std::vector<std::int32_t> counts(n_colors + 1);  // behind that of the id -1
  for (std::size_t i = 0; i < s; ++i) ++counts[std::size_t(ids[i] + 1)];
  SampledColors found;
  std::vector<std::int32_t> row_of(n_colors + 1, -1);
  for (std::size_t id = 0; id < n_colors; ++id) {
    if (counts[id + 1] == 0) continue;
    row_of[id + 1] = std::int32_t(found.rows.size());
    found.rows.push_back(std::int32_t(id));
    found.weights.push_back(counts[id + 1]);
  }
  for (std::size_t i = 0; i < s; ++i) sampled[i] = row_of[std::size_t(ids[i] + 1)];
  return found;
}

}  // namespace steadyhue
