// Clustering: of colors on the grid, (n, 3) int16 with int64 weights, or of any points, (n, d)
// float64 with float64 weights.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/variant.h>

#include <optional>
#include <tuple>
#include <type_traits>
#include <variant>

#include "../kmedians.hpp"
#include "../lloyd.hpp"
#include "../paths.hpp"
#include "../relocation.hpp"
#include "../seeding.hpp"
#include "arrays.hpp"

namespace steadyhue::bindings {
namespace {

using Points = std::variant<In<std::int16_t, 2>, In<double, 2>>;
using Weights = std::variant<In<std::int64_t, 1>, In<double, 1>>;
using CentersIn = In<double, 2>;        // (k, d)
using Labels = InOut<std::int32_t, 1>;  // (n,)
using Order = In<std::int32_t, 2>;      // (d, n)
using Rows = Out<std::int32_t, 1>;      // (k,)
using WeightsOut = std::variant<Out<std::int64_t, 1>, Out<double, 1>>;
using StepOut = std::tuple<Out<double, 2>, WeightsOut, double, double, std::size_t>;

Metric metric_of(bool manhattan) { return manhattan ? Metric::manhattan : Metric::euclidean; }

template <class Array>
constexpr bool kOnGrid = std::is_same_v<std::decay_t<Array>, In<std::int16_t, 2>>;

// Calls work(points) with the array that was given.
template <class Work>
auto with_points(const Points& points, const Work& work) {
  const auto check_and_work = [&](const auto& p) {
    require(p.shape(1) > 0, "points need a coordinate");
    require(!kOnGrid<decltype(p)> || p.shape(1) == 3, "points on the grid have 3 channels");
    return work(p);
  };
  return std::visit(check_and_work, points);
}

// Calls work(points, weights) with arrays that go together.
template <class Work>
auto with_points(const Points& points, const Weights& weights, const Work& work) {
  return with_points(points, [&](const auto& p) {
    const auto* w = std::get_if<kOnGrid<decltype(p)> ? 0 : 1>(&weights);
    require(w, "points on the grid have int64 weights, others float64");
    require(w->size() == p.shape(0), "every point needs a weight");
    return work(p, *w);
  });
}

template <class Array>
void check_centers(const CentersIn& centers, const Array& points) {
  require(centers.shape(0) > 0 && centers.shape(1) == points.shape(1),
          "centers and points differ in their channels");
}

template <class LabelArray, class Array>
void check_labels(const LabelArray& labels, const Array& points) {
  require(labels.size() == points.shape(0), "every point needs a label");
}

template <class Array>
void check_order(const Order& order, const Array& points) {
  require(is_shaped(order, {points.shape(1), points.shape(0)}), "every channel needs an order");
  check_rows(order, points.shape(0), "the order names no such point");
}

template <class W>
StepOut step_out(const Step<W>& step, std::size_t k, std::size_t d) {
  return {copy_array<double, 2>(step.centers, {k, d}), copy_array<W, 1>(step.weights, {k}),
          step.before, step.after, step.changed};
}

StepOut lloyd_step(const Points& points, const Weights& weights, const CentersIn& centers,
                   const Labels& labels, int n_threads) {
  return with_points(points, weights, [&](const auto& p, const auto& w) {
    check_centers(centers, p);
    check_labels(labels, p);
    const std::size_t k = centers.shape(0), d = centers.shape(1);
    const auto step = unlocked([&] {
      return steadyhue::lloyd_step(p.data(), w.data(), p.shape(0), centers.data(), k, d, n_threads,
                                   labels.data());
    });
    return step_out(step, k, d);
  });
}

StepOut medians_step(const Points& points, const Weights& weights, const Order& order,
                     const CentersIn& centers, const Labels& labels, int n_threads) {
  return with_points(points, weights, [&](const auto& p, const auto& w) {
    check_centers(centers, p);
    check_labels(labels, p);
    const std::size_t k = centers.shape(0), d = centers.shape(1);
    const auto step = unlocked([&] {
      check_order(order, p);
      return steadyhue::medians_step(p.data(), w.data(), p.shape(0), order.data(), centers.data(),
                                     k, d, n_threads, labels.data());
    });
    return step_out(step, k, d);
  });
}

Out<std::int32_t, 2> sort_channels(const Points& points) {
  return with_points(points, [&](const auto& p) {
    auto order = make_array<std::int32_t, 2>({p.shape(1), p.shape(0)});
    unlocked([&] { steadyhue::sort_channels(p.data(), p.shape(0), p.shape(1), order.data()); });
    return order;
  });
}

std::size_t assign(const Points& points, const CentersIn& centers, const Labels& labels,
                   bool manhattan, int n_threads) {
  return with_points(points, [&](const auto& p) {
    check_centers(centers, p);
    check_labels(labels, p);
    return unlocked([&] {
      return steadyhue::assign(p.data(), p.shape(0), centers.data(), centers.shape(0),
                               centers.shape(1), metric_of(manhattan), n_threads, labels.data());
    });
  });
}

Rows random_rows(const Weights& weights, std::size_t k, std::uint64_t seed) {
  return std::visit(
      [&](const auto& w) {
        require(k <= w.size(), "there are fewer points than centers");
        return copy_array<std::int32_t, 1>(
            unlocked([&] { return steadyhue::random_rows(w.data(), w.size(), k, seed); }), {k});
      },
      weights);
}

Rows plus_plus_rows(const Points& points, const Weights& weights, std::size_t k, bool manhattan,
                    std::uint64_t seed) {
  return with_points(points, weights, [&](const auto& p, const auto& w) {
    require(k > 0 && k <= p.shape(0), "there are fewer points than centers");
    const auto rows = unlocked([&] {
      return steadyhue::plus_plus_rows(p.data(), w.data(), p.shape(0), p.shape(1), k,
                                       metric_of(manhattan), seed);
    });
    return copy_array<std::int32_t, 1>(rows, {k});
  });
}

std::tuple<Out<double, 3>, Out<double, 2>, Out<double, 1>> best_splits(
    const Points& points, const Weights& weights, const Order& order,
    const In<std::int32_t, 1>& labels, const CentersIn& centers, bool manhattan) {
  const std::size_t k = centers.shape(0), d = centers.shape(1);
  const Splits splits = with_points(points, weights, [&](const auto& p, const auto& w) {
    check_centers(centers, p);
    check_labels(labels, p);
    return unlocked([&] {
      check_order(order, p);
      check_rows(labels, k, "a label has no center");
      return steadyhue::best_splits(p.data(), w.data(), p.shape(0), d, order.data(), labels.data(),
                                    centers.data(), k, metric_of(manhattan));
    });
  });
  return {copy_array<double, 3>(splits.centers, {k, 2, d}),
          copy_array<double, 2>(splits.weights, {k, 2}), copy_array<double, 1>(splits.gain, {k})};
}

Out<double, 3> fit_paths(const In<double, 3>& means, const In<double, 2>& weights,
                         const In<double, 2>& shares, double repaint, double change,
                         const std::optional<CentersIn>& shown) {
  const std::size_t T = means.shape(0), k = means.shape(1), d = means.shape(2);
  require(is_shaped(weights, {T, k}) && is_shaped(shares, {T, k}),
          "every mean needs a weight and a share");
  require(!shown || is_shaped(*shown, {k, d}), "every slot needs a shown center");
  auto paths = make_array<double, 3>({T, k, d});
  unlocked([&] {
    steadyhue::fit_paths(means.data(), weights.data(), shares.data(), {repaint, change},
                         shown ? shown->data() : nullptr, T, k, d, paths.data());
  });
  return paths;
}

}  // namespace

void register_clustering(nb::module_& m) {
  m.def("assign", &assign, exact("points"), "centers"_a, exact("labels"), "manhattan"_a,
        "n_threads"_a, "Label points (n, d) in place; returns how many labels changed.");
  m.def("lloyd_step", &lloyd_step, exact("points"), exact("weights"), "centers"_a, exact("labels"),
        "n_threads"_a,
        "Label in place; returns new centers, weights, error before and after, labels changed.");
  m.def("medians_step", &medians_step, exact("points"), exact("weights"), exact("order"),
        "centers"_a, exact("labels"), "n_threads"_a, "As lloyd_step, with Manhattan medians.");
  m.def("sort_channels", &sort_channels, exact("points"),
        "Rows of the points (d, n) in ascending order of every channel.");
  m.def("random_rows", &random_rows, exact("weights"), "k"_a, "seed"_a,
        "Distinct rows (k,) drawn with probability by weight.");
  m.def("plus_plus_rows", &plus_plus_rows, exact("points"), exact("weights"), "k"_a, "manhattan"_a,
        "seed"_a, "Rows (k,) of greedy k-means++ centers.");
  m.def("best_splits", &best_splits, exact("points"), exact("weights"), exact("order"),
        exact("labels"), "centers"_a, "manhattan"_a,
        "Centers (k, 2, d), weights (k, 2) and gain (k,) of splitting every cluster in two.");
  m.def("fit_paths", &fit_paths, "means"_a, "weights"_a, "shares"_a, "repaint"_a, "change"_a,
        "shown"_a.none(),
        "The cheapest centers (T, k, d) that stay constant for as long as that pays.");
}

}  // namespace steadyhue::bindings
