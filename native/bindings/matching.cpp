// Matching the colors of one palette to those of another.
#include <nanobind/stl/array.h>
#include <nanobind/stl/tuple.h>

#include <algorithm>
#include <tuple>

#include "../contacts.hpp"
#include "../grade.hpp"
#include "../one_to_one.hpp"
#include "../relations.hpp"
#include "arrays.hpp"

namespace steadyhue::bindings {
namespace {

void count_contacts(const Ids& ids, const In<std::int32_t, 1>& label_of, int every,
                    const InOut<std::int64_t, 2>& counts) {
  const std::size_t n = counts.shape(0);
  require(counts.shape(1) == n, "counts must be square");
  require(every > 0, "rows must be counted");
  unlocked([&] {
    check_ids(ids, label_of.size());
    check_ids(label_of, n, "a label is past the counts");
    steadyhue::count_contacts(ids.data(), ids.shape(0), ids.shape(1), label_of.data(), n,
                              std::size_t(every), counts.data());
  });
}

Out<std::int32_t, 1> one_to_one(const In<double, 2>& cost) {
  const std::size_t rows = cost.shape(0), columns = cost.shape(1);
  require(rows <= columns, "an assignment needs as many columns as rows");
  auto column_of = make_array<std::int32_t, 1>({rows});
  unlocked([&] { steadyhue::one_to_one(cost.data(), rows, columns, column_of.data()); });
  return column_of;
}

Out<double, 1> fit_grade(const In<double, 2>& source, const In<double, 2>& target,
                         const In<double, 1>& weights, const In<double, 1>& shares,
                         const In<double, 1>& radii, const In<double, 1>& tone_ridge,
                         const In<double, 1>& hue_ridge, const std::array<double, 3>& factors) {
  const std::size_t n = source.shape(0), m = target.shape(0);
  require(is_shaped(source, {n, 3}) && is_shaped(target, {m, 3}) && is_shaped(weights, {n}) &&
              is_shaped(shares, {m}) && is_shaped(tone_ridge, {3}) && is_shaped(hue_ridge, {4}),
          "the arrays of a grade do not fit together");
  const auto& [light, outliers, backward] = factors;
  const GradeProblem problem{n,
                             m,
                             source.data(),
                             target.data(),
                             weights.data(),
                             shares.data(),
                             tone_ridge.data(),
                             hue_ridge.data(),
                             light,
                             outliers,
                             backward};
  auto numbers = make_array<double, 1>({7});
  unlocked([&] {
    const auto found = steadyhue::fit_grade(problem, radii.data(), radii.size());
    std::copy(found.begin(), found.end(), numbers.data());
  });
  return numbers;
}

std::tuple<Out<std::int32_t, 1>, double> search_match(
    const In<double, 2>& unary, const In<double, 2>& pair, const In<std::int8_t, 2>& sign,
    const In<double, 2>& places, const In<double, 2>& target, const In<double, 2>& region,
    const In<double, 2>& gap, const In<bool, 1>& shown, const In<double, 1>& share,
    const std::array<double, 4>& factors, const In<std::int32_t, 1>& turns,
    const In<std::int32_t, 1>& start, int sweeps) {
  const std::size_t n = unary.shape(0), m = unary.shape(1);
  require(is_shaped(pair, {n, n}) && is_shaped(sign, {n, n}) && is_shaped(places, {n, 3}) &&
              is_shaped(target, {m, 3}) && is_shaped(region, {n, n}) && is_shaped(gap, {m, m}) &&
              is_shaped(shown, {n}) && is_shaped(share, {m}) && turns.size() <= n &&
              is_shaped(start, {n}),
          "the arrays of a match do not fit together");
  check_rows(turns, n, "a turn names no such color");
  check_rows(start, m, "the start names no such color");
  auto match = make_array<std::int32_t, 1>({n});
  std::copy_n(start.data(), n, match.data());
  const auto& [light, hue, order, spread] = factors;
  const Relations relations{n,
                            m,
                            unary.data(),
                            pair.data(),
                            places.data(),
                            target.data(),
                            region.data(),
                            gap.data(),
                            sign.data(),
                            shown.data(),
                            share.data(),
                            light,
                            hue,
                            order,
                            spread};
  const double cost = unlocked([&] {
    steadyhue::search_match(relations, turns.data(), turns.size(), sweeps, match.data());
    return match_cost(relations, match.data());
  });
  return {match, cost};
}

}  // namespace

void register_matching(nb::module_& m) {
  m.def("count_contacts", &count_contacts, "ids"_a, "label_of"_a, "every"_a, exact("counts"),
        "Add to counts (n, n), in place, how often labels are left of or above each other, in one\n"
        "of every so many rows.");
  m.def("fit_grade", &fit_grade, "source"_a, "target"_a, "weights"_a, "shares"_a, "radii"_a,
        "tone_ridge"_a, "hue_ridge"_a, "factors"_a,
        "The numbers (7,) of the grade from source to target: native/grade.hpp. The factors are\n"
        "those of light, outliers and backward.");
  m.def("one_to_one", &one_to_one, "cost"_a,
        "The column (rows,) of each row in the cheapest one-to-one assignment; rows <= columns.");
  m.def("search_match", &search_match, "unary"_a, "pair"_a, "sign"_a, "places"_a, "target"_a,
        "region"_a, "gap"_a, "shown"_a, "share"_a, "factors"_a, "turns"_a, "start"_a, "sweeps"_a,
        "A match (n,) that moving single colors of those in turns does not improve, and its\n"
        "cost: native/relations.hpp. The factors are those of light, hue, order and spread.");
}

}  // namespace steadyhue::bindings
