// The only file that knows Python: shapes, dtypes, and the release of the GIL.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/tuple.h>

#include <array>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "compare.hpp"
#include "dedup.hpp"

namespace nb = nanobind;

namespace {

template <typename T, std::size_t N>
using In = nb::ndarray<const T, nb::ndim<N>, nb::c_contig, nb::device::cpu>;
template <typename T, std::size_t N>
using Out = nb::ndarray<nb::numpy, T, nb::ndim<N>>;

// A new array that Python owns; its contents are not initialised.
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

std::tuple<Out<int32_t, 2>, Out<uint8_t, 2>, Out<int64_t, 1>> distinct_colors(In<uint8_t, 3> pixels,
                                                                              int alpha_threshold) {
  const std::size_t height = pixels.shape(0), width = pixels.shape(1);
  const int channels = int(pixels.shape(2));
  if (channels != 3 && channels != 4) throw std::invalid_argument("pixels need 3 or 4 channels");
  auto ids = make_array<int32_t, 2>({height, width});
  steadyhue::DistinctColors found;
  {
    nb::gil_scoped_release unlocked;
    found = steadyhue::distinct_colors(pixels.data(), height * width, channels, alpha_threshold,
                                       ids.data());
  }
  const std::size_t n = found.weights.size();
  return {ids, copy_array<uint8_t, 2>(found.colors, {n, 3}),
          copy_array<int64_t, 1>(found.weights, {n})};
}

// A frame for comparing: ids (H, W), sRGB (n, 3) and OKLab (n, 3).
using FrameIn = std::tuple<In<int32_t, 2>, In<uint8_t, 2>, In<double, 2>>;

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
    const auto rows = int64_t(srgb.shape(0));
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

using DifferenceOut = std::tuple<int64_t, int64_t, int64_t, int64_t, double>;

DifferenceOut tuple_of(const steadyhue::Difference& d) {
  return {d.pixels, d.opaque, d.changed, d.squared, d.oklab};
}

DifferenceOut difference(const FrameIn& a, const FrameIn& b) {
  nb::gil_scoped_release unlocked;
  const std::size_t n = check_frames({&a, &b});
  return tuple_of(steadyhue::difference(view(a), view(b), n));
}

std::tuple<DifferenceOut, DifferenceOut, int64_t, int64_t, double> change(const FrameIn& source0,
                                                                          const FrameIn& source1,
                                                                          const FrameIn& output0,
                                                                          const FrameIn& output1,
                                                                          int tolerance) {
  nb::gil_scoped_release unlocked;
  const std::size_t n = check_frames({&source0, &source1, &output0, &output1});
  const auto total =
      steadyhue::change(view(source0), view(source1), view(output0), view(output1), n, tolerance);
  return {tuple_of(total.fixed), tuple_of(total.still), total.opaque, total.compared, total.excess};
}

}  // namespace

NB_MODULE(_ext, m) {
  m.doc() = "Kernels of steadyhue: plain arrays in and out.";
  using namespace nb::literals;

  m.def("distinct_colors", &distinct_colors, "pixels"_a, "alpha_threshold"_a,
        "Ids (H, W) int32, colors (n, 3) uint8 and weights (n,) int64 of (H, W, 3 or 4) pixels.");

  m.def("difference", &difference, "a"_a, "b"_a,
        "Pixels, opaque, changed, squared and oklab sums between two (ids, srgb, oklab) frames.");
  m.def("change", &change, "source0"_a, "source1"_a, "output0"_a, "output1"_a, "tolerance"_a,
        "Output differences where the source is fixed and where it is still; opaque, compared, "
        "excess.");
}
