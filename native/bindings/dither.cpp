// Dithering; its constants too, which Python shares.
#include "../dither.hpp"

#include "arrays.hpp"

namespace steadyhue::bindings {
namespace {

Out<std::uint8_t, 2> free_pixels(const Ids& ids, const Colors& colors,
                                 const In<std::uint8_t, 1>& nearest,
                                 const In<std::uint8_t, 1>& moved, int tolerance,
                                 const Slots& previous, const InOut<std::uint32_t, 2>& anchors) {
  check_sizes(ids, previous, anchors);
  check_tolerance(tolerance);
  auto is_free = make_array<std::uint8_t, 2>({ids.shape(0), ids.shape(1)});
  unlocked([&] {
    const std::size_t k = moved.size();
    check_slots(nearest, colors.shape(0), k);
    steadyhue::free_pixels(pixels_of(ids, colors), ids.size(), nearest.data(), moved.data(), k,
                           tolerance, previous.data(), anchors.data(), is_free.data());
  });
  return is_free;
}

Dithering dithering_of(const Ids& ids, const In<float, 2>& linear, const In<float, 2>& palette,
                       const Slots& is_free, int transparent,
                       const InOut<std::uint8_t, 2>& indices) {
  check_sizes(ids, is_free, indices);
  check_colors(linear);
  check_palette(palette);
  check_ids(ids, linear.shape(0));
  return {ids.data(),     ids.shape(0),     ids.shape(1),   linear.data(), linear.shape(0),
          palette.data(), palette.shape(0), is_free.data(), transparent,   indices.data()};
}

void ordered_dither(const Ids& ids, const In<float, 2>& linear, const In<float, 2>& slopes,
                    const In<std::uint8_t, 1>& nearest, const In<float, 2>& palette, float grain,
                    float strength, const In<std::uint16_t, 2>& texture, const Slots& is_free,
                    int transparent, const InOut<std::uint8_t, 2>& indices) {
  unlocked([&] {
    const auto frame = dithering_of(ids, linear, palette, is_free, transparent, indices);
    check_slots(nearest, frame.n_colors, frame.k);
    require(is_shaped(slopes, {frame.n_colors, 3}), "every color needs slopes");
    const std::size_t side = texture.shape(0);
    require(side > 0 && texture.shape(1) == side, "the texture must be square");
    steadyhue::ordered_dither(frame, slopes.data(), nearest.data(), grain, strength, texture.data(),
                              side);
  });
}

void diffuse_errors(const Ids& ids, const In<float, 2>& linear, const In<float, 2>& palette,
                    const In<float, 2>& levels, const In<float, 1>& encode, float strength,
                    const Slots& is_free, int transparent, const InOut<std::uint8_t, 2>& indices) {
  unlocked([&] {
    const auto frame = dithering_of(ids, linear, palette, is_free, transparent, indices);
    require(is_shaped(levels, {frame.k, 3}), "every slot needs levels");
    require(encode.size() == kEncodeSteps, "encode must have ENCODE_STEPS entries");
    steadyhue::diffuse_errors(frame, levels.data(), encode.data(), strength);
  });
}

}  // namespace

void register_dither(nb::module_& m) {
  m.attr("DITHER_LEVELS") = kDitherLevels;
  m.attr("ENCODE_STEPS") = kEncodeSteps;
  m.attr("NO_ANCHOR") = kNoAnchor;
  m.def("free_pixels", &free_pixels, "ids"_a, "colors"_a, "nearest"_a, "moved"_a, "tolerance"_a,
        "previous"_a, exact("anchors"),
        "Which pixels (H, W) choose their slot anew; their anchors are set. Anchors are NO_ANCHOR\n"
        "at first.");
  m.def("ordered_dither", &ordered_dither, "ids"_a, "linear"_a, "slopes"_a, "nearest"_a,
        "palette"_a, "grain"_a, "strength"_a, "texture"_a, "is_free"_a, "transparent"_a,
        exact("indices"),
        "Choose the slots of free pixels, in place, by a texture of thresholds in\n"
        "[0, DITHER_LEVELS).");
  m.def("diffuse_errors", &diffuse_errors, "ids"_a, "linear"_a, "palette"_a, "levels"_a, "encode"_a,
        "strength"_a, "is_free"_a, "transparent"_a, exact("indices"),
        "Choose the slots of free pixels, in place, by error diffusion. encode has the sRGB level\n"
        "of ENCODE_STEPS shades of linear light, evenly spread from 0 to 1.");
}

}  // namespace steadyhue::bindings
