// The slots of pixels over a run of frames.
#include "../labels.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <tuple>
#include <vector>

#include "arrays.hpp"

namespace steadyhue::bindings {
namespace {

std::tuple<Out<std::uint8_t, 2>, Out<float, 2>, Out<std::uint8_t, 1>> weigh_slots(
    const In<std::int16_t, 2>& points, const In<std::int64_t, 1>& weights,
    const In<std::int16_t, 2>& palette, bool manhattan, int spare, float scale,
    const In<float, 2>& steps) {
  const std::size_t n = points.shape(0), k = palette.shape(0);
  check_colors(points);
  check_palette(palette);
  require(weights.size() == n, "every color needs a weight");
  require(is_shaped(steps, {k, k}), "steps go from every entry to every entry");
  require(spare < int(k) && scale >= 0, "spare or scale is off");
  auto slots = make_array<std::uint8_t, 2>({n, kCandidates});
  auto costs = make_array<float, 2>({n, kCandidates});
  auto counts = make_array<std::uint8_t, 1>({n});
  unlocked([&] {
    const auto weigh = manhattan ? &steadyhue::weigh_slots<Metric::manhattan>
                                 : &steadyhue::weigh_slots<Metric::euclidean>;
    weigh(points.data(), weights.data(), n, palette.data(), k, spare, scale, steps.data(),
          slots.data(), costs.data(), counts.data());
  });
  return {slots, costs, counts};
}

std::tuple<Out<std::uint8_t, 2>, Out<std::uint8_t, 2>> nearest_pixels(
    const Ids& ids, const Slots& slots, const Slots& linked, const In<float, 2>& steps,
    const std::optional<Slots>& before, std::uint8_t transparent) {
  const std::size_t n_colors = slots.shape(0), k = steps.shape(1);
  check_sizes(ids, linked);
  require(slots.shape(1) == kCandidates, "every color needs candidates");
  require(steps.shape(0) <= 256 && k <= 256, "a palette has at most 256 colors");
  auto nearest = make_array<std::uint8_t, 2>({ids.shape(0), ids.shape(1)});
  auto calm = make_array<std::uint8_t, 2>({ids.shape(0), ids.shape(1)});
  unlocked([&] {
    check_ids(ids, n_colors);
    if (before) check_sizes(ids, *before);
    steadyhue::nearest_pixels(ids.data(), slots.data(), n_colors, linked.data(), steps.data(),
                              steps.shape(0), k, before ? before->data() : nullptr, transparent,
                              ids.size(), nearest.data(), calm.data());
  });
  return {nearest, calm};
}

// Ids, slots, costs, counts, linked, nearest, calm, steps.
using FrameIn =
    std::tuple<Ids, Slots, In<float, 2>, In<std::uint8_t, 1>, Slots, Slots, Slots, In<float, 2>>;

LabelFrame label_frame(const FrameIn& in, const Ids& first) {
  const auto& [ids, slots, costs, counts, linked, nearest, calm, steps] = in;
  const std::size_t n = counts.size(), k = steps.shape(1);
  check_sizes(first, ids, linked, nearest, calm);
  check_ids(ids, n);
  require(is_shaped(slots, {n, kCandidates}) && is_shaped(costs, {n, kCandidates}),
          "every color needs candidates");
  for (std::size_t i = 0; i < slots.size(); ++i) require(slots.data()[i] < k, "no such slot");
  for (std::size_t i = 0; i < n; ++i) {
    require(counts.data()[i] >= 1 && counts.data()[i] <= kCandidates, "a count is off");
  }
  return {ids.data(),   slots.data(),  counts.data(),
          costs.data(), linked.data(), nearest.data(),
          calm.data(),  steps.data(),  k};
}

std::tuple<Out<std::uint8_t, 3>, Out<double, 1>> label_frames(const std::vector<FrameIn>& frames,
                                                              const std::optional<Slots>& shown,
                                                              std::size_t committed,
                                                              int n_threads) {
  require(committed > 0 && committed <= frames.size(), "there must be frames to commit");
  const auto& first = std::get<0>(frames[0]);
  const std::size_t n = first.size();
  auto indices = make_array<std::uint8_t, 3>({committed, first.shape(0), first.shape(1)});
  auto costs = make_array<double, 1>({committed});
  unlocked([&] {
    std::vector<LabelFrame> run;
    for (std::size_t t = 0; t < frames.size(); ++t) {
      run.push_back(label_frame(frames[t], first));
      const std::size_t k_before = std::get<7>(frames[t]).shape(0);
      require(t == 0 || k_before == run[t - 1].k, "steps must start at the slots before");
    }
    if (shown) {
      check_sizes(first, *shown);
      const std::size_t k_before = std::get<7>(frames[0]).shape(0);
      for (std::size_t i = 0; i < n; ++i) {
        require(!run[0].linked[i] || shown->data()[i] < k_before, "no such slot was shown");
      }
    }
    std::vector<std::uint8_t*> rows;
    for (std::size_t t = 0; t < committed; ++t) rows.push_back(indices.data() + t * n);
    steadyhue::label_frames(run, shown ? shown->data() : nullptr, n, committed, n_threads,
                            rows.data(), costs.data());
  });
  return {indices, costs};
}

}  // namespace

void register_labels(nb::module_& m) {
  m.def("weigh_slots", &weigh_slots, "points"_a, "weights"_a, "palette"_a, "manhattan"_a, "spare"_a,
        "scale"_a, "steps"_a,
        "Slots (n, 4), costs (n, 4) and their number (n,) that are worth weighing for each color.");
  m.def("nearest_pixels", &nearest_pixels, "ids"_a, "slots"_a, "linked"_a, "steps"_a,
        "before"_a.none(), "transparent"_a,
        "The nearest slot of every pixel (H, W), and 0 where a linked one pays to go there from\n"
        "the nearest slot before.");
  m.def(
      "label_frames", &label_frames, "frames"_a, "shown"_a.none(), "committed"_a, "n_threads"_a,
      "The cheapest slots of the first `committed` frames (t, H, W), and by how much their error\n"
      "is over that of the nearest (t,). Frames are (ids, slots, costs, counts, linked, nearest,\n"
      "calm, steps from the slots before).");
}

}  // namespace steadyhue::bindings
