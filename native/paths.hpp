// The paths of centers over time: constant for as long as that pays.
#pragma once

#include <cstddef>
#include <vector>

namespace steadyhue {

// Fits every slot's path over T frames by a constant in pieces. In frame t the slot holds
// `weights` w_t with mean `means` m_t; a piece at p costs sum w_t |m_t - p|^2, and a change at
// frame t costs prices_t. The best path of each slot is found exactly, by dynamic programming
// over the last change (the Potts problem). `shown` are the centers before frame 0, or null where
// nothing was shown. All arrays are in C order: (T, k, d), (T, k), (k, d).
class Path {
 public:
  Path(const double* means, const double* weights, const double* prices, const double* shown,
       std::size_t T, std::size_t k, std::size_t d)
      : means_(means), weights_(weights), prices_(prices), shown_(shown), T_(T), k_(k), d_(d) {
    weight_sum_.resize(T + 1);
    mean_sum_.resize((T + 1) * d);
    cost_.resize(T + 1);
    last_.resize(T + 1);
  }

  // Writes the path of slot j into out (T, k, d).
  void fit(std::size_t j, double* out) {
    sum_up(j);
    cost_[0] = 0;
    for (std::size_t end = 1; end <= T_; ++end) {
      cost_[end] = shown_ ? cost_of_keeping(j, end) : cost_of_piece(0, end);
      last_[end] = kShown;
      for (std::size_t start = shown_ ? 0 : 1; start < end; ++start) {
        const double cost = cost_[start] + cost_of_piece(start, end) + prices_[start * k_ + j];
        if (cost < cost_[end]) {
          cost_[end] = cost;
          last_[end] = start;
        }
      }
    }
    write(j, out);
  }

 private:
  static constexpr std::size_t kShown = ~std::size_t(0);

  void sum_up(std::size_t j) {
    for (std::size_t t = 0; t < T_; ++t) {
      const double w = weights_[t * k_ + j];
      weight_sum_[t + 1] = weight_sum_[t] + w;
      for (std::size_t c = 0; c < d_; ++c) {
        mean_sum_[(t + 1) * d_ + c] = mean_sum_[t * d_ + c] + w * means_[(t * k_ + j) * d_ + c];
      }
    }
  }

  double weight_of(std::size_t start, std::size_t end) const {
    return weight_sum_[end] - weight_sum_[start];
  }

  double sum_of(std::size_t start, std::size_t end, std::size_t c) const {
    return mean_sum_[end * d_ + c] - mean_sum_[start * d_ + c];
  }

  // Costs leave out sum w |m|^2, which every path has.
  double cost_of_piece(std::size_t start, std::size_t end) const {
    const double weight = weight_of(start, end);
    if (weight <= 0) return 0;
    double square = 0;
    for (std::size_t c = 0; c < d_; ++c) {
      const double sum = sum_of(start, end, c);
      square += sum * sum;
    }
    return -square / weight;
  }

  double cost_of_keeping(std::size_t j, std::size_t end) const {
    double cost = 0;
    for (std::size_t c = 0; c < d_; ++c) {
      const double p = shown_[j * d_ + c];
      cost += p * (weight_of(0, end) * p - 2 * sum_of(0, end, c));
    }
    return cost;
  }

  void write(std::size_t j, double* out) const {
    std::size_t end = T_;
    while (end > 0) {
      const bool first = last_[end] == kShown;
      const std::size_t start = first ? 0 : last_[end];
      const double weight = weight_of(start, end);
      for (std::size_t c = 0; c < d_; ++c) {
        double p = means_[(start * k_ + j) * d_ + c];  // of an empty piece
        if (first && shown_) {
          p = shown_[j * d_ + c];
        } else if (weight > 0) {
          p = sum_of(start, end, c) / weight;
        }
        for (std::size_t t = start; t < end; ++t) out[(t * k_ + j) * d_ + c] = p;
      }
      end = start;
    }
  }

  const double *means_, *weights_, *prices_, *shown_;
  std::size_t T_, k_, d_;
  std::vector<double> weight_sum_, mean_sum_, cost_;  // of the frames before t
  std::vector<std::size_t> last_;                     // where the last piece before t starts
};

// Writes the paths of all k slots into out (T, k, d).
inline void fit_paths(const double* means, const double* weights, const double* prices,
                      const double* shown, std::size_t T, std::size_t k, std::size_t d,
                      double* out) {
  Path path(means, weights, prices, shown, T, k, d);
  for (std::size_t j = 0; j < k; ++j) path.fit(j, out);
}

}  // namespace steadyhue
