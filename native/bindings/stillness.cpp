// Which pixels hold still, and what is seen from afar.
#include <nanobind/stl/optional.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "../coarse.hpp"
#include "../seen.hpp"
#include "../still.hpp"
#include "arrays.hpp"
#include "boxes.hpp"

namespace steadyhue::bindings {
namespace {

Out<std::int64_t, 1> count_flagged(const Ids& ids, const In<std::int64_t, 1>& weights,
                                   const Slots& flags, const MaybeBox& box) {
  check_sizes(ids, flags);
  const std::size_t n_colors = weights.size();
  auto counts = make_array<std::int64_t, 1>({n_colors});
  unlocked([&] {
    const Box inside = checked_box(box, ids, n_colors);
    std::copy_n(weights.data(), n_colors, counts.data());
    discount(ids.data(), flags.data(), ids.shape(1), inside, n_colors, counts.data());
  });
  return counts;
}

Out<std::uint8_t, 2> still_pixels(const Ids& ids, const Colors& colors, const Ids& previous_ids,
                                  const Colors& previous_colors, int tolerance, const MaybeBox& box,
                                  bool all_opaque) {
  check_sizes(ids, previous_ids);
  check_tolerance(tolerance);
  check_colors(colors);
  check_colors(previous_colors);
  auto flags = make_array<std::uint8_t, 2>({ids.shape(0), ids.shape(1)});
  unlocked([&] {
    const Box inside = checked_box(box, ids, colors.shape(0));
    checked_box(box, previous_ids, previous_colors.shape(0));
    steadyhue::still_pixels({ids.data(), colors.data(), colors.shape(0)},
                            {previous_ids.data(), previous_colors.data(), previous_colors.shape(0)},
                            ids.shape(0), ids.shape(1), inside, all_opaque, tolerance,
                            flags.data());
  });
  return flags;
}

std::optional<Out<std::uint8_t, 2>> seen_through(const Ids& ids, const Colors& colors,
                                                 const Ids& previous_ids,
                                                 const Colors& previous_colors, const Slots& still,
                                                 int tolerance) {
  check_sizes(ids, previous_ids, still);
  check_tolerance(tolerance);
  auto flags = make_array<std::uint8_t, 2>({ids.shape(0), ids.shape(1)});
  const bool any = unlocked([&] {
    return steadyhue::seen_through(pixels_of(ids, colors), pixels_of(previous_ids, previous_colors),
                                   still.data(), ids.shape(0), ids.shape(1), tolerance,
                                   flags.data());
  });
  if (!any) return std::nullopt;
  return flags;
}

Out<std::int64_t, 3> sum_cells(const Ids& ids, const Colors& colors, std::size_t rows,
                               std::size_t columns, const MaybeBox& box,
                               const std::optional<In<std::int64_t, 3>>& known) {
  require(rows >= 1 && rows <= ids.shape(0) && columns >= 1 && columns <= ids.shape(1),
          "a cell has at least one pixel");
  check_colors(colors);
  require(known || !box, "only a part is known");
  require(!known || is_shaped(*known, {rows, columns, 4}), "the known sums have another shape");
  auto sums = make_array<std::int64_t, 3>({rows, columns, 4});
  unlocked([&] {
    const std::size_t height = ids.shape(0), width = ids.shape(1);
    const Box around = cells_around(box_or_all(box, ids), height, width, rows, columns);
    check_ids_in(around, ids, colors.shape(0));
    if (known) std::copy_n(known->data(), known->size(), sums.data());
    steadyhue::sum_cells({ids.data(), colors.data(), colors.shape(0)}, height, width, rows, columns,
                         around, sums.data());
  });
  return sums;
}

}  // namespace

void register_stillness(nb::module_& m) {
  m.attr("SEEN_SHARE") = kSeenShare;
  m.def("count_flagged", &count_flagged, "ids"_a, "weights"_a, "flags"_a, "box"_a = nb::none(),
        "Pixels (n,) of each color that are flagged with 1 and not with 0, of the weights (n,) of\n"
        "all; outside the box those that are opaque are.");
  m.def("still_pixels", &still_pixels, "ids"_a, "colors"_a, "previous_ids"_a, "previous_colors"_a,
        "tolerance"_a, "box"_a = nb::none(), "all_opaque"_a = false,
        "1 where a pixel (H, W) is opaque in both frames and no channel moved by over tolerance\n"
        "levels, else 0. Outside the box the frames are alike.");
  m.def("seen_through", &seen_through, "ids"_a, "colors"_a, "previous_ids"_a, "previous_colors"_a,
        "still"_a, "tolerance"_a,
        "1 where a pixel (H, W) stands in dithering whose local mean held still, else 0; None\n"
        "where a picture is not dithered anew.");
  m.def("sum_cells", &sum_cells, "ids"_a, "colors"_a, "rows"_a, "columns"_a, "box"_a = nb::none(),
        "known"_a = nb::none(),
        "Sums of the channels of the opaque pixels and their number, (rows, columns, 4), in cells\n"
        "that divide each side evenly; outside the box they are known, if any are.");
}

}  // namespace steadyhue::bindings
