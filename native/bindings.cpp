// The only file that knows Python: shapes, dtypes, and the release of the GIL.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/tuple.h>

#include <array>
#include <cstring>
#include <memory>
#include <stdexcept>

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

}  // namespace

NB_MODULE(_ext, m) {
  m.doc() = "Kernels of steadyhue: plain arrays in and out.";
  using namespace nb::literals;

  m.def("distinct_colors", &distinct_colors, "pixels"_a, "alpha_threshold"_a,
        "Ids (H, W) int32, colors (n, 3) uint8 and weights (n,) int64 of (H, W, 3 or 4) pixels.");
}
