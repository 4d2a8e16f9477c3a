// The cheapest one-to-one assignment of rows to columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace steadyhue {

// Shortest augmenting paths with potentials (R. Jonker and A. Volgenant, "A
// Shortest Augmenting Path Algorithm for Dense and Sparse Linear Assignment
// Problems", Computing 38, 1987, doi 10.1007/BF02278710), O(rows^2 x columns).
// cost is rows x columns, finite, with rows <= columns; column_of[r] is OUT.
// Equal paths: the lowest column.
inline void one_to_one(const double* cost, std::size_t rows, std::size_t columns,
                       std::int32_t* column_of) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  constexpr std::size_t none = std::size_t(-1);
  std::vector<double> row_price(rows, 0.0), column_price(columns, 0.0), distance(columns);
  std::vector<std::size_t> row_of(columns, none), parent(columns);  // parent: the row before
  std::vector<char> done(columns);
  for (std::size_t start = 0; start < rows; ++start) {
    distance.assign(columns, infinity);
    done.assign(columns, 0);
    std::size_t row = start, end = none;
    double reached = 0.0;
    while (end == none) {
      double nearest = infinity;
      std::size_t next = none;
      for (std::size_t c = 0; c < columns; ++c) {
        if (done[c]) continue;
        const double d = reached + cost[row * columns + c] - row_price[row] - column_price[c];
        if (d < distance[c]) {
          distance[c] = d;
          parent[c] = row;
        }
        if (distance[c] < nearest) {
          nearest = distance[c];
          next = c;
        }
      }
      reached = nearest;
      done[next] = 1;
      if (row_of[next] == none) {
        end = next;
      } else {
        row = row_of[next];
      }
    }
    row_price[start] += reached;
    for (std::size_t c = 0; c < columns; ++c) {
      if (!done[c] || c == end) continue;
      row_price[row_of[c]] += reached - distance[c];
      column_price[c] -= reached - distance[c];
    }
    for (std::size_t c = end; c != none;) {
      const std::size_t r = parent[c];
      const std::size_t before = r == start ? none : std::size_t(column_of[r]);
      row_of[c] = r;
      column_of[r] = std::int32_t(c);
      c = before;
    }
  }
}

}  // namespace steadyhue
