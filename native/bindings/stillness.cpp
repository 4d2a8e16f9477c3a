// Which pixels hold still, and what is seen from afar.
#include <nanobind/stl/optional.h>

#include <optional>
#include <vector>

#include "../coarse.hpp"
#include "../seen.hpp"
#include "../still.hpp"
#include "arrays.hpp"

namespace steadyhue::bindings {
namespace {

Out<std::int64_t, 1> count_still(const Ids& ids, const Colors& colors, const Ids& previous_ids,
                                 const Colors& previous_colors, int tolerance) {
  check_sizes(ids, previous_ids);
  check_tolerance(tolerance);
  auto counts = make_array<std::int64_t, 1>({colors.shape(0)});
  unlocked([&] {
    steadyhue::count_still(pixels_of(ids, colors), pixels_of(previous_ids, previous_colors),
                           ids.size(), tolerance, counts.data());
  });
  return counts;
}

Out<std::int64_t, 1> count_flagged(const Ids& ids, const Slots& flags, std::size_t n_colors) {
  check_sizes(ids, flags);
  auto counts = make_array<std::int64_t, 1>({n_colors});
  unlocked([&] {
    check_ids(ids, n_colors);
    steadyhue::count_flagged(ids.data(), flags.data(), ids.size(), n_colors, counts.data());
  });
  return counts;
}

Out<std::uint8_t, 2> still_pixels(const Ids& ids, const Colors& colors, const Ids& previous_ids,
                                  const Colors& previous_colors, int tolerance) {
  check_sizes(ids, previous_ids);
  check_tolerance(tolerance);
  auto flags = make_array<std::uint8_t, 2>({ids.shape(0), ids.shape(1)});
  unlocked([&] {
    steadyhue::still_pixels(pixels_of(ids, colors), pixels_of(previous_ids, previous_colors),
                            ids.size(), tolerance, flags.data());
  });
  return flags;
}

std::optional<Out<std::uint8_t, 2>> seen_through(const Ids& ids, const Colors& colors,
                                                 const Ids& previous_ids,
                                                 const Colors& previous_colors, int tolerance) {
  check_sizes(ids, previous_ids);
  check_tolerance(tolerance);
  auto flags = make_array<std::uint8_t, 2>({ids.shape(0), ids.shape(1)});
  const bool any = unlocked([&] {
    return steadyhue::seen_through(pixels_of(ids, colors), pixels_of(previous_ids, previous_colors),
                                   ids.shape(0), ids.shape(1), tolerance, flags.data());
  });
  if (!any) return std::nullopt;
  return flags;
}

Out<std::int64_t, 3> sum_cells(const Ids& ids, const Colors& colors, std::size_t rows,
                               std::size_t columns) {
  require(rows >= 1 && rows <= ids.shape(0) && columns >= 1 && columns <= ids.shape(1),
          "a cell has at least one pixel");
  auto sums = make_array<std::int64_t, 3>({rows, columns, 4});
  unlocked([&] {
    steadyhue::sum_cells(pixels_of(ids, colors), ids.shape(0), ids.shape(1), rows, columns,
                         sums.data());
  });
  return sums;
}

}  // namespace

void register_stillness(nb::module_& m) {
  m.def("count_still", &count_still, "ids"_a, "colors"_a, "previous_ids"_a, "previous_colors"_a,
        "tolerance"_a, "Pixels (n,) of each color that held still since the previous frame.");
  m.def("count_flagged", &count_flagged, "ids"_a, "flags"_a, "n_colors"_a,
        "Pixels (n,) of each color that are flagged with 1 and not with 0.");
  m.def("still_pixels", &still_pixels, "ids"_a, "colors"_a, "previous_ids"_a, "previous_colors"_a,
        "tolerance"_a,
        "1 where a pixel (H, W) is opaque in both frames and no channel moved by over tolerance\n"
        "levels, else 0.");
  m.def("seen_through", &seen_through, "ids"_a, "colors"_a, "previous_ids"_a, "previous_colors"_a,
        "tolerance"_a,
        "1 where a pixel (H, W) stands in dithering whose local mean held still, else 0; None\n"
        "where a picture is not dithered anew.");
  m.def("sum_cells", &sum_cells, "ids"_a, "colors"_a, "rows"_a, "columns"_a,
        "Sums of the channels of the opaque pixels and their number, (rows, columns, 4), in cells\n"
        "that divide each side evenly.");
}

}  // namespace steadyhue::bindings
