// Clusterings of a run of frames.
#include "../chain.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <tuple>
#include <vector>

#include "arrays.hpp"

namespace steadyhue::bindings {
namespace {

using Points = In<std::int16_t, 2>;
using Weights = In<std::int64_t, 1>;
using FrameIn = std::tuple<Points, Weights>;
using CentersIn = In<double, 2>;
using ChainOut = std::tuple<Out<double, 3>, Out<double, 1>, Out<std::int32_t, 1>>;
using HeldOut = std::tuple<Out<double, 3>, Out<double, 1>>;
using EffortIn = std::tuple<double, double, double, int, int>;

std::vector<Colors3> clouds(const std::vector<FrameIn>& frames, bool manhattan) {
  require(!frames.empty(), "a chain needs a frame");
  const Metric metric = manhattan ? Metric::manhattan : Metric::euclidean;
  std::vector<Colors3> out;
  for (const auto& [points, weights] : frames) {
    check_colors(points);
    require(weights.size() == points.shape(0) && weights.size() > 0, "every point needs a weight");
    out.push_back({points.data(), weights.data(), weights.size(), 3, metric});
  }
  return out;
}

std::vector<double> centers_of(const CentersIn& centers) {
  require(centers.shape(0) > 0 && centers.shape(1) == 3, "centers are (k, 3), k at least 1");
  return {centers.data(), centers.data() + centers.size()};
}

Effort effort_of(const EffortIn& in) {
  const auto& [tol, tau, gain, warm, cold] = in;
  return {tol, tau, gain, warm, cold, -1};
}

ChainOut chain_out(const Chain& chain, std::size_t k) {
  const std::size_t T = chain.inertias.size();
  return {copy_array<double, 3>(chain.centers, {T, k, 3}),
          copy_array<double, 1>(chain.inertias, {T}),
          copy_array<std::int32_t, 1>(chain.moves, {T})};
}

ChainOut follow_chain(const std::vector<FrameIn>& frames, const CentersIn& centers, bool manhattan,
                      int moves, double jump, int patience, bool backward, const EffortIn& effort) {
  const std::size_t k = centers.shape(0);
  return chain_out(unlocked([&] {
                     auto run = clouds(frames, manhattan);
                     return steadyhue::follow_chain(run, centers_of(centers), k, moves, jump,
                                                    patience, backward, effort_of(effort));
                   }),
                   k);
}

ChainOut fresh_chain(const std::vector<FrameIn>& frames, const CentersIn& centers, bool manhattan,
                     int starts, std::uint64_t seed, const EffortIn& effort) {
  const std::size_t k = centers.shape(0);
  return chain_out(unlocked([&] {
                     auto run = clouds(frames, manhattan);
                     return steadyhue::fresh_chain(run, centers_of(centers), k, starts, seed,
                                                   effort_of(effort));
                   }),
                   k);
}

Out<double, 2> rough_centers(const Points& points, const Weights& weights, const CentersIn& slots,
                             bool manhattan, std::uint64_t seed, int moves, int rounds,
                             const EffortIn& effort) {
  const std::size_t k = slots.shape(0);
  return copy_array<double, 2>(unlocked([&] {
                                 auto cloud = clouds({{points, weights}}, manhattan);
                                 return steadyhue::rough_centers(cloud[0], centers_of(slots), k,
                                                                 seed, moves, rounds,
                                                                 effort_of(effort));
                               }),
                               {k, 3});
}

Out<std::int32_t, 1> nearest_pairs(const In<double, 2>& apart) {
  const std::size_t k = apart.shape(0);
  require(apart.shape(1) == k, "there are as many columns as rows");
  const auto columns = unlocked([&] { return steadyhue::nearest_pairs(apart.data(), k); });
  return copy_array<std::int32_t, 1>({columns.begin(), columns.end()}, {k});
}

HeldOut hold_chain(const std::vector<FrameIn>& frames, const std::vector<Weights>& still,
                   const In<double, 3>& centers, const In<double, 1>& best,
                   const In<std::uint8_t, 1>& pinned, const std::optional<CentersIn>& shown,
                   bool manhattan, double repaint, double change, int rounds, double settled) {
  const std::size_t T = frames.size(), k = centers.shape(1);
  require(is_shaped(centers, {T, k, 3}) && k > 0, "centers are (T, k, 3)");
  require(still.size() == T && best.size() == T && pinned.size() == T, "one of each a frame");
  require(!shown || is_shaped(*shown, {k, 3}), "one shown center a slot");
  const Chain chain = unlocked([&] {
    auto run = clouds(frames, manhattan);
    std::vector<const std::int64_t*> rows;
    for (std::size_t t = 0; t < T; ++t) {
      require(still[t].size() == run[t].n, "one still weight a point");
      rows.push_back(still[t].data());
    }
    return steadyhue::hold_chain(run, {centers.data(), centers.data() + centers.size()}, k,
                                 {rows.data(),
                                  best.data(),
                                  pinned.data(),
                                  shown ? shown->data() : nullptr,
                                  {repaint, change}},
                                 rounds, settled);
  });
  return {copy_array<double, 3>(chain.centers, {T, k, 3}),
          copy_array<double, 1>(chain.inertias, {T})};
}

}  // namespace

void register_chain(nb::module_& m) {
  m.def("follow_chain", &follow_chain, "frames"_a, "centers"_a, "manhattan"_a, "moves"_a, "jump"_a,
        "patience"_a, "backward"_a, "effort"_a,
        "Centers (T, k, 3), inertias and Lloyd moves (T,) of frames (points, weights), each from\n"
        "those before.");
  m.def("fresh_chain", &fresh_chain, "frames"_a, "centers"_a, "manhattan"_a, "starts"_a, "seed"_a,
        "effort"_a, "The same, each frame the best of some fresh starts, in the slots before.");
  m.def("hold_chain", &hold_chain, "frames"_a, "still"_a, "centers"_a, "best"_a, "pinned"_a,
        "shown"_a.none(), "manhattan"_a, "repaint"_a, "change"_a, "rounds"_a, "settled"_a,
        "Centers (T, k, 3) and inertias (T,), held for as long as that pays.");
  m.def("rough_centers", &rough_centers, "points"_a, "weights"_a, "slots"_a, "manhattan"_a,
        "seed"_a, "moves"_a, "rounds"_a, "effort"_a,
        "A clustering to start others from: centers (k, 3) in the slots of those given.");
  m.def("nearest_pairs", &nearest_pairs, "apart"_a,
        "For each row (k,) of distances (k, k) a column of its own, the nearest pairs first.");
}

}  // namespace steadyhue::bindings
