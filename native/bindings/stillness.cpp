// Which pixels hold still, and what is seen from afar.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/tuple.h>

#include <algorithm>
#include <optional>
#include <tuple>
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

using Sums = In<std::int64_t, 3>;  // of cells: channels, and how many pixels

void check_cells(const Sums& sums) { require(sums.shape(2) == 4, "a cell has 4 sums"); }

std::tuple<Out<std::int64_t, 3>, Out<std::uint8_t, 2>> cell_means(const Sums& sums,
                                                                  std::int64_t area,
                                                                  std::int64_t scale) {
  check_cells(sums);
  const std::size_t rows = sums.shape(0), columns = sums.shape(1);
  auto means = make_array<std::int64_t, 3>({rows, columns, 3});
  auto opaque = make_array<std::uint8_t, 2>({rows, columns});
  steadyhue::cell_means(sums.data(), rows * columns, area, scale, means.data(), opaque.data());
  return {means, opaque};
}

std::tuple<Out<std::int64_t, 1>, Out<std::uint8_t, 2>> local_colors(const Sums& sums,
                                                                    std::int64_t area) {
  check_cells(sums);
  const std::size_t n = sums.shape(0) * sums.shape(1);
  for (std::size_t i = 0; i < n * 4; ++i) {
    require(sums.data()[i] >= 0 && sums.data()[i] <= 255 * sums.data()[i / 4 * 4 + 3],
            "a sum is not of so many levels");
  }
  auto histogram = make_array<std::int64_t, 1>({512});
  auto outline = make_array<std::uint8_t, 2>({sums.shape(0), sums.shape(1)});
  steadyhue::local_colors(sums.data(), n, area, histogram.data(), outline.data());
  return {histogram, outline};
}

Out<std::int64_t, 3> pooled_cells(const Sums& sums, std::size_t rows, std::size_t columns) {
  check_cells(sums);
  require(rows >= 1 && rows <= sums.shape(0) && columns >= 1 && columns <= sums.shape(1),
          "a cell is made of at least one");
  auto pooled = make_array<std::int64_t, 3>({rows, columns, 4});
  pool_cells(sums.data(), sums.shape(0), sums.shape(1), rows, columns, pooled.data());
  return pooled;
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
  m.def(
      "cell_means", &cell_means, "sums"_a, "area"_a, "scale"_a,
      "Means (rows, columns, 3) of cells of so many pixels, in as many parts of a level, 0 where\n"
      "less than half is opaque; and 1 where it is not less.");
  m.def("local_colors", &local_colors, "sums"_a, "area"_a,
        "How many cells of so many pixels have a mean in each of 8 x 8 x 8 boxes (512,); and 1\n"
        "where at least half of a cell is opaque, so that it has one.");
  m.def("pooled_cells", &pooled_cells, "sums"_a, "rows"_a, "columns"_a,
        "The sums of fewer cells, which divide each side evenly.");
}

}  // namespace steadyhue::bindings
