// What all bindings share: arrays that go in and out, and the one set of checks of them.
//
// Bindings check, release the GIL and convert; what is done with the arrays is said in the
// kernels' headers. Checks throw std::invalid_argument, which is ValueError in Python.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "../pixels.hpp"
#include "memory.hpp"

namespace steadyhue::bindings {

namespace nb = nanobind;
using namespace nb::literals;

// What is read, what is changed in place (bind it with `exact`), what is returned, and what
// is returned for reading only.
template <typename T, std::size_t N>
using In = nb::ndarray<const T, nb::ndim<N>, nb::c_contig, nb::device::cpu>;
template <typename T, std::size_t N>
using InOut = nb::ndarray<T, nb::ndim<N>, nb::c_contig, nb::device::cpu>;
template <typename T, std::size_t N>
using Out = nb::ndarray<nb::numpy, T, nb::ndim<N>>;
template <typename T, std::size_t N>
using Shared = nb::ndarray<nb::numpy, const T, nb::ndim<N>>;

using Ids = In<std::int32_t, 2>;     // (H, W), -1 where transparent
using Colors = In<std::uint8_t, 2>;  // (n, 3) sRGB
using Slots = In<std::uint8_t, 2>;   // (H, W)

template <std::size_t N>
using Shape = std::array<std::size_t, N>;

// Give an array to Python, which owns it from now on; it starts `offset` into the data.
template <class Array, typename T, class Delete, std::size_t N>
Array give(std::unique_ptr<T[], Delete> data, std::size_t offset, const Shape<N>& shape) {
  nb::capsule owner(data.get(), [](void* p) noexcept { Delete()(static_cast<T*>(p)); });
  return Array(data.release() + offset, N, shape.data(), owner);
}

// A new array; its contents are not initialized.
template <typename T, std::size_t N>
Out<T, N> make_array(const Shape<N>& shape) {
  std::size_t size = 1;
  for (std::size_t s : shape) size *= s;
  return give<Out<T, N>>(memory_for<T>(size), 0, shape);
}

template <typename T, std::size_t N>
Out<T, N> copy_array(const std::vector<T>& values, const Shape<N>& shape) {
  auto out = make_array<T, N>(shape);
  if (!values.empty()) std::memcpy(out.data(), values.data(), values.size() * sizeof(T));
  return out;
}

// An argument that is not converted, as anything changed in place must be: the change would
// be made in a copy.
inline auto exact(const char* name) { return nb::arg(name).noconvert(); }

// Do the work while other Python threads run.
template <class Work>
auto unlocked(const Work& work) {
  nb::gil_scoped_release released;
  return work();
}

inline void require(bool condition, const char* message) {
  if (!condition) throw std::invalid_argument(message);
}

template <class Array, std::size_t N>
bool is_shaped(const Array& array, const std::size_t (&shape)[N]) {
  if (array.ndim() != N) return false;
  for (std::size_t axis = 0; axis < N; ++axis) {
    if (array.shape(axis) != shape[axis]) return false;
  }
  return true;
}

// For arrays with an entry for each pixel.
template <class A, class... Others>
void check_sizes(const A& first, const Others&... others) {
  require((is_shaped(others, {first.shape(0), first.shape(1)}) && ...),
          "the frames differ in size");
}

template <class Array>
void check_colors(const Array& colors) {
  require(colors.shape(1) == 3, "colors have 3 channels");
}

// 1 to 256 colors, so that their slots are bytes.
template <class Array>
void check_palette(const Array& palette) {
  check_colors(palette);
  require(palette.shape(0) >= 1 && palette.shape(0) <= 256, "a palette has 1 to 256 colors");
}

// Levels by which a channel of a still pixel moves.
inline void check_tolerance(int tolerance) {
  require(tolerance >= 0 && tolerance <= 255, "tolerance must be in [0, 255]");
}

// Whether all values are in [0, end); whether all are that or -1.
bool rows_within(const std::int32_t* values, std::size_t size, std::size_t end);
bool ids_within(const std::int32_t* values, std::size_t size, std::size_t end);

// For values that name rows of something that has `end` of them.
template <class Array>
void check_rows(const Array& values, std::size_t end, const char* message) {
  require(rows_within(values.data(), values.size(), end), message);
}

// The same where -1 stands for none.
template <class Array>
void check_ids(const Array& ids, std::size_t end,
               const char* message = "an id is past the colors") {
  require(ids_within(ids.data(), ids.size(), end), message);
}

// The slots of n colors, in a palette of k.
void check_slots(const In<std::uint8_t, 1>& slots, std::size_t n, std::size_t k);

// A frame whose ids and colors have been checked.
Pixels pixels_of(const Ids& ids, const Colors& colors);

}  // namespace steadyhue::bindings
