#include <nanobind/nanobind.h>

namespace steadyhue::bindings {

void register_colors(nanobind::module_& m);
void register_chain(nanobind::module_& m);
void register_clustering(nanobind::module_& m);
void register_stillness(nanobind::module_& m);
void register_labels(nanobind::module_& m);
void register_remap(nanobind::module_& m);
void register_dither(nanobind::module_& m);
void register_matching(nanobind::module_& m);
void register_metrics(nanobind::module_& m);
void register_gif(nanobind::module_& m);
void register_quality(nanobind::module_& m);

}  // namespace steadyhue::bindings

NB_MODULE(_ext, m) {
  m.doc() = "Kernels of steadyhue: plain arrays in and out.";
  steadyhue::bindings::register_colors(m);
  steadyhue::bindings::register_chain(m);
  steadyhue::bindings::register_clustering(m);
  steadyhue::bindings::register_stillness(m);
  steadyhue::bindings::register_labels(m);
  steadyhue::bindings::register_remap(m);
  steadyhue::bindings::register_dither(m);
  steadyhue::bindings::register_matching(m);
  steadyhue::bindings::register_metrics(m);
  steadyhue::bindings::register_gif(m);
  steadyhue::bindings::register_quality(m);
}
