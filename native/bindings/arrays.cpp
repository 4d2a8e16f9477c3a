#include "arrays.hpp"

#include <algorithm>

#include "../platform.hpp"

namespace steadyhue::bindings {

// The largest value + offset, as unsigned numbers: all pixels are looked at, several at a time.
STEADYHUE_CLONES static std::uint32_t largest(const std::int32_t* values, std::size_t size,
                                              std::uint32_t offset) {
  std::uint32_t found = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint32_t value = std::uint32_t(values[i]) + offset;
    found = value > found ? value : found;
  }
  return found;
}

bool rows_within(const std::int32_t* values, std::size_t size, std::size_t end) {
  return size == 0 || largest(values, size, 0) < end;
}

bool ids_within(const std::int32_t* values, std::size_t size, std::size_t end) {
  return largest(values, size, 1) <= end;
}

void check_slots(const In<std::uint8_t, 1>& slots, std::size_t n, std::size_t k) {
  require(slots.size() == n, "every color needs a slot");
  require(std::all_of(slots.data(), slots.data() + n, [k](std::uint8_t slot) { return slot < k; }),
          "a slot is past the palette");
}

Pixels pixels_of(const Ids& ids, const Colors& colors) {
  check_colors(colors);
  check_ids(ids, colors.shape(0));
  return {ids.data(), colors.data(), colors.shape(0)};
}

}  // namespace steadyhue::bindings
