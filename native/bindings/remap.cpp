// From colors to palette slots.
#include "../remap.hpp"

#include <nanobind/stl/tuple.h>

#include <tuple>

#include "arrays.hpp"
#include "boxes.hpp"

namespace steadyhue::bindings {
namespace {

Out<std::uint8_t, 2> gather(const Ids& ids, const In<std::uint8_t, 1>& table, int transparent) {
  auto indices = make_array<std::uint8_t, 2>({ids.shape(0), ids.shape(1)});
  unlocked([&] {
    check_ids(ids, table.size());
    steadyhue::gather(ids.data(), ids.size(), table.data(), table.size(), std::uint8_t(transparent),
                      indices.data());
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

}  // namespace

void register_remap(nb::module_& m) {
  m.def("gather", &gather, "ids"_a, "table"_a, "transparent"_a,
        "Indices (H, W): table[ids], or transparent where an id is -1.");
  m.def("tally", &tally, "ids"_a, "colors"_a, "indices"_a, "palette"_a, "box"_a = nb::none(),
        "Pixels of each slot (k,), and the squared level differences to the source added up, in a\n"
        "box.");
  m.def("differing_box", &differing_box, "one"_a, "other"_a,
        "The smallest box around the pixels that differ, of two arrays (H, W).");
}

}  // namespace steadyhue::bindings
