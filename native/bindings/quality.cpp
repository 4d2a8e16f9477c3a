// What `quality` does: time lines in pieces, and LZW that chooses its pixels.
#include <nanobind/stl/optional.h>

#include <optional>
#include <tuple>

#include "../repaint.hpp"
#include "../timeline.hpp"
#include "arrays.hpp"
#include "boxes.hpp"

namespace steadyhue::bindings {
namespace {

using Pictures = In<std::uint8_t, 4>;  // (T, H, W, 4)

Out<std::uint8_t, 4> hold_pixels(const Pictures& rgba,
                                 const std::optional<In<std::uint8_t, 3>>& held, float price,
                                 float near, float afar, int n_threads) {
  const std::size_t n = rgba.shape(0), height = rgba.shape(1), width = rgba.shape(2);
  require(n >= 1 && n <= 64 && rgba.shape(3) == 4, "a window is 1 to 64 RGBA frames");
  require(!held || is_shaped(*held, {height, width, 4}), "what is held differs in size");
  auto out = make_array<std::uint8_t, 4>({n, height, width, 4});
  unlocked([&] {
    steadyhue::hold_pixels({rgba.data(), n, height, width}, held ? held->data() : nullptr, price,
                           near, afar, n_threads, out.data());
  });
  return out;
}

Out<std::uint8_t, 2> flat_pixels(const Ids& ids, int side) {
  require(side >= 1 && side <= 99, "side must be 1 to 99");
  return copy_array(unlocked([&] {
                      return steadyhue::flat_pixels(ids.data(), std::int64_t(ids.shape(1)),
                                                    std::int64_t(ids.shape(0)), side);
                    }),
                    Shape<2>{ids.shape(0), ids.shape(1)});
}

std::tuple<nb::bytes, BoxTuple, Out<std::uint8_t, 2>> lossy_encode(
    const Ids& ids, const Slots& kept, const Slots& flat, const In<float, 2>& linear,
    const In<std::uint8_t, 1>& nearest, const In<std::uint8_t, 1>& calm, const Slots& previous,
    const In<std::int16_t, 1>& slot_of, const In<float, 2>& palette, const In<float, 2>& levels,
    const In<float, 1>& encode, int transparent, int hidden, float tolerance, float price,
    float strength, int literal_width, const BoxTuple& cleared) {
  check_sizes(ids, kept, flat, previous);
  check_colors(linear);
  check_palette(palette);
  const std::size_t k = palette.shape(0), n_colors = linear.shape(0);
  require(is_shaped(levels, {k, 3}), "every slot needs levels");
  require(encode.size() == kEncodeSteps, "encode must have ENCODE_STEPS entries");
  require(slot_of.size() == 256, "slot_of must have an entry for each of 256 indices");
  require(calm.size() == n_colors, "calm must have an entry for each color");
  require(literal_width >= 2 && literal_width <= 8, "literal_width must be 2 to 8");
  require(int(k) <= 1 << literal_width && transparent >= 0 && transparent < 1 << literal_width,
          "literal_width has no code for all slots");
  require(transparent >= int(k) || transparent == hidden, "a slot that is shown is transparent");
  const Box hole = box_inside(cleared, ids);
  auto indices = make_array<std::uint8_t, 2>({ids.shape(0), ids.shape(1)});
  const auto [data, box] = unlocked([&] {
    check_ids(ids, n_colors);
    check_slots(nearest, n_colors, k);
    for (std::size_t i = 0; i < 256; ++i) {
      require(slot_of.data()[i] >= kBare && slot_of.data()[i] < int(k) &&
                  (slot_of.data()[i] != hidden || hidden < 0),
              "the canvas shows no such slot");
    }
    Shades shades(palette.data(), levels.data(), k, hidden, encode.data());
    const Repaint frame{ids.data(),      kept.data(),    flat.data(),    ids.shape(1),
                        ids.shape(0),    linear.data(),  nearest.data(), calm.data(),
                        previous.data(), slot_of.data(), &shades,        transparent};
    return frame.encode({tolerance, price, strength}, hole, literal_width, indices.data());
  });
  return {nb::bytes(data.data(), data.size()), {box.left, box.top, box.width, box.height}, indices};
}

BoxTuple vanishing_box(const Ids& ids, const Ids& following) {
  check_sizes(ids, following);
  const Box box = unlocked([&] {
    return steadyhue::vanishing_box(ids.data(), following.data(), ids.shape(1), ids.shape(0));
  });
  return to_tuple(box);
}

}  // namespace

void register_quality(nb::module_& m) {
  m.attr("BARE") = int(kBare);
  m.def("hold_pixels", &hold_pixels, "rgba"_a, "held"_a.none(), "price"_a, "near"_a, "afar"_a,
        "n_threads"_a,
        "The frames (T, H, W, 4) with every pixel's time line fitted by constants in pieces.\n"
        "`held` (H, W, 4) is what was shown before, which may go on at no price.");
  m.def("flat_pixels", &flat_pixels, "ids"_a, "side"_a,
        "Which pixels (H, W) are in the middle of a square of one color.");
  m.def("vanishing_box", &vanishing_box, "ids"_a, "following"_a,
        "The box of the pixels that are opaque in a frame and transparent in the next.");
  m.def("lossy_encode", &lossy_encode, "ids"_a, "kept"_a, "flat"_a, "linear"_a, "nearest"_a,
        "calm"_a, "previous"_a, "slot_of"_a, "palette"_a, "levels"_a, "encode"_a, "transparent"_a,
        "hidden"_a, "tolerance"_a, "price"_a, "strength"_a, "literal_width"_a, "cleared"_a,
        "GIF image data that draws a frame over the one before, its box, and the indices (H, W)\n"
        "that are shown then. Kept pixels stay; a flat pixel of a calm color shows its nearest\n"
        "slot; all others show any slot within the tolerance. The box covers what is to be\n"
        "`cleared` after it, too. `slot_of` has the slot that shows\n"
        "what each index of the frame before showed, -1 for none, -2 if that was nothing.\n"
        "`hidden` is a slot that is never shown, or -1.");
}

}  // namespace steadyhue::bindings
