// The slots of pixels over a run of frames.
#include "../labels.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <tuple>
#include <vector>

#include "../judge.hpp"
#include "../prices.hpp"
#include "arrays.hpp"
#include "boxes.hpp"

namespace steadyhue::bindings {
namespace {

std::tuple<Out<std::uint8_t, 2>, Out<float, 2>> weigh_slots(const In<std::int16_t, 2>& points,
                                                            const In<std::int64_t, 1>& weights,
                                                            const In<std::int16_t, 2>& palette,
                                                            bool manhattan, int spare, float scale,
                                                            const In<float, 2>& steps) {
  const std::size_t n = points.shape(0), k = palette.shape(0);
  check_colors(points);
  check_palette(palette);
  require(weights.size() == n, "every color needs a weight");
  require(is_shaped(steps, {k, k}), "steps go from every entry to every entry");
  require(spare < int(k) && scale >= 0, "spare or scale is off");
  auto slots = make_array<std::uint8_t, 2>({n, kCandidates});
  auto costs = make_array<float, 2>({n, kCandidates});
  unlocked([&] {
    steadyhue::weigh_slots(points.data(), weights.data(), n, palette.data(), k, manhattan, spare,
                           scale, steps.data(), slots.data(), costs.data());
  });
  return {slots, costs};
}

std::tuple<Out<std::uint8_t, 2>, Out<std::uint8_t, 2>> nearest_pixels(
    const Ids& ids, const Slots& slots, const Slots& linked, const In<float, 2>& steps,
    const std::optional<Slots>& before, std::uint8_t transparent, const MaybeBox& box) {
  const std::size_t n_colors = slots.shape(0), k = steps.shape(1);
  check_sizes(ids, linked);
  require(slots.shape(1) == kCandidates, "every color needs candidates");
  require(steps.shape(0) <= 256 && k <= 256, "a palette has at most 256 colors");
  auto nearest = make_array<std::uint8_t, 2>({ids.shape(0), ids.shape(1)});
  auto flags = make_array<std::uint8_t, 2>({ids.shape(0), ids.shape(1)});
  unlocked([&] {
    const Box inside = checked_box(box, ids, n_colors);
    require(before || !box, "no slots are known");
    if (before) check_sizes(ids, *before);
    steadyhue::nearest_pixels(ids.data(), slots.data(), n_colors, linked.data(), steps.data(),
                              steps.shape(0), k, before ? before->data() : nullptr, transparent,
                              ids.size(), ids.shape(1), inside, nearest.data(), flags.data());
  });
  return {nearest, flags};
}

Out<float, 2> step_prices(const In<std::int16_t, 2>& before, const In<std::int16_t, 2>& after,
                          float repaint, float change) {
  check_palette(before);
  check_palette(after);
  auto out = make_array<float, 2>({before.shape(0), after.shape(0)});
  unlocked([&] {
    steadyhue::step_prices(before.data(), before.shape(0), after.data(), after.shape(0), repaint,
                           change, out.data());
  });
  return out;
}

// Ids, linked and points of sampled pixels, and what one costs at best.
using SampleIn = std::tuple<Ids, Slots, In<std::int16_t, 2>, double>;
using Grid = In<std::int16_t, 3>;

std::tuple<double, Out<std::uint8_t, 3>> judge_plan(
    const std::vector<SampleIn>& samples, std::size_t stride, const Grid& places,
    const Grid& shades, const std::optional<In<std::int16_t, 2>>& shades_before,
    const std::optional<Slots>& shown, bool manhattan,
    const std::tuple<float, float, double, double>& rates) {
  const std::size_t T = samples.size(), k = places.shape(1);
  require(T > 0 && stride > 0, "there must be frames to look at");
  require(is_shaped(places, {T, k, 3}) && is_shaped(shades, {T, k, 3}) && k >= 1 && k <= 256,
          "palettes are (T, k, 3)");
  require(shades_before.has_value() == shown.has_value(), "what is shown is a palette and slots");
  require(!shades_before || is_shaped(*shades_before, {k, 3}), "palettes are (T, k, 3)");
  const auto& first = std::get<0>(samples[0]);
  const std::size_t n = first.size(), looked = (n + stride - 1) / stride;
  auto slots = make_array<std::uint8_t, 3>({T, 1, looked});
  const double cost = unlocked([&] {
    std::vector<Sampled> run;
    for (const auto& [ids, linked, points, unit] : samples) {
      check_sizes(first, ids, linked);
      check_colors(points);
      check_ids(ids, points.shape(0));
      require(unit > 0, "a pixel costs something");
      run.push_back({ids.data(), linked.data(), points.data(), points.shape(0), unit});
    }
    if (shown) {
      check_sizes(first, *shown);
      for (std::size_t i = 0; i < n; ++i) require(shown->data()[i] < k, "no such slot was shown");
    }
    const auto& [repaint, change, cap, penalty] = rates;
    Judge judge(run, n, stride, manhattan, {repaint, change, cap, penalty});
    return judge.cost(
        {places.data(), shades.data(), k, shades_before ? shades_before->data() : nullptr,
         shown ? shown->data() : nullptr},
        slots.data());
  });
  return {cost, slots};
}

// Ids, slots, costs, nearest, flags, steps.
using FrameIn = std::tuple<Ids, Slots, In<float, 2>, Slots, Slots, In<float, 2>>;

LabelFrame label_frame(const FrameIn& in, const Ids& first, const Box& box) {
  const auto& [ids, slots, costs, nearest, flags, steps] = in;
  const std::size_t n = costs.shape(0), k = steps.shape(1);
  check_sizes(first, ids, nearest, flags);
  require(steps.shape(0) <= 256 && k <= 256, "a palette has at most 256 colors");
  check_ids_in(box, ids, n);
  require(is_shaped(slots, {n, kCandidates}) && is_shaped(costs, {n, kCandidates}),
          "every color needs candidates");
  for (std::size_t i = 0; i < slots.size(); ++i) require(slots.data()[i] < k, "no such slot");
  return {ids.data(),   slots.data(), costs.data(),   nearest.data(),
          flags.data(), steps.data(), steps.shape(0), k};
}

std::tuple<Out<std::uint8_t, 3>, Out<double, 1>> label_frames(const std::vector<FrameIn>& frames,
                                                              const std::optional<Slots>& shown,
                                                              std::size_t committed,
                                                              std::size_t parts, int n_threads,
                                                              const MaybeBox& box) {
  require(committed > 0 && committed <= frames.size(), "there must be frames to commit");
  require(parts > 0, "a part is one of some");
  const auto& first = std::get<0>(frames[0]);
  const std::size_t n = first.size(), width = first.shape(1);
  const Box inside = box_or_all(box, first);
  auto indices = make_array<std::uint8_t, 3>({committed, first.shape(0), first.shape(1)});
  auto costs = make_array<double, 1>({committed});
  unlocked([&] {
    std::vector<LabelFrame> run;
    for (std::size_t t = 0; t < frames.size(); ++t) {
      run.push_back(label_frame(frames[t], first, inside));
      const std::size_t k_before = std::get<5>(frames[t]).shape(0);
      require(t == 0 || k_before == run[t - 1].k, "steps must start at the slots before");
    }
    if (shown) {
      check_sizes(first, *shown);
      const std::size_t k_before = std::get<5>(frames[0]).shape(0);
      for_rows(inside, width, [&](std::size_t from, std::size_t count) {
        for (std::size_t i = from; i < from + count; ++i) {
          require(!(run[0].flags[i] & kLinked) || shown->data()[i] < k_before,
                  "no such slot was shown");
        }
      });
    }
    std::vector<std::uint8_t*> rows;
    for (std::size_t t = 0; t < committed; ++t) rows.push_back(indices.data() + t * n);
    steadyhue::label_frames(run, shown ? shown->data() : nullptr, n, width, inside, committed,
                            parts, n_threads, rows.data(), costs.data());
  });
  return {indices, costs};
}

}  // namespace

void register_labels(nb::module_& m) {
  m.def("step_prices", &step_prices, "before"_a, "after"_a, "repaint"_a, "change"_a,
        "Prices (k before, k) of going from each color on OKLab's grid to each other.");
  m.def(
      "judge_plan", &judge_plan, "samples"_a, "stride"_a, "places"_a, "shades"_a,
      "shades_before"_a.none(), "shown"_a.none(), "manhattan"_a, "rates"_a,
      "What palettes (T, k, 3), on the grid and on OKLab's, cost on every so many of the sampled\n"
      "pixels (ids, linked, points, unit), and their slots (T, 1, n). Rates are those of a "
      "repaint\n"
      "and of a grid unit, the cap and the penalty above it.");
  m.def(
      "weigh_slots", &weigh_slots, "points"_a, "weights"_a, "palette"_a, "manhattan"_a, "spare"_a,
      "scale"_a, "steps"_a,
      "Slots (n, 4) that are worth weighing for each color, and costs (n, 4), infinite for none.");
  m.def("nearest_pixels", &nearest_pixels, "ids"_a, "slots"_a, "linked"_a, "steps"_a,
        "before"_a.none(), "transparent"_a, "box"_a = nb::none(),
        "The nearest slot of every pixel (H, W), and flags: 1 where it is linked, 2 unless it\n"
        "pays to go there from the nearest slot before. Outside the box these are the same, and\n"
        "nothing is paid.");
  m.def(
      "label_frames", &label_frames, "frames"_a, "shown"_a.none(), "committed"_a, "parts"_a,
      "n_threads"_a, "box"_a = nb::none(),
      "The cheapest slots of the first `committed` frames (t, H, W), and by how much their error\n"
      "is over that of the nearest (t,). Of more than one of `parts` only one is labeled, and "
      "costs\n"
      "are those it would be of all. Outside the box the nearest slots cost nothing more. Frames "
      "are (ids, slots, costs, nearest,\n"
      "flags, steps from the slots before).");
}

}  // namespace steadyhue::bindings
