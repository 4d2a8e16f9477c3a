// From colors to palette slots.
#include "../remap.hpp"

#include <nanobind/stl/tuple.h>

#include <tuple>

#include "arrays.hpp"

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

std::tuple<std::size_t, std::int64_t> hold_slots(
    const InOut<std::uint8_t, 2>& indices, const InOut<std::int64_t, 1>& weights,
    const Slots& previous, const Ids& ids, const Colors& colors, const Ids& previous_ids,
    const Colors& previous_colors, int tolerance, const In<std::int16_t, 2>& points,
    const In<std::int16_t, 2>& palette, const Colors& levels, double slack, double budget) {
  check_sizes(indices, previous, ids, previous_ids);
  check_tolerance(tolerance);
  require(is_shaped(points, {colors.shape(0), 3}), "every color needs a point on the grid");
  check_palette(palette);
  const std::size_t k = palette.shape(0);
  require(is_shaped(levels, {k, 3}) && weights.size() == k, "every slot needs levels and a weight");
  const Held held = unlocked([&] {
    return steadyhue::hold_slots(pixels_of(ids, colors), pixels_of(previous_ids, previous_colors),
                                 ids.size(), tolerance,
                                 {points.data(), palette.data(), levels.data(), k}, slack, budget,
                                 previous.data(), indices.data(), weights.data());
  });
  return {held.count, held.squares};
}

std::tuple<Out<std::int64_t, 1>, std::int64_t> tally(const Ids& ids, const Colors& colors,
                                                     const Slots& indices, const Colors& palette) {
  check_sizes(ids, indices);
  check_palette(palette);
  auto weights = make_array<std::int64_t, 1>({palette.shape(0)});
  const std::int64_t squares = unlocked([&] {
    return steadyhue::tally(pixels_of(ids, colors), ids.size(), indices.data(), palette.data(),
                            palette.shape(0), weights.data());
  });
  return {weights, squares};
}

}  // namespace

void register_remap(nb::module_& m) {
  m.def("gather", &gather, "ids"_a, "table"_a, "transparent"_a,
        "Indices (H, W): table[ids], or transparent where an id is -1.");
  m.def("hold_slots", &hold_slots, exact("indices"), exact("weights"), "previous"_a, "ids"_a,
        "colors"_a, "previous_ids"_a, "previous_colors"_a, "tolerance"_a, "points"_a, "palette"_a,
        "levels"_a, "slack"_a, "budget"_a,
        "Keep previous slots in place where that costs little; weights follow. Returns how many,\n"
        "and the squared level differences that adds.");
  m.def("tally", &tally, "ids"_a, "colors"_a, "indices"_a, "palette"_a,
        "Pixels of each slot (k,), and the squared level differences to the source added up.");
}

}  // namespace steadyhue::bindings
