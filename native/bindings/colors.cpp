// The distinct colors of pixels and of histograms.
#include <nanobind/stl/tuple.h>

#include <tuple>

#include "../dedup.hpp"
#include "arrays.hpp"

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

}  // namespace

void register_colors(nb::module_& m) {
  m.def("distinct_colors", &distinct_colors, "pixels"_a, "alpha_threshold"_a,
        "Ids (H, W), colors (n, 3) and weights (n,) of (H, W, 3 or 4) pixels.");
  m.def("pooled_colors", &pooled_colors, "colors"_a, "weights"_a,
        "Distinct colors (m, 3) of colors (n, 3), with the sums of their weights.");
}

}  // namespace steadyhue::bindings
