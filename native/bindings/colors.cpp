// The distinct colors of pixels and of histograms.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/tuple.h>

#include <optional>
#include <tuple>

#include "../dedup.hpp"
#include "../sample.hpp"
#include "arrays.hpp"
#include "boxes.hpp"

namespace steadyhue::bindings {
namespace {

std::tuple<Out<std::int32_t, 2>, Out<std::uint8_t, 2>, Out<std::int64_t, 1>> distinct_colors(
    const In<std::uint8_t, 3>& pixels, int alpha_threshold) {
  const std::size_t height = pixels.shape(0), width = pixels.shape(1);
  const int channels = int(pixels.shape(2));
  require(channels == 3 || channels == 4, "pixels have 3 or 4 channels");
  auto ids = make_array<std::int32_t, 2>({height, width});
  const DistinctColors found = unlocked([&] {
    return steadyhue::distinct_colors(pixels.data(), height * width, channels, alpha_threshold,
                                      ids.data());
  });
  const std::size_t n = found.weights.size();
  return {ids, copy_array<std::uint8_t, 2>(found.colors, {n, 3}),
          copy_array<std::int64_t, 1>(found.weights, {n})};
}

std::tuple<Out<std::uint8_t, 2>, Out<std::int64_t, 1>> pooled_colors(
    const Colors& colors, const In<std::int64_t, 1>& weights) {
  check_colors(colors);
  require(is_shaped(weights, {colors.shape(0)}), "every color needs a weight");
  const DistinctColors found = unlocked(
      [&] { return steadyhue::pooled_colors(colors.data(), weights.data(), weights.size()); });
  const std::size_t n = found.weights.size();
  return {copy_array<std::uint8_t, 2>(found.colors, {n, 3}),
          copy_array<std::int64_t, 1>(found.weights, {n})};
}

using Counts = In<std::int64_t, 1>;

std::tuple<Out<std::uint8_t, 2>, Out<std::int64_t, 1>, std::optional<Out<std::int64_t, 1>>>
coarse_colors(const Colors& colors, const Counts& weights, const std::optional<Counts>& still,
              std::size_t most) {
  const std::size_t n = colors.shape(0);
  check_colors(colors);
  require(is_shaped(weights, {n}) && (!still || is_shaped(*still, {n})),
          "every color needs a weight");
  const PooledCells found = unlocked([&] {
    const std::int64_t* calm = still ? still->data() : nullptr;
    auto cells = pooled_cells(colors.data(), weights.data(), calm, n, 6, most);
    return cells ? *cells : *pooled_cells(colors.data(), weights.data(), calm, n, 5, n);
  });
  const std::size_t rows = found.pooled.weights.size();
  std::optional<Out<std::int64_t, 1>> calm;
  if (still) calm = copy_array<std::int64_t, 1>(found.still, {rows});
  return {copy_array<std::uint8_t, 2>(found.pooled.colors, {rows, 3}),
          copy_array<std::int64_t, 1>(found.pooled.weights, {rows}), calm};
}

using Places = In<std::int64_t, 1>;

std::tuple<Out<std::int32_t, 2>, Out<std::uint8_t, 2>> pixels_at(
    const Ids& ids, const std::optional<In<std::uint8_t, 2>>& flags, const Places& places,
    const std::optional<Ids>& known, const MaybeBox& box) {
  const std::size_t s = places.size();
  if (flags) check_sizes(ids, *flags);
  require(known || !box, "only a part is known");
  require(!known || is_shaped(*known, {1, s}), "other places are known");
  const Box inside = box_or_all(box, ids);
  auto out = make_array<std::int32_t, 2>({1, s});
  auto out_flags = make_array<std::uint8_t, 2>({1, s});
  unlocked([&] {
    for (std::size_t i = 0; i < s; ++i) {
      require(std::uint64_t(places.data()[i]) < ids.size(), "a place is not in the picture");
    }
    look_at(ids.data(), flags ? flags->data() : nullptr, std::int64_t(ids.shape(1)), places.data(),
            s, inside, known ? known->data() : nullptr, out.data(), out_flags.data());
  });
  return {out, out_flags};
}

std::tuple<Out<std::int32_t, 2>, Out<std::int32_t, 1>, Out<std::int64_t, 1>> sampled_colors(
    const Ids& ids, std::size_t n_colors) {
  auto sampled = make_array<std::int32_t, 2>({ids.shape(0), ids.shape(1)});
  const SampledColors found = unlocked([&] {
    check_ids(ids, n_colors);
    return steadyhue::sampled_colors(ids.data(), ids.size(), n_colors, sampled.data());
  });
  const std::size_t n = found.rows.size();
  return {sampled, copy_array<std::int32_t, 1>(found.rows, {n}),
          copy_array<std::int64_t, 1>(found.weights, {n})};
}

}  // namespace

void register_colors(nb::module_& m) {
  m.attr("SORTED_COLORS") = kSortedColors;
  m.def("distinct_colors", &distinct_colors, "pixels"_a, "alpha_threshold"_a,
        "Ids (H, W), colors (n, 3) and weights (n,) of (H, W, 3 or 4) pixels.");
  m.def("pooled_colors", &pooled_colors, "colors"_a, "weights"_a,
        "Distinct colors (m, 3) of colors (n, 3), with the sums of their weights.");
  m.def("coarse_colors", &coarse_colors, "colors"_a, "weights"_a, "still"_a.none(), "most"_a,
        "Mean colors (m, 3) of cells of 4 x 4 x 4 levels, or 8 x 8 x 8 where these are more than\n"
        "`most`, with the sums of weights and of what is still.");
  m.def("pixels_at", &pixels_at, "ids"_a, "flags"_a.none(), "places"_a, "known"_a = nb::none(),
        "box"_a = nb::none(),
        "Ids and flags (1, s) at some places. Outside the box ids are those known, and flagged "
        "where\n"
        "they are opaque; without flags all are 0.");
  m.def("sampled_colors", &sampled_colors, "ids"_a, "n_colors"_a,
        "Ids over the colors that occur, the rows (m,) of these, and how often each occurs (m,).");
}

}  // namespace steadyhue::bindings
