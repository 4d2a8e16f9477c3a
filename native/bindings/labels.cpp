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

using FieldOut = std::tuple<Out<std::uint8_t, 2>, Out<std::uint8_t, 2>>;

FieldOut make_field(const Box& box) {
  const Shape<2> shape{std::size_t(box.height), std::size_t(box.width)};
  return {make_array<std::uint8_t, 2>(shape), make_array<std::uint8_t, 2>(shape)};
}

template <class Array>
void check_in_box(const Array& values, const Box& box) {
  require(is_shaped(values, {std::size_t(box.height), std::size_t(box.width)}),
          "what is known is not of its box");
}

FieldOut nearest_pixels(const Ids& ids, const Slots& slots, const Slots& linked,
                        const In<float, 2>& steps, const std::optional<Slots>& before,
                        std::uint8_t transparent, const MaybeBox& box) {
  const std::size_t n_colors = slots.shape(0), k = steps.shape(1);
  check_sizes(ids, linked);
  if (before) check_sizes(ids, *before);
  require(slots.shape(1) == kCandidates, "every color needs candidates");
  require(steps.shape(0) <= 256 && k <= 256, "a palette has at most 256 colors");
  const Box inside = box_or_all(box, ids);
  auto field = make_field(inside);
  unlocked([&] {
    check_ids_in(inside, ids, n_colors);
    steadyhue::nearest_pixels(ids.data(), slots.data(), n_colors, linked.data(), steps.data(),
                              steps.shape(0), k, before ? before->data() : nullptr, transparent,
                              ids.shape(1), inside, std::get<0>(field).data(),
                              std::get<1>(field).data());
  });
  return field;
}

FieldOut widened(const Slots& before, const BoxTuple& before_box, const Slots& nearest,
                 const Slots& flags, const BoxTuple& known_box, const Slots& linked,
                 const BoxTuple& box) {
  const Box theirs = box_inside(before_box, linked), known = box_inside(known_box, linked);
  const Box inside = box_inside(box, linked), both = around(theirs, inside);
  check_in_box(before, theirs);
  check_in_box(nearest, known);
  check_in_box(flags, known);
  require(both.width == theirs.width && both.height == theirs.height,
          "what was before is not known in all of the box");
  auto field = make_field(inside);
  unlocked([&] {
    widen({theirs, before.data(), nullptr}, {known, nearest.data(), flags.data()}, linked.data(),
          linked.shape(1), inside, std::get<0>(field).data(), std::get<1>(field).data());
  });
  return field;
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
  check_sizes(first, ids);
  check_in_box(nearest, box);
  check_in_box(flags, box);
  require(steps.shape(0) <= 256 && k <= 256, "a palette has at most 256 colors");
  require(is_shaped(slots, {n, kCandidates}) && is_shaped(costs, {n, kCandidates}),
          "every color needs candidates");
  for (std::size_t i = 0; i < slots.size(); ++i) require(slots.data()[i] < k, "no such slot");
  return {ids.data(),
          slots.data(),
          costs.data(),
          nearest.data(),
          flags.data(),
          steps.data(),
          steps.shape(0),
          k,
          n};
}

// What is shown before the frames must be slots of the palette before, where it counts.
void check_shown(const Slots& shown, const LabelFrame& frame, const Box& box) {
  std::size_t place = 0;
  for_rows(box, shown.shape(1), [&](std::size_t from, std::size_t count) {
    for (std::size_t i = from; i < from + count; ++i, ++place) {
      require(!(frame.flags[place] & kLinked) || shown.data()[i] < frame.k_before,
              "no such slot was shown");
    }
  });
}

std::tuple<std::optional<Out<std::uint8_t, 3>>, Out<double, 1>> label_frames(
    const std::vector<FrameIn>& frames, const std::optional<Slots>& base,
    const std::optional<Slots>& shown, std::size_t committed, std::size_t parts, int n_threads,
    const MaybeBox& box) {
  require(committed > 0 && committed <= frames.size(), "there must be frames to commit");
  require(parts > 0, "a part is one of some");
  const auto& first = std::get<0>(frames[0]);
  const std::size_t n = first.size(), width = first.shape(1);
  const Box inside = box_or_all(box, first);
  require(base || inside.width * inside.height == std::int64_t(n), "no slots are known");
  if (base) check_sizes(first, *base);
  if (shown) check_sizes(first, *shown);
  std::optional<Out<std::uint8_t, 3>> indices;
  std::vector<std::uint8_t*> rows;
  if (parts == 1) {
    indices = make_array<std::uint8_t, 3>({committed, first.shape(0), width});
    for (std::size_t t = 0; t < committed; ++t) rows.push_back(indices->data() + t * n);
  }
  auto costs = make_array<double, 1>({committed});
  unlocked([&] {
    std::vector<LabelFrame> run;
    for (std::size_t t = 0; t < frames.size(); ++t) {
      run.push_back(label_frame(frames[t], first, inside));
      const std::size_t k_before = std::get<5>(frames[t]).shape(0);
      require(t == 0 || k_before == run[t - 1].k, "steps must start at the slots before");
    }
    if (shown) check_shown(*shown, run[0], inside);
    steadyhue::label_frames(run, base ? base->data() : nullptr, shown ? shown->data() : nullptr, n,
                            width, inside, committed, parts, n_threads,
                            indices ? rows.data() : nullptr, costs.data());
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
  m.def(
      "nearest_pixels", &nearest_pixels, "ids"_a, "slots"_a, "linked"_a, "steps"_a,
      "before"_a.none(), "transparent"_a, "box"_a = nb::none(),
      "The nearest slot of every pixel of a box (h, w), and flags: 1 where it is linked, 2 unless\n"
      "it pays to go there from the nearest slot before.");
  m.def("widened", &widened, "before"_a, "before_box"_a, "nearest"_a, "flags"_a, "known_box"_a,
        "linked"_a, "box"_a,
        "The same of all pixels of another box, given those of the picture before. Outside the\n"
        "known box all is as before, and nothing is paid.");
  m.def(
      "label_frames", &label_frames, "frames"_a, "base"_a.none(), "shown"_a.none(), "committed"_a,
      "parts"_a, "n_threads"_a, "box"_a = nb::none(),
      "The cheapest slots of the first `committed` frames (t, H, W), and by how much their error\n"
      "is over that of the nearest (t,). Of more than one of `parts` only one is looked at, costs\n"
      "are those it would be of all, and there are no slots. Outside the box the nearest slots,\n"
      "which are those of `base` (H, W), cost nothing more. Frames are (ids, slots, costs,\n"
      "nearest in the box, flags in the box, steps from the slots before).");
}

}  // namespace steadyhue::bindings
