// The only file that knows Python: shapes, dtypes, and the release of the GIL.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/array.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/tuple.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <vector>

#include "canvas.hpp"
#include "composite.hpp"
#include "contacts.hpp"
#include "dedup.hpp"
#include "difference.hpp"
#include "dither.hpp"
#include "lzw.hpp"
#include "one_to_one.hpp"
#include "paths.hpp"
#include "relations.hpp"
#include "relocation.hpp"
#include "remap.hpp"
#include "seeding.hpp"

namespace nb = nanobind;

namespace {

template <typename T, std::size_t N>
using In = nb::ndarray<const T, nb::ndim<N>, nb::c_contig, nb::device::cpu>;
template <typename T, std::size_t N>
using InOut = nb::ndarray<T, nb::ndim<N>, nb::c_contig, nb::device::cpu>;
template <typename T, std::size_t N>
using Out = nb::ndarray<nb::numpy, T, nb::ndim<N>>;

// A new array that Python owns; its contents are not initialized.
template <typename T, std::size_t N>
Out<T, N> make_array(const std::array<std::size_t, N>& shape) {
  std::size_t size = 1;
  for (std::size_t s : shape) size *= s;
  std::unique_ptr<T[]> data(new T[size]);
  nb::capsule owner(data.get(), [](void* p) noexcept { delete[] static_cast<T*>(p); });
  return Out<T, N>(data.release(), N, shape.data(), owner);
}

template <typename T, std::size_t N>
Out<T, N> copy_array(const std::vector<T>& values, const std::array<std::size_t, N>& shape) {
  auto out = make_array<T, N>(shape);
  if (!values.empty()) std::memcpy(out.data(), values.data(), values.size() * sizeof(T));
  return out;
}

std::tuple<Out<std::int32_t, 2>, Out<std::uint8_t, 2>, Out<std::int64_t, 1>> distinct_colors(
    In<std::uint8_t, 3> pixels, int alpha_threshold) {
  const std::size_t height = pixels.shape(0), width = pixels.shape(1);
  const int channels = int(pixels.shape(2));
  if (channels != 3 && channels != 4) throw std::invalid_argument("pixels need 3 or 4 channels");
  auto ids = make_array<std::int32_t, 2>({height, width});
  steadyhue::DistinctColors found;
  {
    nb::gil_scoped_release unlocked;
    found = steadyhue::distinct_colors(pixels.data(), height * width, channels, alpha_threshold,
                                       ids.data());
  }
  const std::size_t n = found.weights.size();
  return {ids, copy_array<std::uint8_t, 2>(found.colors, {n, 3}),
          copy_array<std::int64_t, 1>(found.weights, {n})};
}

std::tuple<Out<std::uint8_t, 2>, Out<std::int64_t, 1>> pooled_colors(In<std::uint8_t, 2> colors,
                                                                     In<std::int64_t, 1> weights) {
  if (colors.shape(1) != 3 || colors.shape(0) != weights.shape(0)) {
    throw std::invalid_argument("colors need 3 channels and a weight each");
  }
  steadyhue::DistinctColors found;
  {
    nb::gil_scoped_release unlocked;
    found = steadyhue::pooled_colors(colors.data(), weights.data(), weights.shape(0));
  }
  const std::size_t n = found.weights.size();
  return {copy_array<std::uint8_t, 2>(found.colors, {n, 3}),
          copy_array<std::int64_t, 1>(found.weights, {n})};
}

// A frame for comparing: ids (H, W), sRGB (n, 3) and OKLab (n, 3).
using FrameIn = std::tuple<In<std::int32_t, 2>, In<std::uint8_t, 2>, In<double, 2>>;

// Checks what a stray id would break: every frame has the pixels and its ids name rows it has.
std::size_t check_frames(std::initializer_list<const FrameIn*> frames) {
  const auto& first = std::get<0>(**frames.begin());
  for (const FrameIn* frame : frames) {
    const auto& [ids, srgb, oklab] = *frame;
    if (ids.shape(0) != first.shape(0) || ids.shape(1) != first.shape(1)) {
      throw std::invalid_argument("frames must have one size");
    }
    if (srgb.shape(1) != 3 || oklab.shape(1) != 3 || srgb.shape(0) != oklab.shape(0)) {
      throw std::invalid_argument("colors must be (n, 3) in both spaces");
    }
    const auto rows = std::int64_t(srgb.shape(0));
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (ids.data()[i] >= rows) throw std::invalid_argument("an id is past the colors");
    }
  }
  return first.size();
}

steadyhue::ColoredIds view(const FrameIn& frame) {
  const auto& [ids, srgb, oklab] = frame;
  return {ids.data(), srgb.data(), oklab.data()};
}

using DifferenceOut = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, double>;

DifferenceOut tuple_of(const steadyhue::Difference& d) {
  return {d.pixels, d.opaque, d.changed, d.squared, d.oklab};
}

DifferenceOut difference(const FrameIn& a, const FrameIn& b) {
  nb::gil_scoped_release unlocked;
  const std::size_t n = check_frames({&a, &b});
  return tuple_of(steadyhue::difference(view(a), view(b), n));
}

std::tuple<DifferenceOut, DifferenceOut, std::int64_t, std::int64_t, double> change(
    const FrameIn& source0, const FrameIn& source1, const FrameIn& output0, const FrameIn& output1,
    int tolerance) {
  nb::gil_scoped_release unlocked;
  const std::size_t n = check_frames({&source0, &source1, &output0, &output1});
  const auto total =
      steadyhue::change(view(source0), view(source1), view(output0), view(output1), n, tolerance);
  return {tuple_of(total.fixed), tuple_of(total.still), total.opaque, total.compared, total.excess};
}

// Give an array to Python for reading only, for several owners may share it.
template <typename T, std::size_t N>
using Shared = nb::ndarray<nb::numpy, const T, nb::ndim<N>>;

template <typename T, std::size_t N>
Shared<T, N> share(std::unique_ptr<T[]> data, std::size_t offset,
                   const std::array<std::size_t, N>& shape) {
  nb::capsule owner(data.get(), [](void* p) noexcept { delete[] static_cast<T*>(p); });
  return Shared<T, N>(data.release() + offset, N, shape.data(), owner);
}

// Left, top, width, height.
using BoxTuple = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t>;

steadyhue::Box to_box(const BoxTuple& b) {
  return {std::get<0>(b), std::get<1>(b), std::get<2>(b), std::get<3>(b)};
}

BoxTuple to_tuple(const steadyhue::Box& box) { return {box.left, box.top, box.width, box.height}; }

steadyhue::Box box_inside(const BoxTuple& tuple, std::int64_t width, std::int64_t height) {
  const auto b = to_box(tuple);
  if (b.left < 0 || b.top < 0 || b.width < 0 || b.height < 0 || b.left > width - b.width ||
      b.top > height - b.height)
    throw std::invalid_argument("the box lies outside the canvas");
  return b;
}

// Where the chain of sub-blocks at `start` ends; -1 if `data` ends before it does.
std::int64_t sub_blocks_end(In<std::uint8_t, 1> data, std::size_t start) {
  const auto chain = steadyhue::lzw::follow_chain(data.data(), data.size(), start);
  return chain.closed ? std::int64_t(chain.end) : -1;
}

// Decode the sub-blocks in [start, end) of `data` to up to n_pixels indices. The
// rest of the array is not initialized; the status is 0 if all pixels were
// there, 1 if the data ended before, 2 if a code was wrong.
std::tuple<Shared<std::uint8_t, 1>, std::size_t, int> lzw_decode(In<std::uint8_t, 1> data,
                                                                 std::size_t start, std::size_t end,
                                                                 int literal_width,
                                                                 std::size_t n_pixels) {
  namespace lzw = steadyhue::lzw;
  if (start > end || end > data.size()) throw std::invalid_argument("start and end are off");
  if (literal_width < 1 || literal_width > 8)
    throw std::invalid_argument("literal_width must be 1 to 8");
  if (n_pixels > std::numeric_limits<std::uint32_t>::max() - 8192)
    throw std::invalid_argument("an image must have fewer than 2^32 - 8192 pixels");
  std::unique_ptr<std::uint8_t[]> area(new std::uint8_t[lzw::kLiterals + n_pixels + lzw::kChunk]);
  lzw::Decoded decoded;
  {
    nb::gil_scoped_release unlocked;
    const auto chain = lzw::follow_chain(data.data(), end, start);
    std::unique_ptr<std::uint8_t[]> codes(new std::uint8_t[chain.bytes]);
    lzw::join_chain(data.data(), end, start, codes.get());
    decoded = lzw::decode(codes.get(), chain.bytes, literal_width, area.get(), n_pixels);
  }
  return {share<std::uint8_t, 1>(std::move(area), lzw::kLiterals, {n_pixels}), decoded.pixels,
          int(decoded.ending)};
}

// The canvas with `cleared` made transparent and an image drawn at `box`.
std::pair<Shared<std::int32_t, 2>, Shared<std::int64_t, 1>> composite(
    In<std::int32_t, 2> ids, In<std::int64_t, 1> weights, BoxTuple cleared, BoxTuple box,
    bool interlaced, In<std::uint8_t, 1> indices, std::size_t n_pixels,
    In<std::int32_t, 1> id_of_index, std::size_t n_colors) {
  const auto height = std::int64_t(ids.shape(0)), width = std::int64_t(ids.shape(1));
  const auto hole = box_inside(cleared, width, height);
  if (n_pixels > indices.size() || id_of_index.size() != 256 || n_colors < weights.size())
    throw std::invalid_argument("indices, id_of_index or n_colors are off");
  for (int i = 0; i < 256; ++i)
    if (id_of_index.data()[i] >= std::int64_t(n_colors))
      throw std::invalid_argument("id_of_index names a color that is not there");
  std::unique_ptr<std::int32_t[]> new_ids(new std::int32_t[ids.size()]);
  std::unique_ptr<std::int64_t[]> new_weights(new std::int64_t[n_colors]());
  {
    nb::gil_scoped_release unlocked;
    std::copy_n(ids.data(), ids.size(), new_ids.get());
    std::copy_n(weights.data(), weights.size(), new_weights.get());
    steadyhue::clear_box(new_ids.get(), width, hole, new_weights.get());
    steadyhue::draw(new_ids.get(), width, height, to_box(box), interlaced, indices.data(),
                    std::int64_t(n_pixels), id_of_index.data(), new_weights.get());
  }
  return {share<std::int32_t, 2>(std::move(new_ids), 0, {ids.shape(0), ids.shape(1)}),
          share<std::int64_t, 1>(std::move(new_weights), 0, {n_colors})};
}

// Throws unless the picture has the shape of what it is compared with.
void check_picture(In<std::uint8_t, 2> indices, In<std::uint32_t, 1> shown, std::size_t height,
                   std::size_t width) {
  if (indices.shape(0) != height || indices.shape(1) != width || shown.size() != 256)
    throw std::invalid_argument("indices, shown and canvas don't fit together");
}

// Marks of the picture against the canvas, and the box of what changed.
std::pair<Out<std::uint8_t, 2>, BoxTuple> compare(In<std::uint32_t, 2> canvas,
                                                  In<std::uint8_t, 2> indices,
                                                  In<std::uint32_t, 1> shown) {
  const std::size_t height = canvas.shape(0), width = canvas.shape(1);
  check_picture(indices, shown, height, width);
  auto marks = make_array<std::uint8_t, 2>({height, width});
  nb::gil_scoped_release unlocked;
  steadyhue::compare(canvas.data(), indices.data(), height * width, shown.data(), marks.data());
  return {marks, to_tuple(steadyhue::box_of(marks.data(), std::int64_t(width), std::int64_t(height),
                                            steadyhue::kChanged))};
}

// Draw the picture's box on the canvas, in place.
void paint(nb::ndarray<std::uint32_t, nb::ndim<2>, nb::c_contig, nb::device::cpu> canvas,
           In<std::uint8_t, 2> indices, In<std::uint32_t, 1> shown, BoxTuple box) {
  check_picture(indices, shown, canvas.shape(0), canvas.shape(1));
  const auto width = std::int64_t(canvas.shape(1));
  const auto inside = box_inside(box, width, std::int64_t(canvas.shape(0)));
  nb::gil_scoped_release unlocked;
  steadyhue::paint(canvas.data(), width, inside, indices.data(), shown.data());
}

void check_marks(In<std::uint8_t, 2> indices, In<std::uint8_t, 2> marks) {
  if (indices.shape(0) != marks.shape(0) || indices.shape(1) != marks.shape(1))
    throw std::invalid_argument("indices and marks must have one shape");
  if (steadyhue::largest(marks.data(), marks.size()) > steadyhue::kSeeThrough)
    throw std::invalid_argument("a mark is over 2");
}

std::tuple<Out<std::uint8_t, 2>, std::int64_t, std::int64_t, std::int64_t, std::int64_t> box_use(
    In<std::uint8_t, 2> indices, In<std::uint8_t, 2> marks, BoxTuple box) {
  const auto width = std::int64_t(indices.shape(1));
  const auto inside = box_inside(box, width, std::int64_t(indices.shape(0)));
  if (inside.width == 0 || inside.height == 0) throw std::invalid_argument("the box is empty");
  auto used = make_array<std::uint8_t, 2>({3, 256});
  nb::gil_scoped_release unlocked;
  check_marks(indices, marks);
  const auto use = steadyhue::box_use(indices.data(), marks.data(), width, inside);
  std::memcpy(used.data(), use.used, sizeof use.used);
  return {used, use.pixels, use.kept, use.edges, use.skipping_edges};
}

// GIF image data of the picture's box, from the literal width to the end mark.
nb::bytes lzw_encode(In<std::uint8_t, 2> indices, In<std::uint8_t, 2> marks, BoxTuple box,
                     int literal_width, int transparent, bool skip_kept) {
  const auto width = std::int64_t(indices.shape(1));
  const auto inside = box_inside(box, width, std::int64_t(indices.shape(0)));
  if (inside.width == 0 || inside.height == 0) throw std::invalid_argument("the box is empty");
  if (literal_width < 2 || literal_width > 8)
    throw std::invalid_argument("literal_width must be 2 to 8");
  if (transparent >> literal_width > 0 || (skip_kept && transparent < 0))
    throw std::invalid_argument("transparent is off");
  std::vector<std::uint8_t> data;
  {
    nb::gil_scoped_release unlocked;
    check_marks(indices, marks);
    auto pixels = steadyhue::cut(indices.data(), width, inside);
    auto pixel_marks = steadyhue::cut(marks.data(), width, inside);
    const std::size_t n = pixels.size();
    if (transparent >= 0)
      for (std::size_t i = 0; i < n; ++i)
        if (pixel_marks[i] == steadyhue::kSeeThrough) pixels[i] = std::uint8_t(transparent);
    if (steadyhue::largest(pixels.data(), n) >> literal_width) {
      // A kept pixel without a code must be skipped.
      for (std::size_t i = 0; i < n; ++i) {
        if (pixels[i] >> literal_width == 0) continue;
        if (!skip_kept || pixel_marks[i] == steadyhue::kChanged)
          throw std::invalid_argument("an index is over literal_width");
        pixel_marks[i] = steadyhue::kSeeThrough;
      }
    }
    data = skip_kept ? steadyhue::lzw::encode(pixels.data(), pixel_marks.data(),
                                              std::uint8_t(transparent), n, literal_width)
                     : steadyhue::lzw::encode(pixels.data(), n, literal_width);
  }
  return nb::bytes(data.data(), data.size());
}

using steadyhue::Metric;

Metric metric_of(bool manhattan) { return manhattan ? Metric::manhattan : Metric::euclidean; }

void require(bool condition, const char* message) {
  if (!condition) throw std::invalid_argument(message);
}

// What the points of a clustering must look like: colors on the grid (int16 with
// int64 weights) or any points (float64 with float64 weights).
template <typename P, typename W>
void check_points(const In<P, 2>& points, const In<W, 1>& weights) {
  require(points.shape(0) == weights.shape(0), "one weight per point is needed");
  require(points.shape(1) > 0, "points need a coordinate");
  require((!std::is_same_v<P, std::int16_t> || points.shape(1) == 3),
          "grid points have 3 channels");
}

template <typename W>
using StepArrays = std::tuple<Out<double, 2>, Out<W, 1>, double, double, std::size_t>;

template <typename W>
StepArrays<W> step_arrays(const steadyhue::Step<W>& step, std::size_t k, std::size_t d) {
  return {copy_array<double, 2>(step.centers, {k, d}), copy_array<W, 1>(step.weights, {k}),
          step.before, step.after, step.changed};
}

template <typename P, typename W>
StepArrays<W> lloyd_step(In<P, 2> points, In<W, 1> weights, In<double, 2> centers,
                         InOut<std::int32_t, 1> labels, int n_threads) {
  const std::size_t n = points.shape(0), d = points.shape(1), k = centers.shape(0);
  check_points(points, weights);
  require(k > 0 && centers.shape(1) == d, "centers and points differ in their channels");
  require(labels.shape(0) == n, "one label per point is needed");
  steadyhue::Step<W> step;
  {
    nb::gil_scoped_release unlocked;
    step = steadyhue::lloyd_step(points.data(), weights.data(), n, centers.data(), k, d, n_threads,
                                 labels.data());
  }
  return step_arrays(step, k, d);
}

template <typename P, typename W>
StepArrays<W> medians_step(In<P, 2> points, In<W, 1> weights, In<std::int32_t, 2> order,
                           In<double, 2> centers, InOut<std::int32_t, 1> labels, int n_threads) {
  const std::size_t n = points.shape(0), d = points.shape(1), k = centers.shape(0);
  check_points(points, weights);
  require(k > 0 && centers.shape(1) == d, "centers and points differ in their channels");
  require(labels.shape(0) == n, "one label per point is needed");
  require(order.shape(0) == d && order.shape(1) == n, "one order per channel is needed");
  steadyhue::Step<W> step;
  {
    nb::gil_scoped_release unlocked;
    step = steadyhue::medians_step(points.data(), weights.data(), n, order.data(), centers.data(),
                                   k, d, n_threads, labels.data());
  }
  return step_arrays(step, k, d);
}

template <typename P>
Out<std::int32_t, 2> sort_channels(In<P, 2> points) {
  auto order = make_array<std::int32_t, 2>({points.shape(1), points.shape(0)});
  nb::gil_scoped_release unlocked;
  steadyhue::sort_channels(points.data(), points.shape(0), points.shape(1), order.data());
  return order;
}

template <typename P>
std::size_t assign(In<P, 2> points, In<double, 2> centers, InOut<std::int32_t, 1> labels,
                   bool manhattan, int n_threads) {
  const std::size_t n = points.shape(0), d = points.shape(1), k = centers.shape(0);
  require(k > 0 && centers.shape(1) == d, "centers and points differ in their channels");
  require((!std::is_same_v<P, std::int16_t> || d == 3), "grid points have 3 channels");
  require(labels.shape(0) == n, "one label per point is needed");
  nb::gil_scoped_release unlocked;
  const steadyhue::Centers<steadyhue::Real<P>> in(centers.data(), k, d);
  return steadyhue::assign(points.data(), n, in, metric_of(manhattan), n_threads, labels.data());
}

template <typename W>
Out<std::int32_t, 1> random_rows(In<W, 1> weights, std::size_t k, std::uint64_t seed) {
  require(k <= weights.shape(0), "more centers than points");
  std::vector<std::int32_t> rows;
  {
    nb::gil_scoped_release unlocked;
    rows = steadyhue::random_rows(weights.data(), weights.shape(0), k, seed);
  }
  return copy_array<std::int32_t, 1>(rows, {k});
}

template <typename P, typename W>
Out<std::int32_t, 1> plus_plus_rows(In<P, 2> points, In<W, 1> weights, std::size_t k,
                                    bool manhattan, std::uint64_t seed) {
  check_points(points, weights);
  require(k > 0 && k <= points.shape(0), "more centers than points");
  std::vector<std::int32_t> rows;
  {
    nb::gil_scoped_release unlocked;
    rows = steadyhue::plus_plus_rows(points.data(), weights.data(), points.shape(0),
                                     points.shape(1), k, metric_of(manhattan), seed);
  }
  return copy_array<std::int32_t, 1>(rows, {k});
}

template <typename P, typename W>
std::tuple<Out<double, 3>, Out<double, 2>, Out<double, 1>> best_splits(
    In<P, 2> points, In<W, 1> weights, In<std::int32_t, 2> order, In<std::int32_t, 1> labels,
    In<double, 2> centers, bool manhattan) {
  const std::size_t n = points.shape(0), d = points.shape(1), k = centers.shape(0);
  check_points(points, weights);
  require(centers.shape(1) == d, "centers and points differ in their channels");
  require(labels.shape(0) == n, "one label per point is needed");
  require(order.shape(0) == d && order.shape(1) == n, "one order per channel is needed");
  steadyhue::Splits splits;
  {
    nb::gil_scoped_release unlocked;
    for (std::size_t i = 0; i < n; ++i) {
      require(labels.data()[i] >= 0 && std::size_t(labels.data()[i]) < k, "a label has no center");
    }
    splits = steadyhue::best_splits(points.data(), weights.data(), n, d, order.data(),
                                    labels.data(), centers.data(), k, metric_of(manhattan));
  }
  return {copy_array<double, 3>(splits.centers, {k, 2, d}),
          copy_array<double, 2>(splits.weights, {k, 2}), copy_array<double, 1>(splits.gain, {k})};
}

Out<std::uint8_t, 2> gather(In<std::int32_t, 2> ids, In<std::uint8_t, 1> table, int transparent) {
  auto indices = make_array<std::uint8_t, 2>({ids.shape(0), ids.shape(1)});
  nb::gil_scoped_release unlocked;
  require(steadyhue::ids_within(ids.data(), ids.size(), table.shape(0)),
          "an id is past the colors");
  steadyhue::gather(ids.data(), ids.size(), table.data(), table.shape(0), std::uint8_t(transparent),
                    indices.data());
  return indices;
}

std::tuple<std::size_t, std::int64_t> hold_slots(
    InOut<std::uint8_t, 2> indices, InOut<std::int64_t, 1> weights, In<std::uint8_t, 2> previous,
    In<std::int32_t, 2> ids, In<std::uint8_t, 2> colors, In<std::int32_t, 2> previous_ids,
    In<std::uint8_t, 2> previous_colors, int tolerance, In<std::int16_t, 2> points,
    In<std::int16_t, 2> palette, In<std::uint8_t, 2> levels, double slack, double budget) {
  const std::size_t n = indices.size();
  require(previous.size() == n && ids.size() == n && previous_ids.size() == n,
          "the frames differ in size");
  require(points.shape(0) == colors.shape(0) && points.shape(1) == 3 && palette.shape(1) == 3 &&
              colors.shape(1) == 3 && previous_colors.shape(1) == 3,
          "colors have 3 channels, and every color of the frame a point");
  require(levels.shape(0) == palette.shape(0) && levels.shape(1) == 3 &&
              weights.size() == palette.shape(0),
          "every slot has a color and a weight");
  nb::gil_scoped_release unlocked;
  require(steadyhue::ids_within(ids.data(), n, colors.shape(0)) &&
              steadyhue::ids_within(previous_ids.data(), n, previous_colors.shape(0)),
          "an id is past the colors");
  const steadyhue::Held held = steadyhue::hold_slots(
      {ids.data(), colors.data()}, {previous_ids.data(), previous_colors.data()}, n, tolerance,
      points.data(), palette.data(), levels.data(), palette.shape(0), slack, budget,
      previous.data(), indices.data(), weights.data());
  return {held.count, held.squares};
}

Out<std::int64_t, 1> count_still(In<std::int32_t, 2> ids, In<std::uint8_t, 2> colors,
                                 In<std::int32_t, 2> previous_ids,
                                 In<std::uint8_t, 2> previous_colors, int tolerance) {
  const std::size_t n = ids.size(), n_colors = colors.shape(0);
  require(n == previous_ids.size(), "the frames differ in size");
  require(colors.shape(1) == 3 && previous_colors.shape(1) == 3, "colors have 3 channels");
  auto counts = make_array<std::int64_t, 1>({n_colors});
  nb::gil_scoped_release unlocked;
  require(steadyhue::ids_within(ids.data(), n, n_colors) &&
              steadyhue::ids_within(previous_ids.data(), n, previous_colors.shape(0)),
          "an id is past the colors");
  steadyhue::count_still({ids.data(), colors.data()}, n_colors,
                         {previous_ids.data(), previous_colors.data()}, previous_colors.shape(0), n,
                         tolerance, counts.data());
  return counts;
}

Out<double, 3> fit_paths(In<double, 3> means, In<double, 2> weights, In<double, 2> prices,
                         std::optional<In<double, 2>> shown) {
  const std::size_t T = means.shape(0), k = means.shape(1), d = means.shape(2);
  require(weights.shape(0) == T && weights.shape(1) == k && prices.shape(0) == T &&
              prices.shape(1) == k,
          "every mean needs a weight and a price");
  require(!shown || (shown->shape(0) == k && shown->shape(1) == d), "one shown center a slot");
  auto out = make_array<double, 3>({T, k, d});
  nb::gil_scoped_release unlocked;
  steadyhue::fit_paths(means.data(), weights.data(), prices.data(), shown ? shown->data() : nullptr,
                       T, k, d, out.data());
  return out;
}

// The clustering kernels, for one type of points and weights.
template <typename P, typename W>
void def_clustering(nb::module_& m) {
  using namespace nb::literals;
  const auto exact = [](const char* name) { return nb::arg(name).noconvert(); };
  m.def("assign", &assign<P>, exact("points"), "centers"_a, exact("labels"), "manhattan"_a,
        "n_threads"_a, "Label points (n, d) in place; returns how many labels changed.");
  m.def("lloyd_step", &lloyd_step<P, W>, exact("points"), exact("weights"), "centers"_a,
        exact("labels"), "n_threads"_a,
        "Label in place; returns new centers, weights, error before and after, labels changed.");
  m.def("medians_step", &medians_step<P, W>, exact("points"), exact("weights"), exact("order"),
        "centers"_a, exact("labels"), "n_threads"_a, "As lloyd_step, with Manhattan medians.");
  m.def("sort_channels", &sort_channels<P>, exact("points"),
        "Rows of the points (d, n) int32 in ascending order of every channel.");
  m.def("plus_plus_rows", &plus_plus_rows<P, W>, exact("points"), exact("weights"), "k"_a,
        "manhattan"_a, "seed"_a, "Rows (k,) of greedy k-means++ centers.");
  m.def("random_rows", &random_rows<W>, exact("weights"), "k"_a, "seed"_a,
        "Distinct rows (k,) drawn with probability by weight.");
  m.def("best_splits", &best_splits<P, W>, exact("points"), exact("weights"), exact("order"),
        exact("labels"), "centers"_a, "manhattan"_a,
        "Centers (k, 2, d), weights (k, 2) and gain (k,) of splitting every cluster in two.");
}

// Checks that ids name rows of n colors, which a look-up would run past.
void check_ids(In<std::int32_t, 2> ids, std::size_t n) {
  for (std::size_t i = 0; i < ids.size(); ++i)
    require(ids.data()[i] < std::int64_t(n), "an id is past the colors");
}

// Checks that slots name rows of a palette of k.
void check_slots(In<std::uint8_t, 1> slots, std::size_t n, std::size_t k) {
  require(slots.size() == n, "every color needs a slot");
  for (std::size_t i = 0; i < n; ++i) require(slots.data()[i] < k, "a slot is past the palette");
}

bool same_shape(In<std::int32_t, 2> ids, std::size_t height, std::size_t width) {
  return ids.shape(0) == height && ids.shape(1) == width;
}

Out<std::uint8_t, 2> free_pixels(In<std::int32_t, 2> ids, In<std::uint8_t, 2> colors,
                                 In<std::uint8_t, 1> nearest, In<std::uint8_t, 1> moved,
                                 int tolerance, In<std::uint8_t, 2> previous,
                                 InOut<std::uint32_t, 2> anchors) {
  const std::size_t height = ids.shape(0), width = ids.shape(1), k = moved.size();
  require(same_shape(ids, previous.shape(0), previous.shape(1)) &&
              same_shape(ids, anchors.shape(0), anchors.shape(1)) && colors.shape(1) == 3,
          "ids, previous and anchors must have one size");
  auto is_free = make_array<std::uint8_t, 2>({height, width});
  nb::gil_scoped_release unlocked;
  check_ids(ids, colors.shape(0));
  check_slots(nearest, colors.shape(0), k);
  steadyhue::free_pixels(ids.data(), ids.size(), colors.data(), nearest.data(), moved.data(), k,
                         tolerance, previous.data(), anchors.data(), is_free.data());
  return is_free;
}

std::tuple<Out<std::int64_t, 1>, std::int64_t> tally(In<std::int32_t, 2> ids,
                                                     In<std::uint8_t, 2> colors,
                                                     In<std::uint8_t, 2> indices,
                                                     In<std::uint8_t, 2> palette) {
  require(same_shape(ids, indices.shape(0), indices.shape(1)), "ids and indices differ in size");
  require(colors.shape(1) == 3 && palette.shape(1) == 3, "colors must have 3 channels");
  auto weights = make_array<std::int64_t, 1>({palette.shape(0)});
  std::int64_t squares = 0;
  {
    nb::gil_scoped_release unlocked;
    check_ids(ids, colors.shape(0));
    std::fill_n(weights.data(), weights.size(), 0);
    squares = steadyhue::tally(ids.data(), ids.size(), colors.data(), indices.data(),
                               palette.data(), palette.shape(0), weights.data());
  }
  return {weights, squares};
}

void check_dither(In<std::int32_t, 2> ids, In<float, 2> linear, In<float, 2> palette,
                  In<std::uint8_t, 2> is_free, InOut<std::uint8_t, 2> indices) {
  require(same_shape(ids, is_free.shape(0), is_free.shape(1)) &&
              same_shape(ids, indices.shape(0), indices.shape(1)),
          "ids, is_free and indices must have one size");
  require(linear.shape(1) == 3 && palette.shape(1) == 3 && palette.shape(0) <= 256,
          "colors must be (n, 3) and the palette (k, 3), k at most 256");
  check_ids(ids, linear.shape(0));
}

void ordered_dither(In<std::int32_t, 2> ids, In<float, 2> linear, In<float, 2> slopes,
                    In<std::uint8_t, 1> nearest, In<float, 2> palette, float grain, float strength,
                    In<std::uint16_t, 2> texture, In<std::uint8_t, 2> is_free, int transparent,
                    InOut<std::uint8_t, 2> indices) {
  nb::gil_scoped_release unlocked;
  const std::size_t n = linear.shape(0), k = palette.shape(0);
  check_dither(ids, linear, palette, is_free, indices);
  check_slots(nearest, n, k);
  require(slopes.shape(0) == n && slopes.shape(1) == 3 && texture.shape(0) == texture.shape(1),
          "slopes must be (n, 3) and the texture square");
  std::vector<std::uint8_t> wanted(n);
  steadyhue::mark_wanted(ids.data(), ids.size(), is_free.data(), wanted.data());
  std::vector<steadyhue::Mixture> mixtures(n);
  steadyhue::mix_pairs(linear.data(), slopes.data(), wanted.data(), n, nearest.data(),
                       palette.data(), k, transparent, grain, strength, mixtures.data());
  steadyhue::ordered_dither(ids.data(), ids.shape(0), ids.shape(1), mixtures.data(), texture.data(),
                            texture.shape(0), is_free.data(), transparent, indices.data());
}

void diffuse_errors(In<std::int32_t, 2> ids, In<float, 2> linear, In<float, 2> palette,
                    In<float, 2> levels, In<float, 1> encode, float strength,
                    In<std::uint8_t, 2> is_free, int transparent, InOut<std::uint8_t, 2> indices) {
  nb::gil_scoped_release unlocked;
  check_dither(ids, linear, palette, is_free, indices);
  require(levels.shape(0) == palette.shape(0) && levels.shape(1) == 3 && encode.size() == 4096,
          "levels must be (k, 3) and encode have 4096 entries");
  steadyhue::diffuse_errors(ids.data(), ids.shape(0), ids.shape(1), linear.data(), palette.data(),
                            levels.data(), palette.shape(0), encode.data(), strength,
                            is_free.data(), transparent, indices.data());
}

void count_contacts(In<std::int32_t, 2> ids, In<std::int32_t, 1> label_of,
                    InOut<std::int64_t, 2> counts) {
  const std::size_t n = counts.shape(0);
  require(counts.shape(1) == n, "counts must be square");
  for (std::size_t i = 0; i < label_of.size(); ++i) {
    require(label_of.data()[i] < std::int64_t(n), "a label is past the counts");
  }
  nb::gil_scoped_release unlocked;
  check_ids(ids, label_of.size());
  steadyhue::count_contacts(ids.data(), ids.shape(0), ids.shape(1), label_of.data(), n,
                            counts.data());
}

Out<std::int32_t, 1> one_to_one(In<double, 2> cost) {
  const std::size_t rows = cost.shape(0), columns = cost.shape(1);
  require(rows <= columns, "an assignment needs as many columns as rows");
  auto column_of = make_array<std::int32_t, 1>({rows});
  {
    nb::gil_scoped_release unlocked;
    steadyhue::one_to_one(cost.data(), rows, columns, column_of.data());
  }
  return column_of;
}

std::tuple<Out<std::int32_t, 1>, double> search_match(
    In<double, 2> unary, In<double, 2> pair, In<std::int8_t, 2> sign, In<double, 2> places,
    In<double, 2> target, In<double, 1> weight, In<double, 1> share, std::array<double, 4> factors,
    In<std::int32_t, 1> turns, In<std::int32_t, 1> start, int sweeps) {
  const std::size_t n = unary.shape(0), m = unary.shape(1);
  const bool fits = pair.shape(0) == n && pair.shape(1) == n && sign.shape(0) == n &&
                    sign.shape(1) == n && places.shape(0) == n && places.shape(1) == 3 &&
                    target.shape(0) == m && target.shape(1) == 3 && weight.shape(0) == n &&
                    share.shape(0) == m && turns.shape(0) == n && start.shape(0) == n;
  require(fits, "the arrays of a match do not fit together");
  auto in_range = [](const In<std::int32_t, 1>& values, std::size_t end) {
    return std::all_of(values.data(), values.data() + values.size(),
                       [end](std::int32_t v) { return v >= 0 && std::size_t(v) < end; });
  };
  require(in_range(turns, n) && in_range(start, m), "no such color");
  auto match = make_array<std::int32_t, 1>({n});
  std::copy_n(start.data(), n, match.data());
  const steadyhue::Relations relations{n,
                                       m,
                                       unary.data(),
                                       pair.data(),
                                       places.data(),
                                       target.data(),
                                       sign.data(),
                                       weight.data(),
                                       share.data(),
                                       factors[0],
                                       factors[1],
                                       factors[2],
                                       factors[3]};
  double cost;
  {
    nb::gil_scoped_release unlocked;
    steadyhue::search_match(relations, turns.data(), sweeps, match.data());
    cost = steadyhue::match_cost(relations, match.data());
  }
  return {match, cost};
}

}  // namespace

NB_MODULE(_ext, m) {
  m.doc() = "Kernels of steadyhue: plain arrays in and out.";
  using namespace nb::literals;

  m.def("distinct_colors", &distinct_colors, "pixels"_a, "alpha_threshold"_a,
        "Ids (H, W) int32, colors (n, 3) uint8 and weights (n,) int64 of (H, W, 3 or 4) pixels.");
  m.def("pooled_colors", &pooled_colors, "colors"_a, "weights"_a,
        "Distinct colors (m, 3) uint8 of colors (n, 3), with the sums of their weights.");

  m.def("difference", &difference, "a"_a, "b"_a,
        "Pixels, opaque, changed, squared and oklab sums between two (ids, srgb, oklab) frames.");
  m.def("change", &change, "source0"_a, "source1"_a, "output0"_a, "output1"_a, "tolerance"_a,
        "Output differences where the source is fixed and where it is still; opaque, compared, "
        "excess.");
  m.def("sub_blocks_end", &sub_blocks_end, "data"_a, "start"_a,
        "Where the chain of sub-blocks at `start` ends; -1 if `data` ends before it does.");
  m.def("lzw_decode", &lzw_decode, "data"_a, "start"_a, "end"_a, "literal_width"_a, "n_pixels"_a,
        "Indices (n_pixels,) uint8 of the sub-blocks in [start, end), how many are decoded, and\n"
        "0 if that is all, 1 if the data ended before, 2 if a code was wrong.");
  m.def("composite", &composite, "ids"_a, "weights"_a, "cleared"_a, "box"_a, "interlaced"_a,
        "indices"_a, "n_pixels"_a, "id_of_index"_a, "n_colors"_a,
        "Ids (H, W) and weights (n_colors,) of the canvas with `cleared` made transparent and an\n"
        "image drawn at `box`. Boxes are (left, top, width, height).");
  m.def("compare", &compare, "canvas"_a, "indices"_a, "shown"_a,
        "Marks (H, W): 0 where the picture changes the canvas, 1 where it shows the same color,\n"
        "2 where both are transparent; and the box of what changes.");
  m.def("paint", &paint, "canvas"_a, "indices"_a, "shown"_a, "box"_a,
        "Draw the picture's box on the canvas, in place.");
  m.def(
      "box_use", &box_use, "indices"_a, "marks"_a, "box"_a,
      "Which (mark, index) the box's pixels have, (3, 256); of every fourth row the pixels, those\n"
      "that don't change, the places where the index changes, and where it would if pixels that\n"
      "don't change were skipped.");
  m.def(
      "lzw_encode", &lzw_encode, "indices"_a, "marks"_a, "box"_a, "literal_width"_a,
      "transparent"_a, "skip_kept"_a,
      "GIF image data of the picture's box; pixels marked 2 are `transparent`, and pixels marked\n"
      "1 may be if `skip_kept`.");

  def_clustering<std::int16_t, std::int64_t>(m);
  def_clustering<double, double>(m);

  m.def("gather", &gather, "ids"_a, "table"_a, "transparent"_a,
        "Indices (H, W) uint8: table[ids], or transparent where an id is negative.");
  m.def("hold_slots", &hold_slots, nb::arg("indices").noconvert(), nb::arg("weights").noconvert(),
        "previous"_a, "ids"_a, "colors"_a, "previous_ids"_a, "previous_colors"_a, "tolerance"_a,
        "points"_a, "palette"_a, "levels"_a, "slack"_a, "budget"_a,
        "Keep previous slots in place where that costs little; weights follow. Returns how many, "
        "and the squared level differences that adds.");
  m.def("count_still", &count_still, "ids"_a, "colors"_a, "previous_ids"_a, "previous_colors"_a,
        "tolerance"_a, "Pixels (n,) int64 of each color that held still since the previous frame.");
  m.def("fit_paths", &fit_paths, "means"_a, "weights"_a, "prices"_a, "shown"_a.none(),
        "The cheapest centers (T, k, d) that stay constant for as long as that pays.");
  m.def("free_pixels", &free_pixels, "ids"_a, "colors"_a, "nearest"_a, "moved"_a, "tolerance"_a,
        "previous"_a, "anchors"_a,
        "Which pixels choose their slot anew, (H, W) uint8; their anchors are set.");
  m.def("tally", &tally, "ids"_a, "colors"_a, "indices"_a, "palette"_a,
        "Pixels of each slot (k,) int64, and the squared level differences added up.");
  m.def("ordered_dither", &ordered_dither, "ids"_a, "linear"_a, "slopes"_a, "nearest"_a,
        "palette"_a, "grain"_a, "strength"_a, "texture"_a, "is_free"_a, "transparent"_a,
        "indices"_a, "Choose the slots of free pixels by a texture, in place.");
  m.def("diffuse_errors", &diffuse_errors, "ids"_a, "linear"_a, "palette"_a, "levels"_a, "encode"_a,
        "strength"_a, "is_free"_a, "transparent"_a, "indices"_a,
        "Choose the slots of free pixels by error diffusion, in place.");
  m.def("count_contacts", &count_contacts, "ids"_a, "label_of"_a, nb::arg("counts").noconvert(),
        "Add to counts (n, n), in place, how often labels are left of or above each other.");
  m.def("one_to_one", &one_to_one, "cost"_a,
        "The column (rows,) int32 of each row in the cheapest one-to-one assignment.");
  m.def("search_match", &search_match, "unary"_a, "pair"_a, "sign"_a, "places"_a, "target"_a,
        "weight"_a, "share"_a, "factors"_a, "turns"_a, "start"_a, "sweeps"_a,
        "A match (n,) int32 that moving single colors does not improve, and its cost.");
}
