// LZW that may choose its pixels: phrases within a tolerance of the true source.
//
// At each place all strings the decoder knows are followed that the source may be shown as, and
// the one is taken that is longest after its error is paid for. The error of a pixel is that to
// the source with what its neighbors left over (R. W. Floyd and L. Steinberg, "An adaptive
// algorithm for spatial grey scale", 1976), so that local means are met; only what is beyond the
// nearest entry's counts. Kornel Lesinski's lossy gifsicle (2014) began this, on quantized pixels.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "lzw.hpp"
#include "shade.hpp"

namespace steadyhue {

// What a pixel may be shown as.
enum class Freedom : std::uint8_t {
  free = 0,    // any entry within the tolerance
  exact = 1,   // the entry nearest to its color, which takes no error and leaves none
  kept = 2,    // what the canvas shows
  hidden = 3,  // nothing: it is transparent
};

// What a pixel may lose.
struct Tolerance {
  float beyond;    // most squared levels of its error over that of the nearest entry
  float price;     // of a squared level, in pixels of length
  float strength;  // of the error that is handed on
};

// A box of a frame, its rows end to end, and what may be chosen.
struct Loss {
  const std::int32_t* ids;     // rows of linear
  const Freedom* freedom;      // as above
  const std::int16_t* canvas;  // the slot that the canvas shows, below 0 where it has none
  std::size_t n, width;
  const float* linear;          // n_colors x 3, linear light
  const std::uint8_t* nearest;  // of each color its slot
  Shades* shades;               // the palette
  int transparent;              // the index of what does not change
  Tolerance allowed;
  int literal_width;
};

namespace lossy {

// The strings known so far. Children of a string are a list, for few have many.
class Strings {
 public:
  explicit Strings(int literal_width) : clear_code_(1u << literal_width) { clear(); }

  void clear() {
    next_ = clear_code_ + 2;
    for (unsigned code = 0; code < clear_code_; ++code) {
      nodes_[code] = {kNone, kNone, kNone, std::uint8_t(code), std::uint8_t(code)};
    }
  }

  struct Node {
    std::uint16_t child, sibling, parent;
    std::uint8_t pixel, first;
  };
  static constexpr std::uint16_t kNone = 0xffff;

  const Node& operator[](unsigned code) const { return nodes_[code]; }
  unsigned next() const { return next_; }
  bool is_full() const { return next_ == lzw::kMaxCodes; }
  unsigned clear_code() const { return clear_code_; }

  void add(unsigned code, std::uint8_t pixel) {
    bool known = false;  // the decoder learns it all the same
    for (unsigned c = nodes_[code].child; c != kNone; c = nodes_[c].sibling)
      known |= nodes_[c].pixel == pixel;
    nodes_[next_] = {kNone, nodes_[code].child, std::uint16_t(code), pixel, nodes_[code].first};
    if (!known) nodes_[code].child = std::uint16_t(next_);
    ++next_;
  }

 private:
  Node nodes_[lzw::kMaxCodes];
  unsigned clear_code_, next_;
};

// Searches for phrases, and keeps the error that pixels have handed on.
class Search {
 public:
  // `patient`: whether strings are kept for as long as they fit when there are all there can be.
  Search(const Loss& loss, bool patient, std::uint8_t* chosen)
      : loss_(loss),
        patient_(patient),
        strings_(loss.literal_width),
        errors_((loss.width + 2) * 2 * 3, 0.0f),
        chosen_(chosen) {}

  std::vector<std::uint8_t> encode() {
    const unsigned first_width = unsigned(loss_.literal_width) + 1;
    unsigned width = first_width;
    lzw::BitWriter bits;
    bits.put(strings_.clear_code(), width);
    std::size_t start = 0, place = 0;
    bool learning = false;
    while (start < loss_.n) {
      const Found found = best(start, learning);
      show(found, start);
      if (learning) strings_.add(last_, chosen_[start]);
      bits.put(found.code, width);
      last_ = found.code;
      start = found.end;
      learning = !strings_.is_full();
      if (learning && strings_.next() >> width) ++width;
      if (start < loss_.n && !learning && (!patient_ || is_spent(found.end - place))) {
        bits.put(strings_.clear_code(), width);
        strings_.clear();
        width = first_width;
      }
      place = start;
    }
    bits.put(strings_.clear_code() + 1, width);
    return bits.finish();
  }

 private:
  // Whether the strings, all that there can be, have begun to fit worse than they did. Until then
  // they are kept: to learn anew costs hundreds of short phrases.
  bool is_spent(std::size_t length) {
    lately_ += length;
    if (++codes_ < kCodes) return false;
    const bool spent = float(lately_) < kSpent * float(most_);
    most_ = spent ? 0 : std::max(most_, lately_);
    codes_ = lately_ = 0;
    return spent;
  }

  struct Found {
    unsigned code;
    std::size_t end;
    float score;
  };

  // A string that was followed: where it ends, what it has cost, what it hands to the right.
  struct Branch {
    unsigned code;
    std::size_t end;
    float cost, carried[3];
  };

  // A pixel as it is looked for.
  struct Wanted {
    float color[3];  // linear light
    float level[3];  // the same as sRGB levels
    float least;     // squared distance of the nearest entry
  };

  float* handed(std::size_t place, bool below) {
    const std::size_t row = (place / loss_.width + below) % 2;
    return &errors_[(row * (loss_.width + 2) + place % loss_.width + 1) * 3];
  }

  Wanted wanted(std::size_t place, const float* carried) {
    Wanted out;
    const float *color = loss_.linear + std::size_t(loss_.ids[place]) * 3,
                *above = handed(place, false);
    for (int c = 0; c < 3; ++c) out.color[c] = color[c] + above[c] + carried[c];
    loss_.shades->limit(out.color);
    loss_.shades->levels(out.color, out.level);
    out.least = loss_.shades->least(out.level);
    return out;
  }

  // Follow a branch by one pixel, if that is within the tolerance.
  bool follows(const Branch& from, std::size_t place, const Wanted& at, unsigned index,
               Branch& out) const {
    out = from;
    out.end = place + 1;
    switch (loss_.freedom[place]) {
      case Freedom::hidden:
        std::fill_n(out.carried, 3, 0.0f);
        return int(index) == loss_.transparent;
      case Freedom::kept:
        std::fill_n(out.carried, 3, 0.0f);
        return int(index) == loss_.transparent || int(index) == loss_.canvas[place];
      default:
        break;
    }
    int slot = int(index);
    if (slot == loss_.transparent) slot = loss_.canvas[place];
    if (slot < 0 || slot >= int(loss_.shades->size())) return false;
    if (loss_.freedom[place] == Freedom::exact) {
      std::fill_n(out.carried, 3, 0.0f);
      return loss_.shades->same(slot, loss_.nearest[loss_.ids[place]]);
    }
    const float beyond = loss_.shades->distance(at.level, slot) - at.least;
    if (beyond > loss_.allowed.beyond) return false;
    out.cost += std::max(0.0f, beyond);
    const float share = loss_.allowed.strength * 7.0f / 16.0f;
    for (int c = 0; c < 3; ++c)
      out.carried[c] = (at.color[c] - loss_.shades->linear(slot)[c]) * share;
    return true;
  }

  // The best phrase at `start`; after `learning` the string that is learned with it may be it.
  Found best(std::size_t start, bool learning) {
    static constexpr float kNothing[3] = {0, 0, 0};
    Found found{0, 0, -1e30f};
    branches_.clear();
    const Branch root{0, start, 0.0f, {0, 0, 0}};
    const Wanted at = wanted_or_not(start, kNothing);
    Branch next;
    const unsigned n_literals = strings_.clear_code();
    for (unsigned index = 0; index < n_literals; ++index) {
      if (!follows(root, start, at, index, next)) continue;
      next.code = index;
      branches_.push_back(next);
    }
    while (!branches_.empty()) {
      const Branch branch = branches_.back();
      branches_.pop_back();
      const float score = float(branch.end - start) - loss_.allowed.price * branch.cost;
      if (score > found.score) found = {branch.code, branch.end, score};
      if (branch.end == loss_.n || score + kPatience < found.score) continue;
      const bool repeats = learning && branch.code == last_;
      unsigned child = strings_[branch.code].child;
      if (child == Strings::kNone && !repeats) continue;
      const Wanted here = wanted_or_not(branch.end, branch.carried);
      for (; child != Strings::kNone; child = strings_[child].sibling) {
        if (!follows(branch, branch.end, here, strings_[child].pixel, next)) continue;
        next.code = child;
        branches_.push_back(next);
      }
      // The string that the decoder is about to learn: the last one and its own first pixel.
      if (repeats && follows(branch, branch.end, here, strings_[last_].first, next)) {
        next.code = strings_.next();
        const float longer = float(next.end - start) - loss_.allowed.price * next.cost;
        if (longer > found.score) found = {next.code, next.end, longer};
      }
    }
    return found;
  }

  Wanted wanted_or_not(std::size_t place, const float* carried) {
    return loss_.freedom[place] == Freedom::free ? wanted(place, carried) : Wanted{};
  }

  // Show a phrase, and hand its errors on.
  void show(const Found& found, std::size_t start) {
    unsigned code = found.code;
    std::size_t place = found.end;
    if (code == strings_.next()) {  // not learned yet
      chosen_[--place] = strings_[last_].first;
      code = last_;
    }
    while (place > start) {
      chosen_[--place] = strings_[code].pixel;
      code = strings_[code].parent;
    }
    for (; place < found.end; ++place) hand_on(place);
  }

  void hand_on(std::size_t place) {
    const bool free = loss_.freedom[place] == Freedom::free;
    if (free) {
      static constexpr float kNothing[3] = {0, 0, 0};
      const Wanted at = wanted(place, kNothing);
      int slot = chosen_[place];
      if (slot == loss_.transparent) slot = loss_.canvas[place];
      float *ahead = handed(place, false) + 3, *below = handed(place, true);
      for (int c = 0; c < 3; ++c) {
        const float rest =
            (at.color[c] - loss_.shades->linear(slot)[c]) * loss_.allowed.strength / 16.0f;
        ahead[c] += rest * 7.0f;
        below[c - 3] += rest * 3.0f;
        below[c] += rest * 5.0f;
        below[c + 3] += rest;
      }
    }
    // What this row was handed is spent; the next but one begins with nothing.
    if (place % loss_.width + 1 == loss_.width) {
      float* row = handed(place - loss_.width + 1, false) - 3;
      std::fill_n(row, (loss_.width + 2) * 3, 0.0f);
    }
  }

  static constexpr std::size_t kCodes = 256;
  static constexpr float kSpent = 0.8f;
  static constexpr float kPatience = 12.0f;  // pixels by which a branch may lie behind the best

  Loss loss_;
  bool patient_;
  Strings strings_;
  std::vector<float> errors_;  // of two rows
  std::vector<Branch> branches_;
  std::uint8_t* chosen_;
  unsigned last_ = 0;
  std::size_t codes_ = 0, lately_ = 0, most_ = 0;  // codes since the last look, pixels of them
};

}  // namespace lossy

}  // namespace steadyhue
