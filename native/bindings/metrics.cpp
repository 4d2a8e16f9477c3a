// How frames differ.
#include <nanobind/stl/tuple.h>

#include <tuple>

#include "../difference.hpp"
#include "arrays.hpp"

namespace steadyhue::bindings {
namespace {

// Ids (H, W), sRGB (n, 3) and OKLab (n, 3).
using FrameIn = std::tuple<Ids, Colors, In<double, 2>>;
using DifferenceOut = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, double>;
using MovementOut = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, double,
                               std::int64_t, double>;

LabPixels lab_pixels_of(const FrameIn& frame) {
  const auto& [ids, srgb, oklab] = frame;
  require(is_shaped(oklab, {srgb.shape(0), 3}), "every color needs its OKLab values");
  return {pixels_of(ids, srgb), oklab.data()};
}

DifferenceOut tuple_of(const Difference& d) {
  return {d.pixels, d.opaque, d.changed, d.squared, d.oklab};
}

MovementOut tuple_of(const Movement& m) {
  return {m.pixels, m.opaque, m.changed, m.squared, m.oklab, m.jumps, m.excess};
}

DifferenceOut difference(const FrameIn& a, const FrameIn& b) {
  check_sizes(std::get<0>(a), std::get<0>(b));
  return unlocked([&] {
    return tuple_of(
        steadyhue::difference(lab_pixels_of(a), lab_pixels_of(b), std::get<0>(a).size()));
  });
}

std::tuple<MovementOut, MovementOut, std::int64_t> change(const FrameIn& source0,
                                                          const FrameIn& source1,
                                                          const FrameIn& output0,
                                                          const FrameIn& output1, int tolerance,
                                                          double jump) {
  check_sizes(std::get<0>(source0), std::get<0>(source1), std::get<0>(output0),
              std::get<0>(output1));
  check_tolerance(tolerance);
  const Change total = unlocked([&] {
    return steadyhue::change(lab_pixels_of(source0), lab_pixels_of(source1), lab_pixels_of(output0),
                             lab_pixels_of(output1), std::get<0>(source0).size(), tolerance, jump);
  });
  return {tuple_of(total.fixed), tuple_of(total.still), total.opaque};
}

}  // namespace

void register_metrics(nb::module_& m) {
  m.def("difference", &difference, "a"_a, "b"_a,
        "Pixels, opaque, changed, squared and oklab sums between two (ids, srgb, oklab) frames.");
  m.def(
      "change", &change, "source0"_a, "source1"_a, "output0"_a, "output1"_a, "tolerance"_a,
      "jump"_a,
      "How the output moves where the source is unchanged and where it is still (pixels, opaque,\n"
      "changed, squared, oklab, jumps and excess), and opaque pixels of the source.");
}

}  // namespace steadyhue::bindings
