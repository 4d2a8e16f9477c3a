// From colors to palette slots.
#include "../remap.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/tuple.h>

#include <algorithm>
#include <optional>
#include <tuple>

#include "../extents.hpp"
#include "arrays.hpp"
#include "boxes.hpp"

namespace steadyhue::bindings {
namespace {

Out<std::uint8_t, 2> gather(const Ids& ids, const In<std::uint8_t, 1>& table, int transparent,
                            const std::optional<Slots>& before, const MaybeBox& box) {
  require(before || !box, "only a part is known");
  if (before) check_sizes(ids, *before);
  auto indices = make_array<std::uint8_t, 2>({ids.shape(0), ids.shape(1)});
  unlocked([&] {
    const Box inside = checked_box(box, ids, table.size());
    if (box) std::copy_n(before->data(), before->size(), indices.data());
    steadyhue::gather(ids.data(), ids.shape(1), inside, table.data(), table.size(),
                      std::uint8_t(transparent), indices.data());
  });
  return indices;
}

std::tuple<Out<std::int64_t, 1>, std::int64_t> tally(const Ids& ids, const Colors& colors,
                                                     const Slots& indices, const Colors& palette,
                                                     const MaybeBox& box) {
  check_sizes(ids, indices);
  check_colors(colors);
  check_palette(palette);
  auto weights = make_array<std::int64_t, 1>({palette.shape(0)});
  const std::int64_t squares = unlocked([&] {
    const Box inside = checked_box(box, ids, colors.shape(0));
    return steadyhue::tally({ids.data(), colors.data(), colors.shape(0)}, ids.shape(1), inside,
                            indices.data(), palette.data(), palette.shape(0), weights.data());
  });
  return {weights, squares};
}

BoxTuple differing_box(const Slots& one, const Slots& other) {
  check_sizes(one, other);
  if (one.data() == other.data()) return {0, 0, 0, 0};
  return to_tuple(unlocked([&] {
    return difference(one.data(), other.data(), std::int64_t(one.shape(1)),
                      {0, 0, std::int64_t(one.shape(1)), std::int64_t(one.shape(0))});
  }));
}

using Extents = InOut<std::int32_t, 2>;

template <class T>
void grow_extents(const In<T, 2>& values, const BoxTuple& box, const Extents& extents) {
  require(extents.shape(1) == 4, "an extent has 4 numbers");
  const Box inside = box_inside(box, values);
  const std::size_t width = values.shape(1), n = extents.shape(0);
  unlocked([&] {
    if constexpr (sizeof(T) == 1) {
      require(n == 256, "there must be an extent for each of 256 indices");
    } else {
      check_ids_in(inside, values, n);
    }
    steadyhue::grow_extents(values.data(), width, inside, extents.data());
  });
}

}  // namespace

void register_remap(nb::module_& m) {
  m.def("gather", &gather, "ids"_a, "table"_a, "transparent"_a, "before"_a = nb::none(),
        "box"_a = nb::none(),
        "Indices (H, W): table[ids], or transparent where an id is -1. Outside the box they are "
        "those\n"
        "before.");
  m.def("tally", &tally, "ids"_a, "colors"_a, "indices"_a, "palette"_a, "box"_a = nb::none(),
        "Pixels of each slot (k,), and the squared level differences to the source added up, in a\n"
        "box.");
  m.def("differing_box", &differing_box, "one"_a, "other"_a,
        "The smallest box around the pixels that differ, of two arrays (H, W).");
  constexpr const char* kGrow =
      "Let the extents (n, 4) of values, left, top, right and bottom, grow around their pixels in "
      "a\n"
      "box of a picture, in place. There are 256 of bytes; -1 has none.";
  m.def("grow_extents", &grow_extents<std::uint8_t>, "values"_a, "box"_a, exact("extents"), kGrow);
  m.def("grow_extents", &grow_extents<std::int32_t>, "values"_a, "box"_a, exact("extents"), kGrow);
}

}  // namespace steadyhue::bindings
