// The slots of pixels over a run of frames: error plus a price for showing another color.
//
// From one frame to the next a pixel is linked where its source held still; a maximal run of
// linked frames is independent of everything else. Over a run the cheapest sequence of slots
// is found exactly, by dynamic programming (A. Viterbi, 1967): an entry costs its error, a
// step costs what repainting does. Steps compare the colors shown, so that a slot whose color
// moves pays too, and another slot of the same color is free.
//
// Work is saved without a loss. Steps are a metric between shown colors, so a slot whose error
// is above that of the nearest by twice the step between the two is never worth going to, and
// most colors are left with one candidate.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <vector>

#include "box.hpp"
#include "nearest.hpp"
#include "parallel.hpp"
#include "platform.hpp"
#include "weighing.hpp"

namespace steadyhue {

// One frame of a run.
struct LabelFrame {
  const std::int32_t* ids;    // -1 where transparent
  const std::uint8_t* slots;  // of each color, as `weigh_slots` fills them in
  const float* costs;
  const std::uint8_t *nearest, *flags;  // of the pixels of a box, as `nearest_pixels` fills them in
  const float* steps;                   // k_before x k: price of each step into this frame
  std::size_t k_before, k, n_colors;
};

// Finds the slots of pixels over the frames, and writes those of the first `committed` ones.
// `shown` is what the frame before them shows, if there is one. costs[t] adds up by how much the
// slots chosen are worse than the nearest.
//
// To leave the nearest slots for some frames saves at most the steps between those, and costs at
// least what the second nearest are worse. So only spans are searched over which that may pay,
// and in them only slots that are no worse than the cheaper of two simple sequences.
class Labeling {
 public:
  Labeling(const std::vector<LabelFrame>& frames, const std::uint8_t* shown, std::size_t committed)
      : frames_(frames),
        shown_(shown),
        committed_(committed),
        saved_(frames.size() + 1),
        after_(frames.size()),
        worse_(frames.size()),
        links_back_(frames.size() * kCandidates) {
    const std::size_t k = frames[0].k;
    for (std::size_t slot = 0; slot < std::min(k, frames[0].k_before); ++slot) {
      stays_[slot] = frames[0].steps[slot * k + slot] == 0;
    }
  }

  // Pixels [first, first + count), count at most kLabelGrain, which in the box come from `place`
  // on. Their indices, if they are asked for, are the nearest slots.
  void run(std::size_t first, std::size_t count, std::size_t place, std::uint8_t* const* indices,
           double* costs) {
    std::uint8_t all[kLabelGrain + sizeof kAllFree] = {};  // with an end that is not
    std::fill_n(all, count, std::uint8_t(kFree));
    for (std::size_t t = 1; t < frames_.size(); ++t) {
      const std::uint8_t* flags = frames_[t].flags + place;
      for (std::size_t i = 0; i < count; ++i) all[i] &= flags[i];
    }
    if (shown_) enter(first, count, place, all);
    for (std::size_t i = 0; i < count; ++i) {
      if (std::memcmp(all + i, kAllFree, sizeof kAllFree) == 0) {
        i += sizeof kAllFree - 1;
        continue;
      }
      if (all[i]) continue;
      pixel_ = first + i;
      place_ = place + i;
      shows_ = shown_ && has(0, kLinked) ? int(shown_[pixel_]) : -1;
      label(indices, costs);
    }
  }

 private:
  static constexpr std::uint8_t kAllFree[8] = {kFree, kFree, kFree, kFree,
                                               kFree, kFree, kFree, kFree};

  // Takes out those that may have to pay for going to the nearest slot from what is shown before
  // the frames: all but those that show it already, in a color that stays.
  void enter(std::size_t first, std::size_t count, std::size_t place, std::uint8_t* all) const {
    const LabelFrame& frame = frames_[0];
    const std::uint8_t *shown = shown_ + first, *nearest = frame.nearest + place;
    const std::uint8_t* flags = frame.flags + place;
    for (std::size_t i = 0; i < count; ++i) {
      const bool stays = stays_[nearest[i]] & (shown[i] == nearest[i]);
      all[i] = (stays | !(flags[i] & kLinked)) ? all[i] : std::uint8_t(0);
    }
  }

  // Of the pixel at hand.
  bool has(std::size_t t, PixelFlag flag) const { return frames_[t].flags[place_] & flag; }
  std::uint8_t nearest(std::size_t t) const { return frames_[t].nearest[place_]; }
  std::size_t row(std::size_t t) const { return std::size_t(frames_[t].ids[pixel_]) * kCandidates; }
  float step(std::size_t t, std::uint8_t from, std::uint8_t to) const {
    return frames_[t].steps[std::size_t(from) * frames_[t].k + to];
  }

  // Price of going to the nearest slot from what is shown before the frames.
  float entrance() const { return shows_ < 0 ? 0 : step(0, std::uint8_t(shows_), nearest(0)); }

  // Only few pixels are looked up in tables, so their ids are checked here and not all before.
  void check() const {
    for (const LabelFrame& frame : frames_) {
      if (std::uint32_t(frame.ids[pixel_] + 1) > frame.n_colors) {
        throw std::invalid_argument("an id is past the colors");
      }
    }
  }

  // Labels a pixel, run by run.
  void label(std::uint8_t* const* indices, double* costs) {
    check();
    for (std::size_t start = 0; start < committed_;) {
      std::size_t end = start + 1;
      if (frames_[start].ids[pixel_] >= 0) {
        float steps = saved_[start] = start > 0 ? 0 : entrance();
        for (; end < frames_.size() && has(end, kLinked); ++end) {
          saved_[end] = has(end, kFree) ? 0 : step(end, nearest(end - 1), nearest(end));
          steps += saved_[end];
        }
        saved_[end] = 0;
        if (steps > 0) label_run(start, end, indices, costs);
      }
      start = end;
    }
  }

  // Searches the spans of a run over which it may pay to leave the nearest slots: those through
  // whose every frame there is a sequence that saves more than it costs.
  void label_run(std::size_t start, std::size_t end, std::uint8_t* const* indices, double* costs) {
    float later = 0;  // most that going on from the next frame brings
    for (std::size_t t = end; t-- > start;) {
      const float* cost = frames_[t].costs + row(t);
      worse_[t] = cost[1] - cost[0];
      after_[t] = saved_[t + 1] + std::max(0.0f, later);
      later = after_[t] - worse_[t];
    }
    float earlier = 0;  // the same up to this frame
    std::size_t first = end;
    for (std::size_t t = start; t < end; ++t) {
      earlier = std::max(0.0f, earlier) + saved_[t] - worse_[t];
      const bool pays = earlier + after_[t] > 0;
      if (pays && first == end) first = t;
      if (first == end || (pays && t + 1 < end)) continue;
      if (first >= committed_) return;
      span_ = {first, pays ? t + 1 : t, -1, pays ? -1 : int(nearest(t))};
      if (first > start) {
        span_.left = int(nearest(first - 1));
      } else if (first == 0) {
        span_.left = shows_;
      }
      trace(search(bound()), indices, costs);
      first = end;
    }
  }

  // Frames [first, end), and the slots shown before and after them, -1 where nothing is linked.
  struct Span {
    std::size_t first, end;
    int left, right;
  };

  float into(std::uint8_t slot) const {
    return span_.left < 0 ? 0 : step(span_.first, std::uint8_t(span_.left), slot);
  }
  float out_of(std::uint8_t slot) const {
    return span_.right < 0 ? 0 : step(span_.end, slot, std::uint8_t(span_.right));
  }

  // What two sequences cost over that of the nearest slots alone, the cheaper of them: to show the
  // nearest, and to go on with the first slot for as long as it is among the candidates.
  float bound() const {
    float switching = 0, holding = 0;
    for (std::size_t t = span_.first; t <= span_.end; ++t) switching += saved_[t];
    auto held = std::uint8_t(span_.left < 0 ? nearest(span_.first) : span_.left);
    for (std::size_t t = span_.first; t < span_.end && holding < switching; ++t) {
      const LabelFrame& frame = frames_[t];
      const std::size_t at = row(t);
      std::size_t found = 0;
      while (found < kCandidates && (frame.slots[at + found] != held || is_none(t, at + found))) {
        ++found;
      }
      if (found == kCandidates) found = 0;
      const std::uint8_t slot = frame.slots[at + found];
      if (t > span_.first || span_.left >= 0) holding += step(t, held, slot);
      holding += frame.costs[at + found] - frame.costs[at];
      held = slot;
    }
    return std::min(switching, holding + out_of(held));
  }

  bool is_none(std::size_t t, std::size_t at) const {
    return frames_[t].costs[at] == std::numeric_limits<float>::infinity();
  }

  // Finds the cheapest sequence: fills in links_back_, and returns the last frame's candidate.
  std::size_t search(float most) {
    float sums[kCandidates];
    std::size_t n_before = 0;
    const std::uint8_t* before = nullptr;
    for (std::size_t t = span_.first; t < span_.end; ++t) {
      const LabelFrame& frame = frames_[t];
      const float* costs = frame.costs + row(t);
      const std::uint8_t* slots = frame.slots + row(t);
      std::size_t n = 1;
      while (n < kCandidates && costs[n] - costs[0] <= most) ++n;
      float here[kCandidates];
      for (std::size_t j = 0; j < n; ++j) {
        std::size_t from = 0;
        float least = before ? sums[0] + step(t, before[0], slots[j]) : into(slots[j]);
        for (std::size_t i = 1; i < n_before; ++i) {
          const float sum = sums[i] + step(t, before[i], slots[j]);
          from = sum < least ? i : from;
          least = sum < least ? sum : least;
        }
        here[j] = least + costs[j];
        links_back_[t * kCandidates + j] = std::uint8_t(from);
      }
      for (std::size_t j = 0; j < n; ++j) sums[j] = here[j];
      before = slots;
      n_before = n;
    }
    for (std::size_t j = 0; j < n_before; ++j) sums[j] += out_of(before[j]);
    return std::size_t(std::min_element(sums, sums + n_before) - sums);
  }

  void trace(std::size_t chosen, std::uint8_t* const* indices, double* costs) const {
    for (std::size_t t = span_.end; t-- > span_.first;) {
      if (t < committed_) {
        const std::size_t at = row(t);
        if (indices) indices[t][pixel_] = frames_[t].slots[at + chosen];
        costs[t] += double(frames_[t].costs[at + chosen]) - double(frames_[t].costs[at]);
      }
      chosen = links_back_[t * kCandidates + chosen];
    }
  }

  const std::vector<LabelFrame>& frames_;
  const std::uint8_t* shown_;
  std::size_t committed_;
  std::size_t pixel_ = 0, place_ = 0;  // in the picture, and in the box
  int shows_ = -1;                     // what it shows before the frames, if that is linked
  Span span_{};
  std::vector<float> saved_;          // steps into each frame between nearest slots
  std::vector<float> after_, worse_;  // see `label_run`
  std::vector<std::uint8_t> links_back_;
  bool stays_[256] = {};  // whether a slot shows the same in the first frame as before
};

// Pixels of all frames below which one thread does: 0.2 ms, several times what it takes to start
// one.
constexpr std::int64_t kAlone = 1 << 18;

// Labels n pixels on several threads, or one of so many `parts` of them, spread over the picture,
// to learn what labels cost. Costs are added up grain by grain in a fixed order, so that they are
// the same for any number of threads; those of a part are scaled up to all. Outside the box all
// pixels show their nearest slots at no price, which are those of `base` in all frames. No indices
// are written if they are null.
inline void label_frames(const std::vector<LabelFrame>& frames, const std::uint8_t* base,
                         const std::uint8_t* shown, std::size_t n, std::size_t width,
                         const Box& box, std::size_t committed, std::size_t parts, int n_threads,
                         std::uint8_t* const* indices, double* costs) {
  const std::size_t grains = (n + kLabelGrain - 1) / kLabelGrain;
  std::vector<double> sums(grains * committed);
  const auto looked_at = [&](std::size_t grain) {
    return (std::min(n - grain * kLabelGrain, kLabelGrain) + parts - 1) / parts;
  };
  const auto place_of = [&](std::size_t pixel) {
    return (pixel / width - std::size_t(box.top)) * std::size_t(box.width) + pixel % width -
           std::size_t(box.left);
  };
  if (box.width * box.height * std::int64_t(frames.size()) < kAlone) n_threads = 1;
  for_ranges(grains, 1, n_threads, [&](std::size_t, std::size_t first, std::size_t last) {
    Labeling labeling(frames, shown, committed);
    for (std::size_t grain = first; grain < last; ++grain) {
      const std::size_t start = grain * kLabelGrain, count = looked_at(grain);
      for (std::size_t t = 0; indices && base && t < committed; ++t) {
        std::copy_n(base + start, count, indices[t] + start);
      }
      for_rows(box, width, start, start + count, [&](std::size_t from, std::size_t some) {
        const std::size_t place = place_of(from);
        for (std::size_t t = 0; indices && t < committed; ++t) {
          std::copy_n(frames[t].nearest + place, some, indices[t] + from);
        }
        labeling.run(from, some, place, indices, sums.data() + grain * committed);
      });
    }
  });
  std::fill_n(costs, committed, 0.0);
  std::size_t looked = 0;
  for (std::size_t grain = 0; grain < grains; ++grain) {
    looked += looked_at(grain);
    for (std::size_t t = 0; t < committed; ++t) costs[t] += sums[grain * committed + t];
  }
  for (std::size_t t = 0; t < committed; ++t) costs[t] *= double(n) / double(looked);
}

}  // namespace steadyhue
