// The paths of centers over time: constant for as long as that pays.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace steadyhue {

// What moving centers costs.
struct MovePrice {
  double repaint;  // of repainting all of a still picture
  double change;   // beside that for each unit of distance

  // Where so much of a still picture is repainted; an infinite share may never be.
  double of(double share, double distance) const {
    return std::isinf(share) ? share : share * (repaint + change * distance);
  }
};

// Fits every slot's path over T frames by a constant in pieces. In frame t the slot holds
// `weights` w_t with mean `means` m_t and `shares` of the picture that are still; a piece at p
// costs sum w_t |m_t - p|^2, and a change at frame t by how much is repainted and how far it moves.
//
// The path of each slot is found by dynamic programming over the last change (the Potts problem):
// the best one where only repaints cost, else the best of those that go on from the cheapest path
// to each frame. Then pieces are drawn together, as a shorter step is cheaper than the way to the
// mean. `shown` are the centers before frame 0, or null where nothing was shown. All arrays are in
// C order: (T, k, d), (T, k), (k, d).
class Path {
 public:
  Path(const double* means, const double* weights, const double* shares, const MovePrice& price,
       const double* shown, std::size_t T, std::size_t k, std::size_t d)
      : means_(means),
        weights_(weights),
        shares_(shares),
        price_(price),
        shown_(shown),
        T_(T),
        k_(k),
        d_(d) {
    weight_sum_.resize(T + 1);
    mean_sum_.resize((T + 1) * d);
    cost_.resize(T + 1);
    last_.resize(T + 1);
    value_.resize((T + 1) * d);
  }

  // Writes the path of slot j into out (T, k, d).
  void fit(std::size_t j, double* out) {
    sum_up(j);
    cost_[0] = 0;
    for (std::size_t end = 1; end <= T_; ++end) {
      cost_[end] = shown_ ? cost_of_keeping(j, end) : cost_of_piece(0, end);
      last_[end] = kShown;
      for (std::size_t start = shown_ ? 0 : 1; start < end; ++start) {
        double cost = cost_[start] + cost_of_piece(start, end);
        if (cost >= cost_[end]) continue;
        cost += price_.of(shares_[start * k_ + j], step(j, start, end));
        if (cost < cost_[end]) {
          cost_[end] = cost;
          last_[end] = start;
        }
      }
      for (std::size_t c = 0; c < d_; ++c) value_[end * d_ + c] = value(j, last_[end], end, c);
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

  // The value in channel c of the piece that ends before `end`.
  double value(std::size_t j, std::size_t last, std::size_t end, std::size_t c) const {
    if (last == kShown && shown_) return shown_[j * d_ + c];
    const std::size_t start = last == kShown ? 0 : last;
    const double weight = weight_of(start, end);
    return weight > 0 ? sum_of(start, end, c) / weight : means_[(start * k_ + j) * d_ + c];
  }

  // How far a piece is from what the cheapest path shows before it.
  double step(std::size_t j, std::size_t start, std::size_t end) const {
    if (price_.change == 0) return 0;
    double square = 0;
    for (std::size_t c = 0; c < d_; ++c) {
      const double before = start > 0 ? value_[start * d_ + c] : shown_[j * d_ + c];
      const double apart = value(j, start, end, c) - before;
      square += apart * apart;
    }
    return std::sqrt(square);
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

  // Frames that show one value.
  struct Piece {
    std::size_t start, end;
    double weight;  // 0 where the value may not move
    double pull;    // price a unit of distance of the change that it begins with
    std::vector<double> mean, value;
  };

  void write(std::size_t j, double* out) {
    pieces_.clear();
    for (std::size_t end = T_; end > 0;) {
      const bool first = last_[end] == kShown;
      const std::size_t start = first ? 0 : last_[end];
      const bool keeps = first && shown_;
      const double share = shares_[start * k_ + j];
      const bool pulls = (start > 0 || (shown_ && !keeps)) && !std::isinf(share);
      const std::vector<double> mean(&value_[end * d_], &value_[end * d_] + d_);
      pieces_.push_back({start, end, keeps ? 0 : weight_of(start, end),
                         pulls ? share * price_.change : 0, mean, mean});
      end = start;
    }
    std::reverse(pieces_.begin(), pieces_.end());
    for (int sweep = 0; sweep < kSweeps && price_.change > 0; ++sweep) {
      for (std::size_t i = 0; i < pieces_.size(); ++i) draw(j, i);
    }
    for (const Piece& piece : pieces_) {
      for (std::size_t t = piece.start; t < piece.end; ++t) {
        std::copy(piece.value.begin(), piece.value.end(), out + (t * k_ + j) * d_);
      }
    }
  }

  // Moves a piece to where its error and the distances to its neighbors cost less, these held: a
  // step of Weiszfeld's algorithm (1937) for the median of its neighbors, tied to its mean.
  void draw(std::size_t j, std::size_t i) {
    Piece& piece = pieces_[i];
    if (piece.weight <= 0) return;
    std::vector<double> sum(d_);
    for (std::size_t c = 0; c < d_; ++c) sum[c] = piece.weight * piece.mean[c];
    double total = piece.weight;
    const auto pull = [&](double price, const double* to) {
      double square = 0;
      for (std::size_t c = 0; c < d_; ++c) {
        square += (piece.value[c] - to[c]) * (piece.value[c] - to[c]);
      }
      if (square == 0) return;
      const double weight = price / (2 * std::sqrt(square));
      for (std::size_t c = 0; c < d_; ++c) sum[c] += weight * to[c];
      total += weight;
    };
    if (i > 0) {
      pull(piece.pull, pieces_[i - 1].value.data());
    } else if (shown_) {
      pull(piece.pull, shown_ + j * d_);
    }
    if (i + 1 < pieces_.size()) pull(pieces_[i + 1].pull, pieces_[i + 1].value.data());
    for (std::size_t c = 0; c < d_; ++c) piece.value[c] = sum[c] / total;
  }

  static constexpr int kSweeps = 4;  // more move centers by less than they are rounded

  const double *means_, *weights_, *shares_;
  MovePrice price_;
  const double* shown_;
  std::size_t T_, k_, d_;
  std::vector<double> weight_sum_, mean_sum_, cost_;  // of the frames before t
  std::vector<double> value_;                         // of the last piece before t
  std::vector<Piece> pieces_;
  std::vector<std::size_t> last_;  // where the last piece before t starts
};

// Writes the paths of all k slots into out (T, k, d).
inline void fit_paths(const double* means, const double* weights, const double* shares,
                      const MovePrice& price, const double* shown, std::size_t T, std::size_t k,
                      std::size_t d, double* out) {
  Path path(means, weights, shares, price, shown, T, k, d);
  for (std::size_t j = 0; j < k; ++j) path.fit(j, out);
}

}  // namespace steadyhue
