// Which pixels hold still.
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
}

}  // namespace steadyhue::bindings
