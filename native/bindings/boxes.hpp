// Boxes that go in and out.
#pragma once

#include <nanobind/stl/optional.h>
#include <nanobind/stl/tuple.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <tuple>

#include "../box.hpp"
#include "arrays.hpp"

namespace steadyhue::bindings {

// Left, top, width, height.
using BoxTuple = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t>;

using MaybeBox = std::optional<BoxTuple>;  // nothing is everywhere

// A box, which may reach past the canvas; its numbers can be added up.
inline Box to_box(const BoxTuple& tuple) {
  const auto& [left, top, width, height] = tuple;
  for (const std::int64_t n : {left, top, width, height}) {
    require(n >= 0 && n <= std::numeric_limits<std::int32_t>::max(),
            "a box has a number out of range");
  }
  return {left, top, width, height};
}

inline BoxTuple to_tuple(const Box& box) { return {box.left, box.top, box.width, box.height}; }

template <class Array>
Box box_inside(const BoxTuple& tuple, const Array& canvas) {
  const Box box = to_box(tuple);
  require(box.top + box.height <= std::int64_t(canvas.shape(0)) &&
              box.left + box.width <= std::int64_t(canvas.shape(1)),
          "the box lies outside the canvas");
  return box;
}

template <class Array>
Box box_or_all(const MaybeBox& tuple, const Array& canvas) {
  if (tuple) return box_inside(*tuple, canvas);
  return {0, 0, std::int64_t(canvas.shape(1)), std::int64_t(canvas.shape(0))};
}

inline void check_ids_in(const Box& box, const Ids& ids, std::size_t n_colors) {
  for_rows(box, ids.shape(1), [&](std::size_t first, std::size_t count) {
    require(ids_within(ids.data() + first, count, n_colors), "an id is past the colors");
  });
}

// A box of a frame, or all of it, where the ids have been checked.
inline Box checked_box(const MaybeBox& tuple, const Ids& ids, std::size_t n_colors) {
  const Box box = box_or_all(tuple, ids);
  check_ids_in(box, ids, n_colors);
  return box;
}

}  // namespace steadyhue::bindings
