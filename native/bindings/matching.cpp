// Matching the colors of one palette to those of another.
#include <nanobind/stl/array.h>
#include <nanobind/stl/tuple.h>

#include <algorithm>
#include <tuple>

#include "../contacts.hpp"
#include "../one_to_one.hpp"
#include "../relations.hpp"
#include "arrays.hpp"

namespace steadyhue::bindings {
namespace {

void count_contacts(const Ids& ids, const In<std::int32_t, 1>& label_of,
                    const InOut<std::int64_t, 2>& counts) {
  const std::size_t n = counts.shape(0);
  require(counts.shape(1) == n, "counts must be square");
  unlocked([&] {
    check_ids(ids, label_of.size());
    check_ids(label_of, n, "a label is past the counts");
    steadyhue::count_contacts(ids.data(), ids.shape(0), ids.shape(1), label_of.data(), n,
                              counts.data());
  });
}

Out<std::int32_t, 1> one_to_one(const In<double, 2>& cost) {
  const std::size_t rows = cost.shape(0), columns = cost.shape(1);
  require(rows <= columns, "an assignment needs as many columns as rows");
  auto column_of = make_array<std::int32_t, 1>({rows});
  unlocked([&] { steadyhue::one_to_one(cost.data(), rows, columns, column_of.data()); });
  return column_of;
}

std::tuple<Out<std::int32_t, 1>, double> search_match(
    const In<double, 2>& unary, const In<double, 2>& pair, const In<std::int8_t, 2>& sign,
    const In<double, 2>& places, const In<double, 2>& target, const In<double, 1>& weight,
    const In<double, 1>& share, const std::array<double, 4>& factors,
    const In<std::int32_t, 1>& turns, const In<std::int32_t, 1>& start, int sweeps) {
  const std::size_t n = unary.shape(0), m = unary.shape(1);
  require(is_shaped(pair, {n, n}) && is_shaped(sign, {n, n}) && is_shaped(places, {n, 3}) &&
              is_shaped(target, {m, 3}) && is_shaped(weight, {n}) && is_shaped(share, {m}) &&
              is_shaped(turns, {n}) && is_shaped(start, {n}),
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
                            sign.data(),
                            weight.data(),
                            share.data(),
                            light,
                            hue,
                            order,
                            spread};
  const double cost = unlocked([&] {
    steadyhue::search_match(relations, turns.data(), sweeps, match.data());
    return match_cost(relations, match.data());
  });
  return {match, cost};
}

}  // namespace

void register_matching(nb::module_& m) {
  m.def("count_contacts", &count_contacts, "ids"_a, "label_of"_a, exact("counts"),
        "Add to counts (n, n), in place, how often labels are left of or above each other.");
  m.def("one_to_one", &one_to_one, "cost"_a,
        "The column (rows,) of each row in the cheapest one-to-one assignment; rows <= columns.");
  m.def("search_match", &search_match, "unary"_a, "pair"_a, "sign"_a, "places"_a, "target"_a,
        "weight"_a, "share"_a, "factors"_a, "turns"_a, "start"_a, "sweeps"_a,
        "A match (n,) that moving single colors does not improve, and its cost:\n"
        "native/relations.hpp. The factors are those of light, hue, order and spread.");
}

}  // namespace steadyhue::bindings
