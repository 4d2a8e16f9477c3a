// Reading and writing GIF: the codes of images, and the canvas they are drawn on.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/tuple.h>

#include <cstring>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

#include "../canvas.hpp"
#include "../composite.hpp"
#include "../image_data.hpp"
#include "arrays.hpp"
#include "boxes.hpp"

namespace steadyhue::bindings {
namespace {

using Shown = In<std::uint32_t, 1>;  // (256,) what an index shows
Box box_with_pixels(const BoxTuple& tuple, const Slots& picture) {
  const Box box = box_inside(tuple, picture);
  require(box.width > 0 && box.height > 0, "the box is empty");
  return box;
}

void check_shown(const Shown& shown) {
  require(shown.size() == 256, "shown must have an entry for each of 256 indices");
}

void check_marks(const Slots& marks, const Box& box) {
  for_rows(box, marks.shape(1), [&](std::size_t first, std::size_t count) {
    require(largest(marks.data() + first, count) <= kSeeThrough, "a mark is over 2");
  });
}

std::int64_t sub_blocks_end(const nb::bytes& data, std::size_t start) {
  const SubBlocks blocks =
      follow_blocks(static_cast<const std::uint8_t*>(data.data()), data.size(), start);
  return blocks.closed ? std::int64_t(blocks.end) : -1;
}

std::tuple<Shared<std::uint8_t, 1>, std::size_t, int> lzw_decode(const nb::bytes& data,
                                                                 std::size_t start, std::size_t end,
                                                                 int literal_width,
                                                                 std::size_t n_pixels) {
  require(start <= end && end <= data.size(), "start and end lie outside the data");
  require(literal_width >= 1 && literal_width <= 8, "literal_width must be 1 to 8");
  require(n_pixels <= std::numeric_limits<std::uint32_t>::max() - 8192,
          "an image must have fewer than 2^32 - 8192 pixels");
  const auto* bytes = static_cast<const std::uint8_t*>(data.data());
  DecodedImage image =
      unlocked([&] { return decode_image(bytes, start, end, literal_width, n_pixels); });
  return {give<Shared<std::uint8_t, 1>>(std::move(image.area), lzw::kLiterals, Shape<1>{n_pixels}),
          image.found.pixels, int(image.found.ending)};
}

nb::bytes lzw_encode(const Slots& indices, const Slots& marks, const BoxTuple& box,
                     int literal_width, int transparent, bool skip_kept) {
  check_sizes(indices, marks);
  const Box inside = box_with_pixels(box, indices);
  require(literal_width >= 2 && literal_width <= 8, "literal_width must be 2 to 8");
  require(transparent < 1 << literal_width && (transparent >= 0 || !skip_kept),
          "transparent must have a code of literal_width bits");
  const auto data = unlocked([&] {
    check_marks(marks, inside);
    return encode_image(indices.data(), marks.data(), std::int64_t(indices.shape(1)), inside,
                        literal_width, transparent, skip_kept);
  });
  require(data.has_value(), "an index is over literal_width");
  return nb::bytes(data->data(), data->size());
}

std::tuple<std::optional<Shared<std::int32_t, 2>>, Shared<std::int64_t, 1>, BoxTuple> composite(
    const Ids& ids, const In<std::int64_t, 1>& weights, const BoxTuple& cleared,
    const BoxTuple& box, bool interlaced, const In<std::uint8_t, 1>& indices, std::size_t n_pixels,
    const In<std::int32_t, 1>& id_of_index, std::size_t n_colors) {
  const Box hole = box_inside(cleared, ids);
  const std::int64_t height = std::int64_t(ids.shape(0)), width = std::int64_t(ids.shape(1));
  require(n_pixels <= indices.size(), "there are fewer indices than pixels");
  require(n_colors >= weights.size(), "there are more weights than colors");
  require(id_of_index.size() == 256, "id_of_index must have an entry for each of 256 indices");
  const Image image{to_box(box), interlaced, indices.data(), std::int64_t(n_pixels),
                    id_of_index.data()};
  Memory<std::int32_t> new_ids;
  std::unique_ptr<std::int64_t[]> new_weights(new std::int64_t[n_colors]());
  const Box touched = unlocked([&] {
    check_ids(id_of_index, n_colors, "an index shows no such color");
    const Box shown = inside(image.box, width, height);
    Part part(ids.data(), width, around(hole, shown));
    require(ids_within(part.ids.data(), part.ids.size(), n_colors), "an id is past the colors");
    std::copy_n(weights.data(), weights.size(), new_weights.get());
    part.clear(hole, new_weights.get());
    part.draw(image, shown, new_weights.get());
    const Box changed = part.touched(ids.data(), width);
    if (is_empty(changed)) return changed;
    new_ids = memory_for<std::int32_t>(ids.size());
    std::copy_n(ids.data(), ids.size(), new_ids.get());
    part.paste(new_ids.get(), width);
    return changed;
  });
  std::optional<Shared<std::int32_t, 2>> drawn;
  if (new_ids) {
    drawn =
        give<Shared<std::int32_t, 2>>(std::move(new_ids), 0, Shape<2>{ids.shape(0), ids.shape(1)});
  }
  return {drawn, give<Shared<std::int64_t, 1>>(std::move(new_weights), 0, Shape<1>{n_colors}),
          to_tuple(touched)};
}

std::pair<Out<std::uint8_t, 2>, BoxTuple> compare(const In<std::uint32_t, 2>& canvas,
                                                  const Slots& indices, const Shown& shown,
                                                  const BoxTuple& box) {
  check_sizes(canvas, indices);
  check_shown(shown);
  const Box inside = box_inside(box, canvas);
  const std::size_t height = canvas.shape(0), width = canvas.shape(1);
  auto marks = make_array<std::uint8_t, 2>({height, width});
  const Box changed = unlocked([&] {
    for_rows(inside, width, [&](std::size_t first, std::size_t count) {
      steadyhue::compare(canvas.data() + first, indices.data() + first, count, shown.data(),
                         marks.data() + first);
    });
    return steadyhue::box_of(marks.data(), std::int64_t(width), inside, kChanged);
  });
  return {marks, to_tuple(changed)};
}

void paint(const InOut<std::uint32_t, 2>& canvas, const Slots& indices, const Shown& shown,
           const BoxTuple& box) {
  check_sizes(canvas, indices);
  check_shown(shown);
  const Box inside = box_inside(box, canvas);
  unlocked([&] {
    steadyhue::paint(canvas.data(), std::int64_t(canvas.shape(1)), inside, indices.data(),
                     shown.data());
  });
}

std::tuple<Out<std::uint8_t, 2>, std::int64_t, std::int64_t, std::int64_t, std::int64_t> box_use(
    const Slots& indices, const Slots& marks, const BoxTuple& box) {
  check_sizes(indices, marks);
  const Box inside = box_with_pixels(box, indices);
  const BoxUse use = unlocked([&] {
    check_marks(marks, inside);
    return steadyhue::box_use(indices.data(), marks.data(), std::int64_t(indices.shape(1)), inside);
  });
  auto used = make_array<std::uint8_t, 2>({3, 256});
  std::memcpy(used.data(), use.used, sizeof use.used);
  return {used, use.pixels, use.kept, use.edges, use.skipping_edges};
}

}  // namespace

void register_gif(nb::module_& m) {
  m.def("sub_blocks_end", &sub_blocks_end, "data"_a, "start"_a,
        "Where the chain of sub-blocks at `start` ends; -1 if `data` ends before it does.");
  m.def("lzw_decode", &lzw_decode, "data"_a, "start"_a, "end"_a, "literal_width"_a, "n_pixels"_a,
        "Indices (n_pixels,) of the sub-blocks in [start, end), how many are decoded, and 0 if\n"
        "that is all, 1 if the data ended before, 2 if a code was wrong. The rest of the array is\n"
        "not initialized.");
  m.def(
      "lzw_encode", &lzw_encode, "indices"_a, "marks"_a, "box"_a, "literal_width"_a,
      "transparent"_a, "skip_kept"_a,
      "GIF image data of the picture's box; pixels marked 2 are `transparent`, and pixels marked\n"
      "1 may be if `skip_kept`.");
  m.def("composite", &composite, "ids"_a, "weights"_a, "cleared"_a, "box"_a, "interlaced"_a,
        "indices"_a, "n_pixels"_a, "id_of_index"_a, "n_colors"_a,
        "Ids (H, W) and weights (n_colors,) of the canvas with `cleared` made transparent and an\n"
        "image drawn at `box`, and the box of what this changes; None for the ids if it is empty.\n"
        "Boxes are (left, top, width, height).");
  m.def("compare", &compare, "canvas"_a, "indices"_a, "shown"_a, "box"_a,
        "Marks (H, W): 0 where the picture changes the canvas, 1 where it shows the same color,\n"
        "2 where both are transparent, not initialized outside the box; and the box of what\n"
        "changes in it.");
  m.def("paint", &paint, exact("canvas"), "indices"_a, "shown"_a, "box"_a,
        "Draw the picture's box on the canvas, in place.");
  m.def(
      "box_use", &box_use, "indices"_a, "marks"_a, "box"_a,
      "Which (mark, index) the box's pixels have, (3, 256); of every fourth row the pixels, those\n"
      "that don't change, the places where the index changes, and where it would if pixels that\n"
      "don't change were skipped.");
}

}  // namespace steadyhue::bindings
