// Fitting a grade that carries the colors of one palette to those of another.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace steadyhue {

// All colors are (L, a, b). A grade moves a color by tone[0..2] times
// (1 - L, L, 4 L (1 - L)) in L, and in a and b by hue[0..3] times
// (a, -b, 1, 0) and (b, a, 0, 1).
struct GradeProblem {
  std::size_t n, m;
  const double *source, *target, *weights, *shares;
  const double *tone_ridge, *hue_ridge;  // penalties on the squares of the numbers
  double light;     // what a squared difference of L counts, against 1 for a and b
  double outliers;  // share without a counterpart, in units of the kernel's height
  double backward;  // what a target color counts, against 1 for a source color
};

using GradeNumbers = std::array<double, 7>;  // tone, then hue

// Solves A x = b for a symmetric, positive definite A by Cholesky's method; A and b are changed.
template <std::size_t N>
void solve_definite(double (&A)[N][N], double (&b)[N], double* x) {
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = A[i][j];
      for (std::size_t k = 0; k < j; ++k) sum -= A[i][k] * A[j][k];
      A[i][j] = i == j ? std::sqrt(sum) : sum / A[j][j];
    }
  }
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= A[i][k] * b[k];
    b[i] /= A[i][i];
  }
  for (std::size_t i = N; i-- > 0;) {
    x[i] = b[i];
    for (std::size_t k = i + 1; k < N; ++k) x[i] -= A[k][i] * x[k];
    x[i] /= A[i][i];
  }
}

// The basis of a color: three numbers for L, four for a, and four for b.
struct GradeBasis {
  double tone[3], a[4], b[4];
  explicit GradeBasis(const double* x)
      : tone{1.0 - x[0], x[0], 4.0 * x[0] * (1.0 - x[0])},
        a{x[1], -x[2], 1.0, 0.0},
        b{x[2], x[1], 0.0, 1.0} {}
};

inline std::array<double, 3> graded(const double* x, const GradeNumbers& grade) {
  const GradeBasis basis(x);
  std::array<double, 3> moved{x[0], x[1], x[2]};
  for (std::size_t d = 0; d < 3; ++d) moved[0] += basis.tone[d] * grade[d];
  for (std::size_t d = 0; d < 4; ++d) {
    moved[1] += basis.a[d] * grade[3 + d];
    moved[2] += basis.b[d] * grade[3 + d];
  }
  return moved;
}

// The grade that carries each source color to the mean of the target colors that
// `ties` (n, m) tie it to, as far as the ridge lets it.
inline GradeNumbers tied_grade(const GradeProblem& p, const double* ties) {
  double A[3][3] = {}, right[3] = {}, H[4][4] = {}, turned[4] = {};
  for (std::size_t d = 0; d < 3; ++d) A[d][d] = p.tone_ridge[d];
  for (std::size_t d = 0; d < 4; ++d) H[d][d] = p.hue_ridge[d];
  for (std::size_t i = 0; i < p.n; ++i) {
    const double* x = p.source + 3 * i;
    double pull = 0.0, step[3] = {};
    for (std::size_t j = 0; j < p.m; ++j) {
      const double tie = ties[i * p.m + j];
      pull += tie;
      for (int d = 0; d < 3; ++d) step[d] += tie * p.target[3 * j + std::size_t(d)];
    }
    for (int d = 0; d < 3; ++d) step[d] -= pull * x[d];
    const GradeBasis basis(x);
    for (std::size_t r = 0; r < 3; ++r) {
      right[r] += basis.tone[r] * step[0];
      for (std::size_t c = 0; c < 3; ++c) A[r][c] += pull * basis.tone[r] * basis.tone[c];
    }
    for (std::size_t r = 0; r < 4; ++r) {
      turned[r] += basis.a[r] * step[1] + basis.b[r] * step[2];
      for (std::size_t c = 0; c < 4; ++c) {
        H[r][c] += pull * (basis.a[r] * basis.a[c] + basis.b[r] * basis.b[c]);
      }
    }
  }
  GradeNumbers found{};
  solve_definite(A, right, found.data());
  solve_definite(H, turned, found.data() + 3);
  return found;
}

// Expectation and maximization, one round for each radius: which target colors a
// source color may be, given the grade, and the grade, given those.
inline GradeNumbers fit_grade(const GradeProblem& p, const double* radii, std::size_t rounds) {
  GradeNumbers grade{};
  std::vector<double> ties(p.n * p.m), back(p.m);
  for (std::size_t round = 0; round < rounds; ++round) {
    const double scale = -0.5 / (radii[round] * radii[round]);
    back.assign(p.m, p.outliers);
    for (std::size_t i = 0; i < p.n; ++i) {
      const auto at = graded(p.source + 3 * i, grade);
      for (std::size_t j = 0; j < p.m; ++j) {
        const double* y = p.target + 3 * j;
        const double L = at[0] - y[0], a = at[1] - y[1], b = at[2] - y[2];
        const double near = std::exp(scale * (p.light * L * L + a * a + b * b));
        ties[i * p.m + j] = near;
        back[j] += near * p.weights[i];
      }
    }
    for (std::size_t j = 0; j < p.m; ++j) back[j] = p.backward * p.shares[j] / back[j];
    for (std::size_t i = 0; i < p.n; ++i) {
      double* row = ties.data() + i * p.m;
      double there = p.outliers;
      for (std::size_t j = 0; j < p.m; ++j) there += row[j] * p.shares[j];
      for (std::size_t j = 0; j < p.m; ++j) {
        row[j] *= p.weights[i] * (p.shares[j] / there + back[j]);
      }
    }
    grade = tied_grade(p, ties.data());
  }
  return grade;
}

}  // namespace steadyhue
